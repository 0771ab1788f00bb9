"""The named parts an answer is made of, and what somebody asks of a decision that a machine took alone (P-39.1, s. 12.1)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """One part of an answer; the value is the name of its field."""

    FOUND = "found"
    MEASURES = "measures"
    USED = "used"
    BASIS = "basis"
    FACTORS = "factors"
    REVIEWER = "reviewer"
    OBSERVATIONS = "observations"
    OUTCOME = "outcome"


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """One part and its words, in the language of whoever asked."""

    part: Part
    text: str


class Wanted(StrEnum):
    """What is asked of a decision that a machine took alone."""

    EXPLANATION = "explanation"
    REVIEW = "review"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class MachineDecision:
    """Which decision, in the words of whoever it concerns, and what they want of it."""

    which: str
    wanted: Wanted

    @property
    def reviewed(self) -> bool:
        """Whether a person is to look at it again."""
        return self.wanted is not Wanted.EXPLANATION
