"""The copy of everything held about a person: gathered, allowed one at a time, read from the sources while it is taken."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from typing import TypeVar

from portal.copies.contents import (
    MOST_UNDATED,
    CategoryContents,
    Chunk,
    ConsentContents,
    CopyContents,
    Row,
    Scope,
    TableContents,
)
from portal.copies.writing import write_copy
from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.data_map import Category, DataMap, Table, TableName
from portal.domain.days import Days, days_between
from portal.domain.languages import Language
from portal.domain.people import Person
from portal.domain.statements import Statement, about_category
from portal.services.attachments_in_copies import given_files
from portal.services.consents import Standing, consents_of, history
from portal.services.identities import Identities, identities_of_person
from portal.services.installation import Installation
from portal.services.looks import every_look
from portal.services.own_records import CATEGORY_ID, own_category, own_rows, statement_row
from portal.services.own_records.tables import LOOKS, STATEMENTS
from portal.services.settings import in_effect
from portal.services.side_by_side import answers
from portal.services.withheld import left_out_for
from portal.sources.base import Dates, Key, Source, SourceUnavailable
from portal.storage.database import DatabaseAway
from portal.storage.store import Store

__all__ = ["MOST_AT_ONCE", "CopyNotNow", "CopyRunning", "Scope", "TakenCopy", "take_copy", "what_it_holds"]

MOST_AT_ONCE = 4
"""Copies one process writes at once; more would slow every other page down."""

PAGE_ROWS = 100
MOST_CHARACTERS = 4_000_000
"""About how much of one table the readable page holds; a table of huge cells shows fewer rows."""

Answer = TypeVar("Answer")

_DatesOf = Mapping[tuple[TableName, Key], Dates | None]
"""The dates of each table of each account that a source knows the person by."""

_log = logging.getLogger("portal.copies")


class CopyNotNow(Exception):
    """A source does not answer, so the copy would not be whole; nothing of it was sent (security.md F-11)."""


class CopyRunning(Exception):
    """The person is taking a copy already, or too many people are."""


class TakenCopy:
    """A copy on its way. It gives its place free once it is read to the end, cut, or dropped unread."""

    def __init__(self, pieces: Iterator[bytes], let_go: Callable[[], None], when_cut: Callable[[], None]) -> None:
        """Take the archive's pieces, what to do at the end however it comes, and what to do where it comes too early."""
        self._pieces = pieces
        self._let_go = let_go
        self._when_cut = when_cut
        self._under_way = False

    def __iter__(self) -> Iterator[bytes]:
        """The archive in pieces; what a source raises comes out, after a line in the log that says no more than its kind."""
        self._under_way = True
        try:
            yield from self._pieces
            self._under_way = False
        except Exception as error:
            _log.error("copy_cut type=%s", type(error).__name__)
            raise
        finally:
            self.close()

    def close(self) -> None:
        """Stop, say so where the end was not reached, and give the place free; twice does no harm."""
        if self._under_way:
            self._under_way = False
            self._when_cut()
        self._let_go()

    def __del__(self) -> None:
        """An answer that was never sent gives its place free too."""
        self._let_go()


def what_it_holds(portal: Installation, store: Store) -> tuple[Category, ...]:
    """The categories a copy can hold, in the officer's words, the portal's own last."""
    return (*in_effect(portal, store).data_map.categories, own_category(portal))


def take_copy(
    portal: Installation, store: Store, person: Person, scope: Scope, *, language: Language, now: datetime
) -> TakenCopy:
    """Begin a copy: the audit line is written, every source has answered, and nothing is read further than that.

    Raises:
        CopyRunning: this person is taking one, or too many people are.
        CopyNotNow: a source does not answer.
    """
    let_go = _PLACES.take((id(portal), person.id))
    try:
        contents = _contents(portal, store, person, scope, language, now)
        _read_a_row_of_each(portal, contents)
        store.audit.record(AuditLine(now, AuditEvent.COPY_TAKEN, Actor.PERSON, person.id, person_id=person.id))
    except SourceUnavailable as error:
        let_go()
        raise CopyNotNow from error
    except BaseException:
        let_go()
        raise
    return TakenCopy(write_copy(contents), let_go, lambda: _record_cut(portal, person))


def _record_cut(portal: Installation, person: Person) -> None:
    """Write that a copy ended before its end: whoever took it has no archive that opens."""
    try:
        with portal.database.writing() as store:
            line = AuditLine(portal.clock(), AuditEvent.COPY_CUT, Actor.SYSTEM, None, person_id=person.id)
            store.audit.record(line)
    except DatabaseAway:
        _log.error("copy_cut not recorded: the portal's own database is away")


def _contents(
    portal: Installation, store: Store, person: Person, scope: Scope, language: Language, now: datetime
) -> CopyContents:
    settings = in_effect(portal, store)
    identities = identities_of_person(portal, store, person)
    if identities.away:
        raise SourceUnavailable
    searched = tuple(people.table.source for people in portal.data_map.people)
    return CopyContents(
        language=language,
        zone=portal.settings.zone,
        taken_at=now.replace(microsecond=0),
        address=person.address or "",
        other_addresses=identities.addresses[1:],
        organisation=settings.organisation,
        contact=settings.contact,
        body=portal.body,
        regime=portal.regime,
        data_map=settings.data_map,
        categories=tuple(_categories(portal, store, person, scope, settings.data_map, identities, language, now)),
        consents=tuple(_consents(portal, store, settings.data_map, person)),
        scope=scope,
        searched=searched,
        unknown=tuple(source for source in searched if source not in {*identities.known, *identities.shared}),
        shared=tuple(source for source in searched if source in identities.shared),
    )


def _categories(
    portal: Installation,
    store: Store,
    person: Person,
    scope: Scope,
    data_map: DataMap,
    identities: Identities,
    language: Language,
    now: datetime,
) -> Iterator[CategoryContents]:
    names = _FileNames()
    days = days_between(scope.first_day, scope.last_day, portal.settings.zone)
    dates = _dates_of(portal, [one for one in data_map.categories if scope.takes(one)], identities) if days else {}
    given, comments = given_files(portal, store, person, now=now), store.statements.of_person(person.id)
    left_out = left_out_for(store, person)
    for category in filter(scope.takes, data_map.categories):
        said = _comments(portal, data_map, about_category(comments, category.id), person)
        beside = (_own_table(STATEMENTS, names.of(category, STATEMENTS), said, days),) if said else ()
        if category.id in left_out:
            yield CategoryContents(category, beside, withheld=left_out[category.id])
            continue
        tables = tuple(_tables(portal, category, identities, names, days, dates))
        yield CategoryContents(category, (*tables, *beside), given.get(category.id, ()))
    own = own_category(portal)
    if scope.takes(own):
        rows = own_rows(portal, store, person, now=now)
        tables = tuple(
            _own_table(table, names.of(own, table), rows[str(table.name)], days)
            for table in own.tables
            if table is not LOOKS
        )
        looks = every_look(portal, store, person, identities, language=language)
        looked = _looks_table(names.of(own, LOOKS), looks, days)
        yield CategoryContents(own, (*tables, looked), given.get(CATEGORY_ID, ()))


def _tables(
    portal: Installation,
    category: Category,
    identities: Identities,
    names: _FileNames,
    days: Days | None,
    dates: _DatesOf,
) -> Iterator[TableContents]:
    for table in category.tables:
        accounts = identities.in_source(table.name.source)
        for one in accounts:
            found = dates.get((table.name, one.key))
            reading = _Reading(portal.sources[table.name.source], table, one.key, days if found else None)
            yield TableContents(
                table,
                names.of(category, table),
                reading.chunks,
                reading.newest,
                undated=found.undated if found else None,
                under=one.address if len(accounts) > 1 else None,
            )


def _dates_of(portal: Installation, categories: Iterable[Category], identities: Identities) -> _DatesOf:
    """The dates of each table and account a copy of some days may hold; sources are asked all at a time.

    Raises SourceUnavailable.
    """
    tables = [table for category in categories for table in category.tables if identities.in_source(table.name.source)]

    def ask(source: str) -> _DatesOf:
        asked = portal.sources[source]
        mine = [table for table in tables if table.name.source == source]
        return {
            (table.name, key): asked.dates(table, key, bound=MOST_UNDATED)
            for table in mine
            for key in identities.keys_in(source)
        }

    found = _all_answers({source: partial(ask, source) for source in {table.name.source for table in tables}})
    return {place: dates for each in found for place, dates in each.items()}


def _all_answers(questions: Mapping[str, Callable[[], Answer]]) -> Sequence[Answer]:
    """What each source answered, all asked at a time. Raises SourceUnavailable where one does not, or is too slow."""
    found = answers(questions) if questions else {}
    if found.keys() != questions.keys():
        raise SourceUnavailable
    return list(found.values())


def _own_table(table: Table, file: str, rows: Sequence[Row], days: Days | None) -> TableContents:
    """A table of the portal's own. A row without a date is on no day."""
    dated = days is not None and table.order is not None and table.column(table.order) is not None
    held = [days.hold(row[table.order]) if days and table.order and dated else True for row in rows]
    chosen = [row for row, on_them in zip(rows, held, strict=True) if on_them]
    names = [column.name for column in table.columns]
    cells = [tuple(row[name] for name in names) for row in chosen]
    return TableContents(
        table,
        file,
        lambda: [cells] if cells else [],
        lambda limit: (chosen[:limit], len(chosen) > limit),
        held.count(None) if dated else None,
    )


def _looks_table(file: str, looks: Callable[[], Iterator[Row]], days: Days | None) -> TableContents:
    """Who looked, here and in the services: read a little at a time, since a service may have written down a great many.

    A look without a moment that can be read goes along whatever days are chosen.
    """
    names = [column.name for column in LOOKS.columns]

    def chosen() -> Iterator[Row]:
        return (row for row in looks() if days is None or days.hold(row[LOOKS.order or ""]) is not False)

    def chunks() -> Iterator[Chunk]:
        rows = chosen()
        while some := list(islice(rows, PAGE_ROWS)):
            yield [tuple(row[name] for name in names) for row in some]

    def newest(limit: int) -> tuple[Sequence[Row], bool]:
        found = list(islice(chosen(), limit + 1))
        return found[:limit], len(found) > limit

    return TableContents(LOOKS, file, chunks, newest, 0 if days else None)


def _comments(
    portal: Installation, data_map: DataMap, statements: Iterable[Statement], person: Person
) -> Sequence[Row]:
    """The person's comments about values of one category, which go with them whatever days are chosen (CCQ, art. 40)."""
    return [statement_row(portal, one, data_map, person.language) for one in statements]


def _consents(portal: Installation, store: Store, data_map: DataMap, person: Person) -> Iterator[ConsentContents]:
    answers = history(store, person)
    for consent in consents_of(portal, store, data_map, person):
        if consent.standing is Standing.AWAY:
            raise SourceUnavailable
        last = next((answer for answer in answers if answer.purpose == consent.purpose.id), None)
        yield ConsentContents(
            purpose=consent.purpose,
            given=consent.standing is Standing.GIVEN,
            answered=last.state if last else None,
            at=last.at if last else None,
        )


def _read_a_row_of_each(portal: Installation, contents: CopyContents) -> None:
    """Whether each table answers, asked before the first byte leaves (security.md F-11), all sources at a time."""
    by_source: dict[str, list[TableContents]] = {}
    for table in contents.tables():
        if table.table.name.source in portal.sources:
            by_source.setdefault(table.table.name.source, []).append(table)
    _all_answers({source: partial(_newest_of_each, tables) for source, tables in by_source.items()})


def _newest_of_each(tables: Iterable[TableContents]) -> None:
    for table in tables:
        table.newest(1)


class _Reading:
    """One table of one source, read for one person."""

    def __init__(self, source: Source, table: Table, person: Key, days: Days | None) -> None:
        self._source = source
        self._table = table
        self._person = person
        self._days = days

    def chunks(self) -> Iterable[Chunk]:
        """All rows, in constant memory."""
        return self._source.chunks(self._table, self._person, within=self._days)

    def newest(self, limit: int) -> tuple[Sequence[Row], bool]:
        """The newest rows, and whether there are more."""
        found: list[Row] = []
        after: Key | None = None
        while True:
            some = min(PAGE_ROWS, limit + 1)
            page = self._source.page(self._table, self._person, after=after, limit=some, within=self._days)
            found += page.rows
            if len(found) > limit or page.next_after is None:
                return found[:limit], len(found) > limit
            if _characters(found) > MOST_CHARACTERS:
                return found, True
            after = page.next_after


def _characters(rows: Sequence[Row]) -> int:
    return sum(len(cell) for row in rows for cell in row.values() if isinstance(cell, str | bytes))


class _FileNames:
    """Names of files in the archive: plain ASCII, safe on every system, never twice (security.md B-13)."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def of(self, category: Category, table: Table) -> str:
        """`csv/<category>-<table>.csv`."""
        parts = (category.id, table.name.schema or "", table.name.name)
        plain = "-".join(
            part for part in (re.sub(r"[^a-z0-9_]+", "-", part.lower()).strip("-") for part in parts) if part
        )
        stem, name, number = plain[:80] or "table", plain[:80] or "table", 1
        while name in self._given:
            number += 1
            name = f"{stem}-{number}"
        self._given.add(name)
        return f"csv/{name}.csv"


class _Places:
    """Who is taking a copy from this process now. Dropping an unread copy may let go in the middle of taking: hence RLock."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._taken: set[tuple[int, int]] = set()

    def take(self, who: tuple[int, int]) -> Callable[[], None]:
        """Take a place, and give what lets it go, which may be called twice. Raises CopyRunning."""
        with self._lock:
            if who in self._taken or len(self._taken) >= MOST_AT_ONCE:
                raise CopyRunning
            self._taken.add(who)
        held = [who]

        def let_go() -> None:
            with self._lock:
                if held:
                    self._taken.discard(held.pop())

        return let_go


_PLACES = _Places()
