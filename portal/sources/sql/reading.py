"""Reads one person's rows: a page that can be resumed anywhere, or all of them in constant memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row
from sqlalchemy.sql.elements import ColumnElement

from portal.domain.data_map import Scalar, Table
from portal.sources import base
from portal.sources.base import Batch, Chunk, Key, Page, Value
from portal.sources.sql.conditions import Condition, Order, following, from_the_start, onwards, sorted_by
from portal.sources.sql.drivers import fetch, fetch_tuples
from portal.sources.sql.inside import document, field_reader
from portal.sources.sql.shapes import Kind, SqlTable
from portal.sources.sql.values import Reader, reader, scalar, values_of

Fetched = tuple[Any, ...]
"""One row as the driver gives it."""

FIRST_PAGE = 8
LARGEST_PAGE = 2_000
PAGE_BYTES = 1024 * 1024
"""About how much of a copy is held at once: a table of large cells is read by fewer rows."""

SAMPLE = 32


@dataclass(frozen=True, slots=True)
class Selection:
    """The columns of one table in a statement, and how a fetched tuple becomes a row of the protocol."""

    order: Order
    names: tuple[str, ...]
    columns: tuple[ColumnElement[Any], ...]
    cells: tuple[int, ...]
    readers: tuple[tuple[int, Reader], ...]
    places: tuple[int, ...]
    mapped: tuple[int, ...]
    ties: tuple[ColumnElement[Any], ...] = ()
    """By what rows of one place are sorted, where nothing says that there is one: else a database gives them in any order."""

    @classmethod
    def of(cls, mine: SqlTable, table: Table, order: Order) -> Selection:
        """Everything the map names; what is only said to be held is asked as a yes or no and never fetched.

        A document of which several fields are named is fetched once.
        """
        names = tuple(dict.fromkeys((*table.key, *(column.name for column in table.columns))))
        readers = ((index, _reader(mine, table, name)) for index, name in enumerate(names))
        columns: list[ColumnElement[Any]] = []
        fetched: dict[str, int] = {}
        for name in names:
            if _once(table, name) not in fetched:
                fetched[_once(table, name)] = len(columns)
                columns.append(_selected(mine, table, name))
        places = []
        for ordered in order:
            readable = ordered.shape.name in names and not _is_held(table, ordered.shape.name)
            places.append(fetched[_once(table, ordered.shape.name)] if readable else len(columns))
            columns += [] if readable else [ordered.clause]
        cells = tuple(fetched[_once(table, name)] for name in names)
        used = tuple((index, read) for index, read in readers if read is not None)
        mapped = tuple(names.index(column.name) for column in table.columns)
        ties = () if mine.tells_apart(ordered.shape.name for ordered in order) else tuple(_ties(mine, table, names))
        return cls(order, names, tuple(columns), cells, used, tuple(places), mapped, ties)

    def statement(self, condition: Condition) -> sa.Select[Any]:
        """The columns of the rows, and those of their order that are not among them."""
        return sa.select(*self.columns).where(condition)

    def rows(self, fetched: Sequence[Fetched]) -> list[base.Row]:
        """The tuples as rows of the protocol."""
        columns = self._columns(fetched, range(len(self.names)))
        return [dict(zip(self.names, cells, strict=True)) for cells in zip(*columns, strict=True)]

    def chunk(self, fetched: Sequence[Fetched]) -> Chunk:
        """The tuples as those of the protocol."""
        return list(zip(*self._columns(fetched, self.mapped), strict=True))

    def _columns(self, fetched: Sequence[Fetched], wanted: Iterable[int]) -> list[Iterable[Value]]:
        """Values are made column by column, which takes half the time of row by row."""
        readers = dict(self.readers)
        return [values_of(list(map(itemgetter(self.cells[index]), fetched)), readers.get(index)) for index in wanted]

    def place(self, cells: Fetched) -> Key:
        """Where a tuple stands in the order."""
        return tuple(scalar(cells[index]) for index in self.places)


def _is_held(table: Table, name: str) -> bool:
    column = table.column(name)
    return column is not None and column.show != "plain" and name not in table.key


def _field(table: Table, name: str) -> tuple[str, ...]:
    """The JSON column and the way to the field in it; empty for what is a column itself."""
    column = table.column(name)
    return column.inside if column else ()


def _real(table: Table, name: str) -> str:
    """The column itself, of a field too."""
    inside = _field(table, name)
    return inside[0] if inside else name


def _once(table: Table, name: str) -> str:
    """What tells apart the cells that are fetched. No name of a column holds NUL."""
    inside = _field(table, name)
    return f"{inside[0]}\x00" if inside else name


def _selected(mine: SqlTable, table: Table, name: str) -> ColumnElement[Any]:
    inside = _field(table, name)
    if inside:
        return document(mine, inside[0])
    column = mine.column(name)
    return sa.case((column.is_not(None), 1)) if _is_held(table, name) else column


def _ties(mine: SqlTable, table: Table, names: Iterable[str]) -> Iterator[ColumnElement[Any]]:
    """Every column that is read, as bytes where the database would hold two values for one, or has no order for them."""
    for name in dict.fromkeys(_real(table, name) for name in names):
        kind = mine.shape(name).kind
        if _is_held(table, name) or kind not in (Kind.TEXT, Kind.OTHER):
            yield _selected(mine, table, name)
        elif mine.dialect == "mariadb":
            yield sa.cast(mine.column(name), sa.BINARY())
        else:
            yield sa.cast(mine.column(name), sa.Text()) if kind is Kind.OTHER else mine.column(name)


def _reader(mine: SqlTable, table: Table, name: str) -> Reader | None:
    inside = _field(table, name)
    if inside:
        return _held_field(inside[1:]) if _is_held(table, name) else field_reader(inside[1:])
    shape = mine.shape(name)
    if name in table.key:
        return None if shape.kind is Kind.INTEGER else scalar
    return _something if _is_held(table, name) else reader(shape)


def _something(raw: object) -> bool | None:
    return True if raw else None


def _held_field(path: tuple[str, ...]) -> Reader:
    """Whether the field holds anything. The document comes with its other fields, so this one is dropped here."""
    read = field_reader(path)
    return lambda raw: None if read(raw) is None else True


def read_page(connection: Connection, selection: Selection, mine: Condition, after: Key | None, limit: int) -> Page:
    """At most `limit` rows after a place.

    `next_after` is the last row's place in the order and how many rows stand at that very place so far: where the mapped key is
    not unique after all, none is lost or shown twice.

    Raises:
        ValueError: `after` is no place in this table.
    """
    shown, next_after = _stretch(connection, selection, mine, after, limit)
    return Page(tuple(selection.rows(shown)), next_after)


def read_chunk(
    connection: Connection, selection: Selection, mine: Condition, after: Key | None, limit: int
) -> tuple[Chunk, Key | None]:
    """The same as `read_page`, in tuples."""
    shown, next_after = _stretch(connection, selection, mine, after, limit)
    return selection.chunk(shown), next_after


def _stretch(
    connection: Connection, selection: Selection, mine: Condition, after: Key | None, limit: int
) -> tuple[Sequence[Fetched], Key | None]:
    place, given = _resumed(selection.order, after)
    fetched: list[Fetched] = []
    for condition, offset in _segments(selection.order, place, given):
        wanted = selection.statement(sa.and_(mine, condition)).order_by(*sorted_by(selection.order), *selection.ties)
        fetched += fetch_tuples(connection, wanted.limit(limit + 1 - len(fetched)).offset(offset or None))
        if len(fetched) > limit:
            break
    shown = fetched[:limit]
    there_is_more = len(fetched) > limit and shown
    return shown, _next_after(selection, shown, place, given) if there_is_more else None


def _resumed(order: Order, after: Key | None) -> tuple[Key | None, int]:
    if after is None:
        return None, 0
    *place, given = after
    if len(place) != len(order) or type(given) is not int or given < 0:
        raise ValueError(after)
    return tuple(place), given


def _segments(order: Order, place: Key | None, given: int) -> Iterator[tuple[Condition, int]]:
    if place is None:
        yield from ((condition, 0) for condition in from_the_start(order))
        return
    for number, condition in enumerate(onwards(order, place)):
        yield condition, 0 if number else given


def _next_after(selection: Selection, shown: Sequence[Fetched], place: Key | None, given: int) -> tuple[Scalar, ...]:
    last = selection.place(shown[-1])
    here = 0
    for cells in reversed(shown):
        if selection.place(cells) != last:
            break
        here += 1
    return (*last, here + (given if last == place else 0))


def read_all(read: Callable[[Key | None, int], tuple[Chunk, Key | None]]) -> Iterator[Chunk]:
    """Every row, chunk after chunk; they grow while their rows are small."""
    after: Key | None = None
    limit = FIRST_PAGE
    while True:
        chunk, after = read(after, limit)
        if chunk:
            yield chunk
        if after is None:
            return
        limit = max(1, min(LARGEST_PAGE, limit * 4, PAGE_BYTES // _typical_bytes(chunk)))


def _typical_bytes(rows: Chunk) -> int:
    sample = rows[:: max(1, len(rows) // SAMPLE)]
    cells = (cell for row in sample for cell in row)
    size = sum(len(cell) if isinstance(cell, str | bytes) else 8 for cell in cells)
    return max(1, size // len(sample))


def next_key_range(
    connection: Connection, order: Order, wanted: Condition, after: Key | None, limit: int
) -> Batch | None:
    """The first and last key of the next rows, and how many they are; None when there are none."""
    if len(order) == 1 and order[0].shape.kind is Kind.INTEGER and not order[0].shape.nullable:
        return _integer_range(connection, order, wanted, after, limit)
    found: list[Row[Any]] = []
    for keys in _keys(order, wanted, after):
        found += fetch(connection, keys.limit(limit - len(found)))
        if len(found) >= limit:
            break
    if not found:
        return None
    return Batch(tuple(map(scalar, found[0])), tuple(map(scalar, found[-1])), len(found))


def _integer_range(
    connection: Connection, order: Order, wanted: Condition, after: Key | None, limit: int
) -> Batch | None:
    """The usual key needs no list of keys: the database counts."""
    (keys,) = _keys(order, wanted, after)
    some = keys.limit(limit).subquery("some")
    (key,) = some.columns
    first, last, count = connection.execute(sa.select(sa.func.min(key), sa.func.max(key), sa.func.count())).one()
    return Batch((first,), (last,), count) if count else None


def _keys(order: Order, wanted: Condition, after: Key | None) -> Iterator[sa.Select[Any]]:
    for condition in from_the_start(order) if after is None else following(order, after):
        keys = sa.select(*(ordered.clause for ordered in order)).where(wanted, condition)
        yield keys.order_by(*sorted_by(order))
