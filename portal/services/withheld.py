"""What the last answer to an access request left out: the pages and the copy of its person leave it out too (P-39.1, s. 34)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from portal.domain.data_map import Table
from portal.domain.days import Days
from portal.domain.people import Person
from portal.domain.rights import Kind, RightsRequest, Withheld
from portal.domain.withholding import (
    AllLeftOut,
    CannotBeLeftOut,
    TableLeftOut,
    Unfit,
    refuse_unfit,
    with_its_key,
    without_fields,
)
from portal.services.identities import addresses_to_search, identities_of
from portal.services.installation import Installation
from portal.services.regimes import ready_grounds
from portal.services.settings import in_effect
from portal.sources.base import Chunk, Dates, Key, Page, Row, Source, SourceUnavailable
from portal.storage.store import Store
from portal.wording.catalogue import N_

ASKING_TO_SEE = frozenset({Kind.ACCESS, Kind.PORTABILITY})
"""The kinds of request whose answer says what a person may not see."""


def left_out_for(store: Store, person: Person) -> AllLeftOut:
    """What their newest answer leaves out, until another answer to a request of theirs says otherwise."""
    answer = store.requests.last_answer(person.id, ASKING_TO_SEE)
    return AllLeftOut(answer.withheld, answer.reference) if answer else AllLeftOut()


class ShownRows:
    """One table of a source, read without what an answer leaves out: fields are not asked for, rows are passed over.

    Where the dates are left out, no days can be chosen either: what they choose would tell the dates. Where rows are left
    out, nothing tells theirs: no oldest nor newest, no number of the rows of some days, no page that is shorter than another.
    """

    def __init__(self, source: Source, table: Table, left_out: TableLeftOut) -> None:
        """Read a table; `table` is afterwards what is shown of it."""
        self._source = source
        self._left_out = left_out
        self._dated = table.order is not None and table.order not in left_out.fields
        self.table = without_fields(table, left_out)

    def page(self, person: Key, *, after: Key | None, limit: int, within: Days | None = None) -> Page:
        """As the source's own page; what is left out of it makes room for the rows that follow.

        No more readings than rows left out: one that gives nothing passes over one of them at least.

        Raises:
            SourceUnavailable: as the source says, and where its pages lead in circles.
        """
        days = self._days(within)
        page = self._source.page(self.table, person, after=after, limit=limit, within=days)
        found = self._given(page)
        for _ in self._left_out.rows:
            if len(found) >= limit or page.next_after is None:
                break
            more = limit - len(found)
            page = self._source.page(self.table, person, after=page.next_after, limit=more, within=days)
            found += self._given(page)
        if not found and page.next_after is not None:
            raise SourceUnavailable(N_("The source %(source)s leads in circles."), source=self.table.name.source)
        return replace(page, rows=tuple(found))

    def _given(self, page: Page) -> list[Row]:
        key = self.table.key
        return [row for row in page.rows if not self._left_out.row([row[name] for name in key])]

    def chunks(self, person: Key, *, within: Days | None = None) -> Iterator[Chunk]:
        """As the source's own chunks."""
        days = self._days(within)
        if not self._left_out.rows:
            yield from self._source.chunks(self.table, person, within=days)
            return
        keyed, shown = with_its_key(self.table), len(self.table.columns)
        names = [column.name for column in keyed.columns]
        key = [names.index(name) for name in keyed.key]
        for chunk in self._source.chunks(keyed, person, within=days):
            kept = [cells[:shown] for cells in chunk if not self._left_out.row([cells[place] for place in key])]
            if kept:
                yield kept

    def count(self, person: Key, *, bound: int, within: Days | None = None) -> int | None:
        """As the source's own count, those left out among them; None where it would tell on which days those are."""
        days = self._days(within)
        return (
            None if days and self._left_out.rows else self._source.count(self.table, person, bound=bound, within=days)
        )

    def dates(self, person: Key, *, bound: int) -> Dates | None:
        """From when to when, as the source says where no row is left out; None where no days can be chosen."""
        found = self._source.dates(self.table, person, bound=bound) if self._dated else None
        return replace(found, oldest=None, newest=None) if found and self._left_out.rows else found

    def _days(self, within: Days | None) -> Days | None:
        return within if self._dated else None


def refuse_what_cannot_be_left_out(
    portal: Installation, store: Store, request: RightsRequest, withheld: Sequence[Withheld]
) -> None:
    """Let pass what an answer may leave out: the map has it, its rows are the person's, and something is left to give.

    Raises:
        CannotBeLeftOut: which part, and why.
    """
    data_map = in_effect(portal, store).data_map
    grounds = ready_grounds(portal, store, request)
    refuse_unfit(data_map, withheld, grounds, to_see=request.kind in ASKING_TO_SEE)
    for one in withheld:
        category = data_map.category(one.category)
        table = category.table(one.table) if category else None
        if table and one.rows:
            _refuse_others_rows(portal, store, request, table, one)


def _refuse_others_rows(
    portal: Installation, store: Store, request: RightsRequest, table: Table, one: Withheld
) -> None:
    """Let pass rows that are there and the person's own; each is asked for by its key."""
    person = store.people.by_id(request.person_id)
    identities = identities_of(portal, *addresses_to_search(portal, store, request, person))
    source = table.name.source
    if source in identities.away:
        raise CannotBeLeftOut(Unfit.AWAY, one)
    asked, accounts, keys_alone = portal.sources[source], identities.keys_in(source), replace(table, columns=())
    try:
        there = all(any(asked.row(keys_alone, owner, key) for owner in accounts) for key in one.rows)
    except SourceUnavailable as error:
        raise CannotBeLeftOut(Unfit.AWAY, one) from error
    if not there:
        raise CannotBeLeftOut(Unfit.NO_ROW, one)
