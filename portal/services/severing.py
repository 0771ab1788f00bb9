"""The entries of one person's list among which staff choose what an answer leaves out: their keys and dates, nothing else.

Staff find an entry in the service by its key; the portal shows them no value of it (design §2.5).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from typing import cast

from portal.domain.data_map import Category, Column, Scalar, Table
from portal.domain.rights import RightsRequest, Withheld
from portal.domain.withholding import CannotBeLeftOut, Unfit
from portal.services.identities import Identities, addresses_to_search, identities_of
from portal.services.information import Reach, TablePage, pages_of, row_token, token_of
from portal.services.installation import Installation
from portal.sources.base import Key, Row, SourceUnavailable
from portal.storage.store import Store

LONGEST_KEY = 300


@dataclass(frozen=True, slots=True)
class RowToChoose:
    """One row: the token that stands for it, its key, and its value of the column by which the list is in order, if any."""

    token: str
    key: tuple[str, ...]
    date: object = None


@dataclass(frozen=True, slots=True)
class RowsToChoose:
    """Some rows of a list, newest first, and where the next ones begin. `dated`: the column of their dates."""

    reach: Reach
    rows: tuple[RowToChoose, ...]
    next_after: str | None
    dated: Column | None


def rows_to_choose(
    portal: Installation, store: Store, request: RightsRequest, category: Category, table: Table, *, after: str | None
) -> RowsToChoose:
    """Rows of whoever asks, some at a time; none where their source knows nobody, knows several or does not answer."""
    bare = _bare(table)
    dated = bare.columns[0] if bare.columns else None
    pages = partial(
        pages_of, portal, replace(category, tables=(bare,)), _identities(portal, store, request), table=str(table.name)
    )
    firsts = pages()
    accounts = [page for page in firsts if page.reach is Reach.READ]
    if not accounts:
        return RowsToChoose(firsts[0].reach, (), None, dated)
    account, _, place = (after or "").rpartition(".")
    number = next((number for number, page in enumerate(accounts) if page.account == account), 0)
    found = pages(account=accounts[number].account, after=place)[0] if place else accounts[number]
    rows = tuple(_row(portal, bare, row, dated) for row in found.rows)
    return RowsToChoose(found.reach, rows, _following(accounts, number, found), dated)


def _following(accounts: Sequence[TablePage], number: int, found: TablePage) -> str | None:
    """Where the next rows begin: further in the same account, else with the first of the next one."""
    if found.next_after:
        return f"{found.account or ''}.{found.next_after}"
    return f"{accounts[number + 1].account}." if number + 1 < len(accounts) else None


def _identities(portal: Installation, store: Store, request: RightsRequest) -> Identities:
    person = store.people.by_id(request.person_id)
    return identities_of(portal, *addresses_to_search(portal, store, request, person))


def token_of_typed(
    portal: Installation, store: Store, request: RightsRequest, category: Category, table: Table, typed: str
) -> str:
    """The token of the row whose key was typed, its parts with commas between them.

    Raises:
        CannotBeLeftOut: no such row is the person's, or its source does not answer.
    """
    identities = _identities(portal, store, request)
    source, part = table.name.source, Withheld(category.id, "", "", "", table=str(table.name))
    if source in identities.away:
        raise CannotBeLeftOut(Unfit.AWAY, part)
    asked, bare = portal.sources[source], _bare(table)
    keys = list(_keys(typed)) if len(typed) <= LONGEST_KEY else []
    try:
        for owner, key in product(identities.keys_in(source), keys):
            row = asked.row(bare, owner, key)
            if row is not None:
                return token_of(portal, table, row)
    except SourceUnavailable as error:
        raise CannotBeLeftOut(Unfit.AWAY, part) from error
    raise CannotBeLeftOut(Unfit.NO_ROW, part)


def _bare(table: Table) -> Table:
    """The table with the column of its order alone, so that nothing else is read."""
    dated = table.column(table.order) if table.order else None
    return replace(table, columns=(dated,) if dated and dated.show == "plain" else ())


def _row(portal: Installation, table: Table, row: Row, dated: Column | None) -> RowToChoose:
    key = tuple(cast("Scalar", row[name]) for name in table.key)
    return RowToChoose(row_token(portal, table, key), tuple(map(str, key)), row[dated.name] if dated else None)


def _keys(typed: str) -> Iterator[Key]:
    """What a typed key may be: whole numbers where it looks like them, else text."""
    parts = [part.strip() for part in typed.split(",")]
    if all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
        yield tuple(map(int, parts))
    yield tuple(parts)
