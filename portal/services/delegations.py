"""Delegations: the officer's decisions given in writing to an agent, recorded with where the writing is (P-39.1, s. 3.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.delegations import Delegation
from portal.domain.people import StaffMember
from portal.domain.rights import Role
from portal.services.installation import Installation
from portal.storage.store import Store


class NotAnAgent(Exception):
    """Only an agent who may sign in is given the officer's decisions: an officer has them, an auditor reads."""


class EndsBeforeItBegins(Exception):
    """The last day of a delegation comes before its first, or is over already."""


def of_member(store: Store, member: StaffMember) -> Sequence[Delegation]:
    """Every delegation a member was given, the newest first."""
    return store.delegations.of_member(member.id)


def may_be_given(member: StaffMember) -> bool:
    """Whether a member could be given the officer's decisions."""
    return member.active and member.role is Role.AGENT


def record(
    portal: Installation,
    store: Store,
    by: StaffMember,
    member: StaffMember,
    *,
    since: date,
    until: date | None,
    document: str,
) -> None:
    """Record that an agent decides in the officer's place. `document`: where the signed writing is found.

    Raises:
        NotAnAgent, EndsBeforeItBegins.
    """
    now = portal.clock()
    if not may_be_given(member):
        raise NotAnAgent
    if until is not None and until < max(since, portal.today(now)):
        raise EndsBeforeItBegins
    if since <= portal.today(now):
        store.delegations.end(member.id, by=by.id, now=now)
    else:
        store.delegations.last_until(member.id, since - timedelta(days=1))
    store.delegations.add(member.id, since=since, until=until, document=document, recorded_by=by.id, now=now)
    store.audit.record(AuditLine(now, AuditEvent.DELEGATION_RECORDED, Actor.STAFF, by.id, staff_id=member.id))


def end(portal: Installation, store: Store, by: StaffMember, member: StaffMember) -> None:
    """End a member's delegation at once; what was decided under it stands."""
    now = portal.clock()
    if store.delegations.end(member.id, by=by.id, now=now):
        store.audit.record(AuditLine(now, AuditEvent.DELEGATION_ENDED, Actor.STAFF, by.id, staff_id=member.id))
