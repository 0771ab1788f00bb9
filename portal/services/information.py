"""What is held about a person: how much of each category, the rows page by page, and the tokens that stand for rows.

Everything is read where it lives, for this page alone; nothing is kept (design §2.5).
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from typing import cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from portal.domain.data_map import Category, DataMap, Scalar, Table, TableName
from portal.domain.days import Days
from portal.domain.withholding import ALL_GIVEN, NOTHING, AllLeftOut, TableLeftOut
from portal.services.identities import Identities, Identity
from portal.services.installation import Installation
from portal.services.side_by_side import answers
from portal.services.withheld import ShownRows
from portal.sources.base import Dates, Key, Page, Row, SourceUnavailable

COUNTED_TO = 10_000
"""Rows are counted no further, so that a long log costs what a short one does."""

PAGE_ROWS = 25

_ROW, _PLACE, _ACCOUNT = "row", "place", "account"


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

    `count`: how many there are on all pages, None where it is not told, `more`: more than were counted. `dates`: the oldest
    and newest of all rows, chosen or not; None where no days can be chosen.
    `account`: what stands for the account they belong to, and `under` the address it was found under, where the source knows
    the person by several.
    `left_out`: what an answer leaves out of the table; its fields were not read, its rows are not there.
    """

    table: Table
    reach: Reach
    rows: tuple[Row, ...] = ()
    next_after: str | None = None
    count: int | None = 0
    more: bool = False
    dates: Dates | None = None
    account: str | None = None
    under: str | None = None
    left_out: TableLeftOut = NOTHING


@dataclass(frozen=True, slots=True)
class _Counted:
    """How many rows of one table, of all accounts together, and whether it could be read."""

    reaches: frozenset[Reach]
    rows: int


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
    table: str | None = None,
    account: str | None = None,
    after: str | None = None,
    within: Days | None = None,
    left_out: AllLeftOut = ALL_GIVEN,
) -> tuple[TablePage, ...]:
    """The first page of each table of a category, or of one table of one account the page that begins at `after`.

    Of some days when told. Where a source knows the person by several accounts, each has pages of its own. A place that is
    damaged, or another table's, begins at the first row. Sources are asked all at a time, and one that is away or too slow
    has its own tables marked (design §4.3).

    Raises:
        LookupError: the category has no table of that name, or the account is none of the person's.
    """
    reading = _Reading(portal, identities, {one.name: left_out.table(category.id, one) for one in category.tables})
    if table is None and account is None:
        return reading.pages(category.tables, within=within)
    wanted = category.table(table) if table is not None else None
    if wanted is None:
        raise LookupError(table)
    return reading.pages([wanted], account=account, after=after, within=within)


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


def sealed_place(portal: Installation, table: Table, place: Key) -> str:
    """What stands for a place in a list of the table's rows, as `row_token` does for a row."""
    return _sealed(portal, table, _PLACE, place)


def opened_place(portal: Installation, table: Table, token: str) -> Key | None:
    """The place a token of this table stands for, or None when it stands for none."""
    return _opened(portal, table, _PLACE, token)


class _Reading:
    """One page's reading of the sources: whoever was away once is not waited for again."""

    def __init__(
        self,
        portal: Installation,
        identities: Identities,
        left_out: Mapping[TableName, TableLeftOut] = MappingProxyType({}),
    ) -> None:
        self._portal = portal
        self._identities = identities
        self._left_out = left_out
        self._away = set(identities.away)

    def counts(self, tables: Sequence[Table]) -> Sequence[_Counted]:
        """How many rows of each table, one further than the bound when there are more; each source once, all at a time."""
        asked = {
            source: partial(self._numbers, source, [one for one in tables if one.name.source == source])
            for source in dict.fromkeys(table.name.source for table in tables)
            if Reach.READ in self._reaches(source)
        }
        numbers_of = answers(asked) if asked else {}
        self._away |= asked.keys() - numbers_of.keys()
        found = {source: iter(numbers) for source, numbers in numbers_of.items()}
        return [
            _Counted(self._reaches(source), next(found[source]) if source in found else 0)
            for source in (table.name.source for table in tables)
        ]

    def _numbers(self, source: str, tables: Sequence[Table]) -> Sequence[int]:
        """How many rows of each table of one source, its accounts together."""
        asked = self._portal.sources[source]
        each = [asked.counts(tables, key, bound=COUNTED_TO + 1) for key in self._identities.keys_in(source)]
        return [sum(numbers) for numbers in zip(*each, strict=True)]

    def pages(
        self,
        tables: Sequence[Table],
        *,
        account: str | None = None,
        after: str | None = None,
        within: Days | None = None,
    ) -> tuple[TablePage, ...]:
        """The first page of each account in each table, or of one account the page that begins at a place.

        Each source in turn, all of them at a time.
        """
        owners = {table.name: self._owners(table, account) for table in tables}
        asked = {
            source: partial(self._pages_in, source, mine, after, within)
            for source in dict.fromkeys(table.name.source for table in tables)
            if (mine := [(one, owner) for one in tables if one.name.source == source for owner in owners[one.name]])
        }
        pages_in = answers(asked) if asked else {}
        self._away |= asked.keys() - pages_in.keys()
        read = [page for pages in pages_in.values() for page in pages]
        found = {table.name: [page for page in read if page.table is table] for table in tables}
        return tuple(
            page
            for table in tables
            for page in (*found[table.name], *self._unread(table, account, owners[table.name], found[table.name]))
        )

    def _unread(
        self, table: Table, account: str | None, owners: Sequence[Identity], read: Sequence[TablePage]
    ) -> Iterator[TablePage]:
        """What stands in the place of rows that were not read, or beside those that were: a part may be shared."""
        if owners and len(read) == len(owners) and (account is not None or table.name.source in self._away):
            return
        left_out = self._out_of(table)
        if left_out.whole:
            yield TablePage(table, Reach.WITHHELD, left_out=left_out)
            return
        for reach in self._reaches(table.name.source) - {Reach.READ}:
            yield TablePage(table, reach, left_out=left_out)

    def _out_of(self, table: Table) -> TableLeftOut:
        """What an answer leaves out of a table."""
        return self._left_out.get(table.name, NOTHING)

    def _owners(self, table: Table, account: str | None) -> Sequence[Identity]:
        """Every account of the person's in the table's source that can be read, or the one named."""
        if Reach.READ not in self._reaches(table.name.source) or self._out_of(table).whole:
            return ()
        theirs = self._identities.in_source(table.name.source)
        if account is None:
            return theirs
        key = _opened(self._portal, table, _ACCOUNT, account)
        chosen = [one for one in theirs if one.key == key]
        if not chosen:
            raise LookupError(str(table.name))
        return chosen

    def _pages_in(
        self, source: str, owned: Sequence[tuple[Table, Identity]], after: str | None, within: Days | None
    ) -> Sequence[TablePage]:
        """The pages of one source, as far as it answers."""
        pages: list[TablePage] = []
        try:
            for table, owner in owned:
                pages.append(self._page(table, owner, after if len(owned) == 1 else None, within))
        except SourceUnavailable:
            self._away.add(source)
        return pages

    def _page(self, table: Table, owner: Identity, after: str | None, within: Days | None) -> TablePage:
        place = opened_place(self._portal, table, after) if after else None
        source, left_out = self._portal.sources[table.name.source], self._out_of(table)
        shown = ShownRows(source, table, left_out)
        page = self._rows(shown, owner.key, place, within)
        whole = place is None and page.next_after is None
        count = len(page.rows) if whole else shown.count(owner.key, bound=COUNTED_TO + 1, within=within)
        several = len(self._identities.in_source(table.name.source)) > 1
        return TablePage(
            table,
            Reach.READ,
            page.rows,
            sealed_place(self._portal, table, page.next_after) if page.next_after is not None else None,
            count=min(count, COUNTED_TO) if count is not None else None,
            more=count is not None and count > COUNTED_TO,
            dates=shown.dates(owner.key, bound=COUNTED_TO + 1),
            account=_sealed(self._portal, table, _ACCOUNT, owner.key) if several else None,
            under=owner.address if several else None,
            left_out=left_out,
        )

    def _rows(self, shown: ShownRows, person: Key, place: Key | None, within: Days | None) -> Page:
        try:
            return shown.page(person, after=place, limit=PAGE_ROWS, within=within)
        except ValueError:  # a place of the order the map named before it was changed
            return shown.page(person, after=None, limit=PAGE_ROWS, within=within)

    def _reaches(self, source: str) -> frozenset[Reach]:
        """Whether a source can be read for the person; a part of it may be theirs alone, and a part shared."""
        if source in self._away:
            return frozenset({Reach.AWAY})
        found = {Reach.READ} if self._identities.in_source(source) else set()
        if source in self._identities.shared:
            found.add(Reach.SHARED)
        return frozenset(found or {Reach.UNKNOWN})


def _shown_of(category: Category, left_out: AllLeftOut) -> list[Table]:
    """The tables of a category that no answer leaves out whole."""
    if left_out.category(category.id):
        return []
    return [table for table in category.tables if left_out.table(category.id, table).whole is None]


def _held_in(category: Category, counted: Sequence[_Counted], left_out: AllLeftOut) -> CategoryHeld:
    if left_out.category(category.id) or (category.tables and not counted):
        return CategoryHeld(category, frozenset({Reach.WITHHELD}), rows=0, more=False)
    return CategoryHeld(
        category=category,
        reaches=frozenset(reach for one in counted for reach in one.reaches),
        rows=sum(min(one.rows, COUNTED_TO) for one in counted),
        more=any(one.rows > COUNTED_TO for one in counted),
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
