"""The tables of a copy: which there are, under which names, on which days, and how their rows are read while it is taken."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import TypeVar

from portal.copies.contents import MOST_UNDATED, Chunk, CopyContents, Row, TableContents
from portal.domain.data_map import Category, Table, TableName
from portal.domain.days import Days
from portal.domain.withholding import AllLeftOut
from portal.services.identities import Identities
from portal.services.installation import Installation
from portal.services.own_records.tables import LOOKS
from portal.services.side_by_side import answers
from portal.services.withheld import ShownRows
from portal.sources.base import Dates, Key, SourceUnavailable

PAGE_ROWS = 100
MOST_CHARACTERS = 4_000_000
"""About how much of one table the readable page holds; a table of huge cells shows fewer rows."""

Answer = TypeVar("Answer")

DatesOf = Mapping[tuple[str, TableName, Key], Dates | None]
"""The dates of each table of each account that a source knows the person by; of a table mapped twice, by its category."""


def tables_of(
    portal: Installation,
    category: Category,
    identities: Identities,
    names: FileNames,
    days: Days | None,
    dates: DatesOf,
    left_out: AllLeftOut,
) -> Iterator[TableContents]:
    """The tables of a category that an answer does not leave out, once for each account that a source knows the person by."""
    for table in category.tables:
        out = left_out.table(category.id, table)
        accounts = identities.in_source(table.name.source) if out.whole is None else ()
        for one in accounts:
            found = dates.get((category.id, table.name, one.key))
            shown = ShownRows(portal.sources[table.name.source], table, out)
            reading = _Rows(shown, one.key, days if found else None)
            yield TableContents(
                shown.table,
                names.of(category, table),
                reading.chunks,
                reading.newest,
                undated=found.undated if found else None,
                under=one.address if len(accounts) > 1 else None,
            )


def dates_of(
    portal: Installation, categories: Iterable[Category], identities: Identities, left_out: AllLeftOut
) -> DatesOf:
    """The dates of each table and account a copy of some days may hold; sources are asked all at a time.

    Where an answer leaves out the dates of a table, no days can be chosen in it: what they choose would tell the dates.

    Raises SourceUnavailable.
    """
    tables = [
        (category, table)
        for category in categories
        for table in category.tables
        if identities.in_source(table.name.source) and _may_tell_dates(category, table, left_out)
    ]

    def ask(source: str) -> DatesOf:
        asked = portal.sources[source]
        return {
            (category.id, table.name, key): asked.dates(table, key, bound=MOST_UNDATED)
            for category, table in tables
            if table.name.source == source
            for key in identities.keys_in(source)
        }

    found = _all_answers({source: partial(ask, source) for source in {table.name.source for _, table in tables}})
    return {place: dates for each in found for place, dates in each.items()}


def _may_tell_dates(category: Category, table: Table, left_out: AllLeftOut) -> bool:
    """Whether an answer leaves out neither the table nor the column of its dates."""
    out = left_out.table(category.id, table)
    return not (left_out.category(category.id) or out.whole or table.order in out.fields)


def _all_answers(questions: Mapping[str, Callable[[], Answer]]) -> Sequence[Answer]:
    """What each source answered, all asked at a time. Raises SourceUnavailable where one does not, or is too slow."""
    found = answers(questions) if questions else {}
    if found.keys() != questions.keys():
        raise SourceUnavailable
    return list(found.values())


def own_table(table: Table, file: str, rows: Sequence[Row], days: Days | None) -> TableContents:
    """A table of the portal's own. A row without a date is on no day."""
    dated = days is not None and table.order is not None and table.column(table.order) is not None
    held = [days.hold(row[table.order]) if days and table.order and dated else True for row in rows]
    chosen = [row for row, on_them in zip(rows, held, strict=True) if on_them]
    names = [column.name for column in table.columns]
    cells = [tuple(row[name] for name in names) for row in chosen]
    return TableContents(
        table,
        file,
        lambda: [cells] if cells else [],
        lambda limit: (chosen[:limit], len(chosen) > limit),
        held.count(None) if dated else None,
    )


def looks_table(file: str, looks: Callable[[], Iterator[Row]], days: Days | None) -> TableContents:
    """Who looked, here and in the services: read a little at a time, since a service may have written down a great many.

    A look without a moment that can be read goes along whatever days are chosen.
    """
    names = [column.name for column in LOOKS.columns]

    def chosen() -> Iterator[Row]:
        return (row for row in looks() if days is None or days.hold(row[LOOKS.order or ""]) is not False)

    def chunks() -> Iterator[Chunk]:
        rows = chosen()
        while some := list(islice(rows, PAGE_ROWS)):
            yield [tuple(row[name] for name in names) for row in some]

    def newest(limit: int) -> tuple[Sequence[Row], bool]:
        found = list(islice(chosen(), limit + 1))
        return found[:limit], len(found) > limit

    return TableContents(LOOKS, file, chunks, newest, 0 if days else None)


def read_a_row_of_each(portal: Installation, contents: CopyContents) -> None:
    """Whether each table answers, asked before the first byte leaves (security.md F-11), all sources at a time.

    Who looked comes last: it stands among the portal's own tables, and services write it too. Raises SourceUnavailable.
    """
    by_source: dict[str, list[TableContents]] = {}
    for table in contents.tables():
        if table.table.name.source in portal.sources:
            by_source.setdefault(table.table.name.source, []).append(table)
    _all_answers({source: partial(_newest_of_each, tables) for source, tables in by_source.items()})
    _newest_of_each(one for one in contents.tables() if one.table is LOOKS)


def _newest_of_each(tables: Iterable[TableContents]) -> None:
    for table in tables:
        table.newest(1)


class _Rows:
    """One table of one source, read for one person."""

    def __init__(self, shown: ShownRows, person: Key, days: Days | None) -> None:
        self._shown = shown
        self._person = person
        self._days = days

    def chunks(self) -> Iterable[Chunk]:
        """All rows, in constant memory."""
        return self._shown.chunks(self._person, within=self._days)

    def newest(self, limit: int) -> tuple[Sequence[Row], bool]:
        """The newest rows, and whether there are more."""
        found: list[Row] = []
        after: Key | None = None
        while True:
            some = min(PAGE_ROWS, limit + 1)
            page = self._shown.page(self._person, after=after, limit=some, within=self._days)
            found += page.rows
            if len(found) > limit or page.next_after is None:
                return found[:limit], len(found) > limit
            if _characters(found) > MOST_CHARACTERS:
                return found, True
            after = page.next_after


def _characters(rows: Sequence[Row]) -> int:
    return sum(len(cell) for row in rows for cell in row.values() if isinstance(cell, str | bytes))


class FileNames:
    """Names of files in the archive: plain ASCII, safe on every system, never twice (security.md B-13)."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def of(self, category: Category, table: Table) -> str:
        """`csv/<category>-<table>.csv`."""
        parts = (category.id, table.name.schema or "", table.name.name)
        plain = "-".join(
            part for part in (re.sub(r"[^a-z0-9_]+", "-", part.lower()).strip("-") for part in parts) if part
        )
        stem, name, number = plain[:80] or "table", plain[:80] or "table", 1
        while name in self._given:
            number += 1
            name = f"{stem}-{number}"
        self._given.add(name)
        return f"csv/{name}.csv"
