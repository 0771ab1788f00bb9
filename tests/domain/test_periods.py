"""Periods are counted on the calendar: short months end on their last day, and nothing is erased early."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.periods import Period, period

DATES = st.dates(min_value=date(1970, 1, 1), max_value=date(2200, 12, 31))
PERIODS = st.builds(Period, months=st.integers(0, 240), days=st.integers(0, 4000))


@given(PERIODS)
def test_a_period_survives_being_written(one: Period) -> None:
    assert period(one.iso()) == one


@pytest.mark.parametrize(
    ("iso", "months", "days"),
    [("P13M", 13, 0), ("P6Y", 72, 0), ("P3D", 0, 3), ("P2W", 0, 14), ("P1Y2M3W4D", 14, 25), ("P0D", 0, 0)],
)
def test_iso_durations_are_read(iso: str, months: int, days: int) -> None:
    assert period(iso) == Period(months=months, days=days)


@pytest.mark.parametrize(
    "iso",
    ["", "P", "13M", "P1H", "PT1H", "P-1D", "P1.5Y", "P1D\n", " P1D", "p1d", "P1M1Y", "P٣D", "P1000Y", "P999999D"],
)
def test_what_is_no_such_duration_is_refused(iso: str) -> None:
    with pytest.raises(ValueError, match="^" if not iso else None):
        period(iso)


@pytest.mark.parametrize(
    ("start", "iso", "end"),
    [
        (date(2025, 1, 31), "P1M", date(2025, 2, 28)),
        (date(2024, 1, 31), "P1M", date(2024, 2, 29)),
        (date(2024, 2, 29), "P1Y", date(2025, 2, 28)),
        (date(2025, 12, 31), "P2M", date(2026, 2, 28)),
        (date(2025, 11, 15), "P13M", date(2026, 12, 15)),
        (date(2025, 1, 31), "P1M1D", date(2025, 3, 1)),
    ],
)
def test_a_month_too_short_ends_on_its_last_day(start: date, iso: str, end: date) -> None:
    assert period(iso).after(start) == end


@given(PERIODS, DATES, DATES)
def test_later_stays_later(one: Period, first: date, second: date) -> None:
    first, second = sorted((first, second))
    assert one.after(first) <= one.after(second)
    assert one.before(first) <= one.before(second)


@given(PERIODS, DATES)
def test_a_period_never_goes_the_wrong_way(one: Period, day: date) -> None:
    assert one.before(day) <= day <= one.after(day)


@given(PERIODS, DATES, DATES)
def test_what_has_outlived_its_period_was_really_that_old(one: Period, row: date, today: date) -> None:
    if row <= one.before(today):
        assert one.after(row) <= today


@given(st.integers(0, 4000), DATES)
def test_days_alone_can_be_taken_back(days: int, day: date) -> None:
    one = Period(months=0, days=days)
    assert one.before(one.after(day)) == day


@given(st.integers(0, 240), DATES)
def test_months_keep_the_day_or_clamp_it(months: int, day: date) -> None:
    end = Period(months=months, days=0).after(day)
    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == months
    assert end.day == day.day or (end.day < day.day and Period(0, 1).after(end).day == 1)


def test_an_instant_keeps_its_time_and_zone() -> None:
    noon = datetime(2025, 1, 31, 12, 30, tzinfo=UTC)
    assert period("P1M").after(noon) == datetime(2025, 2, 28, 12, 30, tzinfo=UTC)


def test_a_date_that_means_never_stays_at_the_end_of_the_calendar() -> None:
    assert period("P6Y").after(date(9999, 12, 31)) == date(9999, 12, 31)
    assert period("P2D").after(date(9999, 12, 30)) == date(9999, 12, 31)
    assert period("P6Y").before(date(1, 3, 1)) == date(1, 1, 1)
