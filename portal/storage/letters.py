"""The outbox: letters promised, in identifiers only; they are written when they are sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, func, select, update

from portal.domain.languages import language_or_default
from portal.domain.letters import LetterKind
from portal.domain.outbox import Audience, DeliveryOutcome, LetterState, PromisedLetter
from portal.storage.rows import Repository
from portal.storage.tables import letters

_LETTER = [column for column in letters.c if column.name in PromisedLetter.__dataclass_fields__]
"""What a letter is in lists; its words are read alone."""


@dataclass(frozen=True, slots=True)
class WrittenLetter:
    """What a letter said, sealed, with its hash and its template's version."""

    template: str
    text_hash: str
    sealed: bytes


class Letters(Repository):
    """Rows of `letters` as PromisedLetter."""

    def add(self, letter: PromisedLetter) -> int:
        """Promise a letter; gives its id."""
        return self.insert(
            letters,
            kind=letter.kind.value,
            audience=letter.audience.value,
            language=letter.language,
            person_id=letter.person_id,
            staff_id=letter.staff_id,
            code_id=letter.code_id,
            request_id=letter.request_id,
            line_id=letter.line_id,
            message_id=letter.message_id,
            state=letter.state.value,
            attempts=0,
            created_at=letter.created_at,
            next_try_at=letter.next_try_at,
        )

    def by_id(self, letter_id: int) -> PromisedLetter | None:
        """The letter of that id, or None."""
        row = self.connection.execute(select(*_LETTER).where(letters.c.id == letter_id)).mappings().first()
        return _letter(row) if row else None

    def of_request(self, request_id: int) -> Sequence[PromisedLetter]:
        """The letters about one request, in order."""
        found = select(*_LETTER).where(letters.c.request_id == request_id).order_by(letters.c.id)
        return self._all(found)

    def newest(self, state: LetterState, *, before: int | None = None, limit: int = 50) -> Sequence[PromisedLetter]:
        """Letters in a state, newest first, one page at a time by key."""
        found = select(*_LETTER).where(letters.c.state == state.value)
        if before is not None:
            found = found.where(letters.c.id < before)
        return self._all(found.order_by(letters.c.id.desc()).limit(limit))

    def standing_still(self, *, due_before: datetime, limit: int = 500) -> Sequence[int]:
        """Ids of letters that should have been tried by now."""
        found = (
            select(letters.c.id)
            .where(letters.c.state == LetterState.WAITING.value, letters.c.next_try_at <= due_before)
            .order_by(letters.c.next_try_at, letters.c.id)
            .limit(limit)
        )
        return list(self.connection.execute(found).scalars())

    def numbers(self) -> dict[LetterState, int]:
        """How many letters are in each state."""
        found = select(letters.c.state, func.count()).group_by(letters.c.state)
        counted = {LetterState(state): int(number) for state, number in self.connection.execute(found)}
        return {state: counted.get(state, 0) for state in LetterState}

    def oldest(self, state: LetterState) -> datetime | None:
        """When the letter that has been longest in a state was promised, or None when none is."""
        return self.connection.execute(
            select(func.min(letters.c.created_at)).where(letters.c.state == state.value)
        ).scalar()

    def number(self, state: LetterState, *, bound: int) -> int:
        """How many letters are in a state, counted no further than `bound`."""
        some = select(letters.c.id).where(letters.c.state == state.value).limit(bound).subquery()
        return int(self.connection.execute(select(func.count()).select_from(some)).scalar_one())

    def wrote(self, letter_id: int, *, template: str, text_hash: str, sealed: bytes) -> None:
        """Keep what a letter says."""
        self._set(letter_id, template=template, text_hash=text_hash, sealed=sealed)

    def written(self, letter_id: int) -> WrittenLetter | None:
        """What a letter said, sealed; None for one that was not kept."""
        column = letters.c
        found = select(column.template, column.text_hash, column.sealed).where(
            column.id == letter_id, column.sealed.is_not(None)
        )
        row = self.connection.execute(found).first()
        return WrittenLetter(row.template, row.text_hash, row.sealed) if row else None

    def accepted(self, letter_id: int, now: datetime) -> None:
        """The mail server took it."""
        self._set(letter_id, state=LetterState.SENT.value, sent_at=now, outcome=DeliveryOutcome.ACCEPTED.value)

    def refused(self, letter_id: int, outcome: DeliveryOutcome) -> None:
        """It will not be tried again by itself."""
        self._set(letter_id, state=LetterState.REFUSED.value, outcome=outcome.value)

    def try_again(self, letter_id: int, outcome: DeliveryOutcome, at: datetime) -> None:
        """It waits for another try."""
        self._set(letter_id, next_try_at=at, outcome=outcome.value)

    def retry_refused(self, now: datetime) -> Sequence[int]:
        """Put every refused letter back in the queue; gives their ids."""
        refused = letters.c.state == LetterState.REFUSED.value
        ids = list(self.connection.execute(select(letters.c.id).where(refused)).scalars())
        self.connection.execute(
            update(letters).where(refused).values(state=LetterState.WAITING.value, next_try_at=now, attempts=0)
        )
        return ids

    def counted(self, letter_id: int) -> None:
        """Count one more try."""
        self._set(letter_id, attempts=letters.c.attempts + 1)

    def _set(self, letter_id: int, **values: object) -> None:
        self.connection.execute(update(letters).where(letters.c.id == letter_id).values(**values))

    def _all(self, statement: object) -> list[PromisedLetter]:
        return [_letter(row) for row in self.connection.execute(statement).mappings()]  # type: ignore[call-overload]  # any select


def _letter(row: RowMapping) -> PromisedLetter:
    return PromisedLetter(
        **{
            **row,
            "kind": LetterKind(row["kind"]),
            "audience": Audience(row["audience"]),
            "language": language_or_default(row["language"]),
            "state": LetterState(row["state"]),
            "outcome": DeliveryOutcome(row["outcome"]) if row["outcome"] else None,
        }
    )
