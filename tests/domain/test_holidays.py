"""Holidays fall where calendars print them, and a working day is never one of them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.config.law import shipped_law
from portal.domain.holidays import (
    WEEKDAYS,
    EasterDay,
    FixedDay,
    Holiday,
    HolidayCalendar,
    NamedDays,
    NthWeekday,
    WeekdayBefore,
    easter,
    weekday_of,
)
from portal.domain.languages import Text

QUEBEC = shipped_law().calendars["qc_interpretation_act"]
DATES = st.dates(min_value=date(1990, 1, 1), max_value=date(2150, 12, 31))
YEARS = st.integers(1990, 2150)


@pytest.mark.parametrize(
    "sunday",
    [
        date(1961, 4, 2),
        date(2000, 4, 23),
        date(2008, 3, 23),
        date(2024, 3, 31),
        date(2025, 4, 20),
        date(2026, 4, 5),
        date(2027, 3, 28),
        date(2035, 3, 25),
        date(2038, 4, 25),
        date(2285, 3, 22),
    ],
)
def test_easter_falls_where_almanacs_say(sunday: date) -> None:
    assert easter(sunday.year) == sunday


@given(st.integers(1583, 9999))
def test_easter_is_a_sunday_between_22_march_and_25_april(year: int) -> None:
    assert weekday_of(easter(year)) == "sunday"
    assert date(year, 3, 22) <= easter(year) <= date(year, 4, 25)


def test_quebec_holidays_of_2026_are_those_of_the_interpretation_act() -> None:
    named = [day for day in _days_of(2026) if QUEBEC.holiday_on(day)]
    assert named == [
        date(2026, 1, 1),
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 5, 18),  # 25 May is itself a Monday: the one before it counts
        date(2026, 6, 24),
        date(2026, 7, 1),
        date(2026, 9, 7),
        date(2026, 10, 12),
        date(2026, 12, 25),
    ]


@pytest.mark.parametrize("day", [date(2026, 1, 2), date(2025, 12, 26), date(2026, 9, 30), date(2026, 2, 21)])
def test_days_of_other_lists_and_saturdays_are_no_holiday_in_quebec(day: date) -> None:
    assert not QUEBEC.is_holiday(day)


def test_canada_day_on_a_sunday_gives_its_rest_to_2_july() -> None:
    assert QUEBEC.holiday_on(date(2029, 7, 2)) is not None
    assert QUEBEC.holiday_on(date(2030, 7, 2)) is None


@given(DATES)
def test_every_sunday_is_a_holiday_in_quebec(day: date) -> None:
    assert QUEBEC.is_holiday(day) or weekday_of(day) != "sunday"


@given(DATES)
def test_the_next_working_day_is_the_first_that_is_no_holiday(day: date) -> None:
    working = QUEBEC.next_working_day(day)
    assert not QUEBEC.is_holiday(working)
    assert all(QUEBEC.is_holiday(day + timedelta(days=ahead)) for ahead in range((working - day).days))


@given(DATES, st.integers(0, 30))
def test_business_days_add_up_one_by_one(day: date, number: int) -> None:
    end = day
    for _ in range(number):
        end = QUEBEC.plus_business_days(end, 1)
    assert QUEBEC.plus_business_days(day, number) == end
    assert number == 0 or weekday_of(end) not in {"saturday", "sunday"}


@given(YEARS, st.integers(1, 12), st.sampled_from(WEEKDAYS), st.integers(1, 4))
def test_the_nth_weekday_is_that_weekday_of_that_week(year: int, month: int, weekday: str, nth: int) -> None:
    (day,) = NthWeekday(month, weekday, nth).days_in(year)  # type: ignore[arg-type]
    assert (day.year, day.month, weekday_of(day)) == (year, month, weekday)
    assert (day.day - 1) // 7 == nth - 1


@given(YEARS, st.integers(1, 12), st.integers(1, 28), st.sampled_from(WEEKDAYS))
def test_the_weekday_before_a_date_is_within_the_week_before(year: int, month: int, day: int, weekday: str) -> None:
    (found,) = WeekdayBefore(month, day, weekday).days_in(year)  # type: ignore[arg-type]
    assert weekday_of(found) == weekday
    assert 1 <= (date(year, month, day) - found).days <= 7


def test_proclaimed_days_count_in_their_year_alone() -> None:
    calendar = a_calendar(NamedDays((date(2022, 9, 26),)))
    assert calendar.is_holiday(date(2022, 9, 26))
    assert not calendar.is_holiday(date(2023, 9, 26))


def test_good_friday_is_two_days_before_easter() -> None:
    assert EasterDay(-2).days_in(2026) == (date(2026, 4, 3),)


def test_a_date_some_years_lack_is_refused() -> None:
    with pytest.raises(ValueError, match="day"):
        FixedDay(2, 29)
    with pytest.raises(ValueError, match="day"):
        WeekdayBefore(4, 31, "monday")
    with pytest.raises(ValueError, match="5"):
        NthWeekday(9, "monday", 5)


def test_a_calendar_without_a_working_day_is_refused() -> None:
    with pytest.raises(ValueError, match="test"):
        HolidayCalendar("test", Text("", ""), weekly=WEEKDAYS)


def a_calendar(*rules: NamedDays) -> HolidayCalendar:
    holidays = tuple(Holiday(Text("Jour", "Day"), rule) for rule in rules)
    return HolidayCalendar("test", Text("Essai", "Test"), weekly=("sunday",), holidays=holidays)


def _days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=ahead) for ahead in range((date(year + 1, 1, 1) - first).days)]
