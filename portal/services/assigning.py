"""Giving requests to a member of staff, several at once: what cannot be given is left and said, the rest is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.people import StaffMember
from portal.domain.rights import BEFORE_DECISION, RequestEvent, RightsRequest
from portal.services import decisions, rights
from portal.services.installation import Installation
from portal.services.members import HANDLES
from portal.services.own_request import OwnRequest, refuse_own
from portal.storage.store import Store

MOST_AT_ONCE = 100


class WhyLeft(StrEnum):
    """Why a request was not given."""

    CHANGED = "changed"
    ANSWERED = "answered"
    OWN = "own"


class CannotBeGiven(Exception):
    """Whom the requests are for handles none, or may not sign in."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A request as it stood on the list it was chosen on."""

    reference: str
    version: int


@dataclass(frozen=True, slots=True)
class Given:
    """What was given, and what was left, by reference, each with why."""

    done: Sequence[str]
    left: Sequence[tuple[str, WhyLeft]]


def may_have_requests(member: StaffMember) -> bool:
    """Whether a member of staff may have requests in hand."""
    return member.active and member.role in HANDLES


def give(portal: Installation, store: Store, by: StaffMember, to: StaffMember, chosen: Sequence[Chosen]) -> Given:
    """Give each chosen request to `to`; who takes a new one for themselves has begun it.

    One that changed since it was chosen, that is answered, or that `to` made is left, and keeps none of the others.

    Raises:
        CannotBeGiven: `to` handles no request, or was shut out meanwhile.
    """
    fresh = store.staff.by_id(to.id)
    if fresh is None or not may_have_requests(fresh):
        raise CannotBeGiven
    done: list[str] = []
    left: list[tuple[str, WhyLeft]] = []
    for one in sorted({one.reference: one for one in chosen[:MOST_AT_ONCE]}.values(), key=lambda one: one.reference):
        why = _give_one(portal, store, by, to, one)
        if why is None:
            done.append(one.reference)
        else:
            left.append((one.reference, why))
    return Given(done, left)


def _give_one(portal: Installation, store: Store, by: StaffMember, to: StaffMember, chosen: Chosen) -> WhyLeft | None:
    found = rights.find(store, chosen.reference)
    request = store.requests.hold(found.id) if found else None
    if request is None:
        return WhyLeft.CHANGED
    if request.state not in BEFORE_DECISION:
        return WhyLeft.ANSWERED
    if request.version != chosen.version:
        return WhyLeft.CHANGED
    try:
        refuse_own(store, to, request)
        refuse_own(store, by, request)
    except OwnRequest:
        return WhyLeft.OWN
    if by.id == to.id and decisions.may_be_taken_up(request):
        decisions.take_up(portal, store, to, request, seen_version=request.version)
    elif request.assignee_id != to.id:
        _hand_over(portal, store, by, to, request)
    return None


def _hand_over(portal: Installation, store: Store, by: StaffMember, to: StaffMember, request: RightsRequest) -> None:
    now = portal.clock()
    store.requests.save(replace(request, assignee_id=to.id), seen_version=request.version)
    store.requests.happened(request.id, RequestEvent.HANDED_OVER, actor=Actor.STAFF, actor_id=by.id, now=now)
    line = AuditLine(now, AuditEvent.REQUEST_HANDED_OVER, Actor.STAFF, by.id, request_id=request.id)
    store.audit.record(replace(line, staff_id=to.id, person_id=request.person_id))
