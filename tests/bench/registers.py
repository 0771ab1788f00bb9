"""The register of requests and the figures with a million requests beside the same pages with a thousand."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from portal.domain.rights import Decision, Kind, Level, State
from portal.services.rights import Asked, open_request
from portal.storage.register_tables import answer_tallies, request_tallies
from portal.storage.request_tables import rights_requests
from portal.storage.store import Store
from tests.bench.figures import Row, Skipped, budget, times
from tests.bench.statements import heard
from tests.bench.timing import interleaved, seconds_of
from tests.client import BASE, Visitor
from tests.installation import CAMILLE, NOON, Built, an_installation_on

FEW, MANY = 1_000, 1_000_000
PAGING, FIGURES, MOST_STATEMENTS = 2, 2, 15
ROUNDS, CALLS = 31, 3
DECISIONS = (Decision.GRANTED, Decision.REFUSED, Decision.PARTIALLY_GRANTED)
AUDITOR = "auditor@example.org"


def measure(size: int | None) -> list[Row]:
    """`size`: how many requests the larger of the two installations holds."""
    rows: list[Row] = []
    for engine in ("sqlite", "postgresql"):
        try:
            rows += _measured(engine, size or MANY)
        except pytest.skip.Exception as absent:
            rows.append(Skipped(f"registers on {engine}", str(absent)))
    return rows


def _measured(engine: str, many: int) -> list[Row]:
    with _filled(engine, FEW) as few, _filled(engine, many) as more:
        sides = {"few": _signed_in(few), "many": _signed_in(more)}
        rows: list[Row] = []
        for name, goal, path in (
            ("register, first page", PAGING, "/en/staff/registers/requests"),
            ("register, deep page", PAGING, "/en/staff/registers/requests?before=500"),
            ("figures of twelve months", FIGURES, "/en/staff/figures"),
        ):
            taken = interleaved(
                {side: seconds_of(lambda at=at, path=path: _open(at, path), times=CALLS) for side, at in sides.items()},
                rounds=ROUNDS,
                warm=2,
            )
            what = f"{name}, {many:,} requests ({engine})"
            rows.append(times(what, taken["many"], taken["few"], goal, peer=f"with {FEW:,}"))
            with heard(more.installation.database.engine) as said:
                _open(sides["many"], path)
            rows.append(budget(f"{what}: statements", said.all, MOST_STATEMENTS))
        return rows


def _open(visitor: Visitor, path: str) -> None:
    assert visitor.client.get(path, base_url=BASE).status_code == 200, path


def _signed_in(built: Built) -> Visitor:
    visitor = Visitor(built, "en")
    visitor.sign_in(AUDITOR)
    return visitor


@contextmanager
def _filled(engine: str, requests: int) -> Iterator[Built]:
    """A thousand requests of a year, answered sooner and later, laid down as often as it takes."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="portal-bench-"))
        built = stack.enter_context(an_installation_on(engine, Path(folder) / "portal"))
        with built.installation.database.writing() as store:
            for number in range(FEW):
                _one(built, store, number)
        if requests > FEW:
            _multiply(built, requests // FEW)
        yield built


def _one(built: Built, store: Store, number: int) -> None:
    received = NOON - timedelta(days=number % 360)
    person = store.people.ensure(CAMILLE, language="fr", now=NOON)
    asked = Asked(list(Kind)[number % len(Kind)], "fr", Level.L2, "Bonjour")
    found = open_request(built.installation, store, person, asked, form_id=None, now=received)
    if number % 5:
        at = received + timedelta(days=number % 37)
        decision = DECISIONS[number % len(DECISIONS)]
        closed = replace(found, state=State.CLOSED, decision=decision, decided_at=at, closed_at=at)
        store.requests.save(closed, seen_version=found.version)


def _multiply(built: Built, times_over: int) -> None:
    """Copy every request so often under new references, and count the copies where the tallies do."""
    copied = [column for column in rights_requests.c if column.name not in {"id", "reference"}]
    counter = sa.select(sa.literal(1).label("n")).cte("counter", recursive=True)
    counter = counter.union_all(sa.select(counter.c.n + 1).where(counter.c.n < times_over - 1))
    number = (rights_requests.c.id * times_over + counter.c.n).cast(sa.String)
    rows = sa.select(sa.literal("B-") + number, *copied).select_from(rights_requests.join(counter, sa.true()))
    names = ["reference", *(column.name for column in copied)]
    with built.installation.database.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.execute(sa.insert(rights_requests).from_select(names, rows))
        for table in (request_tallies, answer_tallies):
            connection.execute(sa.update(table).values(number=table.c.number * times_over))
    with built.installation.database.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
