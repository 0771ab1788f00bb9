"""Messages: until when they may be written, by which day an answer is hoped for, and what a request waits for."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from portal.domain.attachments import KEPT_FOR
from portal.domain.messages import (
    Author,
    Message,
    MessageKind,
    day_to_suggest,
    last_day_to_ask_by,
    may_be_written,
    questions_waiting,
)
from portal.domain.rights import State
from tests.domain.test_clock import a_request

TODAY = date(2026, 11, 23)
ANY_DAY = some.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1))


@given(today=ANY_DAY, left=some.integers(min_value=-400, max_value=400))
def test_the_day_suggested_is_to_come_and_may_be_asked_by(today: date, left: int) -> None:
    request = a_request(due=today + timedelta(days=left))
    day = day_to_suggest(request, today=today)
    assert today < day <= last_day_to_ask_by(request, today=today)
    if left > 0:
        assert last_day_to_ask_by(request, today=today) == request.due


@pytest.mark.parametrize(("left", "suggested"), [(30, 10), (14, 9), (8, 3), (6, 3), (2, 1), (1, 1), (0, 5), (-3, 5)])
def test_little_time_left_is_shared_between_both_sides(left: int, suggested: int) -> None:
    request = a_request(due=TODAY + timedelta(days=left))
    assert day_to_suggest(request, today=TODAY) == TODAY + timedelta(days=suggested)


@pytest.mark.parametrize("state", State)
def test_one_may_write_until_the_files_of_the_answer_go_and_never_of_what_was_taken_back(state: State) -> None:
    request = a_request(state=state)
    last = TODAY + KEPT_FOR
    assert may_be_written(request, ended_on=None, today=TODAY) == (state is not State.WITHDRAWN)
    assert may_be_written(request, ended_on=TODAY, today=last) == (state is not State.WITHDRAWN)
    over = state in {State.WITHDRAWN, State.CLOSED}
    assert may_be_written(request, ended_on=TODAY, today=last + timedelta(days=1)) == (not over)
    longer = replace(request, recourse_until=last + timedelta(days=5))
    assert may_be_written(longer, ended_on=TODAY, today=last + timedelta(days=5)) == (state is not State.WITHDRAWN)


def test_a_request_waits_for_what_was_asked_since_its_person_last_wrote() -> None:
    request = a_request(state=State.AWAITING_REQUESTER)
    ours = [a_message(1, MessageKind.QUESTION), a_message(2, MessageKind.MESSAGE), a_message(3, MessageKind.QUESTION)]
    assert [one.id for one in questions_waiting(request, ours)] == [1, 3]
    theirs = a_message(2, MessageKind.MESSAGE, Author.PERSON)
    assert [one.id for one in questions_waiting(request, [ours[0], theirs, ours[2]])] == [3]
    assert questions_waiting(a_request(state=State.IN_PROGRESS), ours) == []


def a_message(number: int, kind: MessageKind, author: Author = Author.STAFF) -> Message:
    at = datetime(2026, 11, 23, 17, tzinfo=UTC)
    return Message(number, 1, kind, author, None, "fr", "Bonjour", at)
