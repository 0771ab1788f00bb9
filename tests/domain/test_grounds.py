"""A refusal says why and on which provision, and only grounds of the law are offered (P-39.1, s. 34)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.grounds import Ground, grounds_for, missing_parts, opens_recourse
from portal.domain.languages import Text
from portal.domain.rights import Decision, Kind

REFUSALS = [Decision.REFUSED, Decision.PARTIALLY_GRANTED, Decision.NOT_ENTITLED]
SILENT = st.text(alphabet=" \t\n\u00a0\u200b-–—.…'\"", max_size=12)
WORDS = st.text(max_size=40).map(lambda words: f"{words}a")


def a_ground(code: str, *kinds: Kind, regime: str = "qc_p391") -> Ground:
    return Ground(
        code=code,
        regime=regime,
        label=Text("Motif", "Ground"),
        reason=Text("Parce que.", "Because."),
        provision=Text("art. 40", "s. 40"),
        applies_to=kinds,
    )


@given(st.sampled_from(REFUSALS), WORDS, WORDS)
def test_a_refusal_with_reason_and_provision_lacks_nothing(decision: Decision, reason: str, provision: str) -> None:
    assert missing_parts(decision, reason, provision) == ()


@given(st.sampled_from(REFUSALS), SILENT, SILENT)
def test_a_refusal_that_says_nothing_lacks_both(decision: Decision, reason: str, provision: str) -> None:
    assert missing_parts(decision, reason, provision) == ("reason", "provision")


@pytest.mark.parametrize("decision", REFUSALS)
def test_a_refusal_names_the_one_part_it_lacks(decision: Decision) -> None:
    assert missing_parts(decision, "", "art. 40") == ("reason",)
    assert missing_parts(decision, "Un tiers est visé.", "—") == ("provision",)


def test_a_full_grant_needs_no_reason() -> None:
    assert missing_parts(Decision.GRANTED, "", "") == ()


def test_nothing_held_says_where_was_searched_and_rests_on_no_provision() -> None:
    assert missing_parts(Decision.NO_INFORMATION_HELD, " ", "") == ("reason",)
    assert missing_parts(Decision.NO_INFORMATION_HELD, "Nous avons cherché partout.", "") == ()


def test_every_answer_but_a_full_grant_can_be_contested() -> None:
    assert [decision for decision in Decision if not opens_recourse(decision)] == [Decision.GRANTED]


def test_only_grounds_of_the_regime_and_the_kind_are_offered_in_order() -> None:
    grounds = (
        a_ground("first", Kind.ACCESS, Kind.OTHER),
        a_ground("elsewhere", Kind.ACCESS, regime="eu_gdpr"),
        a_ground("second", Kind.ACCESS),
    )
    assert [ground.code for ground in grounds_for(grounds, regime="qc_p391", kind=Kind.ACCESS)] == ["first", "second"]
    assert grounds_for(grounds, regime="qc_p391", kind=Kind.COMPLAINT) == ()
