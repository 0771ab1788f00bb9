"""Comments beside a value: which answers open them, and which texts are kept (CCQ, art. 40)."""

from __future__ import annotations

import pytest

from portal.domain.acts import Act, Bar, By, Standing, bar
from portal.domain.rights import CorrectionAsked, Decision, Kind, State
from portal.domain.statements import (
    LONGEST_STATEMENT,
    Statement,
    UnfitStatement,
    about_category,
    about_no_category,
    checked_statement,
    opens_statement,
)
from tests.domain.requests import RECEIVED, a_request
from tests.domain.test_acts import standing

OPENING = {
    (Kind.RECTIFICATION, Decision.REFUSED),
    (Kind.RECTIFICATION, Decision.PARTIALLY_GRANTED),
    (Kind.COMMENT, Decision.GRANTED),
    (Kind.COMMENT, Decision.PARTIALLY_GRANTED),
}


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("decision", [None, *Decision])
def test_a_correction_not_made_and_comments_accepted_are_kept_beside(kind: Kind, decision: Decision | None) -> None:
    request = a_request(kind=kind, decision=decision, state=State.CLOSED)
    assert opens_statement(request) is ((kind, decision) in OPENING)
    expected = None if (kind, decision) in OPENING else Bar.NOT_REFUSED
    assert bar(Act.ADD_COMMENTS, By.PERSON, request, standing()) is expected


def with_(**said: bool) -> Standing:
    return Standing(standing().regime, in_time=True, **said)


def test_not_before_the_answer_has_left_and_always_for_who_has_some() -> None:
    refused = a_request(kind=Kind.RECTIFICATION, decision=Decision.REFUSED, state=State.CLOSED)
    assert bar(Act.ADD_COMMENTS, By.PERSON, refused, with_(answer_left=False)) is Bar.LETTER_WAITS
    again = a_request(kind=Kind.RECTIFICATION, state=State.IN_PROGRESS)
    assert bar(Act.ADD_COMMENTS, By.PERSON, again, with_()) is Bar.NOT_ANSWERED
    assert bar(Act.ADD_COMMENTS, By.PERSON, again, with_(commented=True)) is None
    assert bar(Act.ADD_COMMENTS, By.OFFICER, refused, with_()) is Bar.ROLE


@pytest.mark.parametrize("text", ["", "  \n", "…?!", "a\x07b", "a\u202eb", "x" * (LONGEST_STATEMENT + 1)])
def test_what_says_nothing_steers_or_never_ends_is_no_statement(text: str) -> None:
    with pytest.raises(UnfitStatement):
        checked_statement(text)


@pytest.mark.parametrize("text", ["Non.", "Première ligne\n\nDeuxième", "x" * LONGEST_STATEMENT])
def test_plain_words_are_kept_as_they_are(text: str) -> None:
    assert checked_statement(text) == text


def test_each_stands_in_the_category_of_its_value_or_apart() -> None:
    def one(number: int, category: str | None) -> Statement:
        about = CorrectionAsked(category, "service.accounts", ("t",), "name", "a", "b") if category else None
        return Statement(number, number, "R", "Non", "fr", RECEIVED, about)

    every = [one(1, "account"), one(2, None), one(3, "gone"), one(4, "billing")]
    assert [said.id for said in about_category(every, "account")] == [1]
    assert [said.id for said in about_no_category(every, ["account", "billing"])] == [2, 3]
