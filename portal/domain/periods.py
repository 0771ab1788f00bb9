"""Periods of retention and waiting, written as ISO 8601 durations and counted on the calendar."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta
from typing import TypeVar

_ISO = re.compile(r"P(?=\d)(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?", re.ASCII)

Moment = TypeVar("Moment", date, datetime)


@dataclass(frozen=True, slots=True)
class Period:
    """Years and months kept apart from days, because months differ in length (ISO 8601-1 §5.5.2)."""

    months: int
    days: int

    def after(self, moment: Moment) -> Moment:
        """The moment one period later; a month that is too short ends on its last day.

        What would lie past the end of the calendar is its last day: services write 9999-12-31 for "never".
        """
        try:
            return _plus_months(moment, self.months) + timedelta(days=self.days)
        except (OverflowError, ValueError):
            return moment.replace(year=MAXYEAR, month=12, day=31)

    def before(self, moment: Moment) -> Moment:
        """The moment one period earlier: what is no younger than this has outlived the period.

        A month that is too short makes this a day or more stricter than `after`, never laxer: nothing goes early.
        """
        try:
            return _plus_months(moment - timedelta(days=self.days), -self.months)
        except (OverflowError, ValueError):
            return moment.replace(year=MINYEAR, month=1, day=1)

    def iso(self) -> str:
        """The shortest ISO 8601 form, such as `P1Y1M`, `P30D` or `P0D`."""
        years, months = divmod(self.months, 12)
        parts = ((years, "Y"), (months, "M"), (self.days, "D"))
        return "P" + ("".join(f"{number}{unit}" for number, unit in parts if number) or "0D")


def period(iso: str) -> Period:
    """Read an ISO 8601 duration of whole days or longer.

    Raises:
        ValueError: the text is no such duration.
    """
    found = _ISO.fullmatch(iso)
    if not found:
        raise ValueError(iso)
    years, months, weeks, days = (int(number or 0) for number in found.groups())
    return Period(months=years * 12 + months, days=weeks * 7 + days)


def _plus_months(moment: Moment, months: int) -> Moment:
    index = moment.year * 12 + (moment.month - 1) + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))
