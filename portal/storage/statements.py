"""Comments that people had kept because we did not correct."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import RowMapping, delete, exists, select, update
from sqlalchemy.sql import ColumnElement

from portal.domain.languages import Language, language_or_default
from portal.domain.statements import Statement
from portal.storage.request_rows import correction_of
from portal.storage.request_tables import rights_requests, statements
from portal.storage.rows import Repository

_FOUND = select(*statements.c, rights_requests.c.reference, rights_requests.c.correction).join(
    rights_requests, rights_requests.c.id == statements.c.request_id
)


class Statements(Repository):
    """Rows of `statements` as Statement, each with the value its request was about."""

    def put(self, request_id: int, text: str, language: Language, now: datetime) -> bool:
        """Keep the comments of a request in place of those before; tells whether there were none."""
        values = {"text": text, "language": language, "written_at": now}
        here = statements.c.request_id == request_id
        if self.connection.execute(update(statements).where(here).values(**values)).rowcount:
            return False
        self.insert(statements, request_id=request_id, **values)
        return True

    def of_request(self, request_id: int) -> Statement | None:
        """The comments kept with a request, or None."""
        return next(iter(self._all(statements.c.request_id == request_id)), None)

    def of_person(self, person_id: int) -> Sequence[Statement]:
        """Every comment kept for a person, oldest first."""
        return self._all(rights_requests.c.person_id == person_id)

    def remove(self, statement_ids: Sequence[int]) -> None:
        """Delete comments."""
        self.connection.execute(delete(statements).where(statements.c.id.in_(statement_ids)))

    def _all(self, condition: ColumnElement[bool]) -> list[Statement]:
        found = self.connection.execute(_FOUND.where(condition).order_by(statements.c.id))
        return [_statement(row) for row in found.mappings()]


def has_statement(person_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether comments are kept for the person of a row."""
    theirs = rights_requests.c.id == statements.c.request_id
    return exists().where(theirs, rights_requests.c.person_id == person_id)


def _statement(row: RowMapping) -> Statement:
    return Statement(
        id=row["id"],
        request_id=row["request_id"],
        reference=row["reference"],
        text=row["text"],
        language=language_or_default(row["language"]),
        written_at=row["written_at"],
        about=correction_of(row["correction"]),
    )
