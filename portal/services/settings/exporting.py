"""The officer's settings as TOML: sections that may take the place of the same ones in portal.toml (design §2.8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from portal.domain.data_map import Category, Column, ConsentColumn, Hold, Purpose, Table
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
from portal.services.written_toml import key, link, table_name, table_parts, written
from portal.storage.store import Store


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
    return "\n".join([head, *(f"{key(name)} = {written(inner, name)}" for name, inner in value.items()), ""])


def _purpose(purpose: Purpose) -> dict[str, Any]:
    said = {"id": purpose.id, **purpose_row(purpose)}
    return said | {"consent": _consent(purpose.consent)} if purpose.consent else said


def _consent(consent: ConsentColumn) -> dict[str, Any]:
    column = table_name(consent.table)
    named = f"{column}.{consent.column}" if isinstance(column, str) and "." not in consent.column else None
    whole = named or {**table_parts(consent.table), "column": consent.column}
    return {"column": whole, "given": consent.given, "withdrawn": consent.withdrawn}


def _category(category: Category) -> Iterator[str]:
    said = category_row(category)
    said.pop("keep", None)
    yield _section("[[categories]]", {"id": category.id, **said})
    for table in category.tables:
        yield _section("[[categories.tables]]", _table(table))
        yield _section("[categories.tables.columns]", {column.name: _column(column) for column in table.columns})


def _table(table: Table) -> dict[str, Any]:
    said: dict[str, Any] = {"table": table_name(table.name), "person": link(table.person), "key": list(table.key)}
    if table.order:
        said["order"] = table.order
    said["erase"] = table.erase
    if table.retention:
        said["retention"] = {"from": table.retention.from_column, "keep": table.retention.keep.iso()}
    if table.shared:
        said["shared"] = True
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
    if column.inside:
        said["inside"] = list(column.inside)
    if column.values:
        said["values"] = {value: text_row(text) for value, text in column.values.items()}
    if column.erase:
        left = {"method": column.erase.method, "value": column.erase.value, "prefix": column.erase.prefix}
        said["erase"] = {name: inner for name, inner in left.items() if inner is not None}
    return said
