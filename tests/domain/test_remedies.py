"""Several laws at once: only what each of them allows is allowed."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from portal.config.law import shipped_law
from portal.domain.regimes import Regime
from portal.domain.remedies import narrowed

REGIMES = shipped_law().regimes
QUEBEC, PIPEDA, GDPR, CCPA = (REGIMES[key] for key in ("qc_p391", "ca_pipeda", "eu_gdpr", "us_ca_ccpa"))
ONES = st.sampled_from(list(REGIMES.values()))


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


def test_a_regulator_gives_no_time_under_another_law() -> None:
    assert narrowed(QUEBEC, [GDPR]).extension_authority == "none"
    assert narrowed(PIPEDA, [QUEBEC]).extension is None


def test_laws_that_all_extend_by_themselves_still_do() -> None:
    assert narrowed(PIPEDA, [GDPR, CCPA]).extension == PIPEDA.extension
    assert narrowed(GDPR, [CCPA]).pause_reasons == ()
