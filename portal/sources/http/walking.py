"""Walks all rows of one person page by page, as a copy needs them, and notices a service that leads it in circles."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from portal.domain.data_map import Column, People, PersonLink, Table
from portal.domain.languages import Text
from portal.sources.base import Chunk, Key, Page, SourceUnavailable
from portal.wording.catalogue import N_

FIRST_PAGE, LARGEST_PAGE = 8, 500
PAGE_BYTES = 1024 * 1024
"""About how much of a copy is held at once: large cells are read by fewer rows."""


def every_chunk(table: Table, read: Callable[[Key | None, int], Page], source: str) -> Iterator[Chunk]:
    """Every row as the tuple of its mapped columns; pages grow while their rows are small.

    Raises:
        SourceUnavailable: the service does not answer, or gives a place it gave before.
    """
    names = [column.name for column in table.columns]
    seen: set[Key] = set()
    after: Key | None = None
    limit = FIRST_PAGE
    while True:
        page = read(after, limit)
        if page.rows:
            yield [tuple(row[name] for name in names) for row in page.rows]
        after = page.next_after
        if after is None:
            return
        if after in seen:
            raise SourceUnavailable(N_("The source %(source)s leads in circles."), source=source)
        seen.add(after)
        limit = max(1, min(LARGEST_PAGE, limit * 4, PAGE_BYTES // _typical_bytes(page)))


def everybody(people: People) -> Table:
    """The people as a table like any other: what a letter to each of them needs, and nothing more."""
    names = (*people.match_email, *([people.language] if people.language else []))
    columns = tuple(Column(name, Text(fr="", en="")) for name in dict.fromkeys(names))
    return Table(people.table, PersonLink(()), people.key, None, columns, erase="keep")


def _typical_bytes(page: Page) -> int:
    size = sum(len(cell) if isinstance(cell, str | bytes) else 8 for row in page.rows for cell in row.values())
    return max(1, size // len(page.rows))
