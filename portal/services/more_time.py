"""More time asked of a regulator: the application, and what it answered (P-39.1, s. 46).

Each is one transaction, as every act on a request (`portal.services.acts`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from portal.domain.acts import Act
from portal.domain.audit import AuditEvent
from portal.domain.letters import LetterKind
from portal.domain.rights import RegulatorOutcome, RequestEvent, RightsRequest
from portal.services import rights
from portal.services.acts import Doing, NotThatDay, begun, due_moved, happened
from portal.services.installation import Installation
from portal.services.regimes import due_once_given_of, law_that_counts_silence, left_to_regulator_of, silent_until
from portal.storage.store import Store

LONGEST_MORE_TIME = timedelta(days=366)
"""No regulator gives more in one answer: a later day was typed by mistake."""


def apply_for_time(portal: Installation, store: Store, doing: Doing, filed_on: date, reason: str) -> RightsRequest:
    """Record that more time was asked of the regulator; the last day stays until it answers (P-39.1, s. 46).

    Raises:
        NotThatDay: before the request, to come, or after the last day of that regulator's law; Barred, Conflict, OwnRequest.
    """
    request = begun(portal, store, doing, Act.APPLY)
    latest = min(portal.today(doing.now), _own_day(store, request))
    if not request.received_on <= filed_on <= latest:
        raise NotThatDay(request.received_on, latest)
    saved = store.requests.save(replace(request, applied_on=filed_on), seen_version=request.version)
    happened(store, doing, saved, RequestEvent.APPLIED, AuditEvent.REQUEST_APPLIED, reason=reason)
    rights.promise_to_person(store, saved, LetterKind.MORE_TIME_ASKED, doing.now)
    return saved


def hear(
    portal: Installation, store: Store, doing: Doing, outcome: RegulatorOutcome, new_due: date | None, reason: str
) -> RightsRequest:
    """Record what the regulator answered: a new last day for its own law, or that the first one stands.

    The earliest day of the other laws still counts: the request's own day may stay where it is.

    Raises:
        NotThatDay: the new last day is not later than the present one, or years later; Barred, Conflict, OwnRequest.
    """
    request = begun(portal, store, doing, Act.HEAR)
    answered = replace(request, applied_outcome=outcome)
    if outcome is RegulatorOutcome.DENIED:
        saved = store.requests.save(answered, seen_version=request.version)
        happened(store, doing, saved, RequestEvent.MORE_TIME_DENIED, AuditEvent.REQUEST_HEARD, reason=reason)
    else:
        due = _due_given(store, request, new_due)
        given = _silence_anew(store, replace(answered, extended_to=new_due, due=due))
        saved = due_moved(store, given, due, doing.now, portal)
        event, was = RequestEvent.MORE_TIME_GRANTED, request.due if due != request.due else None
        happened(store, doing, saved, event, AuditEvent.REQUEST_HEARD, reason=reason, was=was)
    rights.promise_to_person(store, saved, LetterKind.MORE_TIME_ANSWERED, doing.now)
    return saved


def _own_day(store: Store, request: RightsRequest) -> date:
    """The last day of the law whose regulator gives more time."""
    asked = left_to_regulator_of(store, request)
    return asked.due if asked else request.due


def _due_given(store: Store, request: RightsRequest, new_due: date | None) -> date:
    """The last day of a request once the regulator gave its law a later one.

    Raises:
        NotThatDay: no day is given, it is no later than that law's own, or years later.
    """
    present = _own_day(store, request)
    latest = present + LONGEST_MORE_TIME
    if new_due is None or not present < new_due <= latest:
        raise NotThatDay(present + timedelta(days=1), latest)
    return due_once_given_of(store, request, new_due)


def _silence_anew(store: Store, given: RightsRequest) -> RightsRequest:
    """More time undoes the refusal by silence, save under another law whose own time ended before."""
    counts = law_that_counts_silence(store, given)
    if given.deemed_refused_on and counts and counts.due < given.deemed_refused_on:
        return replace(given, recourse_until=silent_until(store, given))
    return replace(given, deemed_refused_on=None, recourse_until=None)
