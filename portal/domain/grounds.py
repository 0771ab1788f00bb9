"""Grounds of refusal: what the law lets an organization refuse, in both languages, and what a refusal must say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from portal.domain.languages import Text
from portal.domain.rights import Decision, Kind


@dataclass(frozen=True, slots=True)
class Ground:
    """One lawful reason to refuse: ready words for the person, and the provision they rest on (P-39.1, s. 34).

    `cites_act`: staff must add the Act that obliges. `to_be_reviewed`: counsel has not confirmed that it applies.
    `severs`: it is about somebody else, so that only the fields or rows which concern them are left out (P-39.1, s. 40).
    """

    code: str
    regime: str
    label: Text
    reason: Text
    provision: Text
    applies_to: tuple[Kind, ...]
    cites_act: bool = False
    to_be_reviewed: bool = False
    severs: bool = False


def grounds_for(grounds: Iterable[Ground], *, regime: str, kind: Kind) -> tuple[Ground, ...]:
    """The grounds staff may choose from to refuse a request of a kind under a regime, in the order of the law."""
    return tuple(ground for ground in grounds if ground.regime == regime and kind in ground.applies_to)


def opens_recourse(decision: Decision) -> bool:
    """Whether a decision names remedy, last day and help, and keeps what it is about meanwhile (P-39.1, ss. 34, 36).

    All but a full grant do: a refusal in part is a refusal, and *nothing held* can be contested as one (law.md §6.4).
    """
    return decision is not Decision.GRANTED


def missing_parts(decision: Decision, reason: str, provision: str) -> tuple[str, ...]:
    """The mandatory parts a decision lacks, named as in its form: `reason`, `provision` (P-39.1, s. 34).

    *Nothing held* rests on no provision, but must say where was searched. Remedy, last day and the offer of help
    are not asked here: they come from the regime and nobody can leave them out.
    """
    asked = {"reason": reason, "provision": provision}
    if decision is Decision.GRANTED:
        asked = {}
    elif decision is Decision.NO_INFORMATION_HELD:
        del asked["provision"]
    return tuple(part for part, words in asked.items() if not says_something(words))


def says_something(words: str) -> bool:
    """Whether there is something to read in a text."""
    # A dash or an invisible character is no reason.
    return any(character.isalnum() for character in words)
