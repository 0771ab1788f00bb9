"""Changes a source: one cell that has not changed meanwhile, or a batch of rows that are to be erased."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.sql.elements import ColumnElement

from portal.domain.data_map import Column, Table
from portal.sources.base import Batch, Corrected, Key, SourceRefused, Value
from portal.sources.sql.conditions import Condition, at, between, key_order
from portal.sources.sql.drivers import fetch
from portal.sources.sql.erasing import Eraser, constant, same_everywhere
from portal.sources.sql.inside import changed_field, document, erased_fields
from portal.sources.sql.shapes import Kind, SqlTable
from portal.sources.sql.values import Undecodable, bound, fitting, literal, natural, reader, same_value, scalar

COMPARED_EXACTLY = (Kind.TEXT, Kind.INTEGER, Kind.NUMBER, Kind.BOOLEAN, Kind.INSTANT, Kind.DATE)
"""Kinds that a database holds equal to what it gave; the others rely on the row's lock alone."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of one table, within an open transaction that writes."""

    connection: Connection
    mine: SqlTable
    table: Table
    wanted: Condition

    def change(self) -> sa.Update:
        """An UPDATE of these rows."""
        return sa.update(self.mine.clause).where(self.wanted)


def changed_cell(rows: Rows, name: str, present: object, new: object) -> bool:
    """Write one cell of one row if it still holds `present`; says whether it did."""
    change = rows.change().where(_still_holds(rows.mine, name, present))
    return bool(rows.connection.execute(change.values({rows.mine.column(name): literal(new)})).rowcount)


def _still_holds(mine: SqlTable, name: str, present: object) -> Condition:
    column, shape = mine.column(name), mine.shape(name)
    if present is None:
        return column.is_(None)
    if shape.kind not in COMPARED_EXACTLY or shape.padded:
        return sa.true()
    if shape.kind is Kind.TEXT:
        return _exactly(column, present, mine.dialect)
    return column == literal(present)


def _exactly(column: ColumnElement[Any], present: object, dialect: str) -> Condition:
    """Equal character by character, whatever the column's collation holds for equal."""
    if dialect == "mariadb":
        from sqlalchemy.dialects import mysql  # late: seven drivers' worth of modules, for MariaDB alone

        text = sa.cast(column, mysql.CHAR(charset="utf8mb4"))
        return sa.cast(text, sa.BINARY()) == sa.cast(literal(present), sa.BINARY())
    if dialect == "postgresql":
        return sa.collate(sa.cast(column, sa.Text()), "C") == literal(present)
    return sa.collate(column, "BINARY") == literal(present)


def correct_cell(rows: Rows, column: Column, *, before: Value, value: Value) -> Corrected:
    """Write a value in the one row where `before` still stands: in the column, or in its field of a document.

    Raises:
        SourceRefused: the value does not fit, or the table is a view.
        LookupError: the row is gone or another's.
    """
    if rows.mine.view:
        raise SourceRefused("forbidden")
    name, inside = column.real_name, bool(column.inside)
    read = document(rows.mine, name) if inside else rows.mine.column(name)
    shape = rows.mine.shape(name)
    found = fetch(rows.connection, sa.select(read).where(rows.wanted).limit(1).with_for_update())
    if not found:
        raise LookupError(column.name)
    if inside:
        return _correct_field(rows, column, found[0][0], before, value)
    present = (reader(shape) or natural)(found[0][0])
    if not same_value(present, before, shape):
        return Corrected(done=False, present=present)
    new = fitting(value, shape)
    done = changed_cell(rows, name, found[0][0], bound(new, shape, rows.mine.dialect))
    return Corrected(done=done, present=new if done else present)


def _correct_field(rows: Rows, column: Column, raw: object, before: Value, value: Value) -> Corrected:
    change = changed_field(raw, column.inside[1:], before=before, value=value)
    if change.document is None:
        return Corrected(done=False, present=change.present)
    done = changed_cell(rows, column.real_name, raw, _fitting_document(change.document, rows.mine, column.real_name))
    return Corrected(done=done, present=change.present)


def _fitting_document(document: object, mine: SqlTable, name: str) -> object:
    """A document that its column has room for: SQLite would take any, and another would say it in its own way."""
    length = mine.shape(name).length
    if isinstance(document, str) and length is not None and len(document) > length:
        raise SourceRefused("too_long")
    return document


def erase_rows(rows: Rows, batch: Batch, eraser: Eraser) -> int:
    """Delete those of the rows that are in the batch, or apply each column's method; returns how many changed.

    Raises:
        SourceRefused: a method does not fit its column, the table is a view, or rows of two people would be deleted.
    """
    if rows.mine.view or (rows.table.shared and rows.table.erase == "delete"):
        raise SourceRefused("forbidden")
    in_batch = between(key_order(rows.mine, rows.table), batch.first, batch.last)
    rows = replace(rows, wanted=sa.and_(rows.wanted, in_batch))
    if rows.table.erase == "delete":
        return rows.connection.execute(sa.delete(rows.mine.clause).where(rows.wanted)).rowcount
    columns = [column for column in rows.table.columns if column.erase is not None]
    if same_everywhere(columns):
        return _erase_alike(rows, columns, eraser)
    return _erase_one_by_one(rows, _cells(columns), eraser)


def _erase_alike(rows: Rows, columns: Sequence[Column], eraser: Eraser) -> int:
    values = {
        rows.mine.column(column.name): constant(column.erase, rows.mine.shape(column.name), eraser.dialect)
        for column in columns
        if column.erase is not None
    }
    unlike = (
        cell.is_not(None) if value is None else cell.is_distinct_from(literal(value)) for cell, value in values.items()
    )
    change = rows.change().where(sa.or_(*unlike))
    return rows.connection.execute(change.values({cell: literal(value) for cell, value in values.items()})).rowcount


@dataclass(frozen=True, slots=True)
class Cell:
    """One real column whose cells are erased row by row: by its own method, or by those of fields inside it."""

    name: str
    columns: tuple[Column, ...]

    @property
    def is_document(self) -> bool:
        """Whether fields of it are erased."""
        return bool(self.columns[0].inside)

    def read(self, mine: SqlTable) -> ColumnElement[Any]:
        """The column in a statement."""
        return document(mine, self.name) if self.is_document else mine.column(self.name)

    def replacement(self, mine: SqlTable, eraser: Eraser, raw: object, row: Key) -> object:
        """What to put in place of its cell. Raises SourceRefused when a method does not fit."""
        if self.is_document:
            return _fitting_document(erased_fields(eraser, self.columns, raw, row), mine, self.name)
        return eraser.replacement(self.columns[0], mine.shape(self.name), raw, row)

    def differs(self, mine: SqlTable, present: object, new: object) -> bool:
        """Whether writing it changes anything."""
        shape = mine.shape(self.name)
        if present is None or new is None or shape.kind is Kind.TEXT or self.is_document:
            return present != new
        return not same_value(natural(present), natural(new), shape)


def _cells(columns: Sequence[Column]) -> list[Cell]:
    by_name: dict[str, list[Column]] = {}
    for column in columns:
        by_name.setdefault(column.real_name, []).append(column)
    return [Cell(name, tuple(found)) for name, found in by_name.items()]


def _erase_one_by_one(rows: Rows, cells: Sequence[Cell], eraser: Eraser) -> int:
    mine = rows.mine
    keys = [mine.column(name) for name in rows.table.key]
    read = sa.select(*keys, *(cell.read(mine) for cell in cells)).where(rows.wanted)
    changes = []
    for fetched in fetch(rows.connection, read.with_for_update()):
        key, present = fetched[: len(keys)], fetched[len(keys) :]
        row = tuple(map(scalar, key))
        new = [cell.replacement(mine, eraser, raw, row) for cell, raw in zip(cells, present, strict=True)]
        if any(cell.differs(mine, *pair) for cell, *pair in zip(cells, present, new, strict=True)):
            changes.append((key, new))
    _write(rows, cells, changes)
    return len(changes)


def _write(rows: Rows, cells: Sequence[Cell], changes: Sequence[tuple[Sequence[object], Sequence[object]]]) -> None:
    """Write each row by its key: those with a whole key together, the odd one without by itself."""
    mine, order = rows.mine, key_order(rows.mine, rows.table)
    values = {mine.column(cell.name): _parameter(f"new_{index}") for index, cell in enumerate(cells)}
    change = sa.update(mine.clause).values(values)
    whole = [_numbered("key", key) | _numbered("new", new) for key, new in changes if _is_plain(key)]
    if whole:
        by_key = (ordered.clause == _parameter(f"key_{index}") for index, ordered in enumerate(order))
        rows.connection.execute(change.where(*by_key), whole)
    for key, new in changes:
        if not _is_plain(key):
            rows.connection.execute(change.where(at(order, tuple(map(scalar, key)))), _numbered("new", new))


def _is_plain(key: Sequence[object]) -> bool:
    """Whether a parameter finds each part of the key; nothing and undecodable text need a condition of their own."""
    return not any(cell is None or isinstance(cell, Undecodable) for cell in key)


def _parameter(name: str) -> sa.BindParameter[Any]:
    return sa.bindparam(name, type_=sa.types.NullType())


def _numbered(name: str, cells: Sequence[object]) -> dict[str, object]:
    return {f"{name}_{index}": cell for index, cell in enumerate(cells)}
