"""Letting go of what was kept as long as promised: people, their requests, and the lines about them (design §2.5)."""

from __future__ import annotations

from datetime import datetime

from portal.domain.jobs import Again
from portal.domain.periods import Period
from portal.services import notices, subscriptions
from portal.services.account import RECORDS_KEPT, UNASKED_KEPT
from portal.services.installation import Installation

PEOPLE_AT_ONCE = 100
LINES_AT_ONCE = 1_000
NOTICES_AT_ONCE = 1
"""Few enough that nobody who writes meanwhile waits long."""


def forget_what_is_over(portal: Installation, now: datetime) -> Again | None:
    """Delete a bounded part of what has been kept long enough, in one transaction; Again when more may be left.

    People who never asked anything go 90 days after their last sign-in. People who asked go, with every request,
    letter and erasure of theirs, when the last request's regime no longer keeps its record. The audit trail's lines
    go at that age too, those of a request still kept only with it; so does who was told by a notice. Subscriptions go
    when they were confirmed too long ago, and notices that nobody began or resumed, with the addresses they hold.
    """
    with portal.database.writing() as store:
        keeping = store.retention
        ended_before = {months: Period(months=months, days=0).before(now) for months in keeping.record_months()}
        unasked = keeping.never_asked(UNASKED_KEPT.before(now), limit=PEOPLE_AT_ONCE)
        outlived = keeping.outlived(ended_before, limit=PEOPLE_AT_ONCE) if ended_before else []
        keeping.forget([*unasked, *outlived])
        lines = keeping.forget_lines(RECORDS_KEPT.before(now), limit=LINES_AT_ONCE)
        told = store.notices.forget(RECORDS_KEPT.before(now), limit=LINES_AT_ONCE)
        subscribed = subscriptions.forget_old(store, now, limit=PEOPLE_AT_ONCE)
        idle = notices.let_go_of_idle(store, now, limit=NOTICES_AT_ONCE)
    full = PEOPLE_AT_ONCE in {len(unasked), len(outlived), subscribed} or LINES_AT_ONCE in {lines, told}
    full = full or idle == NOTICES_AT_ONCE
    return Again(now) if full else None
