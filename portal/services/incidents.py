"""Confidentiality incidents: reported by whoever on staff sees one, completed by the officer, kept with every revision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from portal.domain.audit import AuditEvent
from portal.domain.notices import NoticeKind
from portal.domain.people import StaffMember
from portal.domain.registers import About, Entry, Incident, Register
from portal.domain.rights import Role
from portal.services import notices
from portal.services.disclosures import audit_line
from portal.storage.registers import StaleEntry as StaleEntry  # noqa: PLC0414  # pages answer it
from portal.storage.store import Store


def report(store: Store, member: StaffMember, said: Incident, *, form_id: str | None, now: datetime) -> int:
    """Write an incident down (P-39.1, s. 3.8); gives its number. A second press of the same form gives the first's."""
    owner = f"incident:{member.id}"
    if form_id and not store.forms.take(owner, form_id, now):
        return int(store.forms.result(owner, form_id) or 0)
    number = store.registers.add(Register.INCIDENTS, said, About(), staff_id=member.id, now=now)
    if form_id:
        store.forms.settle(owner, form_id, str(number))
    store.audit.record(audit_line(AuditEvent.REGISTER_ENTRY_ADDED, Register.INCIDENTS, member, now))
    return number


def correct(store: Store, member: StaffMember, number: int, said: Incident, *, seen: int, now: datetime) -> None:
    """Complete or correct an incident; what was written before stays.

    Raises:
        StaleEntry: a colleague wrote meanwhile.
    """
    store.registers.correct(Register.INCIDENTS, number, said, About(), seen=seen, staff_id=member.id, now=now)
    store.audit.record(audit_line(AuditEvent.REGISTER_ENTRY_CORRECTED, Register.INCIDENTS, member, now))


def prepare_notice(store: Store, member: StaffMember, entry: Entry, said: Incident, *, now: datetime) -> int:
    """Draft the notice to the people concerned and write in the register which one it is; the one there is stays.

    Raises:
        StaleEntry: a colleague wrote meanwhile.
    """
    there = notices.one(store, said.notice_id) if said.notice_id else None
    if there:
        return there.id
    notice_id = notices.draft_other(store, member, NoticeKind.CONFIDENTIALITY_INCIDENT, now)
    correct(store, member, entry.number, replace(said, notice_id=notice_id), seen=entry.revision, now=now)
    return notice_id


def one(store: Store, number: int) -> Entry | None:
    """An incident as it stands, or None."""
    return store.registers.one(Register.INCIDENTS, number)


def revisions(store: Store, number: int) -> Sequence[Entry]:
    """Every revision of an incident, the first one first."""
    return store.registers.revisions(Register.INCIDENTS, number)


def may_see(member: StaffMember, past: Sequence[Entry]) -> bool:
    """Whether a member of staff may read an incident: an agent reads those they reported."""
    return member.role is not Role.AGENT or (bool(past) and past[0].staff_id == member.id)
