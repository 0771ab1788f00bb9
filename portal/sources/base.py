"""What every kind of outside database must be able to do: describe itself, find, correct and erase one person's rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from portal.domain.data_map import AccessLog, ConsentColumn, People, Scalar, Table, TableName
from portal.domain.days import Days

Key = tuple[Scalar, ...]
"""A row's or a person's key, column by column, in the order of the map; or a place in a list. Fit for JSON."""

Value = object
"""What a source holds in one cell: text, number, boolean, instant, date, bytes or nothing."""

Row = Mapping[str, Value]
"""The mapped columns and the key columns of one row, by column name.

Key columns hold scalars: `tuple(row[name] for name in table.key)` is the row's Key. A column shown as "held" is never read: it
gives True when something is held and None when nothing is. Instants are aware and in UTC; exact numbers are Decimal.
"""

Chunk = Sequence[tuple[Value, ...]]
"""Some rows, never none, as tuples of their mapped columns in the order of the map. Values are as in a Row."""

Reason = Literal["type", "too_long", "required", "constraint", "foreign_key", "forbidden"]
"""Why a change was refused: the value is not of the column's kind, is too long, is missing, breaks a rule of the source's
own (such as uniqueness), other rows still point at the row, or the portal may not write there."""


class SourceUnavailable(Exception):
    """The source cannot be reached, or did not answer within its time limit; asking again later may help.

    `sentence` may say why, in English with named values, so that it can be translated; never with an address or a secret.
    """

    def __init__(self, sentence: str = "", **values: object) -> None:
        """Keep the sentence and its values."""
        super().__init__(sentence % values if values else sentence)
        self.sentence = sentence
        self.values = values


class SourceRefused(Exception):
    """The source refused a change, for instance by a constraint of its own; asking again changes nothing."""

    def __init__(self, reason: Reason = "constraint", *, limit: int | None = None) -> None:
        """Say why, and for what is too long, how many characters fit."""
        super().__init__(reason)
        self.reason: Reason = reason
        self.limit = limit


class DriverMissing(ValueError):
    """No Python package installed here speaks to that kind of database; nothing of the address is kept."""


class Unreadable:
    """Stands for one value that could not be read, so that the others still are (security.md B-45)."""

    def __repr__(self) -> str:
        """A word for logs, never the value."""
        return "unreadable"


UNREADABLE = Unreadable()


@dataclass(frozen=True, slots=True)
class TableShape:
    """What the source says of one of its tables.

    `view`: it shows what other tables hold, and is not written to. `plain`: columns that can hold no JSON, as far as known.
    """

    columns: tuple[str, ...]
    view: bool = False
    plain: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of one person, newest first when the table names an order, and where the next page begins."""

    rows: tuple[Row, ...]
    next_after: Key | None


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates of one person's rows: the oldest and the newest that can be read, None where there is none.

    `undated`: how many rows have no date, so that no choice of days takes them.
    """

    oldest: date | None
    newest: date | None
    undated: int


@dataclass(frozen=True, slots=True)
class Batch:
    """One bounded step of an erasure: the range of keys it covered and how many rows were found in it."""

    first: Key
    last: Key
    count: int


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows that a hold keeps: how many, and the moment the last of them may go."""

    count: int
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Corrected:
    """The outcome of one correction: `done`, or the value now present because it changed meanwhile."""

    done: bool
    present: Value


@dataclass(frozen=True, slots=True)
class Access:
    """One look at a person's data. `role` is what the source calls whoever looked; `at` is None where it cannot be read."""

    role: str
    at: datetime | date | None
    why: str


@dataclass(frozen=True, slots=True)
class AccessPage:
    """Some looks, newest first, and where the next page begins."""

    accesses: tuple[Access, ...]
    next_after: Key | None


class Source(Protocol):
    """One outside database. Every operation is bounded, and but for listing the people about one person.

    Each opens and ends its own connection. `within` leaves out the rows not dated on those days, and those without a date;
    a table of which `dates` says None is given whole.

    `person` is the person's key in this source's people table. Any method may raise SourceUnavailable.
    """

    id: str

    def close(self) -> None:
        """Let every connection go."""

    def describe(self) -> Mapping[TableName, TableShape]:
        """The tables and columns that exist, read from the source's catalogue."""

    def people_matching(self, people: People, address: str) -> Sequence[Key]:
        """Keys of the people whose address is `address`, compared as mail systems do (case-insensitively, NFC).

        More than one means two people share the address; they are never merged silently.
        """

    def language_of(self, people: People, person: Key) -> str | None:
        """The language tag the source records for the person, if any."""

    def people_page(self, people: People, *, after: Key | None, limit: int) -> Page:
        """At most `limit` of the source's people that follow `after`, by key: their key, address and language columns."""

    def page(self, table: Table, person: Key, *, after: Key | None, limit: int, within: Days | None = None) -> Page:
        """At most `limit` rows that follow `after` (None: the first), by key, so that the deepest page costs what the first does."""

    def chunks(self, table: Table, person: Key, *, within: Days | None = None) -> Iterator[Chunk]:
        """All rows of the person by key, some at a time, in constant memory; those of some days in the order of pages."""

    def row(self, table: Table, person: Key, key: Key) -> Row | None:
        """One row if it exists and is the person's, else None."""

    def count(self, table: Table, person: Key, *, bound: int, within: Days | None = None) -> int:
        """How many rows the person has, counted no further than `bound`."""

    def counts(self, tables: Sequence[Table], person: Key, *, bound: int, within: Days | None = None) -> Sequence[int]:
        """The same for several tables in one question, in their order; what is wrong with one is wrong with all."""

    def dates(self, table: Table, person: Key, *, bound: int) -> Dates | None:
        """The oldest and the newest date of the person's rows, and how many have none, counted no further than `bound`.

        Dates are those of the column the table is ordered by. None: the table is ordered by none, or by what is no date, so
        that no days can be chosen in it.
        """

    def correct(
        self,
        table: Table,
        person: Key,
        key: Key,
        column: str,
        *,
        before: Value,
        value: Value,
    ) -> Corrected:
        """Write `value` where `before` still stands. Raises SourceRefused when the source refuses, LookupError when the row is gone."""

    def read_consent(self, consent: ConsentColumn, people: People, person: Key) -> bool | None:
        """True given, False withdrawn, None when nothing is recorded (which counts as not given)."""

    def write_consent(self, consent: ConsentColumn, people: People, person: Key, *, given: bool) -> None:
        """Record the answer in the service's own column. Raises SourceRefused, LookupError."""

    def accesses(
        self, people: People, person: Key, log: AccessLog | None, *, after: Key | None, limit: int
    ) -> AccessPage | None:
        """At most `limit` looks at the person's data that follow `after`, newest first; None where no record of them is kept.

        `log` is where the map says they are written; None: the source may know by itself. Raises ValueError when `after` was
        not given by this method for this log.
        """

    def count_erasable(self, table: Table, person: Key, *, now: datetime) -> int:
        """How many rows erasing would destroy or change: all the person's, less those the hold keeps at `now`."""

    def count_held(self, table: Table, person: Key, *, now: datetime) -> Kept:
        """How many rows the table's hold keeps at `now`, and until when."""

    def count_outlived(self, table: Table, *, before: datetime, bound: int, now: datetime) -> int:
        """How many rows of anybody's are dated no later than `before` by the table's retention and kept by no hold.

        Counted no further than `bound`. A row without a date that can be read is not counted: nothing says how old it is.
        """

    def next_batch(self, table: Table, person: Key, *, after: Key | None, limit: int, now: datetime) -> Batch | None:
        """The key range of the next rows to erase after `after`, or None when none is left. Reads only.

        For `erase = "columns"` the row stays: `after` is what makes the next call advance.
        """

    def erase(self, table: Table, person: Key, batch: Batch, *, now: datetime) -> int:
        """Erase the rows of the batch that are still there and not held; returns how many this call changed.

        Idempotent: a second call on the same batch changes nothing. Deletes rows, or applies each column's method.
        """
