"""Watching the clocks of requests: reminders to staff, and what follows when the last day passes (P-39.1, ss. 32 and 36)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.clock import (
    PERSON_TOLD_EVERY,
    Reminder,
    becomes_refused,
    next_look,
    next_week_of_pause,
    opened_by,
    reminder_on,
    weeks_paused_told,
)
from portal.domain.jobs import Again
from portal.domain.letters import LetterKind
from portal.domain.outbox import Audience, PromisedLetter
from portal.domain.rights import BEFORE_DECISION, RequestEvent, RightsRequest
from portal.services import rights
from portal.services.installation import Installation
from portal.services.letters import promise_letters, unsent
from portal.services.regimes import hold_if_refused, law_that_counts_silence, silent_until
from portal.services.settings import in_effect
from portal.storage.store import Store

PART = 200
"""Requests looked at in one turn of the worker."""


def watch(portal: Installation, _subject: int, now: datetime) -> Again | None:
    """Look at each request whose clock has something to say today, one transaction each. Idempotent.

    A morning the worker missed is made up for the next one, with one reminder for all the days between.
    """
    today = portal.today(now)
    with portal.database.reading() as store:
        found = store.requests.to_look_at(today, limit=PART)
    for request_id, since in found:
        with portal.database.writing() as store:
            _look_at(portal, store, request_id, since, now)
    return Again(now) if len(found) == PART else None


def _look_at(portal: Installation, store: Store, request_id: int, since: date, now: datetime) -> None:
    request, today = store.requests.hold(request_id), portal.today(now)
    if request is None or request.state not in BEFORE_DECISION or request.is_test:
        store.requests.look_again(request_id, None)
        return
    if request.paused_on is not None:
        _tell_of_the_pause(portal, store, request, request.paused_on, since, now)
        store.requests.look_again(request_id, next_week_of_pause(request.paused_on, after=today))
        return
    waited = law_that_counts_silence(store, request)
    if waited and becomes_refused(replace(request, due=waited.due), waited.regime, today=today):
        _deem_refused(portal, store, request, waited.due, now)
    else:
        promise_letters(store, _reminders(portal, store, request, since, now))
    reminders = in_effect(portal, store).reminders
    store.requests.look_again(request_id, next_look(request, reminders, portal.holidays, after=today))


def _tell_of_the_pause(
    portal: Installation, store: Store, request: RightsRequest, paused_on: date, since: date, now: datetime
) -> None:
    """Each week, remind staff that the clock stands still, and each month tell the person again: nobody is forgotten."""
    weeks = weeks_paused_told(paused_on, since=since, today=portal.today(now))
    if weeks is None:
        return
    promise_letters(store, _to_staff(portal, store, request, LetterKind.CONTACT_PAUSED, now, backup=False))
    if weeks % PERSON_TOLD_EVERY == 0:
        rights.promise_to_person(store, request, LetterKind.CLOCK_CHANGED, now)


def _deem_refused(portal: Installation, store: Store, request: RightsRequest, due: date, now: datetime) -> None:
    """Record what silence means, hold what the request is about, and tell both sides; the request stays open."""
    since = due + timedelta(days=1)
    refused = replace(
        request,
        deemed_refused_on=since,
        recourse_until=silent_until(store, request),
        hold_until=hold_if_refused(store, request, since),
    )
    refused = store.requests.save(refused, seen_version=request.version)
    store.requests.happened(refused.id, RequestEvent.DEEMED_REFUSED, actor=Actor.SYSTEM, actor_id=None, now=now)
    line = AuditLine(now, AuditEvent.REQUEST_DEEMED_REFUSED, Actor.SYSTEM, person_id=refused.person_id)
    store.audit.record(replace(line, request_id=refused.id, detail=refused.kind))
    rights.promise_to_person(store, refused, LetterKind.WE_ARE_LATE, now)
    promise_letters(store, _to_staff(portal, store, refused, LetterKind.CONTACT_LATE, now, backup=True))


def _reminders(
    portal: Installation, store: Store, request: RightsRequest, since: date, now: datetime
) -> Sequence[PromisedLetter]:
    """What today owes the staff: a reminder by the days left, or that nobody opened the request yet."""
    today, set_days = portal.today(now), in_effect(portal, store).reminders
    opened = opened_by(request, set_days, portal.holidays)
    unopened = since <= opened <= today and _nobody_opened(store, request)
    owed = reminder_on(request, set_days, since=since, today=today)
    if owed is None and not unopened:
        return ()
    late = owed is not None and owed.reminder is Reminder.LATE
    kind = LetterKind.CONTACT_UNOPENED if unopened and not late else LetterKind.CONTACT_REMINDER
    backup = unopened or (owed is not None and owed.to_backup)
    return _to_staff(portal, store, request, kind, now, backup=backup)


def _nobody_opened(store: Store, request: RightsRequest) -> bool:
    return request.assignee_id is None and not store.audit.staff_ever_opened(request.id)


def _to_staff(
    portal: Installation, store: Store, request: RightsRequest, kind: LetterKind, now: datetime, *, backup: bool
) -> Sequence[PromisedLetter]:
    """The same letter to the privacy contact, to whoever has the request in hand, and to the backup where it is due."""
    language = portal.settings.languages[0]

    def letter(audience: Audience, staff_id: int | None = None) -> PromisedLetter:
        return unsent(kind, audience, language=language, now=now, request_id=request.id, staff_id=staff_id)

    letters, contact = [letter(Audience.CONTACT)], in_effect(portal, store).contact
    member = store.staff.by_id(request.assignee_id) if request.assignee_id else None
    if member is not None and member.active and member.address != contact.email:
        letters.append(letter(Audience.STAFF, member.id))
    if backup and contact.backup and contact.backup != contact.email:
        letters.append(letter(Audience.BACKUP))
    return letters
