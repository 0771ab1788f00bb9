"""The data map: which personal information is held, where, why, how long, and what may be done with it.

Everything the portal shows, copies, corrects, erases or keeps is read from here (design §2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from portal.domain.languages import Text
from portal.domain.periods import Period

Scalar = str | int | float | bool | None
Origin = Literal["given", "observed", "created", "inferred"]
Correction = Literal["self", "review", "never"]
Show = Literal["plain", "held", "other"]
"""Shown; only said to be held; or said to be about another person of the same row, and never shown (P-39.1, s. 40)."""

TableErasure = Literal["delete", "columns", "keep"]
ColumnMethod = Literal["null", "constant", "hash", "truncate", "generalise", "random"]
Basis = Literal[
    "consent",
    "contract",
    "legal_obligation",
    "security",
    "legitimate_interest",
    "consistent_purpose",
]


@dataclass(frozen=True, slots=True)
class TableName:
    """A table of one source: `service.accounts`, or with a schema of its own."""

    source: str
    name: str
    schema: str | None = None

    def __str__(self) -> str:
        """The name as written in the map, `source.schema.table` or `source.table`."""
        return ".".join(part for part in (self.source, self.schema, self.name) if part)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path to a person: through `column` to the row of `table` whose `target` equals it.

    Where several columns together lead there, `also` holds the others, each with its own target.
    """

    column: str
    table: TableName
    target: str
    also: tuple[tuple[str, str], ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns the step leaves by."""
        return (self.column, *(column for column, _ in self.also))

    @property
    def targets(self) -> tuple[str, ...]:
        """The columns it arrives by, in the same order."""
        return (self.target, *(target for _, target in self.also))


@dataclass(frozen=True, slots=True)
class PersonLink:
    """How a row belongs to a person: `steps` to other tables, then `columns` that hold the person's key there."""

    columns: tuple[str, ...]
    steps: tuple[Step, ...] = ()

    @property
    def first_columns(self) -> tuple[str, ...]:
        """The columns of the row's own table that the link begins with."""
        return self.steps[0].columns if self.steps else self.columns


@dataclass(frozen=True, slots=True)
class ColumnErasure:
    """What erasing leaves in one column when its row stays."""

    method: ColumnMethod
    value: Scalar = None
    prefix: int | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column shown to its person, and what may be done to it.

    `inside`: where it is no column of its own but a field of a JSON column, that column and the way to the field in it.
    """

    name: str
    label: Text
    correct: Correction = "never"
    show: Show = "plain"
    values: Mapping[str, Text] = field(default_factory=dict)
    erase: ColumnErasure | None = None
    inside: tuple[str, ...] = ()

    @property
    def real_name(self) -> str:
        """The column of the source that holds it."""
        return self.inside[0] if self.inside else self.name


@dataclass(frozen=True, slots=True)
class Retention:
    """How long rows are kept, counted from a column of theirs (P-39.1, s. 23)."""

    from_column: str
    keep: Period


@dataclass(frozen=True, slots=True)
class Hold:
    """Rows an Act obliges to keep, and until when (P-39.1, s. 23, 'subject to any preservation period')."""

    where: Mapping[str, tuple[Scalar, ...]]
    from_column: str
    keep: Period
    because: Text
    provision: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a category: whose its rows are, and what becomes of them.

    `shared`: its rows concern another person too, so that they are never destroyed for one of them (P-39.1, ss. 23 and 40).
    """

    name: TableName
    person: PersonLink
    key: tuple[str, ...]
    order: str | None
    columns: tuple[Column, ...]
    erase: TableErasure
    retention: Retention | None = None
    hold: Hold | None = None
    shared: bool = False

    @property
    def is_erased(self) -> bool:
        """Whether erasing touches the table at all."""
        return self.erase == "delete" or (self.erase == "columns" and any(column.erase for column in self.columns))

    def column(self, name: str) -> Column | None:
        """The mapped column of that name, or None."""
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True, slots=True)
class OutsideQuebec:
    """A place outside Québec where information goes, and what protects it there (P-39.1, s. 17)."""

    place: Text
    safeguards: Text


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of personal information, as the policy and the pages name it."""

    id: str
    label: Text
    purposes: tuple[str, ...] = ()
    origin: Origin = "given"
    means: Text | None = None
    seen_by: tuple[Text, ...] = ()
    recipients: tuple[Text, ...] = ()
    sensitive: bool = False
    outside_quebec: tuple[OutsideQuebec, ...] = ()
    tables: tuple[Table, ...] = ()
    system: Text | None = None
    keeper: str | None = None
    retention: Text | None = None

    def table(self, name: str) -> Table | None:
        """The table written `name` in the map, or None."""
        return next((table for table in self.tables if str(table.name) == name), None)


@dataclass(frozen=True, slots=True)
class ConsentColumn:
    """Where the service itself records a consent, and what it writes for each answer."""

    table: TableName
    column: str
    given: Scalar
    withdrawn: Scalar


@dataclass(frozen=True, slots=True)
class Purpose:
    """What information is used for, on which ground, and what stops when consent does."""

    id: str
    label: Text
    basis: Basis
    consequence: Text | None = None
    consent: ConsentColumn | None = None


@dataclass(frozen=True, slots=True)
class People:
    """How someone proved at a door becomes a person of one source."""

    table: TableName
    key: tuple[str, ...]
    match_email: tuple[str, ...]
    language: str | None = None


@dataclass(frozen=True, slots=True)
class AccessLog:
    """A table in which a service writes who of its own people looked at somebody's information.

    Its person reads when, in which role and why, and nothing else of it: `roles` are the words for what `role` holds, and what
    has none is never shown, since it may be a name.
    """

    table: TableName
    label: Text
    person: PersonLink
    key: tuple[str, ...]
    at: str
    role: str
    reason: str | None = None
    roles: Mapping[str, Text] = field(default_factory=dict)

    def as_table(self) -> Table:
        """The log as a table like any other, newest first: those three columns, and nothing to correct or erase."""
        shown = (self.at, self.role, *([self.reason] if self.reason else []))
        columns = tuple(Column(name, Text(fr="", en="")) for name in dict.fromkeys(shown))
        return Table(self.table, self.person, self.key, self.at, columns, erase="keep")


@dataclass(frozen=True, slots=True)
class DataMap:
    """The whole map. An empty one is a valid installation."""

    purposes: tuple[Purpose, ...] = ()
    people: tuple[People, ...] = ()
    categories: tuple[Category, ...] = ()
    accesses: tuple[AccessLog, ...] = ()

    def category(self, category_id: str) -> Category | None:
        """The category of that id, or None."""
        return next(
            (category for category in self.categories if category.id == category_id),
            None,
        )

    def purpose(self, purpose_id: str) -> Purpose | None:
        """The purpose of that id, or None."""
        return next((purpose for purpose in self.purposes if purpose.id == purpose_id), None)

    def people_of(self, source: str) -> People | None:
        """How people are recognized in one source, or None."""
        return next((people for people in self.people if people.table.source == source), None)

    def tables(self) -> Iterator[tuple[Category, Table]]:
        """Every mapped table with its category, in the order of the map."""
        for category in self.categories:
            for table in category.tables:
                yield category, table
