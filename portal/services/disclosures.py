"""Communications of personal information to third parties: written down, corrected by revisions, told to the person (P-39.1, s. 18)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.codes import keyed_hash
from portal.domain.people import Person, StaffMember
from portal.domain.references import canonical_reference
from portal.domain.registers import About, Disclosure, Entry, Register
from portal.services.addresses import BadAddress, canonical_address
from portal.services.identities import addresses_of, identities_of
from portal.services.installation import Installation
from portal.storage.registers import StaleEntry as StaleEntry  # noqa: PLC0414  # pages answer it
from portal.storage.store import Store

SHOWN_TO_A_PERSON = 500


class NobodyFound(Exception):
    """No request has this reference, and we know nobody under this address."""


class CannotLook(Exception):
    """A source that might know the person does not answer now."""


def whom(portal: Installation, store: Store, words: str) -> About:
    """The person named by a request's reference or by an exact e-mail address; nobody is named by empty words.

    Raises:
        NobodyFound: they name nobody we know.
        CannotLook: a source does not answer, and nothing else knows the address.
    """
    if not words:
        return About()
    if "@" in words:
        return About(address_hash=_hash(portal, _known_address(portal, store, words)))
    reference = canonical_reference(words)
    request = store.requests.by_reference(reference) if reference else None
    person = store.people.by_id(request.person_id) if request else None
    if person is None:
        raise NobodyFound
    if person.address is None:
        return About(person_id=person.id, found_by=reference)
    return About(address_hash=_hash(portal, person.address), found_by=reference)


def record(
    store: Store, member: StaffMember, said: Disclosure, about: About, *, form_id: str | None, now: datetime
) -> int:
    """Write a communication; gives its number. A second press of the same form gives the one the first made."""
    owner = f"disclosure:{member.id}"
    if form_id and not store.forms.take(owner, form_id, now):
        return int(store.forms.result(owner, form_id) or 0)
    number = store.registers.add(Register.DISCLOSURES, said, about, staff_id=member.id, now=now)
    if form_id:
        store.forms.settle(owner, form_id, str(number))
    store.audit.record(audit_line(AuditEvent.REGISTER_ENTRY_ADDED, Register.DISCLOSURES, member, now))
    return number


def correct(
    store: Store, member: StaffMember, number: int, said: Disclosure, about: About, *, seen: int, now: datetime
) -> None:
    """Write what is right now; what was written before stays.

    Raises:
        StaleEntry: a colleague corrected it meanwhile.
    """
    store.registers.correct(Register.DISCLOSURES, number, said, about, seen=seen, staff_id=member.id, now=now)
    store.audit.record(audit_line(AuditEvent.REGISTER_ENTRY_CORRECTED, Register.DISCLOSURES, member, now))


def one(store: Store, number: int) -> Entry | None:
    """An entry as it stands, or None."""
    return store.registers.one(Register.DISCLOSURES, number)


def revisions(store: Store, number: int) -> Sequence[Entry]:
    """Every revision of an entry, the first one first."""
    return store.registers.revisions(Register.DISCLOSURES, number)


def told_to(portal: Installation, store: Store, person: Person, *, today: date) -> Sequence[Disclosure]:
    """What was communicated about a person and they may know, newest first (P-39.1, ss. 8 and 27)."""
    addresses = addresses_of(portal, store, person)
    hashes = [keyed_hash(key, "address", address) for key in _keys(portal) for address in addresses]
    found = store.registers.about(hashes, person.id, limit=SHOWN_TO_A_PERSON)
    return [said for entry in found if isinstance(said := entry.said, Disclosure) and said.shown_on(today)]


def audit_line(event: AuditEvent, register: Register, member: StaffMember, now: datetime) -> AuditLine:
    """The line that says who wrote in which register."""
    return AuditLine(now, event, Actor.STAFF, member.id, staff_id=member.id, detail=register)


def _known_address(portal: Installation, store: Store, words: str) -> str:
    try:
        address = canonical_address(words)
    except BadAddress as error:
        raise NobodyFound from error
    if store.people.by_address(address) or store.other_addresses.holder(address) is not None:
        return address
    identities = identities_of(portal, address)
    if identities.known or identities.shared:
        return address
    raise CannotLook if identities.away else NobodyFound


def _hash(portal: Installation, address: str) -> str:
    return keyed_hash(portal.keys.for_("registers"), "address", address)


def _keys(portal: Installation) -> Sequence[bytes]:
    return list(portal.keys.all_for("registers"))
