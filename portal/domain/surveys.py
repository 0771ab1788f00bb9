"""What a look at a service's database tells of it: tables, columns, keys, and what values look like, never a value of a person."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Holds(StrEnum):
    """What the database says a column holds."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    INSTANT = "instant"
    DATE = "date"
    BYTES = "bytes"
    UUID = "uuid"
    JSON = "json"
    OTHER = "other"


class Look(StrEnum):
    """What nearly all sampled values of a text column look like."""

    EMAIL = "email"
    PHONE = "phone"
    IP = "ip"
    DATE = "date"
    POSTAL_CODE = "postal_code"
    DIGEST = "digest"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class SurveyedColumn:
    """One column. `choices` are those its type allows; `codes` those its sample repeats, when they are only codes."""

    name: str
    holds: Holds
    nullable: bool = True
    length: int | None = None
    generated: bool = False
    comment: str = ""
    choices: tuple[str, ...] = ()
    look: Look | None = None
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """Columns that lead to the row of another table (or the same) whose `targets` equal them.

    `declared` is False where no foreign key says so and only names do.
    """

    columns: tuple[str, ...]
    table: str
    targets: tuple[str, ...]
    declared: bool = True


@dataclass(frozen=True, slots=True)
class SurveyedTable:
    """One table. `key` is empty when nothing tells one row from another."""

    name: str
    columns: tuple[SurveyedColumn, ...]
    key: tuple[str, ...] = ()
    uniques: tuple[tuple[str, ...], ...] = ()
    references: tuple[Reference, ...] = ()
    comment: str = ""
    sampled: bool = True

    def column(self, name: str) -> SurveyedColumn:
        """The column of that name, which is there."""
        return next(column for column in self.columns if column.name == name)

    def is_unique(self, columns: tuple[str, ...]) -> bool:
        """Whether these columns alone tell one row from another."""
        return any(set(unique) <= set(columns) for unique in (self.key, *self.uniques) if unique)


@dataclass(frozen=True, slots=True)
class Survey:
    """The tables of one schema (None: the usual one), its views, and the tables that could not be described."""

    tables: tuple[SurveyedTable, ...]
    schema: str | None = None
    views: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()

    def table(self, name: str) -> SurveyedTable | None:
        """The table of that name, or None."""
        return next((table for table in self.tables if table.name == name), None)
