"""Answers made of named parts: which each must have, and that none leaves without them (P-39.1, ss. 3.2 and 12.1)."""

from __future__ import annotations

from itertools import combinations

import pytest

from portal.domain.answer_parts import AnswerPart, MachineDecision, Part, Wanted
from portal.domain.answers import Words, is_examined, lacking, parts_asked, said_parts
from portal.domain.rights import Decision, Kind, RightsRequest
from tests.domain.requests import a_request

EXPLANATION = {Part.USED, Part.BASIS, Part.FACTORS}
REVIEW = {Part.REVIEWER, Part.OBSERVATIONS, Part.OUTCOME}


def about_a_machine(wanted: Wanted | None) -> RightsRequest:
    asked = MachineDecision("Mon crédit refusé", wanted) if wanted else None
    return a_request(kind=Kind.AUTOMATED, machine_decision=asked)


def lacks(request: RightsRequest, decision: Decision, parts: set[Part], **said: str) -> set[str]:
    words = Words(**said, parts=tuple(AnswerPart(part, "Voici.") for part in sorted(parts)))
    return set(lacking(request, decision, words, by_hand=False))


@pytest.mark.parametrize(
    ("wanted", "mandatory"),
    [
        (None, EXPLANATION),
        (Wanted.EXPLANATION, EXPLANATION),
        (Wanted.REVIEW, EXPLANATION | REVIEW),
        (Wanted.BOTH, EXPLANATION | REVIEW),
    ],
)
def test_an_explanation_lacks_each_part_that_is_not_written(wanted: Wanted | None, mandatory: set[Part]) -> None:
    request = about_a_machine(wanted)
    assert set(parts_asked(request, Decision.GRANTED)) == mandatory
    for number in range(len(mandatory) + 1):
        for some in combinations(sorted(mandatory), number):
            assert lacks(request, Decision.GRANTED, set(some)) == mandatory - set(some)
    assert lacks(request, Decision.REFUSED, mandatory) == {"reason", "provision"}


@pytest.mark.parametrize("decision", [Decision.GRANTED, Decision.PARTIALLY_GRANTED, Decision.REFUSED])
def test_a_complaint_examined_says_what_was_found_and_what_will_be_done_and_needs_no_provision(
    decision: Decision,
) -> None:
    request = a_request(kind=Kind.COMPLAINT)
    assert lacks(request, decision, set()) == {"found", "measures"}
    assert lacks(request, decision, {Part.FOUND}, reason="x", provision="y") == {"measures"}
    assert lacks(request, decision, {Part.FOUND, Part.MEASURES}) == set()
    assert is_examined(a_request(kind=Kind.COMPLAINT, decision=decision))


@pytest.mark.parametrize("text", ["", " ", "…", "—"])
def test_a_part_that_says_nothing_is_missing(text: str) -> None:
    words = Words(parts=(AnswerPart(Part.FOUND, text), AnswerPart(Part.MEASURES, "Rien.")))
    assert lacking(a_request(kind=Kind.COMPLAINT), Decision.GRANTED, words, by_hand=False) == ("found",)


@pytest.mark.parametrize("kind", sorted(set(Kind) - {Kind.COMPLAINT, Kind.AUTOMATED}))
def test_other_requests_have_no_parts_and_keep_what_a_refusal_needs(kind: Kind) -> None:
    request = a_request(kind=kind)
    assert parts_asked(request, Decision.GRANTED) == ()
    assert lacks(request, Decision.GRANTED, set()) == set()
    assert lacks(request, Decision.REFUSED, set(Part)) == {"reason", "provision"}
    assert not is_examined(a_request(kind=kind, decision=Decision.REFUSED))
    assert lacking(request, Decision.GRANTED, Words(" "), by_hand=True) == ("reason",)


def test_only_the_parts_of_the_decision_are_kept_and_in_their_order() -> None:
    request = about_a_machine(Wanted.EXPLANATION)
    parts = [AnswerPart(part, part.value) for part in (Part.OUTCOME, Part.FACTORS, Part.USED, Part.FOUND)]
    assert [one.part for one in said_parts(parts, request, Decision.GRANTED)] == [Part.USED, Part.FACTORS]
    assert said_parts(parts, request, Decision.REFUSED) == ()
