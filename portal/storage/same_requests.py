"""Requests that may ask the same thing, and those staff found to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, func, or_, select

from portal.domain.rights import RightsRequest
from portal.storage.request_rows import request_of
from portal.storage.request_tables import rights_requests, same_requests
from portal.storage.rows import Repository
from portal.storage.tables import people

MOST_LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class Beside:
    """Another request beside one: marked when, and which of the two has the mark (`here`: the one it stands beside)."""

    request: RightsRequest
    marked_at: datetime | None
    here: bool


class SameRequests(Repository):
    """Rows of `same_requests`: a request, and the one it was marked as the same as."""

    def beside(self, request: RightsRequest) -> Sequence[Beside]:
        """Those marked with a request, and other open ones of its kind by its person or from the same postal address.

        The oldest first.
        """
        column, mark = rights_requests.c, same_requests.c
        postal = select(func.lower(people.c.postal)).where(people.c.id == request.person_id).scalar_subquery()
        same_person = or_(column.person_id == request.person_id, func.lower(people.c.postal) == postal)
        alike = and_(column.is_open.is_(True), column.kind == request.kind.value, same_person)
        theirs = and_(mark.request_id == column.id, mark.same_as_id == request.id)
        ours = and_(mark.request_id == request.id, mark.same_as_id == column.id)
        found = (
            select(rights_requests, mark.request_id.label("marked_id"), mark.at.label("marked_at"))
            .join(people, people.c.id == column.person_id)
            .outerjoin(same_requests, or_(theirs, ours))
            .where(column.id != request.id, or_(alike, mark.request_id.is_not(None)))
            .order_by(column.id)
            .limit(MOST_LOOKED_AT)
        )
        return [
            Beside(request_of(row), row["marked_at"], row["marked_id"] == request.id)
            for row in self.connection.execute(found).mappings()
        ]

    def mark(self, request_id: int, same_as_id: int, *, staff_id: int, now: datetime) -> bool:
        """Mark a request as the same as another; False when it was marked before."""
        return self.insert_if_absent(
            same_requests, request_id=request_id, same_as_id=same_as_id, staff_id=staff_id, at=now
        )

    def unmark(self, request_id: int) -> int | None:
        """Take a request's mark away; gives the id it named, or None when it had none."""
        mine = same_requests.c.request_id == request_id
        same_as_id = self.connection.execute(select(same_requests.c.same_as_id).where(mine)).scalar()
        self.connection.execute(delete(same_requests).where(mine))
        return same_as_id
