"""Messages about one request: who writes to whom, what a question must say, until when one may write (law.md §6.2, §6.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from portal.domain.attachments import last_day_of_files
from portal.domain.languages import Language
from portal.domain.rights import RightsRequest, State


class Author(StrEnum):
    """Who wrote a message."""

    PERSON = "person"
    STAFF = "staff"


class MessageKind(StrEnum):
    """What a message is: words to the other side, a question the request waits for, or a note among staff."""

    MESSAGE = "message"
    QUESTION = "question"
    NOTE = "note"


class Need(StrEnum):
    """What a question is about, in a word a letter may carry: the words of staff are read on the request's page."""

    PRECISION = "precision"
    IDENTITY = "identity"
    CAPACITY = "capacity"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a request.

    `why` and `answer_by`: of a question, why it is asked and by which day we hope for the answer. `files`: how many came
    with it, which is still known once they are destroyed. `letter_id`: the letter that tells the other side.
    """

    id: int
    request_id: int
    kind: MessageKind
    author: Author
    staff_id: int | None
    language: Language
    text: str
    at: datetime
    need: Need | None = None
    why: str | None = None
    answer_by: date | None = None
    files: int = 0
    letter_id: int | None = None


MOST_A_DAY = 30
"""Messages a person may write about one request in a day: far above what people do."""

ASKED_FROM = frozenset({State.RECEIVED, State.VERIFYING_IDENTITY, State.IN_PROGRESS, State.AWAITING_REQUESTER})
"""The states in which staff may ask; a request just received is taken up by asking (law.md §6.2)."""

TIME_TO_ANSWER = timedelta(days=10)
TIME_TO_DECIDE = timedelta(days=5)
LONGEST_WAIT = timedelta(days=30)
_DAY = timedelta(days=1)


def may_be_written(request: RightsRequest, *, ended_on: date | None, today: date) -> bool:
    """Whether either side may write about a request: until its answer's files go, since help to understand it is owed (s. 34).

    `ended_on`: the day it was closed.
    """
    if request.state is State.WITHDRAWN:
        return False
    if request.state is not State.CLOSED or ended_on is None:
        return True
    return today <= last_day_of_files(request, ended_on)


def day_to_suggest(request: RightsRequest, *, today: date) -> date:
    """The day to ask an answer by: ten days on, and five days before our own last day; half of what is left when that is
    little, and five days on when it has passed.
    """
    left = request.due - today
    if left <= timedelta():
        return today + TIME_TO_DECIDE
    wished = min(TIME_TO_ANSWER, left - TIME_TO_DECIDE)
    return today + (wished if wished > _DAY else max(timedelta(days=left.days // 2), _DAY))


def last_day_to_ask_by(request: RightsRequest, *, today: date) -> date:
    """The latest day that may be named: our last day to answer, or a month on once that has passed."""
    return request.due if request.due > today else today + LONGEST_WAIT


def questions_waiting(request: RightsRequest, messages: Sequence[Message]) -> Sequence[Message]:
    """What the request waits for: the questions since its person last wrote, while it waits for them."""
    if request.state is not State.AWAITING_REQUESTER:
        return []
    last = max((place for place, one in enumerate(messages) if one.author is Author.PERSON), default=-1)
    return [one for one in messages[last + 1 :] if one.kind is MessageKind.QUESTION]
