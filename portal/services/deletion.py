"""Asking for deletion: what would be erased and what must be kept is told before anything is asked (law.md §7)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.domain.data_map import Category, DataMap, Table
from portal.domain.languages import Language
from portal.domain.people import Person
from portal.domain.rights import Kind, Level, RightsRequest
from portal.services import rights
from portal.services.identities import Identities
from portal.services.installation import Installation
from portal.services.rights import Asked
from portal.sources.base import Kept, Key, Source, SourceUnavailable
from portal.storage.store import Store

MOST_COUNTED = 1_000_000


@dataclass(frozen=True, slots=True)
class TablePreview:
    """What erasing would do to one table: rows erased or changed, rows a law keeps. None: the source is away."""

    category: Category
    table: Table
    erasable: int | None
    kept: Kept | None


@dataclass(frozen=True, slots=True)
class DeletionPreview:
    """The same figures for the person and for staff. `by_staff`: categories that no table holds."""

    tables: tuple[TablePreview, ...]
    by_staff: tuple[Category, ...]
    identities: Identities

    @property
    def found(self) -> bool:
        """Whether any source knows the person."""
        return bool(self.identities.known)

    @property
    def complete(self) -> bool:
        """Whether every source could be asked about one person."""
        return not self.identities.away and not self.identities.shared


def preview(portal: Installation, data_map: DataMap, identities: Identities, *, now: datetime) -> DeletionPreview:
    """Count, over every account of somebody, what erasing would do. A source that does not answer is not asked again."""
    return DeletionPreview(
        tables=tuple(_previews(portal, data_map, identities, now)),
        by_staff=tuple(category for category in data_map.categories if not category.tables),
        identities=identities,
    )


def open_deletion(store: Store, person: Person) -> RightsRequest | None:
    """The request, still open, by which the person asks for their own deletion, or None."""
    found = store.requests.open_of_person(person.id)
    return next((one for one in found if one.kind is Kind.DELETION and one.behalf is None), None)


def ask(
    portal: Installation,
    store: Store,
    person: Person,
    *,
    language: Language,
    level: Level,
    form_id: str,
    other_regimes: tuple[str, ...] = (),
    now: datetime,
) -> RightsRequest:
    """Open the request; nothing is erased before the officer has decided. One that is open already is given back."""
    already = open_deletion(store, person)
    if already:
        return already
    asked = Asked(Kind.DELETION, language, level, other_regimes=other_regimes)
    return rights.open_request(portal, store, person, asked, form_id=form_id, now=now)


def _previews(portal: Installation, data_map: DataMap, identities: Identities, now: datetime) -> Iterator[TablePreview]:
    silent = set(identities.away)
    for category, table in data_map.tables():
        source_id = table.name.source
        keys = identities.keys_in(source_id)
        if source_id in silent:
            yield TablePreview(category, table, None, None)
        elif keys:
            source = portal.sources[source_id]
            try:
                kept = _together([_kept(source, table, key, now) for key in keys])
                erasable = sum(source.count_erasable(table, key, now=now) for key in keys)
                yield TablePreview(category, table, erasable, kept)
            except SourceUnavailable:
                silent.add(source_id)
                yield TablePreview(category, table, None, None)


def _together(each: Sequence[Kept]) -> Kept:
    """What stays of several accounts, until the last of it may go."""
    untils = [one.until for one in each if one.until]
    return Kept(sum(one.count for one in each), max(untils, default=None))


def _kept(source: Source, table: Table, key: Key, now: datetime) -> Kept:
    """The rows that stay: those a hold keeps, or all of them where the map says that erasing leaves the table alone."""
    if table.erase == "keep":
        return Kept(source.count(table, key, bound=MOST_COUNTED), None)
    return source.count_held(table, key, now=now)
