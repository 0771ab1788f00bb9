"""The steps of the two-minute story, each taken by the pages a person would use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from werkzeug.test import TestResponse

from portal.demo.service.tables import accounts, api_requests, invoices
from tests.client import Page, Visitor
from tests.installation import Built, an_installation, an_installation_on


@contextmanager
def on_sqlite(folder: Path) -> Iterator[Built]:
    """The default installation, with its policies published."""
    yield an_installation(folder)


@contextmanager
def on_postgresql(folder: Path) -> Iterator[Built]:
    """The installation of several machines: PostgreSQL and Procrastinate."""
    with an_installation_on("postgresql", folder) as built:
        yield built


def read_and_compare(visitor: Visitor) -> Page:
    """Home, the policy, its history, what changed."""
    visitor.visit("home")
    visitor.visit("policy")
    history = visitor.visit("policy_changes")
    comparison = next(href for href in history.links().values() if ".." in href)
    return visitor.open(comparison)


def correct(visitor: Visitor, field: str, value: str) -> str:
    """Correct a field of the account by the link beside it; gives the reference of what that opened."""
    category = visitor.visit("category", category="account")
    link = next(href for link in category.all("a") if f"field={field}" in (href := link.get("href", "")))
    form = visitor.open(link).form("/account/correct" if visitor.language == "en" else "/account/corriger")
    return reference_of(visitor.send("correct", form | {"value": value, "reason": value}, category="account"))


def withdraw(visitor: Visitor, purpose: str) -> None:
    """Withdraw a consent, its consequence read first."""
    form = visitor.visit("consent", purpose=purpose).form(f"/{purpose}")
    visitor.send("consent", form, purpose=purpose)


def ask(visitor: Visitor, message: str) -> str:
    """Ask for anything, in words."""
    form = visitor.visit("new_request").form()
    return reference_of(visitor.send("new_request", form | {"kind": "info", "message": message}))


def ask_for_deletion(visitor: Visitor) -> str:
    """Ask for deletion, after reading what goes and what stays."""
    form = visitor.visit("delete").form()
    return reference_of(visitor.send("delete", form | {"confirm": "yes"}))


def decide(officer: Visitor, reference: str, **fields: str) -> None:
    """Decide a request on its own page."""
    form = officer.visit("staff_request", reference=reference).form("/decision")
    officer.send("staff_decision", form | fields, reference=reference)


def reference_of(answer: TestResponse | Page) -> str:
    """The reference of the request an act leads to."""
    assert isinstance(answer, TestResponse)
    reference = (answer.location or "").rsplit("/", 1)[1].split("?")[0]
    assert reference.startswith("R-"), answer.location
    return reference


def account_of(built: Built, address: str) -> int:
    """The number of somebody's account in the service."""
    return _number(built, sa.select(accounts.c.id).where(accounts.c.email == address))


def rows_of(built: Built, account: int) -> tuple[int, int]:
    """How many log rows and how many invoices the service holds of one account."""
    calls = sa.select(sa.func.count(api_requests.c.id)).where(api_requests.c.account_id == account)
    billed = sa.select(sa.func.count(invoices.c.id)).where(invoices.c.account_id == account)
    return _number(built, calls), _number(built, billed)


def _number(built: Built, query: sa.Select[Any]) -> int:
    engine = sa.create_engine(built.service_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return int(connection.execute(query).scalar_one())
