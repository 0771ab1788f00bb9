"""What the worker does: a handler for each kind of job, the sweep that re-promises what stands still, the daily purge."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from portal.domain.jobs import Again, Job, JobKind
from portal.domain.policies import DOCUMENTS
from portal.engine.base import Handler
from portal.services import (
    attachments,
    bounces,
    came_back,
    clock,
    corrections,
    erasure,
    ledger,
    letters,
    messages_due,
    notice_gathering,
    notice_sending,
    policy_review,
    retention,
    summaries,
)
from portal.services.feed_names import keep_feed_name
from portal.services.installation import Installation

RETENTION = "retention"
"""The mark of the last night that ended with nothing more to delete."""

FORMS_KEPT = timedelta(days=2)
CODES_KEPT = timedelta(days=1)
SESSIONS_KEPT = timedelta(days=30)
"""An ended session is shown on its person's account page for a month."""


def handlers(portal: Installation) -> Mapping[JobKind, Handler]:
    """Each kind of job's handler, bound to an installation."""
    return {
        JobKind.DELIVER_LETTER: partial(letters.deliver, portal),
        JobKind.APPLY_CORRECTION: partial(corrections.apply_correction, portal),
        JobKind.ERASURE_STEP: partial(erasure.advance, portal),
        JobKind.SWEEP: partial(sweep, portal),
        JobKind.PURGE: partial(purge, portal),
        JobKind.PUBLISH_POLICY: partial(policy_review.publish_scheduled, portal),
        JobKind.GATHER_RECIPIENTS: partial(notice_gathering.gather, portal),
        JobKind.SEND_NOTICE: partial(notice_sending.send, portal),
        JobKind.FETCH_BOUNCES: partial(bounces.fetch, portal),
        JobKind.WATCH_CLOCKS: partial(watch, portal),
        JobKind.LOOK_FOR_ERASED: partial(came_back.look, portal),
        JobKind.SUMMARIES: partial(summaries.promise_summaries, portal),
    }


def watch(portal: Installation, subject: int, now: datetime) -> Again | None:
    """What each morning owes requests: the questions that waited long enough, then the clocks."""
    waited = messages_due.go_on(portal, now)
    return clock.watch(portal, subject, now) or waited


def sweep(portal: Installation, _subject: int, now: datetime) -> Again | None:
    """Promise again whatever stands still, so that a crash between a promise and its job loses nothing."""
    with portal.database.writing() as store:
        gathers, sends = store.notices.standing_still(due_before=now)
        for kind, still in (
            (JobKind.GATHER_RECIPIENTS, gathers),
            (JobKind.SEND_NOTICE, sends),
            (JobKind.DELIVER_LETTER, store.letters.standing_still(due_before=now)),
            (JobKind.ERASURE_STEP, store.erasures.standing_still(now)),
        ):
            store.promise(*(Job(kind, subject) for subject in still))
        policy_review.promise_what_is_due(store, now)
        store.request_sorts.fold()
    return ledger.note_requests(portal, now)


def purge(portal: Installation, _subject: int, now: datetime) -> Again | None:
    """Delete what has served: dead codes with their letters, ended sessions, old counts, forms and kept texts.

    Then, a bounded part at a time, everything that was kept as long as promised. What was published before feeds had
    names of their own is given them here.
    """
    with portal.database.writing() as store:
        store.codes.purge(now - CODES_KEPT)
        store.tokens.purge(now - CODES_KEPT)
        store.sessions.purge(ended_before=now - SESSIONS_KEPT, created_before=now - SESSIONS_KEPT)
        store.counts.purge(now - CODES_KEPT)
        store.forms.purge(now - FORMS_KEPT)
        store.kept.purge(now)
        for document in DOCUMENTS:
            keep_feed_name(portal, store, document, now=now)
    first = attachments.destroy_what_is_over(portal, now)
    more = retention.forget_what_is_over(portal, now)
    if more is None:
        with portal.database.writing() as store:
            store.request_words.let_go()
            store.marks.add(RETENTION, now)
    return more or first
