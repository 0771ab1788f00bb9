"""The shape of the data map in portal.toml: purposes, people, categories, their tables and columns (design §4.4)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from portal.config.names import FieldInside, Link, Table, TableColumn
from portal.config.reading import Shape
from portal.config.words import Both, CategorySlug, ColumnName, Columns, Email, Keep, Line, Plain, Slug
from portal.domain.data_map import Basis, ColumnMethod, Correction, Origin, Show, TableErasure

_PURPOSES = "a list of the ids of purposes, at least one"


class ConsentShape(Shape):
    """Where the service records a consent itself."""

    column: TableColumn
    given: Plain
    withdrawn: Plain


class PurposeShape(Shape):
    """One of [[purposes]]."""

    id: Slug
    label: Both
    basis: Basis
    consequence: Both | None = None
    consent: ConsentShape | None = None


class MatchShape(Shape):
    """What a proved address is compared with."""

    email: Columns


class PeopleShape(Shape):
    """One of [[people]]."""

    table: Table
    key: Columns
    match: MatchShape
    language: ColumnName | None = None


class RetentionShape(Shape):
    """How long rows are kept."""

    from_: Annotated[ColumnName, Field(alias="from")]
    keep: Keep


class HoldShape(Shape):
    """Rows that must be kept: those with one of the listed values in each column of `where`."""

    where: dict[str, Annotated[list[Plain], Field(min_length=1, description="a list of values")]] = Field(
        default_factory=dict
    )
    from_: Annotated[ColumnName, Field(alias="from")]
    keep: Keep
    because: Both
    provision: Line


class ColumnErasureShape(Shape):
    """What erasing leaves in one column."""

    method: ColumnMethod
    value: Plain = None
    prefix: Annotated[int, Field(ge=0, le=128, description="a whole number from 0 to 128")] | None = None


class ColumnShape(Shape):
    """One of the columns shown."""

    label: Both
    correct: Correction = "never"
    show: Show = "plain"
    values: dict[str, Both] = Field(default_factory=dict)
    erase: ColumnErasureShape | None = None
    inside: FieldInside | None = None


class TableShape(Shape):
    """One of [[categories.tables]], without its columns, which are read one by one."""

    table: Table
    person: Link
    key: Columns
    order: ColumnName | None = None
    erase: TableErasure
    retention: RetentionShape | None = None
    hold: HoldShape | None = None
    shared: Annotated[bool, Field(description="true or false")] | None = None


class AccessShape(Shape):
    """One of [[accesses]]: a table in which a service writes who looked at somebody's information."""

    table: Table
    label: Both
    person: Link
    key: Columns
    at: ColumnName
    role: ColumnName
    reason: ColumnName | None = None
    roles: dict[str, Both] = Field(default_factory=dict)


class OutsideShape(Shape):
    """A place outside Québec, and what protects information there."""

    place: Both
    safeguards: Both


class WordsOfCategoryShape(Shape):
    """What is said of a category, wherever it lies."""

    label: Both
    purposes: Annotated[list[str], Field(min_length=1, description=_PURPOSES)]
    origin: Origin = "given"
    means: Both | None = None
    seen_by: list[Both] = Field(default_factory=list)
    recipients: list[Both] = Field(default_factory=list)
    sensitive: bool = False
    outside_quebec: list[OutsideShape] = Field(default_factory=list)
    system: Both | None = None
    keeper: Email | None = None
    retention: Both | None = None


class CategoryShape(WordsOfCategoryShape):
    """One of [[categories]], without its tables, which are read one by one."""

    id: CategorySlug


class OfficerCategoryShape(WordsOfCategoryShape):
    """A category as the officer's rows keep it. `keep`: for how long, by the name of the table."""

    keep: dict[str, Keep] = Field(default_factory=dict)
