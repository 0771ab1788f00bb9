"""Holidays and working days: the days on which a legal time limit may not end, computed from rules kept as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from portal.domain.languages import Text

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEKEND: tuple[Weekday, ...] = ("saturday", "sunday")
_ONE_DAY = timedelta(days=1)
_ONE_WEEK = timedelta(weeks=1)
_COMMON_YEAR = 2001
_WEEKS_IN_EVERY_MONTH = 4
_FURTHEST_FROM_EASTER = 80


@dataclass(frozen=True, slots=True)
class FixedDay:
    """The same date each year; where the law says so, a Sunday gives it to the Monday after."""

    month: int
    day: int
    monday_if_sunday: bool = False
    rule: Literal["fixed"] = "fixed"

    def __post_init__(self) -> None:
        """Refuse a date that some years do not have (ValueError)."""
        date(_COMMON_YEAR, self.month, self.day)

    def days_in(self, year: int) -> tuple[date, ...]:
        """The day it falls on that year."""
        day = date(year, self.month, self.day)
        moves = self.monday_if_sunday and weekday_of(day) == "sunday"
        return (day + _ONE_DAY if moves else day,)


@dataclass(frozen=True, slots=True)
class EasterDay:
    """A day counted from Easter Sunday: Good Friday is -2, Easter Monday is 1."""

    offset: int
    rule: Literal["easter"] = "easter"

    def __post_init__(self) -> None:
        """Refuse a day that is nowhere near Easter (ValueError)."""
        if abs(self.offset) > _FURTHEST_FROM_EASTER:
            raise ValueError(self.offset)

    def days_in(self, year: int) -> tuple[date, ...]:
        """The day it falls on that year."""
        return (easter(year) + timedelta(days=self.offset),)


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """Such as the first Monday of September; `days_after` it, such as the Friday after the fourth Thursday."""

    month: int
    weekday: Weekday
    nth: int
    days_after: int = 0
    rule: Literal["nth_weekday"] = "nth_weekday"

    def __post_init__(self) -> None:
        """Refuse a weekday that some months do not have (ValueError)."""
        if not 1 <= self.nth <= _WEEKS_IN_EVERY_MONTH or not 0 <= self.days_after < len(WEEKDAYS):
            raise ValueError(self.nth)
        date(_COMMON_YEAR, self.month, 1)

    def days_in(self, year: int) -> tuple[date, ...]:
        """The day it falls on that year."""
        first = date(year, self.month, 1)
        ahead = (WEEKDAYS.index(self.weekday) - first.weekday()) % len(WEEKDAYS)
        return (first + timedelta(days=ahead + self.days_after) + (self.nth - 1) * _ONE_WEEK,)


@dataclass(frozen=True, slots=True)
class WeekdayBefore:
    """Such as the Monday before 25 May: never that date itself."""

    month: int
    day: int
    weekday: Weekday
    rule: Literal["weekday_before"] = "weekday_before"

    def __post_init__(self) -> None:
        """Refuse a date that some years do not have (ValueError)."""
        date(_COMMON_YEAR, self.month, self.day)

    def days_in(self, year: int) -> tuple[date, ...]:
        """The day it falls on that year."""
        eve = date(year, self.month, self.day) - _ONE_DAY
        behind = (eve.weekday() - WEEKDAYS.index(self.weekday)) % len(WEEKDAYS)
        return (eve - timedelta(days=behind),)


@dataclass(frozen=True, slots=True)
class NamedDays:
    """Days written one by one, such as those fixed by proclamation."""

    days: tuple[date, ...]
    rule: Literal["days"] = "days"

    def days_in(self, year: int) -> tuple[date, ...]:
        """Those of the days that belong to that year."""
        return tuple(day for day in self.days if day.year == year)


HolidayRule = FixedDay | EasterDay | NthWeekday | WeekdayBefore | NamedDays
HOLIDAY_RULES = (FixedDay, EasterDay, NthWeekday, WeekdayBefore, NamedDays)


@dataclass(frozen=True, slots=True)
class Holiday:
    """One holiday of a calendar, by the name people know it under."""

    name: Text
    falls: HolidayRule


@dataclass(frozen=True, slots=True)
class HolidayCalendar:
    """The holidays of one place or one Act, and the weekdays that Act counts among them."""

    key: str
    label: Text
    weekly: tuple[Weekday, ...]
    holidays: tuple[Holiday, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a calendar that leaves no day to work (ValueError)."""
        if not set(WEEKDAYS) - set(self.weekly):
            raise ValueError(self.key)

    def holiday_on(self, day: date) -> Holiday | None:
        """The named holiday that falls on a day, or None."""
        return next((holiday for holiday in self.holidays if day in holiday.falls.days_in(day.year)), None)

    def is_holiday(self, day: date) -> bool:
        """Whether the calendar's Act counts the day as a holiday, its weekly days of rest included."""
        return weekday_of(day) in self.weekly or self.holiday_on(day) is not None

    def next_working_day(self, day: date) -> date:
        """The day itself, or the first after it that is no holiday (Interpretation Act, CQLR c. I-16, s. 52)."""
        while self.is_holiday(day):
            day += _ONE_DAY
        return day

    def plus_business_days(self, day: date, number: int) -> date:
        """The day after which that many business days have passed: no Saturday, no Sunday, no holiday is one."""
        while number > 0:
            day += _ONE_DAY
            number -= self._is_business_day(day)
        return day

    def _is_business_day(self, day: date) -> bool:
        return weekday_of(day) not in WEEKEND and not self.is_holiday(day)


def weekday_of(day: date) -> Weekday:
    """The weekday's key."""
    return WEEKDAYS[day.weekday()]


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by the method of Meeus, Jones and Butcher."""
    golden = year % 19
    century, year_of_century = divmod(year, 100)
    leap_centuries, century_rest = divmod(century, 4)
    moon_shift = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - moon_shift + 15) % 30
    leap_years, year_rest = divmod(year_of_century, 4)
    to_sunday = (32 + 2 * century_rest + 2 * leap_years - epact - year_rest) % 7
    correction = (golden + 11 * epact + 22 * to_sunday) // 451
    month, day = divmod(epact + to_sunday - 7 * correction + 114, 31)
    return date(year, month, day + 1)
