"""Days somebody chose: which moments and dates fall on them, whatever the clocks of the place do meanwhile."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.days import Days, days_between

MONTREAL, AUCKLAND = ZoneInfo("America/Toronto"), ZoneInfo("Pacific/Auckland")
MOMENTS = st.integers(0, 2**31).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
SOME_DAYS = st.dates(date(1990, 1, 1), date(2040, 1, 1))


def test_neither_end_chooses_everything() -> None:
    assert days_between(None, None, MONTREAL) is None
    until = days_between(None, date(2026, 1, 1), MONTREAL)
    assert until == Days(None, date(2026, 1, 1), None, datetime(2026, 1, 2, 5, tzinfo=UTC))


@pytest.mark.parametrize(
    ("first", "last", "start", "end"),
    [
        ("2026-01-31", "2026-01-31", "2026-01-31T05:00Z", "2026-02-01T05:00Z"),
        ("2026-03-08", "2026-03-08", "2026-03-08T05:00Z", "2026-03-09T04:00Z"),
        ("2026-11-01", "2026-11-01", "2026-11-01T04:00Z", "2026-11-02T05:00Z"),
        ("2024-02-28", "2024-02-29", "2024-02-28T05:00Z", "2024-03-01T05:00Z"),
    ],
    ids=["a winter day", "the day of 23 hours", "the day of 25 hours", "a leap day"],
)
def test_a_day_lasts_from_midnight_to_midnight_there(first: str, last: str, start: str, end: str) -> None:
    chosen = days_between(date.fromisoformat(first), date.fromisoformat(last), MONTREAL)
    begins, is_over = datetime.fromisoformat(start), datetime.fromisoformat(end)
    assert chosen is not None
    assert (chosen.start, chosen.end) == (begins, is_over)
    assert chosen.hold(begins) is True
    assert chosen.hold(begins - timedelta(microseconds=1)) is False
    assert chosen.hold(is_over - timedelta(microseconds=1)) is True
    assert chosen.hold(is_over) is False


@pytest.mark.parametrize("zone", [MONTREAL, AUCKLAND])
def test_the_ends_of_the_calendar_are_open(zone: ZoneInfo) -> None:
    chosen = days_between(date.min, date.max, zone)
    assert chosen is not None
    assert chosen.end is None
    assert chosen.hold(datetime.max.replace(tzinfo=UTC)) is True
    assert chosen.hold(date.min) is chosen.hold(date.max) is True


@pytest.mark.parametrize("value", [None, "2026-01-01", 5, b"", True])
def test_what_is_no_date_is_on_no_day_and_off_none(value: object) -> None:
    chosen = days_between(date(2026, 1, 1), None, MONTREAL)
    assert chosen is not None
    assert chosen.hold(value) is None


@given(SOME_DAYS, SOME_DAYS, MOMENTS)
def test_a_moment_is_chosen_by_the_day_it_has_there(first: date, last: date, moment: datetime) -> None:
    chosen = days_between(first, last, MONTREAL)
    assert chosen is not None
    assert chosen.hold(moment) is (first <= moment.astimezone(MONTREAL).date() <= last)
    assert chosen.hold(moment.date()) is (first <= moment.date() <= last)
