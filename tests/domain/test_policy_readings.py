"""The comparison made for a person begins with what they said they had read, else with what they first met."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.policy_readings import Reading, Since, begun_with, in_order, present
from tests.installation import NOON

TODAY = NOON.date()
instants = st.none() | st.integers(0, 500).map(lambda hours: NOON - timedelta(hours=hours))


@st.composite
def readings(draw: st.DrawFn) -> list[Reading]:
    days = draw(st.lists(st.integers(-400, 60), unique=True, max_size=6))
    found = [TODAY + timedelta(days=day) for day in days]
    return [Reading(day.isoformat(), day, draw(instants), draw(instants), draw(instants)) for day in found]


@given(readings())
def test_it_begins_with_a_version_that_has_come_and_of_which_something_is_recorded(found: list[Reading]) -> None:
    start = begun_with(found, TODAY)
    come = [one for one in found if one.effective <= TODAY]
    assert (start is None) == (not any(one.says_something for one in come))
    if start:
        assert start[0] in come
        assert start[0].says_something


@given(readings())
def test_what_was_acknowledged_counts_before_anything_else(found: list[Reading]) -> None:
    agreed = [one for one in in_order(found) if one.acknowledged_at and one.effective <= TODAY]
    start = begun_with(found, TODAY)
    assert not agreed or start == (agreed[-1], Since.ACKNOWLEDGED)


@given(readings())
def test_without_an_acknowledgement_it_is_the_first_thing_that_happened(found: list[Reading]) -> None:
    found = [Reading(one.id, one.effective, one.told_at, one.opened_at) for one in found]
    start = begun_with(found, TODAY)
    if start:
        first, since = start
        at = first.opened_at if since is Since.OPENED else first.told_at
        everything = [at for one in found if one.effective <= TODAY for at in (one.told_at, one.opened_at) if at]
        assert at == min(everything)


@pytest.mark.parametrize(
    ("ids", "today", "expected"),
    [
        (["2026-01-01", "2026-06-15", "2026-06-15-2", "2027-01-01"], date(2026, 11, 23), "2026-06-15-2"),
        (["2026-06-15-10", "2026-06-15-2"], date(2026, 6, 15), "2026-06-15-10"),
        (["2027-01-01"], date(2026, 11, 23), None),
        ([], date(2026, 11, 23), None),
    ],
)
def test_the_version_in_force_is_the_latest_that_has_come(ids: list[str], today: date, expected: str | None) -> None:
    found = present([Reading(one, date.fromisoformat(one[:10])) for one in ids], today)
    assert (found.id if found else None) == expected
