"""What one person's copy holds, before a byte of it is written: the map's words, and where the rows are read from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from portal.config.settings import PrivacyContact
from portal.domain.data_map import Category, DataMap, Origin, Purpose, Table
from portal.domain.languages import Language, Text
from portal.domain.regimes import RecourseBody, Regime
from portal.domain.rights import LeftOut, Withheld

Row = Mapping[str, object]

Chunk = Sequence[tuple[object, ...]]
"""Some rows, as tuples of their mapped columns in the order of the map."""

NEWEST_SHOWN = 1_000
"""Rows of a table that the readable page shows; the data files hold all of them."""

MOST_IN_JSON = 10_000
"""Rows of a table that data.json holds itself; of a longer one it describes the CSV, which holds all of them."""


MOST_UNDATED = 10_001
"""Rows without a date are counted no further: so many means more than ten thousand."""

NOT_PORTABLE: frozenset[Origin] = frozenset({"created", "inferred"})
"""Origins of what nobody can take elsewhere as their own (P-39.1, s. 27, para. 3)."""


@dataclass(frozen=True, slots=True)
class TableContents:
    """One table of a category: its place in the map, its file in the archive, and its rows, read when asked for.

    `chunks` gives all of them in constant memory; `newest` at most so many as are asked, and whether there are more. `undated`:
    how many rows without a date the days chosen leave out, counted no further than MOST_UNDATED; None where the table is whole,
    because no days were chosen or none can be.
    `under`: the address of the account they belong to, where a source knows the person by several.
    """

    table: Table
    file: str
    chunks: Callable[[], Iterable[Chunk]]
    newest: Callable[[int], tuple[Sequence[Row], bool]]
    undated: int | None = None
    under: str | None = None


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
class PartLeftOut:
    """A table that is not in the copy, or a field of it, or some rows: which, how many rows where it is rows, and why."""

    part: Withheld
    why: LeftOut


@dataclass(frozen=True, slots=True)
class CategoryContents:
    """One category with those of its tables whose source knows the person, and the files given of it.

    `withheld`: why it is left out instead (P-39.1, s. 34); it then has the comments of the person alone. `left_out`: the
    tables, fields and rows of it that are not here; the fields are not among the columns of `tables` either.
    """

    category: Category
    tables: tuple[TableContents, ...] = ()
    files: tuple[FileContents, ...] = ()
    withheld: LeftOut | None = None
    left_out: tuple[PartLeftOut, ...] = ()

    def lacks_dates_of(self, table: Table) -> bool:
        """Whether an answer leaves out the dates of one of its tables."""
        out = {(one.part.table, one.part.field) for one in self.left_out}
        return table.order is not None and (str(table.name), table.order) in out


@dataclass(frozen=True, slots=True)
class ConsentContents:
    """Whether one consent is given, and the last answer the portal recorded: which, and when.

    `in_part`: some of the person's accounts say that it is, and others do not; `given` is then false.
    """

    purpose: Purpose
    given: bool
    answered: str | None
    at: datetime | None
    in_part: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """What the person chose to take: all categories unless some are named, all dates unless bounded.

    `portable`: without what was created or inferred about them, to be given to another organization (P-39.1, s. 27, para. 3).
    """

    categories: tuple[str, ...] = ()
    first_day: date | None = None
    last_day: date | None = None
    portable: bool = False

    @property
    def has_days(self) -> bool:
        """Whether some days were chosen."""
        return self.first_day is not None or self.last_day is not None

    @property
    def is_whole(self) -> bool:
        """Whether everything was."""
        return not (self.categories or self.has_days or self.portable)

    def takes(self, category: Category) -> bool:
        """Whether a category is in the copy."""
        chosen = not self.categories or category.id in self.categories
        return chosen and not (self.portable and category.origin in NOT_PORTABLE)


@dataclass(frozen=True, slots=True)
class CopyContents:
    """A whole copy (P-39.1, s. 27; law.md §8).

    `searched`: every source asked. `unknown`: those that know nobody under these addresses. `shared`: those where several
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
    other_addresses: tuple[str, ...] = ()

    def tables(self) -> Iterable[TableContents]:
        """Every table, in the order of the map."""
        for category in self.categories:
            yield from category.tables

    @property
    def leaves_out(self) -> bool:
        """Whether an answer left something out that would be here."""
        return any(category.withheld or category.left_out for category in self.categories)
