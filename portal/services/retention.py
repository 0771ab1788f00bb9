"""Letting go of what was kept as long as promised: people, their requests, and the lines about them (design §2.5)."""

from __future__ import annotations

from datetime import datetime

from portal.domain.jobs import Again
from portal.domain.people import PROVED_FOR
from portal.domain.periods import Period
from portal.services import notices, statements, subscriptions
from portal.services.account import RECORDS_KEPT, UNASKED_KEPT
from portal.services.installation import Installation
from portal.sources.base import SourceUnavailable
from portal.storage.store import Store

PEOPLE_AT_ONCE = 100
LINES_AT_ONCE = 1_000
NOTICES_AT_ONCE = 1
"""Few enough that nobody who writes meanwhile waits long."""


def forget_what_is_over(portal: Installation, now: datetime) -> Again | None:
    """Delete a bounded part of what has been kept long enough, in one transaction; Again when more may be left.

    People who never asked anything go 90 days after their last sign-in. People who asked go, with every request,
    letter and erasure of theirs, when the last request's regime no longer keeps its record. The audit trail's lines
    go at that age too, those of a request still kept only with it; so does who was told by a notice. Subscriptions go
    when they were confirmed too long ago, so do other addresses whose proof counts no more, and
    notices that nobody began or resumed, with the addresses they hold.
    Comments kept beside a value stay, with their request, as long as the value does.
    """
    let_go_of_comments(portal, now)
    with portal.database.writing() as store:
        keeping = store.retention
        ended_before = _ended_before(store, now)
        unasked = keeping.never_asked(UNASKED_KEPT.before(now), limit=PEOPLE_AT_ONCE)
        outlived = keeping.outlived(ended_before, limit=PEOPLE_AT_ONCE) if ended_before else []
        keeping.forget([*unasked, *outlived])
        lines = keeping.forget_lines(RECORDS_KEPT.before(now), limit=LINES_AT_ONCE)
        told = store.notices.forget(RECORDS_KEPT.before(now), limit=LINES_AT_ONCE)
        subscribed = subscriptions.forget_old(store, now, limit=PEOPLE_AT_ONCE)
        addresses = store.other_addresses.remove_old(PROVED_FOR.before(now), limit=PEOPLE_AT_ONCE)
        idle = notices.let_go_of_idle(store, now, limit=NOTICES_AT_ONCE)
    full = PEOPLE_AT_ONCE in {len(unasked), len(outlived), subscribed, addresses} or LINES_AT_ONCE in {lines, told}
    full = full or idle == NOTICES_AT_ONCE
    return Again(now) if full else None


def let_go_of_comments(portal: Installation, now: datetime) -> None:
    """Delete the comments of people whose requests are old enough to go, where what they are about is held no more.

    Of a source that does not answer nothing is known, and nothing goes.
    """
    last = 0
    while True:
        with portal.database.reading() as store:
            ended = _ended_before(store, now)
            found = store.retention.kept_for_comments(ended, after=last, limit=PEOPLE_AT_ONCE) if ended else []
            gone = [
                one.id
                for person_id in found
                for one in store.statements.of_person(person_id)
                if _is_gone(portal, store, one)
            ]
        if gone:
            with portal.database.writing() as store:
                store.statements.remove(gone)
        if len(found) < PEOPLE_AT_ONCE:
            return
        last = found[-1]


def _is_gone(portal: Installation, store: Store, statement: statements.Statement) -> bool:
    try:
        return statements.value_is_gone(portal, store, statement)
    except SourceUnavailable:
        return False


def _ended_before(store: Store, now: datetime) -> dict[int, datetime]:
    """The instant by which a request must have ended to go, for each length of time a regime keeps its record."""
    return {months: Period(months=months, days=0).before(now) for months in store.retention.record_months()}
