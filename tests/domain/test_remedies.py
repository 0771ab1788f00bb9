"""Several laws at once: only what each of them allows is allowed."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.config.law import shipped_law
from portal.domain.regimes import Regime
from portal.domain.remedies import Applied, as_they_stand, due_once_given, left_to_regulator, narrowed

REGIMES = shipped_law().regimes
QUEBEC, PIPEDA, GDPR, CCPA = (REGIMES[key] for key in ("qc_p391", "ca_pipeda", "eu_gdpr", "us_ca_ccpa"))
ONES = st.sampled_from(list(REGIMES.values()))
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@given(ONES)
def test_one_law_alone_is_what_it_is(regime: Regime) -> None:
    assert narrowed(regime, []) == regime


@given(ONES, st.lists(ONES, min_size=1, max_size=4))
def test_several_allow_only_what_each_allows(main: Regime, others: list[Regime]) -> None:
    found = narrowed(main, others)
    every = [main, *others]
    assert (found.extension is not None) == all(one.extension_authority == "self" for one in every)
    assert set(found.pause_reasons) == set.intersection(*(set(one.pause_reasons) for one in every))
    assert replace(found, extension=main.extension, extension_authority=main.extension_authority) == replace(
        main, pause_reasons=found.pause_reasons
    )


@given(ONES, st.lists(ONES, min_size=1, max_size=4))
def test_a_regulator_is_asked_wherever_one_law_leaves_it_more_time(main: Regime, others: list[Regime]) -> None:
    one_of_them = any(one.extension_authority == "regulator" for one in (main, *others))
    assert (narrowed(main, others).extension_authority == "regulator") == one_of_them


def test_what_one_law_leaves_to_its_regulator_is_no_time_of_ours() -> None:
    assert narrowed(QUEBEC, [GDPR]).extension_authority == "regulator"
    assert narrowed(PIPEDA, [QUEBEC]).extension_authority == "regulator"
    assert narrowed(PIPEDA, [QUEBEC]).extension is None
    assert narrowed(GDPR, [CCPA]).extension_authority == "self"


@pytest.mark.parametrize(
    ("laws", "given", "own", "request_due"),
    [
        # Received on February 1, 2027, the Commission gives until April 2.
        ([(QUEBEC, "2027-03-03"), (GDPR, "2027-03-01")], "2027-04-02", ["2027-04-02", "2027-03-01"], "2027-03-01"),
        ([(GDPR, "2027-03-01"), (QUEBEC, "2027-03-03")], "2027-04-02", ["2027-03-01", "2027-04-02"], "2027-03-01"),
        ([(QUEBEC, "2027-03-03"), (CCPA, "2027-03-17")], "2027-04-02", ["2027-04-02", "2027-03-17"], "2027-03-17"),
        ([(QUEBEC, "2027-03-03"), (CCPA, "2027-03-17")], "2027-03-10", ["2027-03-10", "2027-03-17"], "2027-03-10"),
        ([(PIPEDA, "2027-03-03"), (QUEBEC, "2027-03-03")], "2027-03-20", ["2027-03-03", "2027-03-20"], "2027-03-03"),
        (
            [(CCPA, "2027-03-17"), (QUEBEC, "2027-03-03"), (GDPR, "2027-03-01")],
            "2027-04-02",
            ["2027-03-17", "2027-04-02", "2027-03-01"],
            "2027-03-01",
        ),
        ([(QUEBEC, "2027-03-03")], "2027-04-02", ["2027-04-02"], "2027-04-02"),
    ],
)
def test_more_time_moves_its_own_law_and_the_earliest_still_counts(
    laws: list[tuple[Regime, str]], given: str, own: list[str], request_due: str
) -> None:
    before = [Applied(regime, date.fromisoformat(day)) for regime, day in laws]
    due = due_once_given(before, date.fromisoformat(given))
    after = as_they_stand(before, due, date.fromisoformat(given))
    assert due == date.fromisoformat(request_due)
    assert [law.due.isoformat() for law in after] == own
    assert min(law.due for law in after) == due


@given(st.lists(st.builds(Applied, ONES, DAYS), min_size=1, max_size=5), DAYS)
def test_a_day_given_never_makes_a_law_end_sooner(laws: list[Applied], given_day: date) -> None:
    asked = left_to_regulator(laws)
    given_day = max(given_day, asked.due) if asked else given_day
    due = due_once_given(laws, given_day)
    assert min(law.due for law in laws) <= due
    for before, after in zip(laws, as_they_stand(laws, due, given_day), strict=True):
        assert after.due >= before.due
        assert after.due == before.due or before is asked or after.due == due


def test_laws_that_all_extend_by_themselves_still_do() -> None:
    assert narrowed(PIPEDA, [GDPR, CCPA]).extension == PIPEDA.extension
    assert narrowed(GDPR, [CCPA]).pause_reasons == ()
