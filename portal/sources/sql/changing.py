"""Changes a source: one cell that has not changed meanwhile, or a batch of rows that are to be erased."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.sql.elements import ColumnElement

from portal.domain.data_map import Column, Table
from portal.sources.base import Batch
from portal.sources.sql.conditions import Condition, at, between, key_order
from portal.sources.sql.drivers import fetch
from portal.sources.sql.erasing import Eraser, constant, same_everywhere
from portal.sources.sql.shapes import ColumnShape, Kind, SqlTable
from portal.sources.sql.values import Undecodable, literal, natural, same_value, scalar

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


def erase_rows(rows: Rows, batch: Batch, eraser: Eraser) -> int:
    """Delete those of the rows that are in the batch, or apply each column's method; returns how many changed."""
    in_batch = between(key_order(rows.mine, rows.table), batch.first, batch.last)
    rows = replace(rows, wanted=sa.and_(rows.wanted, in_batch))
    if rows.table.erase == "delete":
        return rows.connection.execute(sa.delete(rows.mine.clause).where(rows.wanted)).rowcount
    columns = [column for column in rows.table.columns if column.erase is not None]
    if same_everywhere(columns):
        return _erase_alike(rows, columns, eraser)
    return _erase_one_by_one(rows, columns, eraser)


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


def _erase_one_by_one(rows: Rows, columns: Sequence[Column], eraser: Eraser) -> int:
    shapes = [rows.mine.shape(column.name) for column in columns]
    keys = [rows.mine.column(name) for name in rows.table.key]
    read = sa.select(*keys, *(rows.mine.column(column.name) for column in columns)).where(rows.wanted)
    changes = []
    for cells in fetch(rows.connection, read.with_for_update()):
        key, present = cells[: len(keys)], cells[len(keys) :]
        triples = zip(columns, shapes, present, strict=True)
        new = [eraser.replacement(column, shape, raw, tuple(map(scalar, key))) for column, shape, raw in triples]
        if any(_differ(*pair) for pair in zip(shapes, present, new, strict=True)):
            changes.append((key, new))
    _write(rows, columns, changes)
    return len(changes)


def _differ(shape: ColumnShape, present: object, new: object) -> bool:
    if present is None or new is None or shape.kind is Kind.TEXT:
        return present != new
    return not same_value(natural(present), natural(new), shape)


def _write(rows: Rows, columns: Sequence[Column], changes: Sequence[tuple[Sequence[object], Sequence[object]]]) -> None:
    """Write each row by its key: those with a whole key together, the odd one without by itself."""
    mine, order = rows.mine, key_order(rows.mine, rows.table)
    values = {mine.column(column.name): _parameter(f"new_{index}") for index, column in enumerate(columns)}
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
