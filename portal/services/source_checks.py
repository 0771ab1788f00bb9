"""Tries a source as the portal will use it, by reading alone: each thing in one sentence, and nothing of anybody told."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Literal

from portal.domain.data_map import AccessLog, People, Table
from portal.domain.days import Days, days_between
from portal.services.check import uses
from portal.services.installation import Installation
from portal.sources.base import Access, Key, Page, Row, Source, SourceRefused, SourceUnavailable
from portal.sources.http import HttpSource, probing
from portal.wording.catalogue import N_

State = Literal["well", "wrong", "skipped"]

SOME, FEW, MANY = 30, 3, 1_000_000
"""How many rows are looked at, how many of them come at a time, and how far rows are counted."""

PEOPLE_LOOKED_AT = 20
NO_PLACE = ("no place",) * 9


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one check: its sentence, the table it is about if it is about one, and why it is wrong where that is known."""

    sentence: str
    state: State
    about: str = ""
    why: SourceUnavailable | None = None


@dataclass(frozen=True, slots=True)
class Bench:
    """What is tried: a source, its part of the map, and some people to look at."""

    portal: Installation
    source: Source
    people: People | None
    tables: tuple[Table, ...]
    listed: tuple[Row, ...]
    now: datetime

    def everybody(self) -> list[Key]:
        """The keys of the people."""
        return [tuple(row[name] for name in self.people.key) for row in self.listed] if self.people else []  # type: ignore[misc]  # scalars

    def days(self, first: date, last: date) -> Days | None:
        """Days as they fall in the organization's zone."""
        return days_between(first, last, self.portal.settings.zone)

    def records(self) -> list[AccessLog | None]:
        """Where it is written who looked: as the map says, else as the source may know by itself."""
        of_map = [log for log in self.portal.data_map.accesses if log.table.source == self.source.id]
        return [*of_map] if of_map else [None]


Check = Callable[[], bool | None]
"""Says whether all is as it should be; None when there is nothing to look at."""


def reading(portal: Installation, source_id: str, now: datetime) -> Iterator[Outcome]:
    """Everything that is tried by reading, one outcome after the other.

    Raises:
        KeyError: there is no such source.
    """
    bench = bench_of(portal, source_id, now)
    for sentence, check in _OF_THE_WHOLE:
        yield outcome(sentence, partial(check, bench))
    for table in bench.tables:
        for sentence, look in _OF_A_TABLE:
            yield outcome(sentence, partial(_looked_at, look, bench, table), str(table.name))


def bench_of(portal: Installation, source_id: str, now: datetime) -> Bench:
    """The source and some of its people; none where they cannot be listed, which a check then says. Raises KeyError."""
    source, people = portal.sources[source_id], portal.data_map.people_of(source_id)
    tables = {str(table.name): table for _, table in portal.data_map.tables() if table.name.source == source_id}
    try:
        listed = source.people_page(people, after=None, limit=PEOPLE_LOOKED_AT).rows if people else ()
    except SourceUnavailable:
        listed = ()
    return Bench(portal, source, people, tuple(tables.values()), tuple(listed), now)


def outcome(sentence: str, check: Check, about: str = "") -> Outcome:
    """What a check comes to, whatever it raises of the source's exceptions."""
    try:
        well = check()
    except SourceUnavailable as failure:
        return Outcome(sentence, "wrong", about, failure)
    except (SourceRefused, LookupError, ValueError):
        return Outcome(sentence, "wrong", about)
    return Outcome(sentence, "skipped" if well is None else "well" if well else "wrong", about)


def _describes(bench: Bench) -> bool:
    """Every table and column that the map relies on."""
    shapes = bench.source.describe()
    wanted = [use for use in uses(bench.portal.settings) if use.table.source == bench.source.id]
    known = [use for use in wanted if use.table in shapes]
    return known == wanted and all(use.column is None or use.column in shapes[use.table].columns for use in wanted)


def _refuses(bench: Bench, refuses: Callable[[HttpSource], bool]) -> bool | None:
    return refuses(bench.source) if isinstance(bench.source, HttpSource) else None


def _lists_people(bench: Bench) -> bool | None:
    people = bench.people
    if people is None:
        return None
    whole = bench.source.people_page(people, after=None, limit=SOME).rows
    walked = _walked(lambda after: bench.source.people_page(people, after=after, limit=FEW), len(whole))
    return walked == list(whole) and _all_differ(whole, people.key)


def _finds_people(bench: Bench) -> bool | None:
    """The first of them who has an address: written as it is, and in capitals."""
    people = bench.people
    if people is None:
        return None
    for row, key in zip(bench.listed, bench.everybody(), strict=True):
        address = next((cell for name in people.match_email if isinstance(cell := row[name], str) and cell), "")
        if address:
            return all(key in bench.source.people_matching(people, one) for one in (address, address.upper()))
    return None


def _finds_nobody(bench: Bench) -> bool | None:
    if bench.people is None:
        return None
    return not bench.source.people_matching(bench.people, f"{secrets.token_hex(16)}@nobody.invalid")


def _counts_at_once(bench: Bench) -> bool | None:
    if not bench.tables or not bench.listed:
        return None
    person = bench.everybody()[0]
    each = [bench.source.count(table, person, bound=MANY) for table in bench.tables]
    return list(bench.source.counts(bench.tables, person, bound=MANY)) == each


def _tells_who_looked(bench: Bench) -> bool | None:
    """Of every record of the first of the people of whom it tells something."""
    found = [_looks_well(bench, people, log) for people in [bench.people] if people for log in bench.records()]
    told = [well for well in found if well is not None]
    return all(told) if told else None


def _looks_well(bench: Bench, people: People, log: AccessLog | None) -> bool | None:
    """Page by page as all at once, and newest first."""
    for key in bench.everybody():
        whole = bench.source.accesses(people, key, log, after=None, limit=SOME)
        if whole is None and log is not None:
            return False
        if whole is None or not whole.accesses:
            continue
        walked: list[Access] = []
        after: Key | None = None
        while len(walked) < len(whole.accesses):
            page = bench.source.accesses(people, key, log, after=after, limit=FEW)
            if page is None:
                return False
            walked += page.accesses
            after = page.next_after
            if after is None:
                break
        instants = [one.at for one in whole.accesses if isinstance(one.at, datetime)]
        return walked[: len(whole.accesses)] == list(whole.accesses) and instants == sorted(instants, reverse=True)
    return None


def _looked_at(look: Callable[[Bench, Table, Key], bool | None], bench: Bench, table: Table) -> bool | None:
    """The check on the rows of the first of the people who has some."""
    owner = next((key for key in bench.everybody() if bench.source.count(table, key, bound=1)), None)
    return None if owner is None else look(bench, table, owner)


def _pages(bench: Bench, table: Table, owner: Key) -> bool:
    whole = bench.source.page(table, owner, after=None, limit=SOME).rows
    walked = _walked(lambda after: bench.source.page(table, owner, after=after, limit=FEW), len(whole))
    return walked == list(whole) and len(whole) == bench.source.count(table, owner, bound=SOME)


def _copies(bench: Bench, table: Table, owner: Key) -> bool:
    total = sum(len(chunk) for chunk in bench.source.chunks(table, owner))
    return total == bench.source.count(table, owner, bound=MANY)


def _chooses_days(bench: Bench, table: Table, owner: Key) -> bool | None:
    """The newest day, the day alone of the oldest, and all from one to the other: no row of another day, and none missing."""
    source = bench.source
    dates = source.dates(table, owner, bound=MANY)
    if dates is None or dates.oldest is None or dates.newest is None:
        return None
    oldest, newest = (
        bench.portal.today(one) if isinstance(one, datetime) else one for one in (dates.oldest, dates.newest)
    )
    dated = source.count(table, owner, bound=MANY) - dates.undated
    all_days = bench.days(oldest, newest)
    of_some_days = all(_are_of(bench, table, owner, bench.days(day, day)) for day in (oldest, newest))
    return of_some_days and source.count(table, owner, bound=MANY, within=all_days) == dated


def _are_of(bench: Bench, table: Table, owner: Key, days: Days | None) -> bool:
    source, order = bench.source, table.order or ""
    counted = source.count(table, owner, bound=MANY, within=days)
    rows = _walked(lambda after: source.page(table, owner, after=after, limit=FEW, within=days), min(counted, SOME) + 1)
    copied = sum(len(chunk) for chunk in source.chunks(table, owner, within=days))
    on_them = all(days is None or days.hold(row.get(order)) is not False for row in rows)
    return on_them and len(rows) == min(counted, SOME + 1) and copied == counted > 0


def _reads_by_key(bench: Bench, table: Table, owner: Key) -> bool:
    row = bench.source.page(table, owner, after=None, limit=1).rows[0]
    key: Key = tuple(row[name] for name in table.key)  # type: ignore[misc]  # scalars
    others = [other for other in bench.everybody() if other != owner][:FEW]
    mine = bench.source.row(table, owner, key) == row
    return mine and all(bench.source.row(table, other, key) is None for other in others)


def _refuses_no_place(bench: Bench, table: Table, owner: Key) -> bool:
    try:
        bench.source.page(table, owner, after=NO_PLACE, limit=FEW)
    except ValueError:
        return True
    return False


def _adds_up(bench: Bench, table: Table, owner: Key) -> bool | None:
    if table.erase != "delete":
        return None
    source, now = bench.source, bench.now
    total, erasable = source.count(table, owner, bound=MANY), source.count_erasable(table, owner, now=now)
    batch = source.next_batch(table, owner, after=None, limit=FEW, now=now)
    held = source.count_held(table, owner, now=now).count
    untouched = source.count(table, owner, bound=MANY) == total
    return erasable + held == total and untouched and (batch.count if batch else 0) == min(FEW, erasable)


def _walked(read: Callable[[Key | None], Page], enough: int) -> list[Row]:
    """Rows page by page, until there are enough."""
    found: list[Row] = []
    after: Key | None = None
    while True:
        page = read(after)
        found += page.rows
        after = page.next_after
        if after is None or len(found) >= enough:
            return found[:enough]


def _all_differ(rows: Sequence[Row], names: Sequence[str]) -> bool:
    return len({tuple(row[name] for name in names) for row in rows}) == len(rows)


_OF_THE_WHOLE: tuple[tuple[str, Callable[[Bench], bool | None]], ...] = (
    (N_("Its tables and columns are those the map relies on."), _describes),
    (N_("A question that is not signed is refused."), partial(_refuses, refuses=probing.refuses_unsigned)),
    (N_("A question that was changed on its way is refused."), partial(_refuses, refuses=probing.refuses_changed)),
    (N_("A question signed ten minutes ago is refused."), partial(_refuses, refuses=probing.refuses_old)),
    (N_("A question sent twice is answered once."), partial(_refuses, refuses=probing.answers_once)),
    (N_("People are listed page by page, each once."), _lists_people),
    (N_("Somebody is found by their address, in capitals too."), _finds_people),
    (N_("Nobody is found under an address nobody has."), _finds_nobody),
    (N_("Rows of several tables are counted in one question."), _counts_at_once),
    (N_("Who looked is told page by page, newest first, each look once."), _tells_who_looked),
)
_OF_A_TABLE: tuple[tuple[str, Callable[[Bench, Table, Key], bool | None]], ...] = (
    (N_("Rows come page by page, each once, and as many as are counted."), _pages),
    (N_("A copy holds every row."), _copies),
    (N_("A choice of days gives every row of those days, and no others."), _chooses_days),
    (N_("A row is read by its key, and by its own person alone."), _reads_by_key),
    (N_("A page that begins nowhere is refused."), _refuses_no_place),
    (N_("What may go and what must stay add up, and looking erases nothing."), _adds_up),
)
