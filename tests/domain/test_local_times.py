"""A local day and hour, and the instant it means: none where clocks skip it, the first where they show it twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.local_times import SkippedHour, moment

TORONTO = ZoneInfo("America/Toronto")
START = datetime(2020, 1, 1)  # noqa: DTZ001  # hypothesis adds the zone itself


def test_an_hour_that_clocks_skip_is_none_and_one_that_exists_is_proposed() -> None:
    for hour in (time(2), time(2, 30), time(2, 59)):
        with pytest.raises(SkippedHour) as refused:
            moment(date(2027, 3, 14), hour, TORONTO)
        assert refused.value.instead.time() == time(3, hour.minute)
    assert moment(date(2027, 3, 14), time(3), TORONTO).at == datetime(2027, 3, 14, 7, tzinfo=UTC)


def test_of_an_hour_shown_twice_the_first_is_meant_and_said() -> None:
    found = moment(date(2027, 11, 7), time(1, 30), TORONTO)
    assert found.at == datetime(2027, 11, 7, 5, 30, tzinfo=UTC)
    assert found.twice
    assert not moment(date(2027, 11, 7), time(2), TORONTO).twice


@given(st.datetimes(timezones=st.just(UTC), min_value=START, max_value=START.replace(year=2100)))
def test_what_an_instant_shows_means_that_instant_or_the_first_of_its_twins(instant: datetime) -> None:
    local = instant.astimezone(TORONTO)
    found = moment(local.date(), local.time(), TORONTO)
    assert found.at.astimezone(TORONTO).replace(tzinfo=None) == local.replace(tzinfo=None)
    assert local.astimezone(UTC) - found.at == (timedelta(hours=1) if local.fold else timedelta(0))
