"""The staff's desk: one request with what its page may show to whom, letters and the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.domain.audit import Actor, AuditEvent, AuditLine, RecordedLine
from portal.domain.data_map import DataMap
from portal.domain.outbox import LetterState, PromisedLetter
from portal.domain.people import Person, StaffMember
from portal.domain.rights import Kind, RequestEvent, RightsRequest, Role
from portal.services import rights
from portal.services.deletion import DeletionPreview, preview
from portal.services.identities import identities_of_person
from portal.services.installation import Installation
from portal.services.rights import FollowedRequest
from portal.storage.store import Store

PAGE = 25
OPEN_FOR = timedelta(minutes=5)
"""A page opened longer ago is taken for closed."""

SEES_PERSONS = frozenset({Role.OFFICER, Role.AGENT})
"""The auditor reads records, never a person's data (design §1)."""


@dataclass(frozen=True, slots=True)
class OnDesk:
    """One request as a member of staff may see it. `person` and `preview` are None where the role sees none."""

    followed: FollowedRequest
    person: Person | None
    assignee: StaffMember | None
    decided_by: StaffMember | None
    preview: DeletionPreview | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of letters or lines by id, and where the next begins."""

    letters: Sequence[PromisedLetter] = ()
    lines: Sequence[RecordedLine] = ()
    next_before: int | None = None


def may_see_person(member: StaffMember) -> bool:
    """Whether the member's role sees who asks and what they wrote."""
    return member.role in SEES_PERSONS


def look_line(member: StaffMember, request: RightsRequest, *, now: datetime) -> AuditLine:
    """The line to write before a page shows a person's data to staff; the person reads it under their account."""
    return AuditLine(
        now,
        AuditEvent.STAFF_VIEWED_PERSON,
        Actor.STAFF,
        member.id,
        person_id=request.person_id,
        request_id=request.id,
        detail=member.role,
    )


def opened_lately(store: Store, member: StaffMember, request: RightsRequest, *, now: datetime) -> Sequence[StaffMember]:
    """Which colleagues opened a request in the last few minutes: they may be working on it."""
    ids = set(store.audit.opened_since(request.id, now - OPEN_FOR)) - {member.id}
    return [one for one in store.staff.all() if one.id in ids] if ids else []


def on_desk(
    portal: Installation, store: Store, data_map: DataMap, member: StaffMember, request: RightsRequest, *, now: datetime
) -> OnDesk:
    """Everything a staff page about one request shows to this member."""
    person = store.people.by_id(request.person_id) if may_see_person(member) else None
    followed = rights.follow(portal, store, request, now=now)
    wants_preview = (
        person is not None
        and person.address is not None
        and request.behalf is None
        and request.kind is Kind.DELETION
        and request.decided_at is None
    )
    return OnDesk(
        followed=followed,
        person=person,
        assignee=store.staff.by_id(request.assignee_id) if request.assignee_id else None,
        decided_by=_decided_by(store, followed),
        preview=preview(portal, data_map, identities_of_person(portal, store, person), now=now)
        if wants_preview and person
        else None,
    )


def letters(store: Store, state: LetterState, *, before: int | None) -> Page:
    """Letters in one state, newest first."""
    found = store.letters.newest(state, before=before, limit=PAGE + 1)
    return Page(letters=found[:PAGE], next_before=found[PAGE - 1].id if len(found) > PAGE else None)


def log(store: Store, *, before: int | None) -> Page:
    """The audit log, newest first."""
    found = store.audit.newest(before=before, limit=PAGE + 1)
    return Page(lines=found[:PAGE], next_before=found[PAGE - 1].id if len(found) > PAGE else None)


def letter_numbers(store: Store) -> dict[LetterState, int]:
    """How many letters are in each state."""
    return store.letters.numbers()


def members_by_id(store: Store) -> dict[int, StaffMember]:
    """Every member of staff by id: a desk has few."""
    return {member.id: member for member in store.staff.all()}


def _decided_by(store: Store, followed: FollowedRequest) -> StaffMember | None:
    ids = [
        event.actor_id
        for event in followed.history
        if event.actor is Actor.STAFF and event.event is RequestEvent.DECIDED
    ]
    return store.staff.by_id(ids[-1]) if ids and ids[-1] else None
