"""How someone who proved addresses becomes a person of each source; two people of one address are never merged silently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from portal.domain.data_map import People
from portal.domain.people import PROVED_FOR, OtherAddress, Person
from portal.domain.rights import Level, RightsRequest
from portal.services.installation import Installation
from portal.services.side_by_side import answers
from portal.sources.base import Key
from portal.storage import schema
from portal.storage.database import DatabaseAway
from portal.storage.store import Store


@dataclass(frozen=True, slots=True)
class Identity:
    """One account of a source, and the proved address under which it was found."""

    key: Key
    address: str


@dataclass(frozen=True, slots=True)
class Identities:
    """Whom each source knows under the addresses somebody proved.

    `known`: the accounts of each source that are theirs alone, in the order of the addresses. `shared`: sources where
    several people have one of the addresses, of which that part is left to staff (security.md B-47). `away`: sources that
    did not answer.
    """

    addresses: tuple[str, ...] = ()
    known: Mapping[str, tuple[Identity, ...]] = field(default_factory=dict)
    shared: frozenset[str] = frozenset()
    away: frozenset[str] = frozenset()

    def in_source(self, source: str) -> tuple[Identity, ...]:
        """Their accounts in one source; none where it knows nobody, several people, or is away."""
        return self.known.get(source, ())

    def keys_in(self, source: str) -> tuple[Key, ...]:
        """The keys of their accounts in one source."""
        return tuple(one.key for one in self.in_source(source))


def other_addresses_of(portal: Installation, store: Store, person: Person) -> Sequence[OtherAddress]:
    """The other addresses a person proved, as long as the proofs count."""
    return store.other_addresses.of_person(person.id, proved_after=PROVED_FOR.before(portal.clock()))


def addresses_of(portal: Installation, store: Store, person: Person) -> tuple[str, ...]:
    """Every address a person proved, the one they sign in with first; none for who asked on paper."""
    if person.address is None:
        return ()
    return person.address, *(one.address for one in other_addresses_of(portal, store, person))


def addresses_together(portal: Installation, address: str) -> tuple[str, ...]:
    """An address with those its person proved beside it; alone where the portal was never started, or does not know it."""
    try:
        with portal.database.reading() as store:
            if not schema.is_head(store.connection):
                return (address,)
            person = store.people.by_address(address)
            return addresses_of(portal, store, person) if person else (address,)
    except DatabaseAway:
        return (address,)


def identities_of(portal: Installation, *addresses: str) -> Identities:
    """Ask every source at once whom it knows under canonical addresses; whoever has none is looked up by staff alone."""
    if not addresses:
        return Identities()
    asked = {people.table.source: partial(_matching, portal, people, addresses) for people in portal.data_map.people}
    found = answers(asked) if asked else {}
    return Identities(
        addresses=addresses,
        known={source: alone for source, matched in found.items() if (alone := _alone(matched))},
        shared=frozenset(
            source for source, matched in found.items() if any(len(keys) > 1 for keys in matched.values())
        ),
        away=frozenset(asked.keys() - found.keys()),
    )


def identities_of_person(portal: Installation, store: Store, person: Person) -> Identities:
    """Whom each source knows under any address a person proved."""
    return identities_of(portal, *addresses_of(portal, store, person))


def addresses_to_search(
    portal: Installation, store: Store, request: RightsRequest, person: Person | None
) -> tuple[str, ...]:
    """The addresses under which the sources are asked about a request: its person's own; none where they ask for another.

    The rows of somebody else are not under the addresses of whoever asks for them (security.md §1b): staff look them up.
    An address that was added after a decision is none of those it was taken on.
    """
    if person is None or person.address is None or request.behalf is not None:
        return ()
    others, decided = other_addresses_of(portal, store, person), request.decided_at
    return person.address, *(one.address for one in others if decided is None or one.added_at <= decided)


def level_of(portal: Installation, *addresses: str) -> Level:
    """How far a code sent to each address proves who someone is: L2 when a source holds one of them (law.md §6.3)."""
    return Level.L2 if identities_of(portal, *addresses).known else Level.L1


def _matching(portal: Installation, people: People, addresses: Sequence[str]) -> Mapping[str, Sequence[Key]]:
    source = portal.sources[people.table.source]
    return {address: source.people_matching(people, address) for address in addresses}


def _alone(matched: Mapping[str, Sequence[Key]]) -> tuple[Identity, ...]:
    """The accounts found alone under an address, each once, under the first of its addresses."""
    found: dict[Key, str] = {}
    for address, keys in matched.items():
        if len(keys) == 1:
            found.setdefault(keys[0], address)
    return tuple(Identity(key, address) for key, address in found.items())
