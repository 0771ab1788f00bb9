"""Time limits end where the law says: every vector of law.md §3.3, and the laws that hold for all dates.

Each regime is the row the portal ships, with the holidays that row names.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.config.law import shipped_law
from portal.domain.deadlines import (
    Due,
    ExtensionNotOurs,
    acknowledgement_due,
    days_left,
    due_dates,
    extended_due_dates,
    local_date,
    recourse_until,
)
from portal.domain.periods import Period
from portal.domain.regimes import Regime, Span

DATES = st.dates(min_value=date(2000, 1, 1), max_value=date(2150, 12, 31))
TORONTO = ZoneInfo("America/Toronto")

LAW = shipped_law()
QUEBEC, PIPEDA, GDPR, CCPA, PUBLIC_BODY = (
    LAW.regimes[key] for key in ("qc_p391", "ca_pipeda", "eu_gdpr", "us_ca_ccpa", "qc_a21")
)
QUEBEC_DAYS, NO_DAYS, WEEKENDS, CALIFORNIA_DAYS = (LAW.calendar_of(one) for one in (QUEBEC, PIPEDA, GDPR, CCPA))
SHIPPED = list(LAW.regimes.values())
BUSINESS_DAYS = replace(
    CCPA, base=Span(30, "business_day"), extension=Span(30, "business_day"), counts_receipt_day=False
)


def test_every_regime_of_the_table_is_shipped() -> None:
    assert list(LAW.regimes) == ["qc_p391", "ca_pipeda", "eu_gdpr", "us_ca_ccpa", "qc_a21"]


@pytest.mark.parametrize(
    ("received", "strict", "rolled"),
    [
        (date(2025, 1, 15), date(2025, 2, 14), date(2025, 2, 14)),
        (date(2025, 1, 31), date(2025, 3, 2), date(2025, 3, 3)),
        (date(2024, 1, 31), date(2024, 3, 1), date(2024, 3, 1)),
        (date(2025, 5, 25), date(2025, 6, 24), date(2025, 6, 25)),
        (date(2026, 3, 6), date(2026, 4, 5), date(2026, 4, 7)),
        (date(2025, 11, 25), date(2025, 12, 25), date(2025, 12, 26)),
    ],
)
def test_quebec_answers_within_30_days(received: date, strict: date, rolled: date) -> None:
    assert due_dates(QUEBEC, received, QUEBEC_DAYS) == Due(strict=strict, rolled=rolled)


def test_a_quebec_refusal_can_be_contested_for_30_days() -> None:
    assert recourse_until(QUEBEC, date(2025, 2, 14)) == date(2025, 3, 16)


@pytest.mark.parametrize(
    ("received", "strict", "rolled"),
    [
        (date(2025, 1, 31), date(2025, 2, 28), date(2025, 2, 28)),
        (date(2024, 1, 31), date(2024, 2, 29), date(2024, 2, 29)),
        (date(2025, 8, 31), date(2025, 9, 30), date(2025, 9, 30)),
        (date(2025, 1, 15), date(2025, 2, 15), date(2025, 2, 17)),
    ],
)
def test_the_gdpr_answers_within_a_month(received: date, strict: date, rolled: date) -> None:
    assert due_dates(GDPR, received, WEEKENDS) == Due(strict=strict, rolled=rolled)


@pytest.mark.parametrize(
    ("received", "extended"),
    [(date(2025, 1, 31), date(2025, 4, 30)), (date(2025, 8, 31), date(2025, 11, 30))],
)
def test_the_gdpr_extends_to_three_months_from_receipt(received: date, extended: date) -> None:
    assert extended_due_dates(GDPR, received, WEEKENDS).strict == extended


def test_pipeda_answers_within_30_days_and_extends_to_60() -> None:
    received = date(2025, 1, 15)
    assert due_dates(PIPEDA, received, NO_DAYS) == Due(date(2025, 2, 14), date(2025, 2, 14))
    assert extended_due_dates(PIPEDA, received, NO_DAYS) == Due(date(2025, 3, 16), date(2025, 3, 16))


@pytest.mark.parametrize(
    ("regime", "received", "due"),
    [
        (QUEBEC, date(2025, 12, 15), date(2026, 1, 14)),
        (PIPEDA, date(2025, 12, 31), date(2026, 1, 30)),
        (GDPR, date(2025, 12, 31), date(2026, 1, 31)),
        (CCPA, date(2025, 12, 31), date(2026, 2, 13)),
        (PUBLIC_BODY, date(2025, 12, 31), date(2026, 1, 20)),
        (QUEBEC, date(2024, 2, 29), date(2024, 3, 30)),
        (PIPEDA, date(2024, 1, 31), date(2024, 3, 1)),
        (GDPR, date(2024, 2, 29), date(2024, 3, 29)),
        (CCPA, date(2024, 2, 29), date(2024, 4, 13)),
        (PUBLIC_BODY, date(2024, 2, 9), date(2024, 2, 29)),
    ],
)
def test_the_turn_of_the_year_and_the_leap_day_are_days_like_others(regime: Regime, received: date, due: date) -> None:
    assert due_dates(regime, received, LAW.calendar_of(regime)).strict == due


def test_the_gdpr_rolls_its_extended_day_as_well() -> None:
    assert extended_due_dates(GDPR, date(2025, 8, 31), WEEKENDS) == Due(date(2025, 11, 30), date(2025, 12, 1))


def test_pipeda_gives_six_months_to_complain() -> None:
    assert recourse_until(PIPEDA, date(2025, 8, 31)) == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("received", "acknowledged", "due"),
    [
        (date(2025, 1, 15), date(2025, 1, 30), date(2025, 2, 28)),
        (date(2025, 11, 20), date(2025, 12, 8), date(2026, 1, 3)),
    ],
)
def test_california_counts_the_day_of_receipt_and_acknowledges_in_10_business_days(
    received: date, acknowledged: date, due: date
) -> None:
    assert acknowledgement_due(CCPA, received, CALIFORNIA_DAYS) == acknowledged
    assert due_dates(CCPA, received, CALIFORNIA_DAYS) == Due(due, due)


def test_california_extends_to_90_days_from_receipt() -> None:
    assert extended_due_dates(CCPA, date(2025, 1, 15), CALIFORNIA_DAYS).strict == date(2025, 4, 14)


def test_a_public_body_answers_within_20_days_and_extends_by_10() -> None:
    assert due_dates(PUBLIC_BODY, date(2025, 1, 15), QUEBEC_DAYS).strict == date(2025, 2, 4)
    assert extended_due_dates(PUBLIC_BODY, date(2025, 1, 15), QUEBEC_DAYS).strict == date(2025, 2, 14)


def test_a_limit_in_business_days_passes_over_holidays() -> None:
    due = due_dates(BUSINESS_DAYS, date(2025, 11, 20), CALIFORNIA_DAYS)
    assert due.strict == date(2026, 1, 7)  # two days of Thanksgiving, Christmas and New Year’s Day


def test_quebec_cannot_extend_its_own_time_limit() -> None:
    with pytest.raises(ExtensionNotOurs, match="qc_p391"):
        extended_due_dates(QUEBEC, date(2025, 1, 15), QUEBEC_DAYS)


def test_the_product_acknowledges_in_quebec_within_two_business_days() -> None:
    assert acknowledgement_due(QUEBEC, date(2026, 4, 2), QUEBEC_DAYS) == date(2026, 4, 8)  # Easter in between


def test_a_law_without_a_last_day_for_recourse_names_none() -> None:
    assert recourse_until(GDPR, date(2025, 2, 14)) is None


@given(DATES)
def test_in_quebec_the_last_day_is_always_30_days_after_receipt(received: date) -> None:
    assert days_left(due_dates(QUEBEC, received, QUEBEC_DAYS).strict, received) == 30


@given(DATES, st.sampled_from([*SHIPPED, BUSINESS_DAYS]))
def test_nothing_is_due_before_it_is_received_nor_rolls_back(received: date, regime: Regime) -> None:
    due = due_dates(regime, received, QUEBEC_DAYS)
    assert received < due.strict <= due.rolled
    assert (due.rolled != due.strict) <= QUEBEC_DAYS.is_holiday(due.strict)


@given(DATES, DATES, st.sampled_from([*SHIPPED, BUSINESS_DAYS]))
def test_what_comes_first_is_due_first(one: date, other: date, regime: Regime) -> None:
    first, second = sorted((one, other))
    assert due_dates(regime, first, QUEBEC_DAYS).strict <= due_dates(regime, second, QUEBEC_DAYS).strict


@given(DATES, st.sampled_from([GDPR, PIPEDA, CCPA, PUBLIC_BODY, BUSINESS_DAYS]))
def test_an_extension_only_ever_gives_more_time(received: date, regime: Regime) -> None:
    base, extended = (count(regime, received, QUEBEC_DAYS) for count in (due_dates, extended_due_dates))
    assert base.strict < extended.strict


@given(DATES, st.sampled_from(SHIPPED))
def test_receipt_is_acknowledged_after_it_and_before_the_answer_is_due(received: date, regime: Regime) -> None:
    days = LAW.calendar_of(regime)
    assert received < acknowledgement_due(regime, received, days) < due_dates(regime, received, days).strict


@given(DATES, DATES, st.sampled_from([one for one in SHIPPED if one.base.unit == "day"]))
def test_where_days_count_a_day_later_is_due_a_day_later(one: date, other: date, regime: Regime) -> None:
    dues = [due_dates(regime, received, LAW.calendar_of(regime)).strict for received in (one, other)]
    assert dues[1] - dues[0] == other - one


@given(DATES, st.integers(1, 12))
def test_a_limit_in_months_is_clamped_to_the_month_it_ends_in(received: date, months: int) -> None:
    due = due_dates(replace(GDPR, base=Span(months, "month"), extension=Span(1, "month")), received, WEEKENDS).strict
    assert (due.year * 12 + due.month) - (received.year * 12 + received.month) == months
    assert due.day == received.day or (due + timedelta(days=1)).day == 1


@given(DATES)
def test_the_gdpr_month_ends_on_the_same_number_or_the_last_day(received: date) -> None:
    due = due_dates(GDPR, received, WEEKENDS).strict
    assert due == Period(months=1, days=0).after(received)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 3, 2, 4, 59, 59, tzinfo=UTC), date(2026, 3, 1)),
        (datetime(2026, 3, 2, 5, 0, tzinfo=UTC), date(2026, 3, 2)),
        (datetime(2026, 7, 2, 3, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 2, 4, 0, tzinfo=UTC), date(2026, 7, 2)),
        (datetime(2026, 3, 8, 6, 59, tzinfo=UTC), date(2026, 3, 8)),  # clocks spring forward that night
        (datetime(2026, 3, 9, 3, 59, tzinfo=UTC), date(2026, 3, 8)),  # 23:59, an hour nearer to UTC than the eve
        (datetime(2026, 11, 1, 5, 30, tzinfo=UTC), date(2026, 11, 1)),  # 1:30, the first of two
        (datetime(2026, 11, 2, 4, 59, tzinfo=UTC), date(2026, 11, 1)),  # 23:59 once they went back
        (datetime(2024, 3, 1, 4, 59, tzinfo=UTC), date(2024, 2, 29)),
        (datetime(2026, 1, 1, 4, 59, tzinfo=UTC), date(2025, 12, 31)),
        (datetime(2026, 3, 2, 8, 0, tzinfo=timezone(timedelta(hours=9))), date(2026, 3, 1)),
    ],
)
def test_a_request_is_received_on_the_organizations_date(instant: datetime, day: date) -> None:
    assert local_date(instant, TORONTO) == day


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="2026"):
        local_date(datetime(2026, 3, 2), TORONTO)  # noqa: DTZ001 - the naive instant is what is tried


def test_days_left_are_counted_to_the_last_day_and_below_it() -> None:
    due = date(2026, 4, 1)
    assert [days_left(due, due + timedelta(days=late)) for late in (-3, 0, 2)] == [3, 0, -2]
