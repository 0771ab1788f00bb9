"""Which parts an answer must be made of: what a complaint found and brings about, what a machine's decision rests on.

Complaints: P-39.1, s. 3.2. Decisions based exclusively on automated processing: s. 12.1.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from portal.domain.answer_parts import AnswerPart, Part
from portal.domain.grounds import missing_parts, says_something
from portal.domain.letters import LetterKind
from portal.domain.rights import Decision, Kind, RightsRequest

OF_COMPLAINT = (Part.FOUND, Part.MEASURES)
OF_EXPLANATION = (Part.USED, Part.BASIS, Part.FACTORS)
OF_REVIEW = (Part.REVIEWER, Part.OBSERVATIONS, Part.OUTCOME)

EXAMINED = frozenset({Decision.GRANTED, Decision.PARTIALLY_GRANTED, Decision.REFUSED})
"""What a complaint may come to: it is founded, in part, or not. Each says what was found."""

_OUTCOMES = {
    Decision.GRANTED: LetterKind.OUTCOME_GRANTED,
    Decision.PARTIALLY_GRANTED: LetterKind.OUTCOME_PARTIALLY_GRANTED,
    Decision.REFUSED: LetterKind.OUTCOME_REFUSED,
    Decision.NO_INFORMATION_HELD: LetterKind.OUTCOME_NOTHING_FOUND,
    Decision.NOT_ENTITLED: LetterKind.OUTCOME_NOT_ENTITLED,
}


def every_part(request: RightsRequest) -> tuple[Part, ...]:
    """The parts an answer to a request may have, whatever is decided; none for most.

    The information used, the reasons and the principal factors and parameters are given with a review too: whoever
    reads that a decision stands learns what it rests on.
    """
    if request.kind is Kind.COMPLAINT:
        return OF_COMPLAINT
    if request.kind is not Kind.AUTOMATED:
        return ()
    wants_review = request.machine_decision is not None and request.machine_decision.reviewed
    return (*OF_EXPLANATION, *OF_REVIEW) if wants_review else OF_EXPLANATION


def parts_asked(request: RightsRequest, decision: Decision) -> tuple[Part, ...]:
    """The parts an answer must have: a complaint that was examined, a decision of a machine that is explained."""
    answered = EXAMINED if request.kind is Kind.COMPLAINT else {Decision.GRANTED}
    return every_part(request) if decision in answered else ()


def is_examined(request: RightsRequest) -> bool:
    """Whether a complaint was looked into, so that its answer is no refusal of a right (law.md §6.1)."""
    return request.kind is Kind.COMPLAINT and request.decision in EXAMINED


def said_parts(parts: Iterable[AnswerPart], request: RightsRequest, decision: Decision) -> tuple[AnswerPart, ...]:
    """Of what was written, the parts this decision has, in their order."""
    written = {one.part: one for one in parts}
    return tuple(written[part] for part in parts_asked(request, decision) if part in written)


def outcome_letter(request: RightsRequest) -> LetterKind:
    """The letter of an answer; one made of named parts has a letter of its own."""
    if is_examined(request):
        return LetterKind.COMPLAINT_ANSWERED
    if request.parts:
        return LetterKind.DECISION_EXPLAINED
    return _OUTCOMES[request.decision or Decision.REFUSED]


@dataclass(frozen=True, slots=True)
class Words:
    """What was written of an answer, before it is one."""

    reason: str = ""
    provision: str = ""
    parts: tuple[AnswerPart, ...] = ()


def lacking(request: RightsRequest, decision: Decision, words: Words, *, by_hand: bool) -> tuple[str, ...]:
    """The mandatory parts an answer lacks, named as the fields of its form; none when it may leave.

    `by_hand`: it is printed, so it needs words even where the law asks for none. The right to have the information
    corrected is not asked here: the letter and the page always state it.
    """
    asked = parts_asked(request, decision)
    written = {one.part for one in words.parts if says_something(one.text)}
    if asked:
        return tuple(part.value for part in asked if part not in written)
    of_refusal = missing_parts(decision, words.reason, words.provision)
    if by_hand and not words.reason.strip():
        return ("reason", *(part for part in of_refusal if part != "reason"))
    return of_refusal
