"""What the portal knows of a source's tables: their real columns, and what each of them can hold."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.engine.reflection import ObjectKind
from sqlalchemy.sql.elements import ColumnClause, quoted_name
from sqlalchemy.sql.selectable import TableClause
from sqlalchemy.types import TypeEngine

from portal.domain.data_map import TableName
from portal.sources.base import SourceUnavailable, TableShape
from portal.wording.catalogue import N_

SYSTEM_SCHEMAS = ("information_schema", "pg_catalog", "pg_toast", "mysql", "performance_schema", "sys")

EVERY_COLUMN = sa.text(
    "SELECT columns.table_schema, columns.table_name, columns.column_name, columns.data_type, tables.table_type"
    " FROM information_schema.columns AS columns JOIN information_schema.tables AS tables"
    " ON tables.table_schema = columns.table_schema AND tables.table_name = columns.table_name"
    " ORDER BY columns.table_schema, columns.table_name, columns.ordinal_position"
)
EVERY_SQLITE_COLUMN = sa.text(
    "SELECT 'main', tables.name, columns.name, columns.type, tables.type FROM sqlite_master AS tables, pragma_table_info(tables.name) AS columns"
    " WHERE tables.type IN ('table', 'view') AND tables.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    " ORDER BY tables.name, columns.cid"
)
NO_JSON = re.compile(
    r"int|serial|real|doub|float|num|dec|money|date|time|year|bool|bit|blob|binary|bytea|uuid|inet", re.IGNORECASE
)
"""What stands in the names of types that can hold no JSON."""

USUAL_SCHEMA = {
    "sqlite": sa.text("SELECT 'main'"),
    "postgresql": sa.text("SELECT current_schema()"),
    "mysql": sa.text("SELECT DATABASE()"),
    "mariadb": sa.text("SELECT DATABASE()"),
}
COLLATIONS = sa.text(
    "SELECT column_name, collation_name FROM information_schema.columns"
    " WHERE table_schema = COALESCE(:schema, DATABASE()) AND table_name = :name AND collation_name IS NOT NULL"
)


class Kind(Enum):
    """What a column holds, as far as reading and writing it differ."""

    TEXT = auto()
    INTEGER = auto()
    NUMBER = auto()
    FLOAT = auto()
    BOOLEAN = auto()
    INSTANT = auto()
    DATE = auto()
    BYTES = auto()
    UUID = auto()
    OTHER = auto()


KINDS: tuple[tuple[type[TypeEngine[Any]], Kind], ...] = (
    (sa.Boolean, Kind.BOOLEAN),
    (sa.Integer, Kind.INTEGER),
    (sa.Float, Kind.FLOAT),
    (sa.Numeric, Kind.NUMBER),
    (sa.DateTime, Kind.INSTANT),
    (sa.Date, Kind.DATE),
    (sa.String, Kind.TEXT),
    (sa.LargeBinary, Kind.BYTES),
    (sa.types._Binary, Kind.BYTES),
    (sa.Uuid, Kind.UUID),
)


@dataclass(frozen=True, slots=True)
class ColumnShape:
    """One column: what it holds and its limits."""

    name: str
    kind: Kind
    nullable: bool
    length: int | None = None
    zoned: bool = False
    padded: bool = False
    folds_case: bool = False


@dataclass(frozen=True, slots=True)
class SqlTable:
    """One table of one database, ready to be spoken of in statements. Every name is quoted, whatever it looks like."""

    dialect: str
    clause: TableClause
    shapes: Mapping[str, ColumnShape]
    view: bool = False
    unique: tuple[frozenset[str], ...] = ()
    """Columns of which the database itself says that they tell rows apart."""

    def tells_apart(self, columns: Iterable[str]) -> bool:
        """Whether no two rows can hold the same in all of these columns."""
        named = set(columns)
        return any(unique <= named for unique in self.unique)

    def shape(self, name: str) -> ColumnShape:
        """What the column holds.

        Raises:
            SourceUnavailable: there is no such column (any more).
        """
        found = self.shapes.get(name)
        if found is None:
            raise SourceUnavailable(
                N_("The table %(table)s has no column %(column)s."), table=self.clause.name, column=name
            )
        return found

    def column(self, name: str) -> ColumnClause[object]:
        """The column, for a statement. Raises SourceUnavailable as `shape` does."""
        self.shape(name)
        return self.clause.c[name]


def every_table(connection: Connection, source: str) -> Mapping[TableName, TableShape]:
    """All tables and views the source shows us; those of its usual schema are found without and with its name."""
    dialect = connection.dialect.name
    if dialect not in USUAL_SCHEMA:
        return _told_by_inspection(connection, source)
    usual = connection.scalar(USUAL_SCHEMA[dialect])
    every = connection.execute(EVERY_SQLITE_COLUMN if dialect == "sqlite" else EVERY_COLUMN)
    found: dict[TableName, list[Sequence[str]]] = {}
    for schema, table, *column in every:
        if schema in SYSTEM_SCHEMAS:
            continue
        found.setdefault(TableName(source, table, schema), []).append(column)
        if schema == usual:
            found.setdefault(TableName(source, table), []).append(column)
    return {name: _described(columns) for name, columns in found.items()}


def _told_by_inspection(connection: Connection, source: str) -> Mapping[TableName, TableShape]:
    """The same of a database whose catalogue only SQLAlchemy knows."""
    inspector = sa.inspect(connection)
    usual = inspector.default_schema_name
    found: dict[TableName, TableShape] = {}
    for schema in {None, usual, *inspector.get_schema_names()} - set(SYSTEM_SCHEMAS):
        views = set(inspector.get_view_names(schema=schema))
        for (_, table), columns in inspector.get_multi_columns(schema=schema, kind=ObjectKind.ANY).items():
            shape = TableShape(tuple(column["name"] for column in columns), view=table in views)
            found[TableName(source, table, schema)] = shape
    return found


def _described(columns: Sequence[Sequence[str]]) -> TableShape:
    """A table from its columns: the name of each, its declared type, and what sort of table it is in."""
    names = tuple(name for name, _, _ in columns)
    plain = frozenset(name for name, declared, _ in columns if NO_JSON.search(declared or ""))
    return TableShape(names, view="view" in columns[0][2].lower(), plain=plain)


def read_table(connection: Connection, name: TableName) -> SqlTable:
    """One table with what each column holds.

    Raises:
        NoSuchTableError: SQLAlchemy's, when there is none.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sa.exc.SAWarning)
        inspector = sa.inspect(connection)
        columns = inspector.get_columns(name.name, schema=name.schema)
        unique = _unique(inspector, name)
    folding, never_null = _folding(connection, name), _row_numbers(columns)
    dialect = "mariadb" if connection.dialect.name == "mysql" else connection.dialect.name
    shapes: dict[str, ColumnShape] = {}
    for column in columns:
        # SQLAlchemy reads MariaDB's names without undoing the backquotes it doubles.
        real = column["name"].replace("``", "`") if dialect == "mariadb" else column["name"]
        nullable = column["nullable"] and real not in never_null
        shapes[real] = _shape(real, column["type"], nullable=nullable, folds_case=real in folding)
    telling = tuple(one for one in unique if not any(shapes[column].nullable for column in one if column in shapes))
    return SqlTable(dialect, _clause(name.name, name.schema, shapes), shapes, _is_view(connection, name), telling)


def _is_view(connection: Connection, name: TableName) -> bool:
    """Whether it shows what tables hold. Some databases would write through it, by rules that the map does not know."""
    inspector = sa.inspect(connection)
    views = inspector.get_view_names(schema=name.schema)
    with suppress(NotImplementedError):
        views += inspector.get_materialized_view_names(schema=name.schema)
    return name.name in views


def _unique(inspector: sa.Inspector, name: TableName) -> list[frozenset[str]]:
    """The primary key and the unique indexes over whole columns; a view has none, and neither has what cannot be described."""
    try:
        key = inspector.get_pk_constraint(name.name, schema=name.schema)["constrained_columns"]
        indexes = inspector.get_indexes(name.name, schema=name.schema)
        constraints = inspector.get_unique_constraints(name.name, schema=name.schema)
    except (sa.exc.NoSuchTableError, NotImplementedError):
        return []
    found: list[Sequence[str | None]] = [key, *(constraint["column_names"] for constraint in constraints)]
    found += [index["column_names"] for index in indexes if index["unique"] and _is_whole(index)]
    named = ([column for column in columns if column is not None] for columns in found)
    return [
        frozenset(names) for names, columns in zip(named, found, strict=True) if names and len(names) == len(columns)
    ]


def _is_whole(index: Mapping[str, Any]) -> bool:
    """Whether an index is of every row, and of its columns alone."""
    options = index.get("dialect_options", {})
    partial = any(name.endswith("_where") and condition for name, condition in options.items())
    return not partial and not any(name.endswith("_length") and length for name, length in options.items())


def _folding(connection: Connection, name: TableName) -> set[str]:
    """Columns whose collation holds letters of either case for equal, so that an index finds both."""
    if connection.dialect.name not in ("mysql", "mariadb"):
        return set()
    rows = connection.execute(COLLATIONS, {"schema": name.schema, "name": name.name})
    return {column for column, collation in rows if collation.endswith("_ci")}


def _row_numbers(columns: Sequence[Mapping[str, Any]]) -> set[str]:
    """The INTEGER PRIMARY KEY of SQLite, which is never NULL although nothing in its declaration says so."""
    keys = [column for column in columns if column.get("primary_key")]
    return {key["name"] for key in keys if isinstance(key["type"], sa.INTEGER)} if len(keys) == 1 else set()


def _clause(name: str, schema: str | None, shapes: Iterable[str]) -> TableClause:
    columns: list[ColumnClause[object]] = [sa.column(quoted_name(column, quote=True)) for column in shapes]
    quoted_schema = quoted_name(schema, quote=True) if schema else None
    return sa.table(quoted_name(name, quote=True), *columns, schema=quoted_schema)


def _shape(name: str, kind: TypeEngine[object], *, nullable: bool, folds_case: bool) -> ColumnShape:
    return ColumnShape(
        name=name,
        kind=next((found for base, found in KINDS if isinstance(kind, base)), Kind.OTHER),
        nullable=nullable,
        length=getattr(kind, "length", None) if isinstance(kind, sa.String) else None,
        zoned=bool(getattr(kind, "timezone", False)),
        padded=isinstance(kind, sa.CHAR),
        folds_case=folds_case,
    )
