"""What the last answer to an access request left out: the pages and the copy of its person leave it out too (P-39.1, s. 34)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.domain.people import Person
from portal.domain.rights import Kind
from portal.storage.store import Store

ASKING_TO_SEE = frozenset({Kind.ACCESS, Kind.PORTABILITY})
"""The kinds of request whose answer says what a person may not see."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One category left out: in which words, by which provision, and the answer to which request said so."""

    category: str
    reason: str
    provision: str
    reference: str


def left_out_for(store: Store, person: Person) -> Mapping[str, LeftOut]:
    """The categories their newest answer leaves out, by id, until another answer to a request of theirs says otherwise."""
    answer = store.requests.last_answer(person.id, ASKING_TO_SEE)
    if answer is None:
        return {}
    return {one.category: LeftOut(one.category, one.reason, one.provision, answer.reference) for one in answer.withheld}
