"""The officer's settings, row after row with their history, and numbers by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update

from portal.storage.rows import Repository
from portal.storage.tables import marks, settings

REVISION = "revision"
"""Counts publications and settings changes; pages kept ready are told apart by it (performance.md §2)."""

FROM_FILE = "file"
FROM_OFFICER = "officer"

_NUMBER = select(marks.c.number).where(marks.c.name == bindparam("name"))


@dataclass(frozen=True, slots=True)
class Setting:
    """One row: what a key said from `at` on, until the next row of that key. `staff_id`: the officer who wrote it."""

    id: int
    key: str
    value: dict[str, Any]
    origin: str
    at: datetime
    staff_id: int | None


class OfficerSettings(Repository):
    """Rows of `settings`: the newest of a key is in force."""

    def newest(self) -> dict[str, Setting]:
        """What is in force, by key, in the order the keys were first written."""
        newest = select(func.max(settings.c.id)).group_by(settings.c.key)
        first = select(settings.c.key, func.min(settings.c.id).label("first")).group_by(settings.c.key).subquery()
        found = select(settings).join(first, first.c.key == settings.c.key).where(settings.c.id.in_(newest))
        return {row.key: _setting(row) for row in self.connection.execute(found.order_by(first.c.first))}

    def present(self, key: str) -> Setting | None:
        """The row in force of a key, or None."""
        return next(iter(self.history(key, limit=1)), None)

    def history(self, key: str, *, limit: int) -> Sequence[Setting]:
        """The rows of a key, newest first."""
        found = select(settings).where(settings.c.key == key).order_by(settings.c.id.desc()).limit(limit)
        return [_setting(row) for row in self.connection.execute(found)]

    def before(self, key: str, moment: datetime) -> Setting | None:
        """The row of a key that was in force just before a moment; the first one when all came later."""
        of_key = select(settings).where(settings.c.key == key)
        earlier = of_key.where(settings.c.at < moment).order_by(settings.c.id.desc()).limit(1)
        row = self.connection.execute(earlier).first()
        if row is None:
            row = self.connection.execute(of_key.order_by(settings.c.id).limit(1)).first()
        return _setting(row) if row else None

    def after(self, id_: int, *, limit: int) -> Sequence[Setting]:
        """Rows of every key in the order they were written, one page at a time by id."""
        found = select(settings).where(settings.c.id > id_).order_by(settings.c.id).limit(limit)
        return [_setting(row) for row in self.connection.execute(found)]

    def one(self, id_: int) -> Setting | None:
        """One row, or None."""
        row = self.connection.execute(select(settings).where(settings.c.id == id_)).first()
        return _setting(row) if row else None

    def write(
        self, key: str, value: Mapping[str, Any], *, origin: str, now: datetime, staff_id: int | None = None
    ) -> None:
        """Add a row that is in force from now on."""
        self.insert(settings, key=key, value=dict(value), origin=origin, at=now, staff_id=staff_id)


def _setting(row: Row[Any]) -> Setting:
    return Setting(row.id, row.key, row.value, row.origin, row.at, row.staff_id)


class Marks(Repository):
    """Rows of `marks`: a number and an instant by name."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the connection's open transaction, which sees one state: a number is read once in it."""
        super().__init__(connection)
        self._read: dict[str, int] = {}

    def number(self, name: str) -> int:
        """The number of that name; 0 when it was never written."""
        if name not in self._read:
            self._read[name] = int(self.connection.execute(_NUMBER, {"name": name}).scalar() or 0)
        return self._read[name]

    def at(self, name: str) -> datetime | None:
        """When the name was last written."""
        return self.connection.execute(select(marks.c.at).where(marks.c.name == name)).scalar()

    def add(self, name: str, now: datetime) -> None:
        """Count one more under the name, at this instant."""
        self._read.pop(name, None)
        if not self.insert_if_absent(marks, name=name, number=1, at=now):
            self.connection.execute(update(marks).where(marks.c.name == name).values(number=marks.c.number + 1, at=now))
