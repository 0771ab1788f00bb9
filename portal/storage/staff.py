"""Members of staff and their roles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import RowMapping, select, update

from portal.domain.languages import Language, language_or_default
from portal.domain.people import StaffMember
from portal.domain.rights import Role
from portal.storage.rows import Repository
from portal.storage.tables import staff


class Staff(Repository):
    """Rows of `staff` as StaffMember."""

    def by_id(self, staff_id: int) -> StaffMember | None:
        """The member of that id, or None."""
        row = self.connection.execute(select(staff).where(staff.c.id == staff_id)).mappings().first()
        return _member(row) if row else None

    def by_address(self, address: str) -> StaffMember | None:
        """The member of that canonical address, or None."""
        row = self.connection.execute(select(staff).where(staff.c.address == address)).mappings().first()
        return _member(row) if row else None

    def all(self) -> Sequence[StaffMember]:
        """Every member, in the order they came."""
        return [_member(row) for row in self.connection.execute(select(staff).order_by(staff.c.id)).mappings()]

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

    def disable(self, staff_id: int, now: datetime) -> None:
        """Shut the member out from now on."""
        self.connection.execute(update(staff).where(staff.c.id == staff_id).values(disabled_at=now))

    def speak(self, staff_id: int, language: Language) -> None:
        """Write the language the member chose."""
        self.connection.execute(update(staff).where(staff.c.id == staff_id).values(language=language))


def _member(row: RowMapping) -> StaffMember:
    return StaffMember(
        id=row["id"],
        address=row["address"],
        role=Role(row["role"]),
        language=language_or_default(row["language"]),
        created_at=row["created_at"],
        disabled_at=row["disabled_at"],
    )
