"""The days a request's clock speaks: reminders before the last day, every day after it, and when silence is a refusal."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.config.law import shipped_law
from portal.domain.clock import (
    CARRIES_THE_LAWS_CLOCK,
    Reminder,
    becomes_refused,
    next_look,
    opened_by,
    reminder_on,
    silence_is_refusal,
)
from portal.domain.deadlines import due_dates
from portal.domain.rights import BEFORE_DECISION, Kind, Level, RightsRequest, State

QUEBEC = shipped_law().regimes["qc_p391"]
DAYS = shipped_law().calendars["qc_interpretation_act"]
RECEIVED = date(2025, 1, 15)
DATES = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 12, 31))


def a_request(received: date = RECEIVED, **changes: object) -> RightsRequest:
    request = RightsRequest(
        id=1,
        reference="R-2345-6789-ABCD",
        person_id=1,
        kind=Kind.ACCESS,
        state=State.RECEIVED,
        language="fr",
        message="",
        level=Level.L2,
        regime=QUEBEC.key,
        received_at=datetime(received.year, received.month, received.day, 17, tzinfo=UTC),
        received_on=received,
        due=due_dates(QUEBEC, received, DAYS).strict,
        version=1,
    )
    return replace(request, **changes)


def spoken(request: RightsRequest, *, until: date) -> dict[date, Reminder]:
    """What each day says when somebody looks every morning."""
    found, day = {}, request.received_on
    while day < until:
        day += timedelta(days=1)
        reminder = reminder_on(request, since=day, today=day)
        if reminder:
            found[day] = reminder
    return found


def test_half_time_ten_five_two_and_none_then_every_day() -> None:
    assert spoken(a_request(), until=date(2025, 2, 16)) == {
        date(2025, 1, 30): Reminder.HALF_TIME,
        date(2025, 2, 4): Reminder.TEN_DAYS,
        date(2025, 2, 9): Reminder.FIVE_DAYS,
        date(2025, 2, 12): Reminder.TWO_DAYS,
        date(2025, 2, 14): Reminder.LAST_DAY,
        date(2025, 2, 15): Reminder.LATE,
        date(2025, 2, 16): Reminder.LATE,
    }


def test_a_short_time_limit_never_says_two_things_on_one_day() -> None:
    """Twenty days: half time and ten days left are one day, and the days left say more."""
    request = a_request(due=RECEIVED + timedelta(days=20))
    assert spoken(request, until=request.due)[date(2025, 1, 25)] is Reminder.TEN_DAYS


def test_a_request_written_down_late_is_not_reminded_of_days_before_it_came() -> None:
    request = a_request(due=RECEIVED + timedelta(days=4))
    assert spoken(request, until=request.due) == {
        date(2025, 1, 17): Reminder.TWO_DAYS,
        date(2025, 1, 19): Reminder.LAST_DAY,
    }


def test_mornings_nobody_looked_are_made_up_for_by_one_reminder() -> None:
    assert reminder_on(a_request(), since=date(2025, 1, 20), today=date(2025, 2, 10)) is Reminder.FIVE_DAYS
    assert reminder_on(a_request(), since=date(2025, 2, 10), today=date(2025, 2, 11)) is None


def test_opened_by_the_third_working_day() -> None:
    """Received on Holy Thursday of 2026: Good Friday, the weekend and Easter Monday are no working days."""
    assert opened_by(a_request(date(2026, 4, 2)), DAYS) == date(2026, 4, 9)


@given(DATES, st.integers(min_value=-40, max_value=40))
def test_looking_only_on_the_days_named_misses_nothing(received: date, shift: int) -> None:
    """Whoever looks on `next_look` alone says what looking every morning says."""
    request = a_request(received)
    end = request.due + timedelta(days=3 + abs(shift))
    day, found = received, {}
    while (look := next_look(request, DAYS, after=day)) <= end:
        assert look > day
        reminder = reminder_on(request, since=look, today=look)
        if reminder:
            found[look] = reminder
        day = look
    assert found == spoken(request, until=end)


@pytest.mark.parametrize("kind", list(Kind))
def test_silence_is_a_refusal_for_the_kinds_the_law_names(kind: Kind) -> None:
    request = a_request(kind=kind)
    assert silence_is_refusal(request, QUEBEC) is (kind in CARRIES_THE_LAWS_CLOCK)
    assert not silence_is_refusal(request, replace(QUEBEC, silence="breach"))


def test_it_becomes_refused_the_day_after_and_once() -> None:
    request = a_request()
    assert not becomes_refused(request, QUEBEC, today=request.due)
    assert becomes_refused(request, QUEBEC, today=request.due + timedelta(days=1))
    told = replace(request, deemed_refused_on=request.due + timedelta(days=1))
    assert not becomes_refused(told, QUEBEC, today=request.due + timedelta(days=2))


@pytest.mark.parametrize("state", list(State))
def test_only_what_waits_for_an_answer_becomes_refused(state: State) -> None:
    request = a_request(state=state)
    late = request.due + timedelta(days=1)
    assert becomes_refused(request, QUEBEC, today=late) is (state in BEFORE_DECISION)
    assert not becomes_refused(replace(request, is_test=True), QUEBEC, today=late)
