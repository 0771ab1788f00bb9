"""How someone who proved an address becomes a person of each source; two of one address are never merged silently."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from portal.domain.people import Person
from portal.domain.rights import Level, RightsRequest
from portal.services.installation import Installation
from portal.services.side_by_side import answers
from portal.sources.base import Key


@dataclass(frozen=True, slots=True)
class Identities:
    """Whom each source knows under one address.

    `keys`: the one person a source knows. `shared`: sources where several people have the address, left to staff
    (security.md B-47). `away`: sources that did not answer.
    """

    keys: Mapping[str, Key] = field(default_factory=dict)
    shared: frozenset[str] = frozenset()
    away: frozenset[str] = frozenset()


def identities_of(portal: Installation, address: str | None) -> Identities:
    """Ask every source at once whom it knows under a canonical address; whoever has none is looked up by staff alone."""
    if address is None:
        return Identities()
    asked = {
        people.table.source: partial(portal.sources[people.table.source].people_matching, people, address)
        for people in portal.data_map.people
    }
    found = answers(asked) if asked else {}
    return Identities(
        keys={source: keys[0] for source, keys in found.items() if len(keys) == 1},
        shared=frozenset(source for source, keys in found.items() if len(keys) > 1),
        away=frozenset(asked.keys() - found.keys()),
    )


def address_to_search(request: RightsRequest, person: Person | None) -> str | None:
    """The address under which the sources are asked about a request: its person's own, and none where they ask for another.

    The rows of somebody else are not under the address of whoever asks for them (security.md §1b): staff look them up.
    """
    return person.address if person and request.behalf is None else None


def level_of(portal: Installation, address: str) -> Level:
    """How far a code sent to the address proves who someone is: L2 when a source holds it (law.md §6.3)."""
    return Level.L2 if identities_of(portal, address).keys else Level.L1
