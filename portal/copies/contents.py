"""What one person's copy holds, before a byte of it is written: the map's words, and where the rows are read from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from portal.config.settings import PrivacyContact
from portal.domain.data_map import Category, DataMap, Purpose, Table
from portal.domain.languages import Language, Text
from portal.domain.regimes import RecourseBody, Regime

Row = Mapping[str, object]

Chunk = Sequence[tuple[object, ...]]
"""Some rows, as tuples of their mapped columns in the order of the map."""

NEWEST_SHOWN = 1_000
"""Rows of a table that the readable page shows; the data files hold all of them."""

MOST_IN_JSON = 10_000
"""Rows of a table that data.json holds itself; of a longer one it describes the CSV, which holds all of them."""


@dataclass(frozen=True, slots=True)
class TableContents:
    """One table of a category: its place in the map, its file in the archive, and its rows, read when asked for.

    `chunks` gives all of them by key in constant memory; `newest` at most so many as are asked, and whether there are more.
    """

    table: Table
    file: str
    chunks: Callable[[], Iterable[Chunk]]
    newest: Callable[[int], tuple[Sequence[Row], bool]]


@dataclass(frozen=True, slots=True)
class FileContents:
    """A file given with an answer, or that came with a message: its place in the archive, and its content, read when it
    is written there. `until`: its last day here; None while its request is not answered.
    """

    file: str
    name: str
    size: int
    sha256: str
    reference: str
    until: date | None
    content: Callable[[], bytes]
    with_message: bool = False


@dataclass(frozen=True, slots=True)
class CategoryContents:
    """One category with those of its tables whose source knows the person, and the files given of it."""

    category: Category
    tables: tuple[TableContents, ...] = ()
    files: tuple[FileContents, ...] = ()


@dataclass(frozen=True, slots=True)
class ConsentContents:
    """Whether one consent is given, and the last answer the portal recorded: which, and when."""

    purpose: Purpose
    given: bool
    answered: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Scope:
    """What the person chose to take: all categories unless some are named, all dates unless bounded."""

    categories: tuple[str, ...] = ()
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class CopyContents:
    """A whole copy (P-39.1, s. 27; law.md §8).

    `searched`: every source asked. `unknown`: those that know nobody under this address. `shared`: those where several
    people have it, so that nothing of theirs is given before staff have looked (security.md B-47).
    """

    language: Language
    zone: tzinfo
    taken_at: datetime
    address: str
    organisation: Text
    contact: PrivacyContact
    body: RecourseBody
    regime: Regime
    data_map: DataMap
    categories: tuple[CategoryContents, ...]
    consents: tuple[ConsentContents, ...]
    scope: Scope
    searched: tuple[str, ...]
    unknown: tuple[str, ...]
    shared: tuple[str, ...]

    def tables(self) -> Iterable[TableContents]:
        """Every table, in the order of the map."""
        for category in self.categories:
            yield from category.tables
