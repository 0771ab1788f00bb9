"""The audit trail: lines are added and read; only retention takes a name out of one, or deletes it when its time is over."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, RowMapping, select

from portal.domain.audit import Actor, AuditEvent, AuditLine, RecordedLine
from portal.storage.request_tables import rights_requests
from portal.storage.rows import Repository
from portal.storage.tables import audit, staff


class AuditTrail(Repository):
    """Rows of `audit`."""

    def record(self, line: AuditLine) -> None:
        """Add one line."""
        self.insert(
            audit,
            at=line.at,
            event=line.event.value,
            actor=line.actor.value,
            actor_id=line.actor_id,
            person_id=line.person_id,
            request_id=line.request_id,
            staff_id=line.staff_id,
            detail=line.detail.value if line.detail else None,
        )

    def newest(self, *, before: int | None = None, limit: int = 50) -> Sequence[RecordedLine]:
        """Lines, newest first, one page at a time by key."""
        return self._read(audit.c.id < before if before is not None else None, limit)

    def about_person(
        self, person_id: int, events: Collection[AuditEvent], *, limit: int = 50, before: int | None = None
    ) -> Sequence[RecordedLine]:
        """Lines of some events about one person, newest first; those that precede the line `before`, if it is given."""
        wanted = (audit.c.person_id == person_id) & audit.c.event.in_([event.value for event in events])
        return self._read(wanted if before is None else wanted & (audit.c.id < before), limit)

    def about_request(self, request_id: int, *, limit: int) -> Sequence[RecordedLine]:
        """Lines about one request, newest first."""
        return self._read(audit.c.request_id == request_id, limit)

    def staff_ever_opened(self, request_id: int) -> bool:
        """Whether a member of staff ever opened a request's page."""
        found = select(audit.c.id).where(
            audit.c.request_id == request_id, audit.c.event == AuditEvent.STAFF_VIEWED_PERSON.value
        )
        return self.connection.execute(found.limit(1)).first() is not None

    def opened_since(self, request_id: int, since: datetime) -> Sequence[int]:
        """Ids of the members of staff who opened a request's page since an instant."""
        found = select(audit.c.actor_id).where(
            audit.c.request_id == request_id,
            audit.c.event == AuditEvent.STAFF_VIEWED_PERSON.value,
            audit.c.actor == Actor.STAFF.value,
            audit.c.at >= since,
        )
        return [member for member in self.connection.execute(found.distinct()).scalars() if member is not None]

    def staff_ever_came(self) -> bool:
        """Whether a member of staff ever signed in."""
        found = select(audit.c.id).where(
            audit.c.event == AuditEvent.SIGNED_IN.value, audit.c.actor == Actor.STAFF.value
        )
        return self.connection.execute(found.limit(1)).first() is not None

    def _read(self, condition: ColumnElement[bool] | None, limit: int) -> list[RecordedLine]:
        found = (
            select(audit, rights_requests.c.reference, staff.c.role)
            .outerjoin(rights_requests, rights_requests.c.id == audit.c.request_id)
            .outerjoin(staff, (staff.c.id == audit.c.actor_id) & (audit.c.actor == Actor.STAFF.value))
            .order_by(audit.c.id.desc())
            .limit(limit)
        )
        if condition is not None:
            found = found.where(condition)
        return [_line(row) for row in self.connection.execute(found).mappings()]


def _line(row: RowMapping) -> RecordedLine:
    return RecordedLine(**{**row, "event": AuditEvent(row["event"]), "actor": Actor(row["actor"])})
