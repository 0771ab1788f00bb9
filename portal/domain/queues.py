"""The staff's queue: what it may be narrowed to, in which order it is read, and the words it may be searched for."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.domain.languages import Language
from portal.domain.rights import BEFORE_DECISION, ENDED, OPEN, Kind, State

NOBODY = 0
"""Stands for the member of staff whom a request nobody has in hand is with."""

COUNTED_TO = 1_000
"""What no counter keeps is counted no further: beyond, it is "more than 1,000"."""

MOST_WORDS = 8


class Order(StrEnum):
    """What a list goes by: the nearest due date, the oldest request, or the latest change first."""

    DUE = "due"
    RECEIVED = "received"
    CHANGED = "changed"


class Due(StrEnum):
    """How near the last day to answer is; what is answered is due no more."""

    LATE = "late"
    TODAY = "today"
    WITHIN_5 = "5"
    WITHIN_10 = "10"


_DAYS = {Due.TODAY: 0, Due.WITHIN_5: 5, Due.WITHIN_10: 10}


@dataclass(frozen=True, slots=True)
class Selection:
    """What a member of staff wants to see of the queue: keys and numbers, never anything of a person's.

    `assignee`: the id of a member of staff, or NOBODY.
    """

    ended: bool = False
    state: State | None = None
    kind: Kind | None = None
    regime: str | None = None
    assignee: int | None = None
    due: Due | None = None
    language: Language | None = None
    order: Order = Order.DUE

    @property
    def states(self) -> frozenset[State]:
        """The states it reads; where the due date counts, only those that wait for an answer."""
        wide = BEFORE_DECISION if self.due else ENDED if self.ended else OPEN
        return wide if self.state is None else wide & {self.state}

    @property
    def narrows_more_than_states(self) -> bool:
        """Whether anything but states and days says what is in it."""
        return any(part is not None for part in (self.kind, self.regime, self.assignee, self.language))

    @property
    def is_whole(self) -> bool:
        """Whether it is everything open, or everything ended."""
        return self.state is None and self.due is None and not self.narrows_more_than_states

    @property
    def read_by(self) -> Order:
        """The order it is read in: days are walked by day."""
        return Order.DUE if self.due else self.order


def days_of(due: Due, today: date) -> tuple[date, date]:
    """The first and the last due date that `due` means on a day."""
    if due is Due.LATE:
        return date.min, today - timedelta(days=1)
    return today, today + timedelta(days=_DAYS[due])


def words_of(typed: str) -> tuple[str, ...]:
    """The words to look for in what was typed: small letters without accents, none twice, a few at most.

    A letter is what was one in Unicode 3.2: what is newer, an index may take for a space between two words.
    """
    apart = unicodedata.normalize("NFD", typed.lower())
    plain = unicodedata.normalize("NFC", "".join(one for one in apart if not unicodedata.combining(one)))
    spaced = "".join(one if unicodedata.ucd_3_2_0.category(one)[0] in "LN" else " " for one in plain)
    return tuple(dict.fromkeys(spaced.split()))[:MOST_WORDS]
