"""Members of staff and their roles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, func, select, union_all, update

from portal.domain.languages import Language, language_or_default
from portal.domain.people import StaffMember
from portal.domain.queues import NOBODY
from portal.domain.rights import OPEN, Role
from portal.storage.desk_tables import request_counts, request_sorts
from portal.storage.rows import Repository
from portal.storage.tables import staff


class Staff(Repository):
    """Rows of `staff` as StaffMember."""

    def by_id(self, staff_id: int) -> StaffMember | None:
        """The member of that id, or None."""
        row = self.connection.execute(select(staff).where(staff.c.id == staff_id)).mappings().first()
        return member_of(row) if row else None

    def by_address(self, address: str) -> StaffMember | None:
        """The member of that canonical address, or None."""
        row = self.connection.execute(select(staff).where(staff.c.address == address)).mappings().first()
        return member_of(row) if row else None

    def all(self) -> Sequence[StaffMember]:
        """Every member, in the order they came."""
        return [member_of(row) for row in self.connection.execute(select(staff).order_by(staff.c.id)).mappings()]

    def hold_officers(self) -> Sequence[StaffMember]:
        """The officers who may sign in, held until this unit of work ends: whoever else asks waits, then sees what became.

        Any two sets of officers share one, because the last is never let go: so all who hold them follow one another.
        """
        found = select(staff).where(staff.c.role == Role.OFFICER.value, staff.c.disabled_at.is_(None))
        held = self.connection.execute(found.order_by(staff.c.id).with_for_update())
        return [member_of(row) for row in held.mappings()]

    def open_requests(self) -> Mapping[int, int]:
        """How many open requests each member has in hand, by the member's id."""
        column, since = request_sorts.c, request_counts.c
        are_open = (column.assignee_id != NOBODY) & column.state.in_([state.value for state in OPEN])
        kept = select(column.assignee_id, column.number.label("number")).where(are_open)
        came = select(column.assignee_id, since.change.label("number")).join_from(request_sorts, request_counts)
        both = union_all(kept, came.where(are_open)).subquery()
        found = select(both.c.assignee_id, func.sum(both.c.number)).group_by(both.c.assignee_id)
        return {member: int(number) for member, number in self.connection.execute(found) if number}

    def add(self, address: str, role: Role, *, language: Language, now: datetime) -> StaffMember:
        """Record a new member, or give a known one this role and let them in again."""
        if not self.insert_if_absent(staff, address=address, role=role.value, language=language, created_at=now):
            self.connection.execute(
                update(staff).where(staff.c.address == address).values(role=role.value, disabled_at=None)
            )
        found = self.by_address(address)
        if found is None:
            raise LookupError
        return found

    def change_role(self, staff_id: int, role: Role) -> bool:
        """Give a member another role, which holds from their next page on; False when they had it."""
        return self._set(staff_id, staff.c.role != role.value, role=role.value)

    def disable(self, staff_id: int, now: datetime) -> bool:
        """Shut the member out from now on; False when they were."""
        return self._set(staff_id, staff.c.disabled_at.is_(None), disabled_at=now)

    def enable(self, staff_id: int) -> bool:
        """Let the member sign in again; False when they could."""
        return self._set(staff_id, staff.c.disabled_at.is_not(None), disabled_at=None)

    def signed_in(self, staff_id: int, now: datetime) -> None:
        """Write when the member came."""
        self._set(staff_id, last_sign_in_at=now)

    def speak(self, staff_id: int, language: Language) -> None:
        """Write the language the member chose."""
        self._set(staff_id, language=language)

    def want_summary(self, staff_id: int, *, wanted: bool) -> None:
        """Write whether the member wants a letter of their work each morning."""
        self._set(staff_id, wants_summary=wanted)

    def keep_calendar(self, staff_id: int, hashed: str | None) -> None:
        """Keep what the member's calendar address is known by; None stops it."""
        self._set(staff_id, calendar_hash=hashed)

    def by_calendar(self, hashed: str) -> StaffMember | None:
        """Whose calendar address it is, or None."""
        row = self.connection.execute(select(staff).where(staff.c.calendar_hash == hashed)).mappings().first()
        return member_of(row) if row else None

    def has_calendar(self, staff_id: int) -> bool:
        """Whether the member has a calendar address."""
        here = (staff.c.id == staff_id) & staff.c.calendar_hash.is_not(None)
        return self.connection.execute(select(staff.c.id).where(here)).first() is not None

    def summarise(self, staff_id: int, today: date) -> bool:
        """Note that the day's letter is promised to a member; False when it was."""
        last = staff.c.summary_on
        return self._set(staff_id, last.is_(None) | (last < today), summary_on=today)

    def _set(self, staff_id: int, *conditions: ColumnElement[bool], **values: object) -> bool:
        statement = update(staff).where(staff.c.id == staff_id, *conditions).values(**values)
        return self.connection.execute(statement).rowcount == 1


def member_of(row: RowMapping | Mapping[str, Any]) -> StaffMember:
    """A row of `staff` as a StaffMember."""
    return StaffMember(
        id=row["id"],
        address=row["address"],
        role=Role(row["role"]),
        language=language_or_default(row["language"]),
        created_at=row["created_at"],
        disabled_at=row["disabled_at"],
        last_sign_in_at=row["last_sign_in_at"],
        wants_summary=row["wants_summary"],
    )
