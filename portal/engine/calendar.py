"""The calendar: work that comes back by the clock, once however many workers there are.

An entry is an ordinary job that is always waiting for its next time. So it runs once, survives restarts, and what was
missed while no worker ran is made up for at the next start.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.domain.jobs import JobKind

NO_SUBJECT = 0
"""The subject of calendar work: it is about no row in particular."""

_EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True)
class Every:
    """Work repeated at a fixed pace, on the same beats in every worker; `at_start` adds a turn when one starts."""

    kind: JobKind
    pace: timedelta
    at_start: bool = False

    def next_after(self, now: datetime) -> datetime:
        """The first beat later than `now`."""
        return _EPOCH + ((now - _EPOCH) // self.pace + 1) * self.pace


@dataclass(frozen=True)
class Daily:
    """Work done once a day at a full hour of the organization's own clock."""

    kind: JobKind
    hour: int
    zone: ZoneInfo
    at_start: bool = False

    def next_after(self, now: datetime) -> datetime:
        """The first such hour later than `now`, in UTC."""
        today = now.astimezone(self.zone).date()
        hours = (
            datetime.combine(today + timedelta(days=days), time(self.hour), self.zone).astimezone(UTC)
            for days in range(3)
        )
        return next(hour for hour in hours if hour > now)


Entry = Every | Daily
