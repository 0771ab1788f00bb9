"""Writes pieces of portal.toml: keys, values, names of tables and the way from a row to its person."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date

from portal.domain.data_map import PersonLink, TableName

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_DATES = frozenset({"delegated_on", "from", "to", "day"})
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def link(way: PersonLink) -> str | list[str]:
    """A path written with the key of each table it steps to, so that nothing is left to guess; several columns have commas."""
    if not way.steps:
        return list(way.columns) if len(way.columns) > 1 or not _is_one_name(way.columns[0]) else way.columns[0]
    follows = [*(step.columns for step in way.steps[1:]), way.columns]
    steps = [
        f"{step.table}({', '.join(step.targets)}).{', '.join(columns)}"
        for step, columns in zip(way.steps, follows, strict=True)
    ]
    return " -> ".join([", ".join(way.steps[0].columns), *steps])


def table_name(table: TableName) -> str | dict[str, str]:
    """The table as one name, or its parts apart where one of them holds a dot."""
    parts = table_parts(table)
    return parts if any("." in part for part in parts.values()) else str(table)


def table_parts(table: TableName) -> dict[str, str]:
    """The parts of a table's name that are there."""
    whole = {"source": table.source, "schema": table.schema, "name": table.name}
    return {name: part for name, part in whole.items() if part is not None}


def key(name: str) -> str:
    """A name on the left of an equals sign, in quotes where it needs them."""
    return name if _BARE.fullmatch(name) else quoted(name)


def written(value: object, name: str = "") -> str:
    """A value on the right of it; `name` is its key, since days are written without quotes."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key(inner)} = {written(one, inner)}" for inner, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(written(inner) for inner in value) + "]"
    if isinstance(value, str) and name in _DATES and _is_day(value):
        return value
    return quoted(value) if isinstance(value, str) else json.dumps(value)


def quoted(text: str) -> str:
    """A TOML basic string, whose escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _is_one_name(column: str) -> bool:
    """Whether a column alone is read as one: an arrow would begin a path, and outer spaces be lost."""
    return column.strip() == column and "->" not in column


def _is_day(text: str) -> bool:
    try:
        return bool(_ISO_DAY.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False
