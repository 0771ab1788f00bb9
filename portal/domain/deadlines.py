"""Deadlines: by when a request is answered, an acknowledgement leaves and a recourse is taken (law.md §3.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from portal.domain.holidays import HolidayCalendar
from portal.domain.periods import Period
from portal.domain.regimes import Regime, Span


@dataclass(frozen=True, slots=True)
class Due:
    """The last day to answer: `strict` is promised and watched, `rolled` is what the law would allow."""

    strict: date
    rolled: date


class ExtensionNotOurs(Exception):
    """The organization may not extend this regime's time limit by its own decision (P-39.1, s. 46)."""


def due_dates(regime: Regime, received_on: date, holidays: HolidayCalendar) -> Due:
    """The last day to answer a request received on a local date by any channel (P-39.1, s. 32; law.md §3.3)."""
    return _due(regime, received_on, regime.base, holidays)


def extended_due_dates(regime: Regime, received_on: date, holidays: HolidayCalendar) -> Due:
    """The last day once extended, always counted from receipt (law.md §3.3, 5).

    Raises:
        ExtensionNotOurs: nobody, or only the regulator, may extend.
    """
    if regime.extension is None:
        raise ExtensionNotOurs(regime.key)
    whole = Span(regime.base.value + regime.extension.value, regime.base.unit)
    return _due(regime, received_on, whole, holidays)


def acknowledgement_due(regime: Regime, received_on: date, holidays: HolidayCalendar) -> date:
    """The last day to acknowledge receipt: the law's, or the product's own promise where the law sets none."""
    return _after(received_on, regime.acknowledgement, holidays)


def recourse_until(regime: Regime, refused_on: date) -> date | None:
    """The last day to turn to the recourse body, counted from the refusal or from the last day to answer.

    None when the law sets no last day (P-39.1, s. 43).
    """
    within = regime.recourse.within
    if within is None:
        return None
    return _calendar_after(refused_on, within)


def local_date(instant: datetime, zone: tzinfo) -> date:
    """The date an instant falls on where the organization is; 23:59 counts as that day (law.md §3.3, 1).

    Raises:
        ValueError: the instant names no time zone.
    """
    if instant.utcoffset() is None:
        raise ValueError(instant)
    return instant.astimezone(zone).date()


def days_left(due: date, today: date) -> int:
    """How many days remain: 0 on the last day, negative when late."""
    return (due - today).days


def _due(regime: Regime, received_on: date, span: Span, holidays: HolidayCalendar) -> Due:
    strict = _after(received_on, span, holidays, first_day_counts=regime.counts_receipt_day)
    rolls = regime.rollover == "next_working_day"
    return Due(strict=strict, rolled=holidays.next_working_day(strict) if rolls else strict)


def _after(day: date, span: Span, holidays: HolidayCalendar, *, first_day_counts: bool = False) -> date:
    if span.unit == "business_day":
        return holidays.plus_business_days(day, span.value - first_day_counts)
    return _calendar_after(day, span) - timedelta(days=first_day_counts)


def _calendar_after(day: date, span: Span) -> date:
    months, days = (span.value, 0) if span.unit == "month" else (0, span.value)
    return Period(months=months, days=days).after(day)
