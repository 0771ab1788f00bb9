"""Other addresses a person uses: shown to be theirs by a code, kept while the proof counts, taken back at any time.

A proof shows who reads a mailbox, so that what the sources hold under its address is shown. It merges nothing of the
portal's own: what was asked by whoever signs in with that address stays theirs (security.md B-47).
"""

from __future__ import annotations

from datetime import datetime

from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.codes import Code, Flow
from portal.domain.languages import Language
from portal.domain.people import MOST_OTHER_ADDRESSES, Person
from portal.domain.rights import Level
from portal.services.identities import identities_of_person, other_addresses_of
from portal.services.installation import Installation
from portal.services.sign_in import ask_code, asked_code, prove
from portal.storage.store import Store


class OwnAddress(Exception):
    """It is the address the person signs in with."""


class EnoughAddresses(Exception):
    """The person has as many other addresses as one may."""


def ask(portal: Installation, store: Store, person: Person, address: str, *, browser: str, language: Language) -> None:
    """Send a code to a canonical address; the same happens whether it is known here, in a source, or nowhere.

    One proved before may be proved again, and its proof then counts from that day.

    Raises:
        OwnAddress: the person signs in with it.
        EnoughAddresses: one more would be too many.
        TooMany: the address was sent enough codes for now.
    """
    if address == person.address:
        raise OwnAddress
    _refuse_too_many(portal, store, person, address)
    ask_code(
        portal,
        store,
        flow=Flow.OTHER_ADDRESS,
        address=address,
        browser=browser,
        language=language,
        next_page=str(person.id),
    )


def awaited(portal: Installation, store: Store, person: Person, *, browser: str) -> Code | None:
    """The code this person last asked for in this browser and has not used, or None."""
    code = asked_code(portal, store, flow=Flow.OTHER_ADDRESS, browser=browser)
    return code if code and code.used_at is None and code.next == str(person.id) else None


def confirm(portal: Installation, store: Store, person: Person, *, typed: str, browser: str) -> None:
    """Keep the address whose code was given; whoever had proved it before has it no more.

    Raises:
        WrongCode: as for signing in; a code that somebody else asked for counts as wrong.
        TooMany: as for signing in.
        EnoughAddresses: others were proved meanwhile.
    """
    now = portal.clock()
    store.people.hold(person.id)
    waiting = awaited(portal, store, person, browser=browser)
    code = prove(
        portal,
        store,
        flow=Flow.OTHER_ADDRESS,
        typed=typed,
        browser=browser,
        address=waiting.address if waiting else "",
    )
    _refuse_too_many(portal, store, person, code.address)
    loses_it = store.other_addresses.prove(person.id, code.address, now)
    earlier = store.people.by_id(loses_it) if loses_it is not None else None
    if earlier:
        _audit(store, AuditEvent.OTHER_ADDRESS_LOST, Actor.SYSTEM, earlier.id, now)
        _weigh_again(portal, store, earlier)
    _audit(store, AuditEvent.OTHER_ADDRESS_PROVED, Actor.PERSON, person.id, now)
    _weigh_again(portal, store, person)


def remove(portal: Installation, store: Store, person: Person, number: int, *, now: datetime) -> bool:
    """Take an address back; what it alone proved is proved no more. False when it is none of theirs."""
    if not store.other_addresses.remove(person.id, number):
        return False
    _audit(store, AuditEvent.OTHER_ADDRESS_REMOVED, Actor.PERSON, person.id, now)
    _weigh_again(portal, store, person)
    return True


def _refuse_too_many(portal: Installation, store: Store, person: Person, address: str) -> None:
    others = {one.address for one in other_addresses_of(portal, store, person)} - {address}
    if len(others) >= MOST_OTHER_ADDRESSES:
        raise EnoughAddresses


def _weigh_again(portal: Installation, store: Store, person: Person) -> None:
    """Write how far somebody's open sessions prove who they are now; as before while a source does not answer."""
    found = identities_of_person(portal, store, person)
    if not found.away:
        store.sessions.prove_to(person.id, Level.L2 if found.known else Level.L1)


def _audit(store: Store, event: AuditEvent, actor: Actor, person_id: int, now: datetime) -> None:
    """A line that names no address."""
    by = person_id if actor is Actor.PERSON else None
    store.audit.record(AuditLine(now, event, actor, by, person_id=person_id))
