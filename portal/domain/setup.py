"""Getting ready: what an officer does before the portal serves people, in any order, left and resumed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Task(StrEnum):
    """One thing to do, in the order it is shown."""

    CONTACT = "contact"
    POLICY = "policy"
    HELD = "held"
    COLLEAGUES = "colleagues"
    LETTER = "letter"
    REQUEST = "request"


class Tried(StrEnum):
    """What an officer tried, or said, on the page; kept so that it is still known tomorrow."""

    LETTER = "letter"
    REQUEST = "request"
    ALONE = "alone"


@dataclass(frozen=True, slots=True)
class Step:
    """One such step. `result` is `taken`, or why not (a WhyRefused); `said` is the mail server's own words."""

    at: datetime
    result: str | None
    said: str | None


TAKEN = "taken"
PRINTED = "printed"
WELL = frozenset({TAKEN, PRINTED})
"""Results of a test letter after which nothing is left to do."""
