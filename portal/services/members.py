"""Members of staff: added with a one-time link, shut out at once."""

from __future__ import annotations

from datetime import datetime

from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.languages import Language
from portal.domain.rights import Role
from portal.services.installation import Installation
from portal.services.sign_in import invite
from portal.storage.store import Store


def add(portal: Installation, store: Store, address: str, role: Role, *, language: Language) -> str:
    """Add a member by canonical address, or change the role of a known one; gives the token of a one-time link."""
    now = portal.clock()
    member = store.staff.add(address, role, language=language, now=now)
    store.audit.record(AuditLine(now, AuditEvent.STAFF_ADDED, Actor.SYSTEM, staff_id=member.id, detail=role))
    return invite(portal, store, member)


def awaited(store: Store, address: str, *, now: datetime) -> bool:
    """Whether a first officer is still awaited: nobody of staff ever came in, and no link to them is still good."""
    others = store.staff.all()
    if any(member.address != address or not member.active for member in others):
        return False
    return not store.audit.staff_ever_came() and not any(
        store.tokens.has_unused(member.id, now=now) for member in others
    )


def disable(portal: Installation, store: Store, address: str) -> bool:
    """Shut a member out: no new session, the open ones end, one-time links die. False when nobody has the address."""
    member = store.staff.by_address(address)
    if member is None:
        return False
    now = portal.clock()
    store.staff.disable(member.id, now)
    store.sessions.end_all_of_staff(member.id, now)
    store.tokens.forget_of(member.id)
    store.audit.record(AuditLine(now, AuditEvent.STAFF_DISABLED, Actor.SYSTEM, staff_id=member.id))
    return True
