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
_TARGET = re.compile(r"(?P<table>[^()]+)\((?P<target>[^()]+)\)\.(?P<column>[^().]+)")


@dataclass(frozen=True, slots=True)
class ColumnOfTable:
    """A column named together with its table."""

    table: TableName
    column: str


@dataclass(frozen=True, slots=True)
class WrittenStep:
    """One step of a path as written; `target` is None when the path leaves it to the key of `table`."""

    column: str
    table: TableName
    target: str | None


@dataclass(frozen=True, slots=True)
class WrittenLink:
    """How a row belongs to its person, as written."""

    columns: tuple[str, ...]
    steps: tuple[WrittenStep, ...] = ()


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
    column = _name(first, _LINK)
    steps = []
    for other in others:
        table, target, following = _step(other)
        steps.append(WrittenStep(column, table, target))
        column = following
    return WrittenLink((column,), tuple(steps))


def _step(written: str) -> tuple[TableName, str | None, str]:
    """What follows an arrow: `table.column`, or `table(target).column`."""
    found = _TARGET.fullmatch(written)
    if found:
        return _table_of_names(found["table"].split("."), _LINK), found["target"].strip(), found["column"]
    *table, column = written.split(".")
    if any(mark in written for mark in "()"):
        raise Refused("wrong", expected=_LINK)
    return _table_of_names(table, _LINK), None, _name(column, _LINK)


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
Link = Annotated[WrittenLink, PlainValidator(_link), Field(description=_LINK)]
