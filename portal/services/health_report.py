"""The health of the installation for its officer: asked of each part within a time limit, all of them side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from portal.domain.health import Health, Mail
from portal.domain.outbox import LetterState
from portal.mail.outcomes import Accepted
from portal.services.health import HEARTBEAT
from portal.services.installation import Installation
from portal.services.side_by_side import answers
from portal.services.work import RETENTION
from portal.storage import schema
from portal.storage.store import Store

PATIENCE = 4.0
"""Seconds each part has to answer; who looks at a page does not wait longer."""

COUNTED_TO = 1_000


def report(portal: Installation, store: Store, *, now: datetime) -> Health:
    """What is found now. A source or mail server that is away makes the page no slower than the time limit."""
    found = answers(_questions(portal), seconds=PATIENCE)
    members = store.staff.all()
    return Health(
        at=now,
        mail=_mail(portal, found.get(_MAIL)),
        waiting=store.letters.number(LetterState.WAITING, bound=COUNTED_TO),
        oldest_waiting=store.letters.oldest(LetterState.WAITING),
        refused=store.letters.number(LetterState.REFUSED, bound=COUNTED_TO),
        to_post=store.letters.number(LetterState.TO_POST, bound=COUNTED_TO),
        oldest_to_post=store.letters.oldest(LetterState.TO_POST),
        sources=tuple((source.id, found.get(source.id) is True) for source in portal.settings.sources),
        worker_seen=store.marks.at(HEARTBEAT),
        schema=schema.current(store.connection),
        head=schema.head(),
        overdue=store.requests.overdue(portal.today(now), bound=COUNTED_TO),
        retention_ran=store.marks.at(RETENTION),
        in_use_since=min((member.created_at for member in members), default=None),
    )


_MAIL = ""
"""No source has this name."""

Question = Callable[[], bool]


def _questions(portal: Installation) -> Mapping[str, Question]:
    questions: dict[str, Question] = {source_id: _source(portal, source_id) for source_id in portal.sources}
    transport = portal.transport
    if transport is not None and _by_server(portal):
        questions[_MAIL] = lambda: isinstance(transport.probe(), Accepted)
    return questions


def _source(portal: Installation, source_id: str) -> Question:
    def ask() -> bool:
        portal.sources[source_id].describe()
        return True

    return ask


def _mail(portal: Installation, answer: bool | None) -> Mail:
    if portal.transport is None:
        return Mail.NONE
    if not _by_server(portal):
        return Mail.ON_THIS_MACHINE
    return Mail.SILENT if answer is None else Mail.ANSWERS if answer else Mail.REFUSES


def _by_server(portal: Installation) -> bool:
    return (portal.settings.mail.url or "").startswith("smtp")
