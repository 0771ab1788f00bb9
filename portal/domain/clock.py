"""The clock of a request: the days its staff are reminded, and the day silence becomes a refusal (law.md §3.3, 7 and 8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.domain.holidays import HolidayCalendar
from portal.domain.regimes import Regime, Silence
from portal.domain.reminders import Reminders
from portal.domain.rights import Kind, RightsRequest, is_overdue

CARRIES_THE_LAWS_CLOCK = frozenset(
    {Kind.ACCESS, Kind.PORTABILITY, Kind.RECTIFICATION, Kind.COMMENT, Kind.DELETION, Kind.DEINDEX}
)
"""Kinds whose silence the law speaks of (P-39.1, ss. 27, 28, 28.1 and 32); the others have our own promise alone."""

HOLD = timedelta(days=120)
"""How long what a request is about is kept once it is refused or left unanswered: the Commission may excuse a late
application, and takes weeks to tell of one (P-39.1, s. 36; law.md §7)."""

_DAY = timedelta(days=1)


class Reminder(StrEnum):
    """What a reminder is for."""

    HALF_TIME = "half_time"
    DAYS_LEFT = "days_left"
    LATE = "late"


PAUSE_TOLD_EVERY = timedelta(days=7)
"""Whoever handles a request is told each week that its clock stands still."""

PERSON_TOLD_EVERY = 4
"""Its person is told again each so many weeks."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A reminder that is owed. `to_backup`: whether the backup is told too."""

    reminder: Reminder
    to_backup: bool = False


def reminder_on(request: RightsRequest, reminders: Reminders, *, since: date, today: date) -> Owed | None:
    """The reminder that `today` owes, one for all the days from `since` on which nobody looked; None when it owes none."""
    if today > request.due:
        return Owed(Reminder.LATE)
    owed = [reminder for day, reminder in _days(request, reminders) if since <= day <= today]
    return owed[-1] if owed else None


def opened_by(request: RightsRequest, reminders: Reminders, holidays: HolidayCalendar) -> date:
    """The day by which somebody on staff should have opened a request, or its backup is told."""
    return holidays.plus_business_days(request.received_on, reminders.unopened)


def next_look(request: RightsRequest, reminders: Reminders, holidays: HolidayCalendar, *, after: date) -> date:
    """The next day, later than `after`, on which a request's clock has something to say; every day once it is late."""
    days = [day for day, _ in _days(request, reminders)]
    days += [opened_by(request, reminders, holidays), request.due + _DAY]
    return min((day for day in days if day > after), default=after + _DAY)


def weeks_paused_told(paused_on: date, *, since: date, today: date) -> int | None:
    """How many whole weeks a clock stood still on the last weekly day from `since` to `today`; None where there is none."""
    weeks = (today - paused_on) // PAUSE_TOLD_EVERY
    return weeks if weeks > 0 and paused_on + weeks * PAUSE_TOLD_EVERY >= since else None


def next_week_of_pause(paused_on: date, *, after: date) -> date:
    """The first weekly day of a clock that stands still, later than `after`."""
    weeks = max((after - paused_on) // PAUSE_TOLD_EVERY, 0)
    return paused_on + (weeks + 1) * PAUSE_TOLD_EVERY


def silence_of(request: RightsRequest, regime: Regime) -> Silence | None:
    """What our silence is under a regime; None for a kind whose silence the law does not speak of.

    A law that sees a breach in silence sees one whatever right was asked for (GDPR, Art. 12(3)); a complaint is none.
    """
    spoken_of = request.kind in CARRIES_THE_LAWS_CLOCK or (
        regime.silence == "breach" and request.kind is not Kind.COMPLAINT
    )
    return regime.silence if spoken_of else None


def silence_is_refusal(request: RightsRequest, regime: Regime) -> bool:
    """Whether the law takes the silence of this regime, for this kind, as a refusal (P-39.1, s. 32)."""
    return silence_of(request, regime) == "deemed_refusal"


def becomes_refused(request: RightsRequest, regime: Regime, *, today: date) -> bool:
    """Whether the last day passed without an answer and nobody has been told yet what that means."""
    return (
        is_overdue(request, today=today) and request.deemed_refused_on is None and silence_is_refusal(request, regime)
    )


def _days(request: RightsRequest, reminders: Reminders) -> Iterator[tuple[date, Owed]]:
    """The days before the last one, in order; where two fall together, the one that says more."""
    named: dict[date, Owed] = {}
    if reminders.half_time:
        named[request.received_on + (request.due - request.received_on) // 2] = Owed(Reminder.HALF_TIME)
    for left in reminders.days:
        named[request.due - timedelta(days=left)] = Owed(Reminder.DAYS_LEFT, left in reminders.backup)
    yield from ((day, named[day]) for day in sorted(named) if day > request.received_on)
