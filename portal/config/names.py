"""How the data map writes tables, columns of tables, and the path from a row to its person."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, PlainValidator

from portal.config.reading import Refused
from portal.domain.data_map import TableName

_TABLE = 'a table such as "service.accounts", or { source = …, schema = …, name = … }'
_COLUMN = 'a column such as "service.accounts.improve_ok", or { source = …, schema = …, name = …, column = … }'
_LINK = 'a column, a list of columns, or a path such as "order_id -> service.orders.account_id"'
_FIELD = 'a field of a JSON column, such as "profile.phone" or ["profile", "phone"]'
_TARGET = re.compile(r"(?P<table>[^()]+)\((?P<targets>[^()]+)\)\.(?P<columns>[^().]+)")

SHORTEST_FIELD = 2
"""A JSON column and one name in it."""


@dataclass(frozen=True, slots=True)
class ColumnOfTable:
    """A column named together with its table."""

    table: TableName
    column: str


@dataclass(frozen=True, slots=True)
class WrittenStep:
    """One step of a path as written; `targets` is empty when the path leaves them to the key of `table`."""

    columns: tuple[str, ...]
    table: TableName
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WrittenLink:
    """How a row belongs to its person, as written."""

    columns: tuple[str, ...]
    steps: tuple[WrittenStep, ...] = ()

    @property
    def first_columns(self) -> tuple[str, ...]:
        """The columns of the row's own table that the link begins with."""
        return self.steps[0].columns if self.steps else self.columns


def _table(written: object) -> TableName:
    """`source.table`, `source.schema.table`, or the three apart where a name holds a dot."""
    if isinstance(written, dict):
        return _table_of_parts(written, _TABLE)
    if isinstance(written, str):
        return _table_of_names(written.split("."), _TABLE)
    raise Refused("wrong", expected=_TABLE)


def _column_of_table(written: object) -> ColumnOfTable:
    if isinstance(written, dict):
        parts = dict(written)
        column = parts.pop("column", None)
        if not isinstance(column, str) or not column:
            raise Refused("wrong", expected=_COLUMN)
        return ColumnOfTable(_table_of_parts(parts, _COLUMN), column)
    if isinstance(written, str):
        *table, column = written.split(".")
        return ColumnOfTable(_table_of_names(table, _COLUMN), _name(column, _COLUMN))
    raise Refused("wrong", expected=_COLUMN)


def _link(written: object) -> WrittenLink:
    """The person's key in the row itself, or at the end of a path through other tables."""
    if isinstance(written, list):
        return WrittenLink(_distinct([_name(column, _LINK) for column in written]))
    if not isinstance(written, str):
        raise Refused("wrong", expected=_LINK)
    first, *others = (part.strip() for part in written.split("->"))
    columns = _several(first) if others else (_name(first, _LINK),)
    steps = []
    for other in others:
        table, targets, following = _step(other)
        if targets and len(targets) != len(columns):
            raise Refused("path_lengths")
        steps.append(WrittenStep(columns, table, targets))
        columns = following
    return WrittenLink(columns, tuple(steps))


def _step(written: str) -> tuple[TableName, tuple[str, ...], tuple[str, ...]]:
    """What follows an arrow: `table.column`, or `table(target).column`; of columns there may be several, with commas."""
    found = _TARGET.fullmatch(written)
    if found:
        table = _table_of_names(found["table"].split("."), _LINK)
        return table, _several(found["targets"]), _several(found["columns"])
    *names, columns = written.split(".")
    if any(mark in written for mark in "()"):
        raise Refused("wrong", expected=_LINK)
    return _table_of_names(names, _LINK), (), _several(columns)


def _several(written: str) -> tuple[str, ...]:
    """Columns along a path, with commas between them."""
    return _distinct([_name(column.strip(), _LINK) for column in written.split(",")])


def _field(written: object) -> tuple[str, ...]:
    """A JSON column and the way to a field in it: with dots, or as a list where a name holds a dot."""
    names = written.split(".") if isinstance(written, str) else written
    if not isinstance(names, list) or len(names) < SHORTEST_FIELD:
        raise Refused("wrong", expected=_FIELD)
    return tuple(_name(name, _FIELD) for name in names)


def _table_of_names(names: list[str], expected: str) -> TableName:
    if len(names) not in {2, 3}:
        raise Refused("wrong", expected=expected)
    source, *schema, name = (_name(name, expected) for name in names)
    return TableName(source=source, name=name, schema=schema[0] if schema else None)


def _table_of_parts(parts: dict[str, object], expected: str) -> TableName:
    if set(parts) - {"source", "schema", "name"}:
        raise Refused("wrong", expected=expected)
    schema = parts.get("schema")
    return TableName(
        source=_name(parts.get("source"), expected),
        name=_name(parts.get("name"), expected),
        schema=None if schema is None else _name(schema, expected),
    )


def _name(written: object, expected: str) -> str:
    if not isinstance(written, str) or not written.strip() or "\0" in written:
        raise Refused("wrong", expected=expected)
    return written


def _distinct(columns: list[str]) -> tuple[str, ...]:
    if not columns or len(set(columns)) < len(columns):
        raise Refused("wrong", expected=_LINK)
    return tuple(columns)


Table = Annotated[TableName, PlainValidator(_table), Field(description=_TABLE)]
TableColumn = Annotated[ColumnOfTable, PlainValidator(_column_of_table), Field(description=_COLUMN)]
FieldInside = Annotated[tuple[str, ...], PlainValidator(_field), Field(description=_FIELD)]
Link = Annotated[WrittenLink, PlainValidator(_link), Field(description=_LINK)]
