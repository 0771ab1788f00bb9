"""The demo's own pages: be somebody through the real door, read the letters, watch the service's database."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from flask import Flask, abort, g, jsonify, redirect, request, session
from sqlalchemy import create_engine, func, inspect, select
from sqlalchemy.engine import Engine

from portal.demo.clock import STEPS, DemoClock, TooFar
from portal.demo.people import PEOPLE, STAFF
from portal.demo.service import service_tables
from portal.domain.codes import DIGITS, Flow
from portal.domain.languages import Language, language_or_default
from portal.mail.mailbox import MailboxTransport
from portal.services import sign_in as doors
from portal.storage.tables import metadata as portal_tables
from portal.web import access
from portal.web.access import guarded, now, portal, rule_of, store
from portal.web.errors import refusal
from portal.web.languages import page_language, url
from portal.web.pages import page, words

LETTERS_SHOWN = 100
PATIENCE = 30.0
"""Seconds the demo waits for its own worker to deliver a code: most often less than one, but a busy machine may need ten."""

Strip = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows one table holds now."""

    table: str
    rows: int


def add_to(app: Flask) -> None:
    """Give an app the demo's pages and its strip."""
    app.extensions["demo_strip"] = strip
    for rule, endpoint, view, methods in (
        ("/demo", "demo", demo, ["GET"]),
        ("/demo/be", "demo_be", be, ["POST"]),
        ("/demo/later", "demo_later", later, ["POST"]),
        ("/mailbox", "mailbox", mailbox, ["GET"]),
        ("/mailbox/<letter_id>", "mailbox_letter", mailbox_letter, ["GET"]),
        ("/mailbox.json", "mailbox_json", mailbox_json, ["GET"]),
    ):
        declared = rule_of(view)
        if declared:
            app.add_url_rule(rule, endpoint, guarded(view, declared), methods=methods)


def strip(language: Language) -> Strip:
    """The links on top of every page of the demo."""
    links = [
        (words("Demo: be somebody"), f"/demo?lang={language}"),
        (words("Letters"), f"/mailbox?lang={language}"),
        (words("Later: one day, 31 days"), f"/demo?lang={language}#later"),
    ]
    rule = g.get("rule")
    if rule is not None and rule.kind not in access.WITHOUT_SESSION and "demo_letter" in session:
        links.append((words("The letter your code came from"), f"/mailbox/{session['demo_letter']}?lang={language}"))
    return links


@access.open_form
def demo() -> Any:
    """Whom one may be, and what both databases hold now."""
    _speak()
    return page(
        "demo.html",
        people=PEOPLE,
        staff=STAFF,
        service=_counts(_service_engine(), service_tables.sorted_tables),
        own=_counts(portal().database.engine, [t for t in portal_tables.sorted_tables if t.name in _TOLD]),
        own_letters=len(_mailbox().list(limit=LETTERS_SHOWN)),
        today=portal().today(now()),
        days_ahead=clock.days_ahead() if (clock := _clock()) else None,
        steps=STEPS,
    )


@access.open_form
def later() -> Any:
    """Move the demo's clock ahead: reminders and late letters leave, because the worker finds their day come."""
    _speak()
    clock, typed = _clock(), request.form.get("days", "")
    if clock is None or typed not in {str(days) for days in STEPS}:
        abort(404)
    try:
        clock.move(int(typed))
    except TooFar:
        return refusal(409, words("This is far enough"), words("Start the demo again with --reset to be back today."))
    return redirect(f"/demo?lang={page_language()}#later", 303)


@access.open_form
def be() -> Any:
    """Be somebody: ask for a code, wait for its letter, give the code. The real door, one click."""
    _speak()
    address = request.form.get("email", "")
    if address not in {*(person.email for person in PEOPLE), *(member.email for member in STAFF)}:
        abort(404)
    seen = {letter["id"] for letter in _mailbox().list(limit=LETTERS_SHOWN)}
    with portal().database.writing() as asking:
        doors.ask_code(
            portal(),
            asking,
            flow=Flow.SIGN_IN,
            address=address,
            browser=access.browser(),
            language=page_language(),
            next_page="",
        )
    letter = _wait_for_letter(address, seen)
    if letter is None:
        return refusal(503, words("The letter is late"), words("The worker has not delivered it yet. Try again."))
    code = next(line.strip() for line in str(letter["text"]).splitlines() if _is_code(line))
    signed_in = doors.sign_in(portal(), store(), typed=code, browser=access.browser(), door=doors.Door.ANY)
    access.open_session(signed_in)
    session["demo_letter"] = letter["id"]
    return redirect(url("my_information" if signed_in.session.person_id else "staff_requests"), 303)


@access.open_form
def mailbox() -> Any:
    """Every letter the demo wrote, the newest first; none left this machine."""
    _speak()
    letters = [
        {**letter, "sent_at": datetime.fromisoformat(str(letter["sent_at"]))}
        for letter in _mailbox().list(limit=LETTERS_SHOWN)
    ]
    return page("mailbox.html", letters=letters)


@access.open_form
def mailbox_letter(letter_id: str) -> Any:
    """One letter."""
    _speak()
    letter = _mailbox().find(letter_id)
    if letter is None:
        abort(404)
    return page("mailbox_letter.html", letter=letter)


@access.machine
def mailbox_json() -> Any:
    """The letters for programs (design §4.6)."""
    return jsonify(_mailbox().list(limit=1_000))


_TOLD = frozenset({"people", "sessions", "rights_requests", "letters", "audit", "consent_events", "erasures"})


def _speak() -> None:
    """These pages have one address for both languages; `lang` or the browser says which."""
    asked = request.values.get("lang")
    if asked:
        g.lang = language_or_default(asked)


def _clock() -> DemoClock | None:
    """The clock that can be moved; none where something else tells the demo the time."""
    clock = portal().clock
    return clock if isinstance(clock, DemoClock) else None


def _mailbox() -> MailboxTransport:
    return cast("MailboxTransport", portal().transport)


def _wait_for_letter(address: str, seen: set[Any]) -> dict[str, Any] | None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        for letter in _mailbox().list(limit=20):
            if letter["id"] not in seen and letter["to"] == address and letter["reference"] is None:
                return dict(letter)
        time.sleep(0.1)
    return None


def _is_code(line: str) -> bool:
    digits = line.strip()
    return len(digits) == DIGITS and digits.isascii() and digits.isdigit()


def _service_engine() -> Engine:
    return create_engine(portal().settings.sources[0].url)


def _counts(engine: Engine, tables: Any) -> list[Count]:
    present = set(inspect(engine).get_table_names())
    with engine.connect() as connection:
        return [
            Count(table.name, int(connection.execute(select(func.count()).select_from(table)).scalar() or 0))
            for table in tables
            if table.name in present
        ]
