"""Waits grow and stay within an hour; a promise never delays what was promised before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.jobs import STALLED_AFTER, due_when_promised_again, is_stalled, sooner, wait_after

TIMES = st.none() | st.datetimes(timezones=st.just(UTC))


def test_waits_are_those_of_the_contract() -> None:
    seconds = [wait_after(failures).total_seconds() for failures in range(1, 9)]
    assert seconds == [1, 5, 30, 120, 600, 3600, 3600, 3600]


@given(failures=st.integers(1, 10_000))
def test_a_wait_never_shrinks_nor_passes_an_hour(failures: int) -> None:
    assert wait_after(failures) <= wait_after(failures + 1) <= timedelta(hours=1)


def test_a_job_is_stalled_from_the_eighth_failure_on() -> None:
    assert not is_stalled(STALLED_AFTER - 1)
    assert is_stalled(STALLED_AFTER)


@given(one=TIMES, other=TIMES)
def test_at_once_comes_before_any_time(one: datetime | None, other: datetime | None) -> None:
    assert sooner(one, other) == sooner(other, one)
    assert sooner(one, None) is None


@given(waiting=TIMES, failures=st.integers(0, 9), promised=TIMES)
def test_a_second_promise_never_delays_a_job(
    waiting: datetime | None, failures: int, promised: datetime | None
) -> None:
    due = due_when_promised_again(waiting, failures, promised)
    assert waiting is None or due is None or due <= waiting
