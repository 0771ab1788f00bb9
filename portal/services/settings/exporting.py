"""The officer's settings as TOML: sections that may take the place of the same ones in portal.toml (design §2.8)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from portal.domain.data_map import Category, Column, ConsentColumn, Hold, PersonLink, Purpose, Table, TableName
from portal.domain.reminders import Reminders
from portal.services.installation import Installation
from portal.services.settings.effective import in_effect
from portal.services.settings.rows import (
    approval_row,
    category_row,
    contact_row,
    holidays_row,
    purpose_row,
    reminders_row,
    replies_row,
    text_row,
)
from portal.storage.store import Store

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_DATES = frozenset({"delegated_on", "from", "to", "day"})
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def exported(portal: Installation, store: Store) -> str:
    """What is in force, as text: reading it with the rest of portal.toml gives the same settings."""
    settings = in_effect(portal, store)
    parts = [_section("[privacy_contact]", contact_row(settings.in_charge))]
    parts += [_section("[[purposes]]", _purpose(purpose)) for purpose in settings.data_map.purposes]
    for category in settings.data_map.categories:
        parts += _category(category)
    if settings.look.accent:
        parts.append(_section("[look]", {"accent": settings.look.accent}))
    approval = approval_row(four_eyes=settings.four_eyes, two_people=settings.two_people)
    if approval:
        parts.append(_section("[approval]", approval))
    if settings.reminders != Reminders():
        parts.append(_section("[reminders]", reminders_row(settings.reminders)))
    for name, row, inner in (
        ("holidays", holidays_row(settings.holidays), "days"),
        ("replies", replies_row(settings.replies), "paragraphs"),
    ):
        parts += [_section(f"[[{name}]]", one) for one in row.get(inner, ())]
    return "\n".join(parts)


def _section(head: str, value: Mapping[str, Any]) -> str:
    return "\n".join([head, *(f"{_key(name)} = {_written(name, inner)}" for name, inner in value.items()), ""])


def _purpose(purpose: Purpose) -> dict[str, Any]:
    said = {"id": purpose.id, **purpose_row(purpose)}
    return said | {"consent": _consent(purpose.consent)} if purpose.consent else said


def _consent(consent: ConsentColumn) -> dict[str, Any]:
    column = _name(consent.table)
    named = f"{column}.{consent.column}" if isinstance(column, str) and "." not in consent.column else None
    whole = named or {**_parts(consent.table), "column": consent.column}
    return {"column": whole, "given": consent.given, "withdrawn": consent.withdrawn}


def _category(category: Category) -> Iterator[str]:
    said = category_row(category)
    said.pop("keep", None)
    yield _section("[[categories]]", {"id": category.id, **said})
    for table in category.tables:
        yield _section("[[categories.tables]]", _table(table))
        yield _section("[categories.tables.columns]", {column.name: _column(column) for column in table.columns})


def _table(table: Table) -> dict[str, Any]:
    said: dict[str, Any] = {"table": _name(table.name), "person": _link(table.person), "key": list(table.key)}
    if table.order:
        said["order"] = table.order
    said["erase"] = table.erase
    if table.retention:
        said["retention"] = {"from": table.retention.from_column, "keep": table.retention.keep.iso()}
    return said | {"hold": _hold(table.hold)} if table.hold else said


def _hold(hold: Hold) -> dict[str, Any]:
    return {
        "where": {column: list(values) for column, values in hold.where.items()},
        "from": hold.from_column,
        "keep": hold.keep.iso(),
        "because": text_row(hold.because),
        "provision": hold.provision,
    }


def _column(column: Column) -> dict[str, Any]:
    said: dict[str, Any] = {"label": text_row(column.label), "correct": column.correct, "show": column.show}
    if column.values:
        said["values"] = {value: text_row(text) for value, text in column.values.items()}
    if column.erase:
        left = {"method": column.erase.method, "value": column.erase.value, "prefix": column.erase.prefix}
        said["erase"] = {name: inner for name, inner in left.items() if inner is not None}
    return said


def _link(link: PersonLink) -> str | list[str]:
    """A path written with the key of each table it steps to, so that nothing is left to guess."""
    if not link.steps:
        return list(link.columns) if len(link.columns) > 1 else link.columns[0]
    follows = [*(step.column for step in link.steps[1:]), link.columns[0]]
    steps = [f"{step.table}({step.target}).{column}" for step, column in zip(link.steps, follows, strict=True)]
    return " -> ".join([link.steps[0].column, *steps])


def _name(table: TableName) -> str | dict[str, str]:
    """The table as one name, or its parts apart where one of them holds a dot."""
    parts = _parts(table)
    return parts if any("." in part for part in parts.values()) else str(table)


def _parts(table: TableName) -> dict[str, str]:
    whole = {"source": table.source, "schema": table.schema, "name": table.name}
    return {name: part for name, part in whole.items() if part is not None}


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _quoted(name)


def _written(name: str, value: object) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {_written(key, inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_written("", inner) for inner in value) + "]"
    if isinstance(value, str) and name in _DATES and _is_day(value):
        return value
    return _quoted(value) if isinstance(value, str) else json.dumps(value)


def _is_day(written: str) -> bool:
    try:
        return bool(_ISO_DAY.fullmatch(written) and date.fromisoformat(written))
    except ValueError:
        return False


def _quoted(text: str) -> str:
    """A TOML basic string, whose escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
