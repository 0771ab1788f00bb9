"""Colleagues: invited by a one-time link, given another role, shut out at once, their requests handed over.

Whoever could leave the portal without a person in charge waits for whoever does so first: see `_hold_officers`.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.languages import Language
from portal.domain.letters import LetterKind
from portal.domain.outbox import Audience
from portal.domain.people import StaffMember
from portal.domain.rights import RequestEvent, RightsRequest, Role
from portal.services.installation import Installation
from portal.services.letters import promise_letters, unsent
from portal.services.links import invite
from portal.storage.store import Store

HANDLES = frozenset({Role.OFFICER, Role.AGENT})
"""The auditor reads records and has no request in hand."""

SHOWN_IN_HAND = 50
HANDED_AT_ONCE = 10_000
"""More open requests than one person ever had in hand."""


class LastOfficer(Exception):
    """Nobody would be left who may decide."""


class AlreadyColleague(Exception):
    """The address is a colleague's already; `member` is who."""

    def __init__(self, member: StaffMember) -> None:
        """Keep who it is."""
        super().__init__()
        self.member = member


class CannotTakeOver(Exception):
    """Requests are handed to another colleague who handles requests and may sign in, and to nobody else."""


class NoLongerOfficer(Exception):
    """Whoever asks lost the right meanwhile."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """One member of staff and how many open requests they have in hand."""

    member: StaffMember
    in_hand: int


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom a link was made for. `nonce` is what the link is made of when it is handed over by hand, None when a letter brings it."""

    member: StaffMember
    nonce: str | None


def colleagues(store: Store) -> Sequence[Colleague]:
    """Every member of staff, those who may sign in first."""
    in_hand = store.staff.open_requests()
    everybody = sorted(store.staff.all(), key=lambda member: (not member.active, member.id))
    return [Colleague(member, in_hand.get(member.id, 0)) for member in everybody]


def heirs(store: Store, member: StaffMember) -> Sequence[StaffMember]:
    """Who may take over a member's requests."""
    return [other for other in store.staff.all() if _may_take_over(other, member)]


def in_hand(store: Store, member: StaffMember) -> Sequence[RightsRequest]:
    """The first open requests a member has in hand."""
    return store.requests.open_in_hand(member.id, limit=SHOWN_IN_HAND)


def letters_leave(portal: Installation) -> bool:
    """Whether an invitation reaches its reader by mail; else its link is handed over by hand."""
    url = portal.settings.mail.url
    return url is not None and not url.startswith("print:")


def add(portal: Installation, store: Store, address: str, role: Role, *, language: Language) -> str:
    """Add a member by canonical address, or give a known one this role and let them in; gives a one-time link's token.

    Raises:
        LastOfficer: the known one is the last officer, and the role is another.
    """
    now = portal.clock()
    known = store.staff.by_address(address)
    if known and role is not Role.OFFICER:
        _refuse_last(_hold_officers(store, None), known)
    member = store.staff.add(address, role, language=language, now=now)
    _record(store, AuditEvent.STAFF_ADDED, None, member, now, role)
    return invite(portal, store, member)


def awaited(store: Store, address: str, *, now: datetime) -> bool:
    """Whether a first officer is still awaited: nobody of staff ever came in, and no link to them is still good."""
    others = store.staff.all()
    if any(member.address != address or not member.active for member in others):
        return False
    return not store.audit.staff_ever_came() and not any(
        store.tokens.has_unused(member.id, now=now) for member in others
    )


def invite_colleague(
    portal: Installation,
    store: Store,
    by: StaffMember,
    address: str,
    role: Role,
    *,
    language: Language,
    form_id: str,
) -> Invited:
    """Invite somebody by canonical address. A second press of the same form finds whom the first invited.

    Raises:
        AlreadyColleague: the address is known, whether it may sign in or not.
        NoLongerOfficer: `by` is none any more.
    """
    now = portal.clock()
    _hold_officers(store, by)
    known = store.staff.by_address(address)
    if not store.forms.take(f"staff:{by.id}", form_id, now) and known:
        return Invited(known, None)
    if known:
        raise AlreadyColleague(known)
    member = store.staff.add(address, role, language=language, now=now)
    _record(store, AuditEvent.STAFF_ADDED, by, member, now, role)
    return _with_link(portal, store, member, now)


def send_link(portal: Installation, store: Store, by: StaffMember, member: StaffMember) -> Invited:
    """Send a colleague a new one-time link; the one before dies."""
    now = portal.clock()
    _record(store, AuditEvent.STAFF_INVITED, by, member, now)
    return _with_link(portal, store, member, now)


def change_role(portal: Installation, store: Store, by: StaffMember | None, member: StaffMember, role: Role) -> None:
    """Give a colleague another role. An auditor keeps no request: what is in hand goes back to the queue.

    Raises:
        LastOfficer, NoLongerOfficer.
    """
    officers = _hold_officers(store, by)
    if role is not Role.OFFICER:
        _refuse_last(officers, member)
    now = portal.clock()
    if not store.staff.change_role(member.id, role):
        return
    store.delegations.end(member.id, by=by.id if by else None, now=now)
    if role not in HANDLES:
        _hand_over(store, by, member, None, now)
    _record(store, AuditEvent.STAFF_ROLE_CHANGED, by, member, now, role)


def disable(
    portal: Installation, store: Store, by: StaffMember | None, member: StaffMember, *, heir: StaffMember | None
) -> None:
    """Shut a colleague out at once: sessions end, links and codes die, open requests go to `heir` or to the queue.

    Raises:
        LastOfficer, NoLongerOfficer, CannotTakeOver.
    """
    _refuse_last(_hold_officers(store, by), member)
    now = portal.clock()
    if store.staff.disable(member.id, now):
        store.delegations.end(member.id, by=by.id if by else None, now=now)
        _record(store, AuditEvent.STAFF_DISABLED, by, member, now)
    store.sessions.end_all_of_staff(member.id, now)
    store.tokens.forget_of(member.id)
    store.codes.kill_of(member.address, now)
    _hand_over(store, by, member, _fit(store, member, heir), now)


def hand_over(
    portal: Installation, store: Store, by: StaffMember | None, member: StaffMember, *, heir: StaffMember | None
) -> None:
    """Give a colleague's open requests to `heir`, or to nobody: they wait in the queue.

    Nobody handles their own request: one the heir made goes to nobody.

    Raises:
        CannotTakeOver: the heir is the colleague, an auditor, or shut out.
        NoLongerOfficer.
    """
    _hold_officers(store, by)
    _hand_over(store, by, member, _fit(store, member, heir), portal.clock())


def enable(portal: Installation, store: Store, by: StaffMember | None, member: StaffMember) -> None:
    """Let a colleague in again, in the role they had; they sign in by a code.

    Raises:
        NoLongerOfficer.
    """
    _hold_officers(store, by)
    if store.staff.enable(member.id):
        _record(store, AuditEvent.STAFF_ENABLED, by, member, portal.clock())


def _with_link(portal: Installation, store: Store, member: StaffMember, now: datetime) -> Invited:
    """A new link: a letter brings it, or the officer does where no letter leaves."""
    nonce = secrets.token_hex(16)
    invite(portal, store, member, nonce=nonce)
    if not letters_leave(portal):
        return Invited(member, nonce)
    kind = LetterKind.STAFF_INVITATION
    letter = unsent(kind, Audience.STAFF, language=member.language, now=now, staff_id=member.id, nonce=nonce)
    promise_letters(store, [letter])
    return Invited(member, None)


def _hold_officers(store: Store, by: StaffMember | None) -> frozenset[int]:
    """The ids of those who may decide now, held until the end: two of them cannot shut each other out at one instant."""
    officers = frozenset(officer.id for officer in store.staff.hold_officers())
    if by is not None and by.id not in officers:
        raise NoLongerOfficer
    return officers


def _refuse_last(officers: frozenset[int], member: StaffMember) -> None:
    if officers == {member.id}:
        raise LastOfficer


def _fit(store: Store, member: StaffMember, heir: StaffMember | None) -> StaffMember | None:
    """The heir as they are now."""
    fresh = store.staff.by_id(heir.id) if heir else None
    if heir and not (fresh and _may_take_over(fresh, member)):
        raise CannotTakeOver
    return fresh


def _may_take_over(heir: StaffMember, member: StaffMember) -> bool:
    return heir.active and heir.role in HANDLES and heir.id != member.id


def _hand_over(
    store: Store, by: StaffMember | None, member: StaffMember, heir: StaffMember | None, now: datetime
) -> None:
    theirs = store.people.by_address(heir.address) if heir else None
    for request in store.requests.open_in_hand(member.id, limit=HANDED_AT_ONCE, hold=True):
        to = None if theirs and request.person_id == theirs.id else heir
        handed = replace(request, assignee_id=to.id if to else None)
        store.requests.save(handed, seen_version=request.version)
        actor, actor_id = (Actor.STAFF, by.id) if by else (Actor.SYSTEM, None)
        store.requests.happened(request.id, RequestEvent.HANDED_OVER, actor=actor, actor_id=actor_id, now=now)
        line = AuditLine(now, AuditEvent.REQUEST_HANDED_OVER, actor, actor_id, request_id=request.id)
        store.audit.record(replace(line, staff_id=to.id if to else None, person_id=request.person_id))


def _record(
    store: Store,
    event: AuditEvent,
    by: StaffMember | None,
    member: StaffMember,
    now: datetime,
    role: Role | None = None,
) -> None:
    actor, actor_id = (Actor.STAFF, by.id) if by else (Actor.SYSTEM, None)
    store.audit.record(AuditLine(now, event, actor, actor_id, staff_id=member.id, detail=role))
