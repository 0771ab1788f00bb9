"""Requests that may ask the same thing: suggested to staff, marked by them, never merged nor closed by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.people import StaffMember
from portal.domain.rights import OPEN, RequestEvent, RightsRequest
from portal.services.own_request import refuse_own
from portal.storage.same_requests import Beside
from portal.storage.store import Store


class NotAlike(Exception):
    """The two cannot be marked: they are marked already, one is ended, or nothing says that they ask the same thing."""


@dataclass(frozen=True, slots=True)
class Others:
    """Other requests beside one: those that may ask the same thing, and those marked so, in either direction."""

    alike: Sequence[RightsRequest]
    marked: Sequence[Beside]


def others_of(store: Store, request: RightsRequest) -> Others:
    """Those that no mark names yet (open, of the same kind, about the same person), and those marked.

    Beside a request that is ended, only what was marked.
    """
    found = store.same_requests.beside(request)
    return Others(
        alike=[
            one.request
            for one in found
            if one.marked_at is None and request.state in OPEN and _concerned(one.request) == _concerned(request)
        ],
        marked=[one for one in found if one.marked_at is not None],
    )


def mark(store: Store, member: StaffMember, request: RightsRequest, reference: str, *, now: datetime) -> None:
    """Mark a request as the same as another; both stay as they are, and the history of both says so.

    Raises:
        OwnRequest: the member is its person.
        NotAlike: the other is not among those suggested, or it is marked already.
    """
    refuse_own(store, member, request)
    other = next((one for one in others_of(store, request).alike if one.reference == reference), None)
    if other is None or not store.same_requests.mark(request.id, other.id, staff_id=member.id, now=now):
        raise NotAlike
    _write_down(store, member, request, (request.id, other.id), marked=True, now=now)


def unmark(store: Store, member: StaffMember, request: RightsRequest, *, now: datetime) -> None:
    """Take back that a request is the same as another; the history of both says so.

    Raises:
        OwnRequest: the member is its person.
        NotAlike: it has no mark.
    """
    refuse_own(store, member, request)
    other_id = store.same_requests.unmark(request.id)
    if other_id is None:
        raise NotAlike
    _write_down(store, member, request, (request.id, other_id), marked=False, now=now)


def _concerned(request: RightsRequest) -> tuple[str, str]:
    """Whom a request is about, as far as two may be compared: somebody's two children are not one."""
    behalf = request.behalf
    return (behalf.whom.value, " ".join(behalf.about.casefold().split())) if behalf else ("", "")


def _write_down(
    store: Store,
    member: StaffMember,
    request: RightsRequest,
    request_ids: tuple[int, int],
    *,
    marked: bool,
    now: datetime,
) -> None:
    event = RequestEvent.MARKED_SAME if marked else RequestEvent.UNMARKED_SAME
    for request_id in request_ids:
        store.requests.happened(request_id, event, actor=Actor.STAFF, actor_id=member.id, now=now)
    audited = AuditEvent.MARKED_SAME if marked else AuditEvent.UNMARKED_SAME
    store.audit.record(
        AuditLine(now, audited, Actor.STAFF, member.id, person_id=request.person_id, request_id=request.id)
    )
