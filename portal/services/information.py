"""What is held about a person: how much of each category, the rows page by page, and the tokens that stand for rows.

Everything is read where it lives, for this page alone; nothing is kept (design §2.5).
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from portal.domain.data_map import Category, DataMap, Scalar, Table
from portal.domain.withholding import ALL_GIVEN, NOTHING, AllLeftOut, TableLeftOut
from portal.services.identities import Identities
from portal.services.installation import Installation
from portal.services.side_by_side import answers
from portal.services.withheld import ShownRows
from portal.sources.base import Key, Page, Row, SourceUnavailable

COUNTED_TO = 10_000
"""Rows are counted no further, so that a long log costs what a short one does."""

PAGE_ROWS = 25

_ROW, _PLACE = "row", "place"


class Reach(StrEnum):
    """Whether a table could be read for a person, and if not, why."""

    READ = "read"
    AWAY = "away"
    SHARED = "shared"
    UNKNOWN = "unknown"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class CategoryHeld:
    """How many rows one category holds about a person. `more`: more than were counted. `partly`: an answer leaves some out."""

    category: Category
    reaches: frozenset[Reach]
    rows: int
    more: bool
    partly: bool = False


@dataclass(frozen=True, slots=True)
class TablePage:
    """Some rows of one table, and where the next page begins; the rows are there only when the table was read.

    `left_out`: what an answer leaves out of the table; its fields were not read, its rows are not there.
    """

    table: Table
    reach: Reach
    rows: tuple[Row, ...] = ()
    next_after: str | None = None
    left_out: TableLeftOut = NOTHING


def held_in_each(
    portal: Installation, data_map: DataMap, identities: Identities, left_out: AllLeftOut = ALL_GIVEN
) -> tuple[CategoryHeld, ...]:
    """How much each category of the map holds about a person; what an answer leaves out whole is not counted.

    A source that goes away meanwhile is asked once, not once a table, and only its part is marked (design §4.3).
    """
    shown = {category.id: _shown_of(category, left_out) for category in data_map.categories}
    counted = iter(_Reading(portal, identities).counts([table for tables in shown.values() for table in tables]))
    return tuple(
        _held_in(category, [next(counted) for _ in shown[category.id]], left_out) for category in data_map.categories
    )


def pages_of(
    portal: Installation,
    category: Category,
    identities: Identities,
    *,
    table: str | None,
    after: str | None,
    left_out: AllLeftOut = ALL_GIVEN,
) -> tuple[TablePage, ...]:
    """The first page of each table of a category, or of one table the page that begins at `after`.

    A place that is damaged, or another table's, begins at the first row.

    Raises:
        LookupError: the category has no table of that name.
    """
    if table is not None and category.table(table) is None:
        raise LookupError(table)
    reading = _Reading(portal, identities)
    wanted = [found for found in category.tables if table in {None, str(found.name)}]
    return tuple(
        reading.page(found, after if table is not None else None, left_out.table(category.id, found))
        for found in wanted
    )


def row_token(portal: Installation, table: Table, key: Key) -> str:
    """What stands for a row in addresses: always the same, and readable by this installation alone.

    A service's key may be an e-mail address, and addresses hold nothing personal (design §2.5, ASVS 14.2.1).
    """
    return _sealed(portal, table, _ROW, key)


def token_of(portal: Installation, table: Table, row: Row) -> str:
    """What stands for a row that was just read."""
    return row_token(portal, table, tuple(cast("Scalar", row[name]) for name in table.key))


def key_of(portal: Installation, table: Table, token: str) -> Key | None:
    """The key of the row a token of this table stands for, or None when it stands for none."""
    key = _opened(portal, table, _ROW, token)
    return key if key is not None and len(key) == len(table.key) else None


class _Reading:
    """One page's reading of the sources: whoever was away once is not waited for again."""

    def __init__(self, portal: Installation, identities: Identities) -> None:
        self._portal = portal
        self._identities = identities
        self._away = set(identities.away)

    def counts(self, tables: Sequence[Table]) -> Sequence[tuple[Reach, int]]:
        """How many rows of each table, one further than the bound when there are more; each source once, all at a time."""
        asked = {
            source: self._numbers(source, [one for one in tables if one.name.source == source])
            for source in dict.fromkeys(table.name.source for table in tables)
            if self._reach(source) is Reach.READ
        }
        numbers_of = answers(asked) if asked else {}
        self._away |= asked.keys() - numbers_of.keys()
        found = {source: iter(numbers) for source, numbers in numbers_of.items()}
        reaches = [(self._reach(table.name.source), found.get(table.name.source)) for table in tables]
        return [(reach, next(numbers) if numbers and reach is Reach.READ else 0) for reach, numbers in reaches]

    def _numbers(self, source: str, tables: Sequence[Table]) -> Callable[[], Sequence[int]]:
        return partial(self._portal.sources[source].counts, tables, self._person(source), bound=COUNTED_TO + 1)

    def page(self, table: Table, after: str | None, left_out: TableLeftOut) -> TablePage:
        """The page that begins at a place, or the first."""
        source = table.name.source
        reach = Reach.WITHHELD if left_out.whole else self._reach(source)
        if reach is not Reach.READ:
            return TablePage(table, reach, left_out=left_out)
        place = _opened(self._portal, table, _PLACE, after) if after else None
        try:
            page = self._rows(ShownRows(self._portal.sources[source], table, left_out), self._person(source), place)
        except SourceUnavailable:
            return TablePage(table, self._went_away(source))
        return TablePage(table, reach, page.rows, self._place(table, page.next_after), left_out)

    def _rows(self, shown: ShownRows, person: Key, place: Key | None) -> Page:
        try:
            return shown.page(person, after=place, limit=PAGE_ROWS)
        except ValueError:  # a place of the order the map named before it was changed
            return shown.page(person, after=None, limit=PAGE_ROWS)

    def _reach(self, source: str) -> Reach:
        if source in self._away:
            return Reach.AWAY
        if source in self._identities.shared:
            return Reach.SHARED
        return Reach.READ if source in self._identities.keys else Reach.UNKNOWN

    def _person(self, source: str) -> Key:
        return self._identities.keys[source]

    def _went_away(self, source: str) -> Reach:
        self._away.add(source)
        return Reach.AWAY

    def _place(self, table: Table, after: Key | None) -> str | None:
        return _sealed(self._portal, table, _PLACE, after) if after is not None else None


def _shown_of(category: Category, left_out: AllLeftOut) -> list[Table]:
    """The tables of a category that no answer leaves out whole."""
    if left_out.category(category.id):
        return []
    return [table for table in category.tables if left_out.table(category.id, table).whole is None]


def _held_in(category: Category, counted: Sequence[tuple[Reach, int]], left_out: AllLeftOut) -> CategoryHeld:
    if left_out.category(category.id) or (category.tables and not counted):
        return CategoryHeld(category, frozenset({Reach.WITHHELD}), rows=0, more=False)
    return CategoryHeld(
        category=category,
        reaches=frozenset(reach for reach, _ in counted),
        rows=sum(min(rows, COUNTED_TO) for _, rows in counted),
        more=any(rows > COUNTED_TO for _, rows in counted),
        partly=bool(left_out.within(category)),
    )


def _sealed(portal: Installation, table: Table, use: str, key: Key) -> str:
    text = json.dumps(list(key), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    sealed = AESSIV(portal.keys.for_("rows")).encrypt(text, _bound_to(table, use))
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def _opened(portal: Installation, table: Table, use: str, token: str) -> Key | None:
    """What a token of ours holds, or None: a damaged one, another table's or another installation's."""
    try:
        sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    for secret in portal.keys.all_for("rows"):
        try:
            text = AESSIV(secret).decrypt(sealed, _bound_to(table, use))
        except (InvalidTag, ValueError):
            continue
        return tuple(json.loads(text.decode("utf-8", "surrogatepass")))
    return None


def _bound_to(table: Table, use: str) -> list[bytes]:
    return [use.encode(), str(table.name).encode()]
