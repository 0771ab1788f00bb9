"""The checklist of a request: a line for each system no table of the map reaches, and what its keeper or staff answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.domain.data_map import Category, DataMap
from portal.domain.languages import Text
from portal.domain.rights import BEFORE_DECISION, CorrectionAsked, Decision, Kind, RightsRequest, State


class LineState(StrEnum):
    """What was answered of one system."""

    NOT_YET = "not_yet"
    FOUND = "found"
    ON_PAPER = "on_paper"
    NOTHING = "nothing"
    CORRECTED = "corrected"
    DESTROYED = "destroyed"
    KEPT = "kept"


class AnsweredBy(StrEnum):
    """Who answered a line: the system's keeper, by the link of a letter, or a member of staff."""

    KEEPER = "keeper"
    STAFF = "staff"


NEEDS_NOTE = frozenset({LineState.KEPT})
"""What is kept is kept for a reason, which the person reads (P-39.1, ss. 23 and 34)."""

ASKS_ITS_KEEPER = frozenset({Kind.ACCESS, Kind.PORTABILITY, Kind.DELETION})
"""Requests whose lines send the keeper a letter; a correction is ticked off by staff."""

_LOOKED_UP = (LineState.FOUND, LineState.ON_PAPER, LineState.NOTHING)
_ANSWERS: Mapping[Kind, tuple[LineState, ...]] = {
    Kind.ACCESS: _LOOKED_UP,
    Kind.PORTABILITY: _LOOKED_UP,
    Kind.RECTIFICATION: (LineState.CORRECTED, LineState.KEPT, LineState.NOTHING),
    Kind.DELETION: (LineState.DESTROYED, LineState.KEPT, LineState.NOTHING),
}


@dataclass(frozen=True, slots=True)
class ChecklistLine:
    """One system to look up for one request. `position`: its number within the request, from 1.

    `hint` is what staff wrote to help the keeper find it; `note` is what was answered beside the state, which the person
    reads with the answer. `version` counts the answers, so that nobody writes over one they did not see.
    """

    id: int
    request_id: int
    position: int
    category: str
    label: Text
    system: Text
    state: LineState
    version: int
    hint: str
    note: str
    answered_by: AnsweredBy | None
    staff_id: int | None
    answered_at: datetime | None
    looked_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered it."""
        return self.state is LineState.NOT_YET


def answers_for(kind: Kind) -> tuple[LineState, ...]:
    """What may be answered of a line of such a request."""
    return _ANSWERS.get(kind, ())


def categories_to_look_up(
    data_map: DataMap, kind: Kind, *, category: str | None, correction: CorrectionAsked | None
) -> tuple[Category, ...]:
    """The categories without a table that a request touches.

    All of them for access, a copy and deletion, or the one it names. A correction touches the one it names, and none when
    it is about a field of a table or says nothing of where.
    """
    if kind not in _ANSWERS or correction is not None or (kind is Kind.RECTIFICATION and category is None):
        return ()
    return tuple(found for found in data_map.categories if not found.tables and category in {None, found.id})


def may_be_answered(request: RightsRequest, *, erasure_started: bool, by_post: bool) -> bool:
    """Whether the lines of a request may be answered now.

    Before the decision; of a deletion once it was granted and begun, until it is closed. What somebody who is written to
    on paper has deleted is done by hand, before the decision that closes it.
    """
    if by_post or request.kind is not Kind.DELETION:
        return request.state in BEFORE_DECISION
    granted = request.decision in {Decision.GRANTED, Decision.PARTIALLY_GRANTED}
    return granted and request.state is State.FULFILLING and erasure_started
