"""The officer's settings, row after row with their history, and numbers by name."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from portal.storage.rows import Repository
from portal.storage.tables import marks, settings

REVISION = "revision"
"""Counts publications and settings changes; pages kept ready are told apart by it (performance.md §2)."""

FROM_FILE = "file"
FROM_OFFICER = "officer"


class OfficerSettings(Repository):
    """Rows of `settings`: the newest of a key is in force."""

    def all(self) -> dict[str, Any]:
        """What is in force, by key."""
        newest = select(func.max(settings.c.id)).group_by(settings.c.key)
        found = select(settings.c.key, settings.c.value).where(settings.c.id.in_(newest))
        return {row.key: row.value for row in self.connection.execute(found)}

    def origins(self) -> dict[str, tuple[str, Any]]:
        """For each key in force, whether the file or the officer wrote it, and what."""
        newest = select(func.max(settings.c.id)).group_by(settings.c.key)
        found = select(settings.c.key, settings.c.origin, settings.c.value).where(settings.c.id.in_(newest))
        return {key: (origin, value) for key, origin, value in self.connection.execute(found)}

    def write(self, key: str, value: Any, *, origin: str, now: datetime, staff_id: int | None = None) -> None:
        """Add a row that is in force from now on."""
        self.insert(settings, key=key, value=value, origin=origin, at=now, staff_id=staff_id)


class Marks(Repository):
    """Rows of `marks`: a number and an instant by name."""

    def number(self, name: str) -> int:
        """The number of that name; 0 when it was never written."""
        return int(self.connection.execute(select(marks.c.number).where(marks.c.name == name)).scalar() or 0)

    def at(self, name: str) -> datetime | None:
        """When the name was last written."""
        return self.connection.execute(select(marks.c.at).where(marks.c.name == name)).scalar()

    def add(self, name: str, now: datetime) -> None:
        """Count one more under the name, at this instant."""
        if not self.insert_if_absent(marks, name=name, number=1, at=now):
            self.connection.execute(update(marks).where(marks.c.name == name).values(number=marks.c.number + 1, at=now))
