"""Carrying out a granted deletion: small steps, each written down before and after, so that a kill loses nothing.

A batch's key range and count are committed before its rows are touched, and afterwards that none remains; the request
closes once, with one letter (design §2.10).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.data_map import Table
from portal.domain.erasure import BATCH_ROWS, Erasure, ErasureState, ErasureStep, RecordedBatch, in_erasure_order
from portal.domain.jobs import Again, Job, JobKind
from portal.domain.ledger import LedgerRefused
from portal.domain.letters import LetterKind
from portal.domain.rights import Decision, RequestEvent, RightsRequest, State, WhyNot
from portal.domain.withholding import whole_categories
from portal.services import checklist, ledger, rights, statements, subscriptions
from portal.services.identities import Identities, addresses_to_search, identities_of
from portal.services.installation import Installation
from portal.sources.base import Batch, Kept, Source, SourceRefused, SourceUnavailable
from portal.storage.erasures import StepPlan
from portal.storage.store import Store

TURN_SECONDS = 0.5
"""How long one job works before letters get their turn."""

REFUSED_WAIT = timedelta(hours=1)
_EVERY_ROW = "delete"


class NothingMoves(Exception):
    """A batch was erased and is still there: something else writes it back. Tried again after a growing wait."""


def promise_erasure(portal: Installation, store: Store, request: RightsRequest, *, now: datetime) -> datetime:
    """Set an erasure going after the waiting period, in the transaction of the decision; gives when it begins."""
    begins = portal.settings.erasure.wait.after(now)
    erasure_id = store.erasures.add(request.id, not_before=begins)
    store.promise(Job(JobKind.ERASURE_STEP, erasure_id), due=begins if begins > now else None)
    return begins


def advance(portal: Installation, erasure_id: int, now: datetime) -> Again | None:
    """Do a bounded part of an erasure: begin it, erase some batches, or end it. Idempotent.

    Raises:
        SourceUnavailable: a source does not answer; the engine tries again after a growing wait.
    """
    with portal.database.reading() as store:
        erasure = store.erasures.by_id(erasure_id)
        steps = store.erasures.steps(erasure_id)
    if erasure is None or erasure.state in {ErasureState.DONE, ErasureState.STOPPED}:
        return None
    if erasure.state is ErasureState.WAITING:
        if now < erasure.not_before:
            return Again(erasure.not_before)
        return _begin(portal, erasure, now)
    current = next((step for step in steps if step.state is not ErasureState.DONE), None)
    if current is None:
        _end(portal, erasure, now)
        return None
    try:
        _work_on(portal, erasure, current, now)
    except SourceRefused:
        _tell_staff(portal, erasure, WhyNot.NOT_ERASED, now)
        return Again(now + REFUSED_WAIT)
    except LedgerRefused:
        _tell_staff(portal, erasure, WhyNot.LEDGER, now)
        return Again(now + REFUSED_WAIT)
    return Again(now)


def _begin(portal: Installation, erasure: Erasure, now: datetime) -> Again | None:
    """Write down every step; from here on the request can no longer be taken back."""
    with portal.database.reading() as store:
        request = store.requests.by_id(erasure.request_id)
        person = store.people.by_id(request.person_id) if request else None
        addresses = addresses_to_search(portal, store, request, person) if request else ()
    if request is None or person is None:
        return None
    plans = _plans(portal, request, identities_of(portal, *addresses))
    with portal.database.writing() as store:
        found = store.erasures.by_id(erasure.id)
        if found and found.state is ErasureState.WAITING:
            store.erasures.start(erasure.id, plans, now)
            checklist.ask_keepers(portal, store, request, now=now)
            _happened(store, request, RequestEvent.CARRYING_OUT, now)
            _audit(store, AuditEvent.ERASURE_STARTED, request, now)
    return Again(now)


def _plans(portal: Installation, request: RightsRequest, identities: Identities) -> list[StepPlan]:
    """A step for each table and each account of the person in its source, table by table.

    Raises:
        SourceUnavailable: a source does not answer, so nobody knows whom it knows.
    """
    if identities.away:
        raise SourceUnavailable
    left_out = whole_categories(request.withheld)
    return [
        StepPlan(category.id, str(table.name), key, table.erase)
        for category, table in in_erasure_order(portal.data_map)
        if category.id not in left_out
        for key in identities.keys_in(table.name.source)
    ]


def _work_on(portal: Installation, erasure: Erasure, step: ErasureStep, now: datetime) -> None:
    """Erase batches of one step until its turn is over or nothing is left."""
    table = _table(portal, step)
    if table is None:
        _close_step(portal, erasure, step, Kept(0, None), now)
        return
    source = portal.sources[table.name.source]
    counted_from = erasure.started_at or now
    until = time.monotonic() + TURN_SECONDS
    with portal.database.reading() as store:
        batch = store.erasures.last_batch(step.id)
    while True:
        if batch and batch.done_at is None:
            source.erase(table, step.person_key, Batch(batch.first, batch.last, batch.found), now=counted_from)
        coming = _next_batch(source, table, step, batch, counted_from)
        if batch is None and coming:
            _into_the_ledger(portal, erasure, step, now)
        batch = _write_down(portal, step, batch, coming, now)
        if batch is None:
            _close_step(portal, erasure, step, source.count_held(table, step.person_key, now=counted_from), now)
            return
        if time.monotonic() > until:
            return


def _next_batch(
    source: Source, table: Table, step: ErasureStep, batch: RecordedBatch | None, counted_from: datetime
) -> Batch | None:
    """The rows to erase next. Deleted rows are gone, so looking from the first row finds those written meanwhile too."""
    after = None if table.erase == _EVERY_ROW or batch is None else batch.last
    coming = source.next_batch(table, step.person_key, after=after, limit=BATCH_ROWS, now=counted_from)
    if coming and batch and (coming.first, coming.last, coming.count) == (batch.first, batch.last, batch.found):
        raise NothingMoves
    return coming


def _write_down(
    portal: Installation, step: ErasureStep, done: RecordedBatch | None, coming: Batch | None, now: datetime
) -> RecordedBatch | None:
    """In one transaction: none of the last batch remains, and which rows come next. Gives the batch to erase."""
    if coming is None and (done is None or done.done_at):
        return None
    with portal.database.writing() as store:
        if done and done.done_at is None:
            store.erasures.batch_done(done, now)
        if coming is None:
            return None
        if done is None:
            store.erasures.begin_step(step.id)
        return store.erasures.record_batch(step.id, first=coming.first, last=coming.last, found=coming.count, now=now)


def _into_the_ledger(portal: Installation, erasure: Erasure, step: ErasureStep, now: datetime) -> None:
    """Before the first row of a step goes, the ledger says so: a backup restored later brings these rows back."""
    with portal.database.reading() as store:
        request = store.requests.by_id(erasure.request_id)
        person = store.people.by_id(request.person_id) if request else None
        addresses = addresses_to_search(portal, store, request, person) if request else ()
    if request:
        ledger.record(portal, [ledger.erasing(portal, request.reference, step, addresses)], now=now)


def _close_step(portal: Installation, erasure: Erasure, step: ErasureStep, kept: Kept, now: datetime) -> None:
    """Record, in the ledger first, what a step kept, until when, and that none of the rest remains."""
    with portal.database.reading() as store:
        request = store.requests.by_id(erasure.request_id)
        last = store.erasures.last_batch(step.id)
        counted = next((one for one in store.erasures.steps(erasure.id) if one.id == step.id), step)
    if request and last:
        done = replace(counted, kept=kept.count, kept_until=kept.until)
        ledger.record(portal, [ledger.erased(portal, request.reference, done)], now=now)
    with portal.database.writing() as store:
        store.erasures.step_done(step.id, kept=kept.count, kept_until=kept.until, remaining=0, now=now)


def _end(portal: Installation, erasure: Erasure, now: datetime) -> None:
    """One closing event, one outcome letter, whatever was killed before; not before every keeper has answered."""
    with portal.database.writing() as store:
        request = store.requests.hold(erasure.request_id)
        found = store.erasures.by_id(erasure.id)
        if found is None or request is None or found.state is not ErasureState.RUNNING:
            return
        if checklist.keepers_awaited(store, request):
            return
        store.erasures.finish(erasure.id, now)
        _end_subscriptions(portal, store, request, now)
        if request.behalf is None:
            steps = store.erasures.steps(erasure.id)
            statements.erase_with(store, request, steps)
            _let_go_of_addresses(store, request, steps)
        _audit(store, AuditEvent.ERASURE_FINISHED, request, now)
        if request.state is State.FULFILLING:
            partial = request.decision is Decision.PARTIALLY_GRANTED
            outcome = LetterKind.OUTCOME_PARTIALLY_GRANTED if partial else LetterKind.ERASURE_DONE
            _happened(store, request, RequestEvent.CARRIED_OUT, now)
            rights.close(portal, store, request, outcome=outcome, actor=Actor.SYSTEM, actor_id=None, now=now)


def _end_subscriptions(portal: Installation, store: Store, request: RightsRequest, now: datetime) -> None:
    """Whoever asked to be forgotten is written to of no change to the policy any more, at any of their addresses."""
    person = store.people.by_id(request.person_id)
    for address in addresses_to_search(portal, store, request, person):
        subscriptions.forget_address(portal, store, address, now)


def _let_go_of_addresses(store: Store, request: RightsRequest, steps: Sequence[ErasureStep]) -> None:
    """Where nothing stays that another address leads to, the portal keeps none."""
    if request.decision is Decision.GRANTED and not any(step.kept for step in steps):
        store.other_addresses.remove_of(request.person_id)


def _tell_staff(portal: Installation, erasure: Erasure, why_not: WhyNot, now: datetime) -> None:
    """Say once, on the request, why nothing goes on: the service refuses, or the ledger does; trying goes on every hour."""
    with portal.database.writing() as store:
        request = store.requests.by_id(erasure.request_id)
        if request is None:
            return
        last = store.requests.history(request.id)[-1]
        if (last.event, last.detail) != (RequestEvent.NOT_CARRIED_OUT, why_not):
            store.requests.happened(
                request.id, RequestEvent.NOT_CARRIED_OUT, actor=Actor.SYSTEM, actor_id=None, now=now, detail=why_not
            )


def _table(portal: Installation, step: ErasureStep) -> Table | None:
    """The step's table as the map has it now; None when the operator took it out since."""
    category = portal.data_map.category(step.category)
    return category.table(step.table_name) if category else None


def _happened(store: Store, request: RightsRequest, event: RequestEvent, now: datetime) -> None:
    store.requests.happened(request.id, event, actor=Actor.SYSTEM, actor_id=None, now=now)


def _audit(store: Store, event: AuditEvent, request: RightsRequest, now: datetime) -> None:
    store.audit.record(AuditLine(now, event, Actor.SYSTEM, person_id=request.person_id, request_id=request.id))
