"""What the last answer to an access request left out: the pages and the copy of its person leave it out too (P-39.1, s. 34)."""

from __future__ import annotations

from collections.abc import Mapping

from portal.domain.people import Person
from portal.domain.rights import Kind, LeftOut
from portal.storage.store import Store

ASKING_TO_SEE = frozenset({Kind.ACCESS, Kind.PORTABILITY})
"""The kinds of request whose answer says what a person may not see."""


def left_out_for(store: Store, person: Person) -> Mapping[str, LeftOut]:
    """The categories their newest answer leaves out, by id, until another answer to a request of theirs says otherwise."""
    answer = store.requests.last_answer(person.id, ASKING_TO_SEE)
    if answer is None:
        return {}
    return {one.category: LeftOut(one.reason, one.provision, answer.reference) for one in answer.withheld}
