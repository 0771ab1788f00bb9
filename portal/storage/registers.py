"""Registers of communications and incidents: revisions are added, never changed; the present one of each entry is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import RowMapping, Select, exc, insert, or_, select, update

from portal.domain.registers import About, Disclosure, DisclosureGround, Entry, Incident, Injury, Register
from portal.domain.rights import RightsRequest
from portal.storage.register_tables import register_entries, register_people
from portal.storage.request_rows import request_of
from portal.storage.request_tables import rights_requests
from portal.storage.rows import Repository

_READ = select(
    register_entries, register_people.c.address_hash, register_people.c.person_id, register_people.c.found_by
).outerjoin(register_people, register_people.c.row_id == register_entries.c.id)
_PRESENT = register_entries.c.is_present.is_(True)


class StaleEntry(Exception):
    """The entry was corrected since it was read; nothing was written."""


class Registers(Repository):
    """Rows of `register_entries` as Entry, and the requests as their register lists them."""

    def add(
        self, register: Register, said: Disclosure | Incident, about: About, *, staff_id: int, now: datetime
    ) -> int:
        """Write a new entry; gives its number."""
        row = self._write(register, 0, 1, said, about, staff_id, now)
        self.connection.execute(update(register_entries).where(register_entries.c.id == row).values(entry=row))
        return row

    def correct(
        self,
        register: Register,
        number: int,
        said: Disclosure | Incident,
        about: About,
        *,
        seen: int,
        staff_id: int,
        now: datetime,
    ) -> None:
        """Add the revision that follows the one seen; the earlier ones stay.

        Raises:
            StaleEntry: there is one already.
        """
        column = register_entries.c
        of_seen = (column.register == register.value) & (column.entry == number) & (column.revision == seen) & _PRESENT
        changed = self.connection.execute(update(register_entries).where(of_seen).values(is_present=False)).rowcount
        if changed != 1:
            raise StaleEntry
        try:
            self._write(register, number, seen + 1, said, about, staff_id, now)
        except exc.IntegrityError as error:
            raise StaleEntry from error

    def one(self, register: Register, number: int) -> Entry | None:
        """An entry as it stands, or None."""
        found = _of(register).where(_PRESENT, register_entries.c.entry == number)
        return next(iter(self._entries(found)), None)

    def revisions(self, register: Register, number: int) -> Sequence[Entry]:
        """Every revision of an entry, the first one first."""
        found = _of(register).where(register_entries.c.entry == number)
        return self._entries(found.order_by(register_entries.c.revision))

    def newest(self, register: Register, *, before: int | None = None, limit: int = 50) -> Sequence[Entry]:
        """Entries as they stand, newest first, one page at a time by number."""
        found = _of(register).where(_PRESENT)
        if before is not None:
            found = found.where(register_entries.c.entry < before)
        return self._entries(found.order_by(register_entries.c.entry.desc()).limit(limit))

    def about(self, hashes: Sequence[str], person_id: int | None, *, limit: int) -> Sequence[Entry]:
        """Communications about one person as they stand, newest first."""
        theirs = or_(register_people.c.address_hash.in_(hashes), register_people.c.person_id == person_id)
        found = _of(Register.DISCLOSURES).where(theirs, _PRESENT)
        return self._entries(found.order_by(register_entries.c.entry.desc()).limit(limit))

    def requests(self, *, before: int | None = None, limit: int = 50) -> Sequence[RightsRequest]:
        """Requests, the last received first, one page at a time by key; tests are none."""
        column = rights_requests.c
        found = select(rights_requests).where(column.is_test.is_(False))
        if before is not None:
            found = found.where(column.id < before)
        rows = self.connection.execute(found.order_by(column.id.desc()).limit(limit)).mappings()
        return [request_of(row) for row in rows]

    def _write(
        self,
        register: Register,
        number: int,
        revision: int,
        said: Disclosure | Incident,
        about: About,
        staff_id: int,
        now: datetime,
    ) -> int:
        row = self.insert(
            register_entries,
            register=register.value,
            entry=number,
            revision=revision,
            is_present=True,
            at=now,
            staff_id=staff_id,
            said=_kept(said),
        )
        if about.one_person:
            self.connection.execute(insert(register_people).values(row_id=row, **asdict(about)))
        return row

    def _entries(self, found: Select[Any]) -> list[Entry]:
        return [_entry(row) for row in self.connection.execute(found).mappings()]


def _of(register: Register) -> Select[Any]:
    return _READ.where(register_entries.c.register == register.value)


def _entry(row: RowMapping) -> Entry:
    return Entry(
        number=row["entry"],
        revision=row["revision"],
        at=row["at"],
        staff_id=row["staff_id"],
        said=_READERS[Register(row["register"])](row["said"]),
        about=About(row["address_hash"], row["person_id"], row["found_by"]),
    )


def _kept(said: Disclosure | Incident) -> dict[str, Any]:
    """Days as text, which JSON has no kind for."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(said).items()}


def _disclosure(said: Mapping[str, Any]) -> Disclosure:
    days = _days(said, "made_on", "hidden_until")
    kept = {"ground": DisclosureGround(said["ground"]), "categories": tuple(said["categories"])}
    return Disclosure(**{**said, **days, **kept})


def _incident(said: Mapping[str, Any]) -> Incident:
    days = _days(said, "aware_on", "began_on", "ended_on", "commission_told_on", "people_told_on")
    return Incident(**{**said, **days, "injury": Injury(said["injury"])})


def _days(said: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: date.fromisoformat(said[name]) if said[name] else None for name in names}


_READERS: Mapping[Register, Callable[[Mapping[str, Any]], Disclosure | Incident]] = {
    Register.DISCLOSURES: _disclosure,
    Register.INCIDENTS: _incident,
}
