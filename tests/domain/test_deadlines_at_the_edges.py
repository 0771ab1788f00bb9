"""Days that clocks and calendars trip over: the nights clocks change, leap days, ends of months and of years.

For each regime as shipped: the last day is never earlier than its law allows, and what is received later is never due
earlier.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.config.law import shipped_law
from portal.domain.clock import next_week_of_pause, weeks_paused_told
from portal.domain.deadlines import acknowledgement_due, due_dates, extended_due_dates, local_date, recourse_until
from portal.domain.regimes import Regime

LAW = shipped_law()
DAY = timedelta(days=1)

LEAST: Mapping[str, Callable[[date], date]] = {
    "qc_p391": lambda day: day + 30 * DAY,
    "ca_pipeda": lambda day: day + 30 * DAY,
    "eu_gdpr": lambda day: _same_number(day, 1),
    "us_ca_ccpa": lambda day: day + 44 * DAY,
    "qc_a21": lambda day: day + 20 * DAY,
}
"""The last day that each law sets, worked out here without the program: P-39.1, s. 32; PIPEDA, s. 8(3); GDPR, Art. 12(3)
with Regulation 1182/71, Art. 3; 11 CCR § 7021(b), whose first day is that of receipt; A-2.1, s. 98."""

AT_MOST: Mapping[str, Callable[[date], date]] = {
    "ca_pipeda": lambda day: day + 60 * DAY,
    "eu_gdpr": lambda day: _same_number(day, 3),
    "us_ca_ccpa": lambda day: day + 89 * DAY,
    "qc_a21": lambda day: day + 30 * DAY,
}
"""The last day once extended, counted from receipt; Québec's private sector extends nothing by itself."""

ZONES = [ZoneInfo(name) for name in ("America/Toronto", "America/Vancouver", "America/St_Johns", "Europe/Paris")]


def _same_number(day: date, months: int) -> date:
    """The same number so many months later, or the last day of a month that has none."""
    count = day.year * 12 + day.month - 1 + months
    for number in range(day.day, 27, -1):
        try:
            return date(count // 12, count % 12 + 1, number)
        except ValueError:
            continue
    return date(count // 12, count % 12 + 1, day.day)


def clocks_change(year: int) -> list[date]:
    """The days of a year on which clocks change in Québec: 23 or 25 hours long."""
    toronto, days = ZONES[0], [date(year, 1, 1) + number * DAY for number in range(365)]
    noons = [(day, datetime.combine(day, time(12), toronto).utcoffset()) for day in days]
    return [day for (_, before), (day, after) in pairwise(noons) if before != after]


EDGES = sorted(
    {
        edge + shift * DAY
        for year in (2023, 2024, 2025, 2026, 2027, 2028, 2096, 2100)
        for edge in (
            *clocks_change(year),
            date(year, 2, 28),
            date(year, 3, 1),
            date(year, 12, 31),
            *(date(year, month, 1) for month in range(1, 13)),
        )
        for shift in range(-3, 4)
    }
)
RECEIVED = st.one_of(st.sampled_from(EDGES), st.dates(date(2000, 1, 1), date(2150, 12, 31)))
EACH_REGIME = pytest.mark.parametrize("regime", LAW.regimes.values(), ids=list(LAW.regimes))


def test_two_days_of_each_year_have_another_length() -> None:
    assert clocks_change(2026) == [date(2026, 3, 8), date(2026, 11, 1)]
    assert {date(2024, 2, 29), date(2028, 2, 29), date(2026, 12, 31)} <= set(EDGES)


@EACH_REGIME
def test_at_every_edge_the_last_day_is_the_one_the_law_sets(regime: Regime) -> None:
    holidays = LAW.calendar_of(regime)
    for received in EDGES:
        assert due_dates(regime, received, holidays).strict == LEAST[regime.key](received), received
        if regime.extension is not None:
            assert extended_due_dates(regime, received, holidays).strict == AT_MOST[regime.key](received), received


@EACH_REGIME
@given(RECEIVED)
def test_no_last_day_is_earlier_than_the_law_allows(regime: Regime, received: date) -> None:
    due = due_dates(regime, received, LAW.calendar_of(regime))
    assert LEAST[regime.key](received) <= due.strict <= due.rolled


@EACH_REGIME
@given(RECEIVED)
def test_what_is_received_a_day_later_is_never_due_earlier(regime: Regime, received: date) -> None:
    holidays = LAW.calendar_of(regime)
    counts: list[Callable[[date], date | None]] = [
        lambda day: due_dates(regime, day, holidays).strict,
        lambda day: due_dates(regime, day, holidays).rolled,
        lambda day: acknowledgement_due(regime, day, holidays),
        lambda day: recourse_until(regime, day),
    ]
    if regime.extension is not None:
        counts.append(lambda day: extended_due_dates(regime, day, holidays).strict)
    for count in counts:
        first, second = count(received), count(received + DAY)
        assert first is None or (second is not None and first <= second)


@given(st.sampled_from(EDGES), st.sampled_from(ZONES), st.integers(-3 * 3600, 3 * 3600), st.integers(0, 7200))
def test_a_later_moment_is_never_an_earlier_day(edge: date, zone: ZoneInfo, seconds: int, later: int) -> None:
    """Around midnight of the edges: an hour that comes twice, or never, moves nobody's day back."""
    moment = datetime.combine(edge, time(), zone).astimezone(UTC) + timedelta(seconds=seconds)
    assert local_date(moment, zone) <= local_date(moment + timedelta(seconds=later), zone)


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_each_edge_begins_and_ends_at_its_own_midnight(zone: ZoneInfo) -> None:
    for edge in EDGES:
        begins = datetime.combine(edge, time(), zone).astimezone(UTC)
        ends = datetime.combine(edge + DAY, time(), zone).astimezone(UTC) - timedelta(seconds=1)
        assert local_date(begins, zone) == local_date(ends, zone) == edge
        assert local_date(begins - timedelta(seconds=1), zone) == edge - DAY


@given(st.sampled_from(EDGES), st.integers(0, 400), st.integers(0, 60))
def test_a_pause_is_told_on_whole_weeks_and_no_week_is_missed(paused_on: date, waited: int, since_before: int) -> None:
    today = paused_on + waited * DAY
    since = max(today - since_before * DAY, paused_on)
    told = weeks_paused_told(paused_on, since=since, today=today)
    due = [weeks for weeks in range(1, 60) if since <= paused_on + 7 * weeks * DAY <= today]
    assert told == (due[-1] if due else None)
    upcoming = next_week_of_pause(paused_on, after=today)
    assert 0 < (upcoming - today).days <= 7
    assert (upcoming - paused_on).days % 7 == 0
