"""Files attached to requests. Their content is sealed by the services before it comes here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import RowMapping, delete, func, or_, select

from portal.domain.attachments import Attachment, FileKind
from portal.domain.messages import Author
from portal.domain.rights import ENDED
from portal.storage.message_tables import messages
from portal.storage.request_tables import rights_requests
from portal.storage.rows import Repository
from portal.storage.tables import attachments

_COLUMNS = [attachments.c[name] for name in Attachment.__dataclass_fields__]
"""All but the content, which is read for one file at a time."""


class Attachments(Repository):
    """Rows of `attachments` as Attachment."""

    def add(
        self,
        request_id: int,
        *,
        line_id: int | None,
        message_id: int | None,
        name: str,
        kind: FileKind,
        size: int,
        sha256: str,
        sealed: bytes,
        now: datetime,
        formulas: bool | None = None,
    ) -> None:
        """Record one file under the next number of its request."""
        last = select(func.coalesce(func.max(attachments.c.number), 0)).where(attachments.c.request_id == request_id)
        self.insert(
            attachments,
            request_id=request_id,
            line_id=line_id,
            message_id=message_id,
            number=int(self.connection.execute(last).scalar_one()) + 1,
            name=name,
            kind=kind.value,
            size=size,
            sha256=sha256,
            sealed=sealed,
            added_at=now,
            formulas=formulas,
        )

    def of_request(self, request_id: int) -> Sequence[Attachment]:
        """The files of a request, in order."""
        found = select(*_COLUMNS).where(attachments.c.request_id == request_id).order_by(attachments.c.number)
        return [_attachment(row) for row in self.connection.execute(found).mappings()]

    def sealed(self, attachment_id: int) -> bytes | None:
        """The sealed content of one file, or None once it is destroyed."""
        found = select(attachments.c.sealed).where(attachments.c.id == attachment_id)
        content = self.connection.execute(found).scalar()
        return bytes(content) if content is not None else None

    def destroy(self, attachment_ids: Sequence[int]) -> None:
        """Delete files, content and name alike."""
        self.connection.execute(delete(attachments).where(attachments.c.id.in_(attachment_ids)))

    def destroy_of_request(self, request_id: int) -> int:
        """Delete every file of a request; gives how many there were."""
        return self.connection.execute(delete(attachments).where(attachments.c.request_id == request_id)).rowcount

    def bytes_sent_by(self, person_id: int) -> int:
        """How many bytes the files that a person sent with messages amount to, over all their requests."""
        found = (
            select(func.coalesce(func.sum(attachments.c.size), 0))
            .join(messages, messages.c.id == attachments.c.message_id)
            .join(rights_requests, rights_requests.c.id == attachments.c.request_id)
            .where(rights_requests.c.person_id == person_id, messages.c.author == Author.PERSON.value)
        )
        return int(self.connection.execute(found).scalar_one())

    def of_person(self, person_id: int) -> Sequence[int]:
        """Ids of a person's requests that hold files, the newest first."""
        found = (
            select(rights_requests.c.id)
            .where(rights_requests.c.person_id == person_id, rights_requests.c.id.in_(select(attachments.c.request_id)))
            .order_by(rights_requests.c.id.desc())
        )
        return list(self.connection.execute(found).scalars())

    def perhaps_over(self, decided_before: datetime, recourse_before: date, *, limit: int) -> Sequence[int]:
        """Ids of ended requests that still hold files, were decided before an instant, and whose recourse is over."""
        column = rights_requests.c
        found = (
            select(column.id)
            .where(
                column.id.in_(select(attachments.c.request_id)),
                column.state.in_([state.value for state in ENDED]),
                or_(column.decided_at.is_(None), column.decided_at < decided_before),
                or_(column.recourse_until.is_(None), column.recourse_until < recourse_before),
                or_(column.contested_on.is_(None), column.settled_on.is_not(None)),
            )
            .order_by(column.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return list(self.connection.execute(found).scalars())


def _attachment(row: RowMapping) -> Attachment:
    return Attachment(**{**row, "kind": FileKind(row["kind"])})
