"""A period made shorter: how many rows it will destroy, counted where they live before it counts (P-39.1, s. 23)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.domain.data_map import Table
from portal.domain.periods import Period, period
from portal.domain.settings import SettingKind, id_of, kind_of
from portal.services.installation import Installation
from portal.services.settings.effective import in_effect
from portal.services.settings.rows import Value
from portal.sources.base import SourceUnavailable
from portal.storage.store import Store

COUNTED_TO = 10_000
"""Rows are counted no further; beyond it "more than" is said."""


class Shortens(Exception):
    """A change makes a period shorter and nobody has confirmed it yet; nothing was written."""

    def __init__(self, shorter: Sequence[Shorter]) -> None:
        """Keep what would be destroyed."""
        super().__init__()
        self.shorter = shorter


@dataclass(frozen=True, slots=True)
class Shorter:
    """One table's period before and after. `rows`: how many it destroys, at most COUNTED_TO; None when nobody can tell now."""

    table: str
    present: Period
    coming: Period
    rows: int | None

    @property
    def more(self) -> bool:
        """Whether there are more rows than were counted."""
        return self.rows is not None and self.rows >= COUNTED_TO


def refuse_unconfirmed(
    portal: Installation, store: Store, key: str, value: Value, *, confirmed: str, now: datetime
) -> None:
    """Let a change pass that shortens nothing, or shortens exactly what was confirmed.

    Raises:
        Shortens: it shortens something else, or cannot be counted.
    """
    shorter = list(_shorter(portal, store, key, value, now)) if kind_of(key) is SettingKind.CATEGORY else []
    if shorter and (confirmed != named(shorter) or any(one.rows is None for one in shorter)):
        raise Shortens(shorter)


def named(shorter: Sequence[Shorter]) -> str:
    """What a confirmation confirms: these tables and these periods, and no others."""
    return " ".join(f"{one.table}={one.coming.iso()}" for one in shorter)


def _shorter(portal: Installation, store: Store, key: str, value: Value, now: datetime) -> Iterator[Shorter]:
    category = in_effect(portal, store).data_map.category(id_of(key))
    for table in category.tables if category else ():
        written = value.get("keep", {}).get(str(table.name))
        if table.retention is None or written is None:
            continue
        present, coming = table.retention.keep, period(written)
        if coming.before(now) > present.before(now):
            yield Shorter(str(table.name), present, coming, _rows(portal, table, coming, now))


def _rows(portal: Installation, table: Table, coming: Period, now: datetime) -> int | None:
    source = portal.sources.get(table.name.source)
    try:
        return source.count_outlived(table, before=coming.before(now), bound=COUNTED_TO, now=now) if source else None
    except SourceUnavailable:
        return None
