"""A day and an hour as people say them where the organization is, and the instant they mean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


class SkippedHour(Exception):
    """Clocks go forward over this hour on this day, so no moment has it; `instead`: the hour they show then."""

    def __init__(self, said: datetime, instead: datetime) -> None:
        """Keep the hour that was said and the one to propose."""
        super().__init__(said.isoformat())
        self.said = said
        self.instead = instead


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant in UTC; `twice`: clocks go back over this hour on this day, and the first of the two is meant."""

    at: datetime
    twice: bool


def moment(day: date, hour: time, zone: ZoneInfo) -> Moment:
    """The instant of a local day and hour.

    Raises:
        SkippedHour: no moment has it.
    """
    said = datetime.combine(day, hour)
    first, second = (said.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    at = first.astimezone(UTC)
    shown = at.astimezone(zone).replace(tzinfo=None)
    if shown != said:
        raise SkippedHour(said, shown)
    return Moment(at, twice=first.utcoffset() != second.utcoffset())
