"""Chooses the table of the people who may ask: rows with an address, that the other tables lead to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from portal.domain.map_drafts.naming import is_writable, meaning_of, names_people, names_workers, theme_of
from portal.domain.map_drafts.vocabulary import Role, Theme
from portal.domain.surveys import Holds, Survey, SurveyedColumn, SurveyedTable

MOST_REFERENCES = 4
"""Beyond that, one more table that leads there says nothing more."""


@dataclass(frozen=True, slots=True)
class DraftPeople:
    """The people's table, the column of their address and that of their language."""

    table: SurveyedTable
    address: str
    language: str | None


def people_of(survey: Survey) -> tuple[DraftPeople | None, tuple[str, ...]]:
    """The table chosen, or None; and the other tables that hold addresses too."""
    candidates = [
        (_weight(table, address, survey), table, address)
        for table in survey.tables
        if table.key and (address := _address_of(table)) is not None
    ]
    if not candidates:
        return None, ()
    candidates.sort(key=lambda one: (-one[0], one[1].name))
    _, table, address = candidates[0]
    return DraftPeople(table, address.name, _language_of(table)), tuple(other.name for _, other, _ in candidates[1:])


def _address_of(table: SurveyedTable) -> SurveyedColumn | None:
    """The column of the address: one that is unique before others, and one that is always filled in."""
    found = [column for column in _texts(table) if _holds_addresses(column, table)]
    return min(found, key=lambda one: (not table.is_unique((one.name,)), one.nullable), default=None)


def _holds_addresses(column: SurveyedColumn, table: SurveyedTable) -> bool:
    return not column.choices and meaning_of(column, table.name).role is Role.EMAIL


def _language_of(table: SurveyedTable) -> str | None:
    found = (column.name for column in _texts(table) if meaning_of(column, table.name).role is Role.LANGUAGE)
    return next(found, None)


def _texts(table: SurveyedTable) -> Iterator[SurveyedColumn]:
    return (column for column in table.columns if column.holds is Holds.TEXT and is_writable(column.name))


def _weight(table: SurveyedTable, address: SurveyedColumn, survey: Survey) -> int:
    """How likely the table is that of the people: by its name, by who leads to it, by how sure its addresses are."""
    leading = {
        other.name
        for other in survey.tables
        for reference in other.references
        if reference.table == table.name and other.name != table.name
    }
    about_something_else = theme_of(table.name) not in {None, Theme.ACCOUNT}
    return (
        min(len(leading), MOST_REFERENCES)
        + 4 * names_people(table.name)
        + 2 * table.is_unique((address.name,))
        + (not address.nullable)
        - 6 * names_workers(table.name)
        - 3 * about_something_else
    )
