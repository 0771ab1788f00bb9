"""Changing a setting: a new row each time, never over what a colleague wrote meanwhile, and never without who and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from portal.config.problems import Problem
from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.people import StaffMember
from portal.domain.settings import SettingKind, kind_of
from portal.services.installation import Installation
from portal.services.settings.checking import wrong_with
from portal.services.settings.effective import look_anew
from portal.services.settings.periods import refuse_unconfirmed
from portal.services.settings.rows import Value, of_file
from portal.storage.settings import FROM_FILE, FROM_OFFICER, REVISION, Setting
from portal.storage.store import Store

SHOWN = 50
"""Rows of a history shown; older ones stay in the database."""


class SettingUnfit(Exception):
    """What would be written is wrong, or agrees no longer with the rest; nothing was written."""

    def __init__(self, problems: Sequence[Problem], beside: Sequence[Problem] = ()) -> None:
        """Keep what is wrong with the setting, and with what is written beside it."""
        super().__init__()
        self.problems, self.beside = problems, beside


class SettingConflict(Exception):
    """Somebody else changed the setting since the page was made; nothing was written."""


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a history: who wrote what, when, and what it said before. `by` is None for the operator's file."""

    row: int
    at: datetime
    by: str | None
    value: Value
    before: Value
    is_file: bool
    in_force: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a setting stands: what it says, since when and by whom, and whether the file says otherwise.

    `version` is what a form gives back, so that a change made meanwhile is seen.
    """

    key: str
    value: Value
    version: int
    at: datetime | None
    by: str | None
    of_officer: bool
    of_file: Value

    @property
    def differs(self) -> bool:
        """Whether the file says something else than what is in force."""
        return self.value != self.of_file


def standing(portal: Installation, store: Store, key: str) -> Standing:
    """Where one setting stands; without a row yet, what the file says of it."""
    return _standing(key, store.settings.present(key), of_file(portal).get(key, {}), _names(store))


def standings(portal: Installation, store: Store) -> dict[str, Standing]:
    """Where every setting that the operator's file may also say stands, by key; what it never says is left out."""
    rows, file, names = store.settings.newest(), of_file(portal), _names(store)
    keys = list(dict.fromkeys([*file, *(key for key, row in rows.items() if row.origin == FROM_OFFICER)]))
    return {
        key: _standing(key, rows.get(key), file.get(key, {}), names)
        for key in keys
        if kind_of(key) not in {None, SettingKind.LETTER, SettingKind.FIGURES}
    }


def differing(portal: Installation, store: Store) -> list[Standing]:
    """The settings that an officer wrote and that the operator's file says otherwise."""
    return [one for one in standings(portal, store).values() if one.of_officer and one.differs]


def history(store: Store, key: str) -> Sequence[Change]:
    """What a setting said, newest first."""
    names = _names(store)
    rows = store.settings.history(key, limit=SHOWN + 1)
    before = [*(row.value for row in rows[1:]), {}]
    return [
        Change(
            row=row.id,
            at=row.at,
            by=names.get(row.staff_id or 0),
            value=row.value,
            before=earlier,
            is_file=row.origin == FROM_FILE,
            in_force=not index,
        )
        for index, (row, earlier) in enumerate(zip(rows, before, strict=True))
    ][:SHOWN]


def change(
    portal: Installation,
    store: Store,
    member: StaffMember,
    key: str,
    value: Value,
    *,
    seen: int,
    confirmed: str = "",
    beside: Mapping[str, Value] | None = None,
    now: datetime,
) -> bool:
    """Write what the officer says from now on; False when it says so already.

    `beside`: settings that this one names, by key, written in the same act: both are kept or neither is.

    Raises:
        SettingUnfit: it has problems.
        Shortens: a period gets shorter, and `confirmed` does not name it.
        SettingConflict: it changed since `seen`.
    """
    new = {one: Setting(0, one, said, FROM_OFFICER, now, None) for one, said in (beside or {}).items()}
    return _say(portal, store, member, Setting(0, key, value, FROM_OFFICER, now, None), seen, confirmed, new)


def unfit(
    portal: Installation, store: Store, key: str, value: Value, beside: Mapping[str, Value] | None = None
) -> SettingUnfit:
    """All that is wrong with a setting and with what would be written beside it, to be raised or shown."""
    new = beside or {}
    return SettingUnfit(
        wrong_with(portal, store, key, value, beside=new),
        [problem for one, said in new.items() for problem in wrong_with(portal, store, one, said)],
    )


def undo(
    portal: Installation,
    store: Store,
    member: StaffMember,
    key: str,
    row: int | None,
    *,
    seen: int,
    confirmed: str = "",
    now: datetime,
) -> bool:
    """Say again what an older row said; None gives the setting back to the file, now and whenever the file changes.

    Raises:
        LookupError: there is no such setting, or it has no such row.
        SettingUnfit: what it said agrees no longer with the rest.
        Shortens: a period gets shorter, and `confirmed` does not name it.
        SettingConflict: it changed since `seen`.
    """
    older = replace(_older(portal, store, key, row, now), at=now)
    return _say(portal, store, member, older, seen, confirmed, {})


def _say(
    portal: Installation,
    store: Store,
    member: StaffMember,
    row: Setting,
    seen: int,
    confirmed: str,
    beside: Mapping[str, Setting],
) -> bool:
    found = unfit(portal, store, row.key, row.value, {key: one.value for key, one in beside.items()})
    if found.problems or found.beside:
        raise found
    if _version(store, row.key) != seen:
        raise SettingConflict
    refuse_unconfirmed(portal, store, row.key, row.value, confirmed=confirmed, now=row.at)
    for key, one in beside.items():
        _write(store, member, one, _version(store, key))
    changed = _write(store, member, row, seen)
    if changed and kind_of(row.key) is SettingKind.REMINDERS:
        look_anew(portal, store, row.at)
    return changed


def _version(store: Store, key: str) -> int:
    present = store.settings.present(key)
    return present.id if present else 0


def _older(portal: Installation, store: Store, key: str, row: int | None, now: datetime) -> Setting:
    if row is None:
        said = of_file(portal).get(key)
        if said is None and store.settings.present(key) is None:
            raise LookupError(key)
        return Setting(0, key, said or {}, FROM_FILE, now, None)
    found = store.settings.one(row)
    if found is None or found.key != key:
        raise LookupError(key)
    return found


def _write(store: Store, member: StaffMember, row: Setting, seen: int) -> bool:
    """Add a row. The counter is written first: it makes two officers come one after the other, on every database."""
    store.marks.add(REVISION, row.at)
    if _version(store, row.key) != seen:
        raise SettingConflict
    present = store.settings.present(row.key)
    if present and (present.value, present.origin) == (row.value, row.origin):
        return False
    store.settings.write(row.key, row.value, origin=row.origin, now=row.at, staff_id=member.id)
    store.audit.record(
        AuditLine(
            row.at, AuditEvent.SETTING_CHANGED, Actor.STAFF, member.id, staff_id=member.id, detail=kind_of(row.key)
        )
    )
    return True


def _standing(key: str, row: Setting | None, of_file: Value, names: dict[int, str]) -> Standing:
    if row is None or (row.origin == FROM_FILE and row.value != of_file):
        return Standing(key, of_file, row.id if row else 0, None, None, False, of_file)
    by = names.get(row.staff_id or 0)
    return Standing(key, row.value, row.id, row.at, by, row.origin == FROM_OFFICER, of_file)


def _names(store: Store) -> dict[int, str]:
    return {member.id: member.address for member in store.staff.all()}
