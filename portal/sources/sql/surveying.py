"""Looks at a service's database to draft its data map: every table, and some rows of each, read only and in limited time.

What rows hold stays here: only what values look like, and codes that several rows share, are told.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.reflection import Inspector

from portal.domain.data_map import TableName
from portal.domain.samples import codes_of, look_of
from portal.domain.surveys import Holds, Reference, Survey, SurveyedColumn, SurveyedTable
from portal.sources.base import SourceUnavailable
from portal.sources.sql.drivers import fetch, limited, open_engine
from portal.sources.sql.failures import speaking_plainly
from portal.sources.sql.shapes import ColumnShape, Kind, SqlTable, read_table

SAMPLE = 200
"""Rows read of each table."""

LONGEST_LOOKED_AT = 120
"""Characters read of each value: enough to tell what it looks like."""

READ_ONLY = {
    "sqlite": "PRAGMA query_only = ON",
    "postgresql": "SET TRANSACTION READ ONLY",
    "mysql": "SET SESSION TRANSACTION READ ONLY",
    "mariadb": "SET SESSION TRANSACTION READ ONLY",
}
HOLDS: Mapping[Kind, Holds] = {
    Kind.TEXT: Holds.TEXT,
    Kind.INTEGER: Holds.INTEGER,
    Kind.NUMBER: Holds.NUMBER,
    Kind.FLOAT: Holds.NUMBER,
    Kind.BOOLEAN: Holds.BOOLEAN,
    Kind.INSTANT: Holds.INSTANT,
    Kind.DATE: Holds.DATE,
    Kind.BYTES: Holds.BYTES,
    Kind.UUID: Holds.UUID,
    Kind.OTHER: Holds.OTHER,
}

IsChoice = Callable[[str], bool]
"""Whether a column of that name holds one choice of a few, so that its codes may be told."""

Names = Callable[[str], str]


def survey(url: str, schema: str | None, is_choice: IsChoice, *, timeout_seconds: float = 5) -> Survey:
    """What the database at `url` holds: the tables of `schema`, or of the usual one.

    A table that cannot be described is only named, and one whose rows cannot be read is told without a sample.

    Raises:
        SourceUnavailable: it cannot be reached, or does not answer in time.
        ValueError: the address is not of a database spoken here; the message does not repeat it.
    """
    engine = open_engine(url, timeout_seconds=timeout_seconds)
    look = partial(looking, engine, timeout_seconds)
    try:
        with look() as connection:
            inspector = sa.inspect(connection)
            names = sorted(inspector.get_table_names(schema=schema))
            views = sorted(inspector.get_view_names(schema=schema))
        tables, unreadable = [], []
        for name in names:
            try:
                with look() as connection:
                    table, read = _described(connection, name, schema)
            except SourceUnavailable:
                unreadable.append(name)
            else:
                tables.append(_with_sample(look, table, read, is_choice))
    finally:
        engine.dispose()
    return Survey(tuple(tables), schema, tuple(views), tuple(unreadable))


@contextmanager
def looking(engine: Engine, timeout_seconds: float) -> Iterator[Connection]:
    """A connection that can only read, for a short while. Raises SourceUnavailable."""
    try:
        with (
            speaking_plainly("looked at", writing=False),
            engine.begin() as connection,
            limited(connection, timeout_seconds),
        ):
            if connection.dialect.name in READ_ONLY:
                connection.exec_driver_sql(READ_ONLY[connection.dialect.name])
            yield connection
    except SourceUnavailable as failure:
        failure.__context__ = None
        raise


def _described(connection: Connection, name: str, schema: str | None) -> tuple[SurveyedTable, SqlTable]:
    read = read_table(connection, TableName("", name, schema))
    real = _without_backquotes if read.dialect == "mariadb" else str
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sa.exc.SAWarning)
        inspector = sa.inspect(connection)
        columns = inspector.get_columns(name, schema=schema)
        key = inspector.get_pk_constraint(name, schema=schema)["constrained_columns"]
        return SurveyedTable(
            name=name,
            columns=tuple(_column(one, read.shapes[real(one["name"])]) for one in columns),
            key=tuple(map(real, key)),
            uniques=tuple(_uniques(inspector, name, schema, real)),
            references=tuple(_references(inspector, name, schema, real)),
            comment=_comment(inspector, name, schema),
        ), read


def _column(described: Mapping[str, Any], shape: ColumnShape) -> SurveyedColumn:
    kind = described["type"]
    return SurveyedColumn(
        name=shape.name,
        holds=Holds.JSON if isinstance(kind, sa.JSON) else HOLDS[shape.kind],
        nullable=shape.nullable,
        length=shape.length,
        generated="computed" in described,
        comment=described.get("comment") or "",
        choices=tuple(kind.enums) if isinstance(kind, sa.Enum) else (),
    )


def _uniques(inspector: Inspector, name: str, schema: str | None, real: Names) -> Iterator[tuple[str, ...]]:
    """Constraints, and the unique indexes that some databases tell apart from them; none over an expression or a part.

    SQLite makes an index of each constraint by itself; SQLAlchemy does not find every such constraint in its words.
    """
    for constraint in inspector.get_unique_constraints(name, schema=schema):
        yield tuple(map(real, constraint["column_names"]))
    for index in inspector.get_indexes(name, schema=schema, include_auto_indexes=True):
        options = index.get("dialect_options", {})
        partial_index = any(option.endswith(("_where", "_length")) for option in options)
        columns = [column for column in index["column_names"] if column is not None]
        if index["unique"] and columns and len(columns) == len(index["column_names"]) and not partial_index:
            yield tuple(map(real, columns))


def _references(inspector: Inspector, name: str, schema: str | None, real: Names) -> Iterator[Reference]:
    """The foreign keys that stay in the schema."""
    for key in inspector.get_foreign_keys(name, schema=schema):
        if key["referred_schema"] in {None, schema} and key["referred_columns"]:
            yield Reference(
                tuple(map(real, key["constrained_columns"])),
                real(key["referred_table"]),
                tuple(map(real, key["referred_columns"])),
            )


def _comment(inspector: Inspector, name: str, schema: str | None) -> str:
    try:
        return inspector.get_table_comment(name, schema=schema)["text"] or ""
    except NotImplementedError:
        return ""


def _without_backquotes(name: str) -> str:
    """SQLAlchemy reads MariaDB's names without undoing the backquotes it doubles."""
    return name.replace("``", "`")


def _with_sample(look: Callable[[], Any], table: SurveyedTable, read: SqlTable, is_choice: IsChoice) -> SurveyedTable:
    """The table with what a few of its rows look like; as it was, and said to be so, when they cannot be read."""
    texts = [column for column in table.columns if column.holds is Holds.TEXT and not column.choices]
    if not texts:
        return table
    pieces = (sa.func.substr(read.column(column.name), 1, LONGEST_LOOKED_AT) for column in texts)
    try:
        with look() as connection:
            rows = fetch(connection, sa.select(*pieces).select_from(read.clause).limit(SAMPLE))
    except SourceUnavailable:
        return replace(table, sampled=False)
    looks = dict(_looks(texts, rows, is_choice))
    return replace(table, columns=tuple(looks.get(column.name, column) for column in table.columns))


def _looks(
    texts: Sequence[SurveyedColumn], rows: Iterable[Sequence[object]], is_choice: IsChoice
) -> Iterator[tuple[str, SurveyedColumn]]:
    sampled = list(zip(*rows, strict=True)) or [()] * len(texts)
    for column, cells in zip(texts, sampled, strict=True):
        values = [cell for cell in cells if isinstance(cell, str) and cell]
        codes = codes_of(values) if is_choice(column.name) else ()
        yield column.name, replace(column, look=look_of(values), codes=codes)
