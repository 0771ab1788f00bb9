"""Calendar entries come at the organization's own hour, whatever its clock does in spring and autumn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.jobs import JobKind
from portal.engine.calendar import Daily, Every

MONTREAL = ZoneInfo("America/Toronto")
FIRST, LAST = (datetime(year, 1, 1, tzinfo=UTC).replace(tzinfo=None) for year in (2020, 2040))
INSTANTS = st.datetimes(FIRST, LAST, timezones=st.just(UTC))


@given(now=INSTANTS, seconds=st.integers(1, 90_000))
def test_a_beat_is_later_and_no_further_than_its_pace(now: datetime, seconds: int) -> None:
    entry = Every(JobKind.SWEEP, timedelta(seconds=seconds))
    assert now < entry.next_after(now) <= now + entry.pace


@given(now=INSTANTS, elapsed=st.integers(0, 59))
def test_all_workers_agree_on_the_beat(now: datetime, elapsed: int) -> None:
    entry = Every(JobKind.SWEEP, timedelta(minutes=1))
    beat = entry.next_after(now)
    assert entry.next_after(beat - timedelta(seconds=elapsed + 1)) == beat


@given(now=INSTANTS, hour=st.integers(0, 23))
def test_daily_work_comes_within_a_day_and_a_clock_change(now: datetime, hour: int) -> None:
    beat = Daily(JobKind.PURGE, hour, MONTREAL).next_after(now)
    assert now < beat <= now + timedelta(hours=25)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 1, 15, 7, 59, tzinfo=UTC), datetime(2026, 1, 15, 8, tzinfo=UTC)),
        (datetime(2026, 1, 15, 8, tzinfo=UTC), datetime(2026, 1, 16, 8, tzinfo=UTC)),
        (datetime(2026, 7, 15, 12, tzinfo=UTC), datetime(2026, 7, 16, 7, tzinfo=UTC)),
        (datetime(2026, 3, 8, 5, tzinfo=UTC), datetime(2026, 3, 8, 7, tzinfo=UTC)),
    ],
)
def test_daily_work_follows_the_local_clock(now: datetime, expected: datetime) -> None:
    assert Daily(JobKind.PURGE, 3, MONTREAL).next_after(now) == expected
