"""The days a request's clock speaks: reminders before the last day, every day after it, and when silence is a refusal."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.config.law import shipped_law
from portal.domain.clock import (
    CARRIES_THE_LAWS_CLOCK,
    Owed,
    Reminder,
    becomes_refused,
    next_look,
    opened_by,
    reminder_on,
    silence_is_refusal,
)
from portal.domain.deadlines import due_dates
from portal.domain.reminders import FURTHEST, LONGEST_UNOPENED, MOST_DAYS, Reminders
from portal.domain.rights import BEFORE_DECISION, Kind, Level, RightsRequest, State

QUEBEC = shipped_law().regimes["qc_p391"]
DAYS = shipped_law().calendars["qc_interpretation_act"]
RECEIVED = date(2025, 1, 15)
USUAL = Reminders()
LEFT, LEFT_TOLD = Owed(Reminder.DAYS_LEFT), Owed(Reminder.DAYS_LEFT, to_backup=True)
SET = st.builds(
    lambda days, half, told, unopened: Reminders(
        tuple(sorted(days, reverse=True)), half, tuple(day for day in days if day in told), unopened
    ),
    st.sets(st.integers(0, FURTHEST), min_size=1, max_size=MOST_DAYS),
    st.booleans(),
    st.sets(st.integers(0, FURTHEST)),
    st.integers(1, LONGEST_UNOPENED),
)
"""Any days an officer may set."""
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


def spoken(request: RightsRequest, reminders: Reminders = USUAL, *, until: date) -> dict[date, Owed]:
    """What each day says when somebody looks every morning."""
    found, day = {}, request.received_on
    while day < until:
        day += timedelta(days=1)
        reminder = reminder_on(request, reminders, since=day, today=day)
        if reminder:
            found[day] = reminder
    return found


def test_half_time_ten_five_two_and_none_then_every_day() -> None:
    assert spoken(a_request(), until=date(2025, 2, 16)) == {
        date(2025, 1, 30): Owed(Reminder.HALF_TIME),
        date(2025, 2, 4): LEFT,
        date(2025, 2, 9): LEFT_TOLD,
        date(2025, 2, 12): LEFT,
        date(2025, 2, 14): LEFT_TOLD,
        date(2025, 2, 15): Owed(Reminder.LATE),
        date(2025, 2, 16): Owed(Reminder.LATE),
    }


def test_the_days_the_officer_set_and_no_others() -> None:
    """Half time is off; seven days are told to nobody else, one to the backup as well."""
    assert spoken(a_request(), Reminders((7, 1), half_time=False, backup=(1,)), until=date(2025, 2, 15)) == {
        date(2025, 2, 7): LEFT,
        date(2025, 2, 13): LEFT_TOLD,
        date(2025, 2, 15): Owed(Reminder.LATE),
    }


def test_a_short_time_limit_never_says_two_things_on_one_day() -> None:
    """Twenty days: half time and ten days left are one day, and the days left say more."""
    request = a_request(due=RECEIVED + timedelta(days=20))
    assert spoken(request, until=request.due)[date(2025, 1, 25)] == LEFT


def test_a_request_written_down_late_is_not_reminded_of_days_before_it_came() -> None:
    request = a_request(due=RECEIVED + timedelta(days=4))
    assert spoken(request, until=request.due) == {
        date(2025, 1, 17): LEFT,
        date(2025, 1, 19): LEFT_TOLD,
    }


def test_mornings_nobody_looked_are_made_up_for_by_one_reminder() -> None:
    assert reminder_on(a_request(), USUAL, since=date(2025, 1, 20), today=date(2025, 2, 10)) == LEFT_TOLD
    assert reminder_on(a_request(), USUAL, since=date(2025, 2, 10), today=date(2025, 2, 11)) is None


def test_opened_by_the_third_working_day() -> None:
    """Received on Holy Thursday of 2026: Good Friday, the weekend and Easter Monday are no working days."""
    assert opened_by(a_request(date(2026, 4, 2)), USUAL, DAYS) == date(2026, 4, 9)


@given(DATES, st.integers(min_value=-40, max_value=40), SET)
def test_looking_only_on_the_days_named_misses_nothing(received: date, shift: int, reminders: Reminders) -> None:
    """Whoever looks on `next_look` alone says what looking every morning says."""
    request = a_request(received)
    end = request.due + timedelta(days=3 + abs(shift))
    day, found = received, {}
    while (look := next_look(request, reminders, DAYS, after=day)) <= end:
        assert look > day
        reminder = reminder_on(request, reminders, since=look, today=look)
        if reminder:
            found[look] = reminder
        day = look
    assert found == spoken(request, reminders, until=end)


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
