"""Letters on paper: where one is posted, on which day it may have been, and what of a request came on paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from portal.domain.periods import Period

LONGEST_NAME = 60
LONGEST_LINE = 45
MOST_LINES = 5
FEWEST_LINES = 2
"""What fits the window of an envelope: see static/paper.css."""

ENTERED_WITHIN = Period(months=36, days=0)
"""A request received longer ago is a year mistyped: its record would be due to go already (law.md §7)."""


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """Whom a letter on paper is for, and the lines of their address."""

    name: str
    lines: tuple[str, ...]

    @property
    def on_envelope(self) -> tuple[str, ...]:
        """Every line that shows through the window, in order."""
        return (self.name, *self.lines)


@dataclass(frozen=True, slots=True)
class Posting:
    """The day a letter was put in the post, as a member of staff wrote it; a wrong day is corrected once."""

    letter_id: int
    posted_on: date
    at: datetime
    staff_id: int
    corrects: bool


def lines_of(typed: str) -> tuple[str, ...]:
    """The lines of an address as typed, without empty ones."""
    return tuple(" ".join(line.split(" ")).strip() for line in typed.split("\n") if line.strip())


def may_be_posted_on(day: date, *, made_on: date, today: date) -> bool:
    """Whether a letter can have been posted that day: not before it was made, and not tomorrow."""
    return made_on <= day <= today
