"""Days somebody chose, and which values fall on them: a date by its day, a moment by the clock of one place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo


@dataclass(frozen=True, slots=True)
class Days:
    """Days from `first` to `last`, both included, and the moments from `start` until just before `end`; None: that end is open."""

    first: date | None
    last: date | None
    start: datetime | None
    end: datetime | None

    def hold(self, value: object) -> bool | None:
        """Whether a value falls on these days; None when it is no date that can be read. A moment is aware."""
        if isinstance(value, datetime):
            return (self.start is None or self.start <= value) and (self.end is None or value < self.end)
        if not isinstance(value, date):
            return None
        return (self.first or date.min) <= value <= (self.last or date.max)


def days_between(first: date | None, last: date | None, zone: tzinfo) -> Days | None:
    """The days from one to the other as they fall in a zone; None when neither end is said, which chooses everything."""
    if first is None and last is None:
        return None
    following = last + timedelta(days=1) if last and last < date.max else None
    return Days(first, last, _midnight(first, zone), _midnight(following, zone))


def _midnight(day: date | None, zone: tzinfo) -> datetime | None:
    """The beginning of a day, in UTC; None where the calendar of computers ends, so that nothing lies beyond."""
    if day is None:
        return None
    try:
        return datetime.combine(day, time.min, zone).astimezone(UTC)
    except OverflowError:
        return None
