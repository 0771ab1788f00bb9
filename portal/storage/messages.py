"""Messages about requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import RowMapping, exists, func, select, update

from portal.domain.languages import language_or_default
from portal.domain.messages import Author, Message, MessageKind, Need
from portal.domain.rights import State
from portal.storage.message_tables import messages
from portal.storage.request_tables import rights_requests
from portal.storage.rows import Repository


class Messages(Repository):
    """Rows of `messages` as Message."""

    def add(self, message: Message) -> Message:
        """Record a message; gives it back with its id."""
        values = asdict(message) | {
            "kind": message.kind.value,
            "author": message.author.value,
            "need": message.need.value if message.need else None,
        }
        del values["id"]
        return replace(message, id=self.insert(messages, **values))

    def told_by(self, message: Message, letter_id: int) -> None:
        """Write which letter tells of a message."""
        self.connection.execute(update(messages).where(messages.c.id == message.id).values(letter_id=letter_id))

    def of_request(self, request_id: int, *, notes: bool) -> Sequence[Message]:
        """The messages of a request, in order; the notes of staff only where asked for."""
        found = select(messages).where(messages.c.request_id == request_id)
        if not notes:
            found = found.where(messages.c.kind != MessageKind.NOTE.value)
        return self._all(found.order_by(messages.c.id))

    def of_person(self, person_id: int) -> Sequence[tuple[str, Message]]:
        """Every message between a person and staff, oldest first, each with its request's reference; no note of staff."""
        found = (
            select(rights_requests.c.reference, *messages.c)
            .join(rights_requests, rights_requests.c.id == messages.c.request_id)
            .where(rights_requests.c.person_id == person_id, messages.c.kind != MessageKind.NOTE.value)
            .order_by(messages.c.id)
        )
        return [(row["reference"], _message(row)) for row in self.connection.execute(found).mappings()]

    def of_letter(self, letter_id: int) -> Message | None:
        """The message a letter tells of, or None."""
        return next(iter(self._all(select(messages).where(messages.c.letter_id == letter_id))), None)

    def waited_past(self, today: date, *, limit: int) -> Sequence[int]:
        """Ids of requests that wait for their person, whose every question named a day before today."""
        named = exists().where(messages.c.request_id == rights_requests.c.id, messages.c.answer_by.is_not(None))
        found = (
            select(rights_requests.c.id)
            .where(
                rights_requests.c.state == State.AWAITING_REQUESTER.value,
                named,
                ~named.where(messages.c.answer_by >= today),
            )
            .order_by(rights_requests.c.id)
            .limit(limit)
        )
        return list(self.connection.execute(found).scalars())

    def number_of_person(self, request_id: int, *, since: datetime) -> int:
        """How many messages the person of a request wrote since an instant."""
        theirs = (
            messages.c.request_id == request_id,
            messages.c.author == Author.PERSON.value,
            messages.c.at > since,
        )
        return int(self.connection.execute(select(func.count()).where(*theirs)).scalar_one())

    def _all(self, statement: Any) -> list[Message]:
        return [_message(row) for row in self.connection.execute(statement).mappings()]


def _message(row: RowMapping) -> Message:
    values = {name: row[name] for name in Message.__dataclass_fields__}
    values |= {
        "kind": MessageKind(row["kind"]),
        "author": Author(row["author"]),
        "language": language_or_default(row["language"]),
        "need": Need(row["need"]) if row["need"] else None,
    }
    return Message(**values)
