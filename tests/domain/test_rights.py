"""Requests move only as law.md §6.2 allows, end once, and are late from the day after their last day."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.rights import (
    BEFORE_DECISION,
    ENDED,
    MOVES,
    OPEN,
    OutOfOrder,
    Stage,
    State,
    check_move,
    is_overdue,
    may_be_taken_back,
    stage_of,
)
from tests.domain.requests import RECEIVED, a_request

NOW = RECEIVED
STATES = st.sampled_from(State)


@given(STATES, STATES)
def test_a_move_passes_exactly_when_the_table_has_it(present: State, target: State) -> None:
    if target in MOVES[present]:
        check_move(present, target)
    else:
        with pytest.raises(OutOfOrder) as refused:
            check_move(present, target)
        assert refused.value.state is present


@given(st.lists(STATES, max_size=12))
def test_an_ended_request_is_only_ever_reopened(wishes: list[State]) -> None:
    present = State.RECEIVED
    for wish in wishes:
        before = present
        try:
            check_move(present, wish)
        except OutOfOrder:
            continue
        present = wish
        if before in ENDED:
            assert (before, present) == (State.CLOSED, State.IN_PROGRESS)


def test_no_state_leads_to_itself_and_each_has_its_row() -> None:
    assert set(MOVES) == set(State)
    assert not [state for state, targets in MOVES.items() if state in targets]


def test_every_state_can_be_reached_and_every_open_one_can_end() -> None:
    assert _reachable_from(State.RECEIVED) == set(State)
    assert all(_reachable_from(state) & ENDED for state in OPEN)


def test_nothing_is_carried_out_before_it_is_decided() -> None:
    assert {state for state, targets in MOVES.items() if State.FULFILLING in targets} == {State.DECIDED}
    assert {state for state, targets in MOVES.items() if State.CLOSED in targets} == {State.FULFILLING}


def test_open_and_ended_share_no_state() -> None:
    assert set(State) == OPEN | ENDED
    assert not OPEN & ENDED
    assert BEFORE_DECISION < OPEN


def test_a_person_reads_one_of_five_words_for_every_state() -> None:
    assert {stage_of(a_request(state=state)) for state in State} == set(Stage)
    assert stage_of(a_request(state=State.AWAITING_REQUESTER)) is Stage.WAITING_FOR_YOU
    assert stage_of(a_request(state=State.WITHDRAWN)) is Stage.TAKEN_BACK


@given(STATES, st.booleans(), st.one_of(st.none(), st.integers(-5, 5)))
def test_what_may_be_taken_back_may_move_to_withdrawn(state: State, started: bool, hours: int | None) -> None:
    wait_until = None if hours is None else NOW + timedelta(hours=hours)
    if may_be_taken_back(a_request(state=state, wait_until=wait_until), started=started, now=NOW):
        assert State.WITHDRAWN in MOVES[state]


@pytest.mark.parametrize(
    ("wait_until", "started", "may"),
    [
        (NOW + timedelta(seconds=1), False, True),
        (NOW + timedelta(seconds=1), True, False),
        (NOW, False, False),
        (None, False, False),
    ],
)
def test_a_granted_deletion_is_taken_back_only_while_it_waits(
    wait_until: datetime | None, started: bool, may: bool
) -> None:
    request = a_request(state=State.FULFILLING, wait_until=wait_until)
    assert may_be_taken_back(request, started=started, now=NOW) is may


@given(st.sampled_from(sorted(BEFORE_DECISION)), st.dates(), st.dates())
def test_an_unanswered_request_is_late_from_the_day_after_its_last_day(state: State, due: date, today: date) -> None:
    assert is_overdue(a_request(state=state, due=due), today=today) is (today > due)


@given(st.sampled_from(sorted(set(State) - BEFORE_DECISION)), st.dates(), st.dates())
def test_an_answered_request_is_never_late(state: State, due: date, today: date) -> None:
    assert not is_overdue(a_request(state=state, due=due), today=today)


def _reachable_from(start: State) -> set[State]:
    seen, ahead = {start}, [start]
    while ahead:
        for target in MOVES[ahead.pop()] - seen:
            seen.add(target)
            ahead.append(target)
    return seen
