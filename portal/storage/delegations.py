"""Written delegations: who decides in the officer's place, since when and by which document (P-39.1, s. 3.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import or_, select, update

from portal.domain.delegations import Delegation
from portal.storage.request_tables import delegations
from portal.storage.rows import Repository


class Delegations(Repository):
    """Rows of `delegations`, never deleted: what was decided under one keeps its authority."""

    def add(
        self, staff_id: int, *, since: date, until: date | None, document: str, recorded_by: int, now: datetime
    ) -> None:
        """Record that a member of staff was given the officer's decisions in writing."""
        self.insert(
            delegations,
            staff_id=staff_id,
            since=since,
            until=until,
            document=document,
            recorded_at=now,
            recorded_by=recorded_by,
        )

    def of_member(self, staff_id: int) -> Sequence[Delegation]:
        """Every delegation a member was given, the newest first."""
        column = delegations.c
        found = select(delegations).where(column.staff_id == staff_id).order_by(column.id.desc())
        return [Delegation(**row) for row in self.connection.execute(found).mappings()]

    def all(self) -> Sequence[Delegation]:
        """Every delegation ever recorded, in order."""
        found = select(delegations).order_by(delegations.c.id)
        return [Delegation(**row) for row in self.connection.execute(found).mappings()]

    def is_delegate(self, staff_id: int, today: date) -> bool:
        """Whether one of a member's delegations is in force on a day."""
        column = delegations.c
        in_force = select(column.id).where(
            column.staff_id == staff_id,
            column.ended_at.is_(None),
            column.since <= today,
            or_(column.until.is_(None), column.until >= today),
        )
        return self.connection.execute(in_force.limit(1)).first() is not None

    def last_until(self, staff_id: int, day: date) -> None:
        """Let a member's delegations in force hold no longer than a day: another follows."""
        column = delegations.c
        longer = or_(column.until.is_(None), column.until > day)
        still = (column.staff_id == staff_id) & column.ended_at.is_(None) & (column.since <= day) & longer
        self.connection.execute(update(delegations).where(still).values(until=day))

    def end(self, staff_id: int, *, by: int | None, now: datetime) -> int:
        """End a member's delegations; gives how many were still open."""
        column = delegations.c
        still = (column.staff_id == staff_id) & column.ended_at.is_(None)
        return self.connection.execute(update(delegations).where(still).values(ended_at=now, ended_by=by)).rowcount
