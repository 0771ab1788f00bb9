"""The copy of everything held about a person: gathered, allowed one at a time, read from the sources while it is taken."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, tzinfo

from portal.copies.contents import (
    CategoryContents,
    Chunk,
    ConsentContents,
    CopyContents,
    PartLeftOut,
    Row,
    Scope,
    TableContents,
)
from portal.copies.writing import write_copy
from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.data_map import Category, DataMap, Table
from portal.domain.languages import Language
from portal.domain.people import Person
from portal.domain.statements import Statement, about_category
from portal.domain.withholding import AllLeftOut
from portal.services.attachments_in_copies import given_files
from portal.services.consents import Standing, consents_of, history
from portal.services.copy_places import CopyRunning, Place, take_place
from portal.services.identities import Identities, identities_of
from portal.services.installation import Installation
from portal.services.own_records import CATEGORY_ID, STATEMENTS, own_category, own_rows, statement_row
from portal.services.settings import in_effect
from portal.services.withheld import ShownRows, left_out_for
from portal.sources.base import Key, SourceUnavailable
from portal.storage.database import DatabaseAway
from portal.storage.store import Store

__all__ = ["CopyNotNow", "CopyRunning", "Scope", "TakenCopy", "take_copy", "what_it_holds"]

PAGE_ROWS = 100
MOST_CHARACTERS = 4_000_000
"""About how much of one table the readable page holds; a table of huge cells shows fewer rows."""

_log = logging.getLogger("portal.copies")


class CopyNotNow(Exception):
    """A source does not answer, so the copy would not be whole; nothing of it was sent (security.md F-11)."""


class TakenCopy:
    """A copy on its way. It gives its place back once it is read to the end or cut; dropped unread, the place lapses."""

    def __init__(self, pieces: Iterator[bytes], place: Place, when_cut: Callable[[], None]) -> None:
        """Take the archive's pieces, the place it is taken from, and what to do where its end comes too early."""
        self._pieces = pieces
        self._place = place
        self._when_cut = when_cut
        self._under_way = False

    def __iter__(self) -> Iterator[bytes]:
        """The archive in pieces; what a source raises comes out, after a line in the log that says no more than its kind."""
        self._under_way = True
        try:
            for piece in self._pieces:
                self._place.hold()
                yield piece
            self._under_way = False
        except Exception as error:
            _log.error("copy_cut type=%s", type(error).__name__)
            raise
        finally:
            self.close()

    def close(self) -> None:
        """Stop, say so where the end was not reached, and give the place back; twice does no harm."""
        if self._under_way:
            self._under_way = False
            self._when_cut()
        self._place.leave()


def what_it_holds(portal: Installation, store: Store) -> tuple[Category, ...]:
    """The categories a copy can hold, in the officer's words, the portal's own last."""
    return (*in_effect(portal, store).data_map.categories, own_category(portal))


def take_copy(portal: Installation, person: Person, scope: Scope, *, language: Language, now: datetime) -> TakenCopy:
    """Begin a copy: its place is taken, every source has answered, the audit line is written, and nothing is read further.

    No transaction is open while the sources are asked: whoever calls has none either.

    Raises:
        CopyRunning: this person is taking one, or too many people are.
        CopyNotNow: a source does not answer.
    """
    place = take_place(portal, person)
    try:
        with portal.database.reading() as store:
            contents = _contents(portal, store, person, scope, language, now)
        _read_a_row_of_each(contents)
        with portal.database.writing() as store:
            store.audit.record(AuditLine(now, AuditEvent.COPY_TAKEN, Actor.PERSON, person.id, person_id=person.id))
    except SourceUnavailable as error:
        place.leave()
        raise CopyNotNow from error
    except BaseException:
        place.leave()
        raise
    return TakenCopy(write_copy(contents), place, lambda: _record_cut(portal, person))


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
    identities = identities_of(portal, person.address)
    if identities.away:
        raise SourceUnavailable
    searched = tuple(people.table.source for people in portal.data_map.people)
    return CopyContents(
        language=language,
        zone=portal.settings.zone,
        taken_at=now.replace(microsecond=0),
        address=person.address or "",
        organisation=settings.organisation,
        contact=settings.contact,
        body=portal.body,
        regime=portal.regime,
        data_map=settings.data_map,
        categories=tuple(_categories(portal, store, person, scope, settings.data_map, identities, now)),
        consents=tuple(_consents(portal, store, settings.data_map, person)),
        scope=scope,
        searched=searched,
        unknown=tuple(source for source in searched if source not in {*identities.keys, *identities.shared}),
        shared=tuple(source for source in searched if source in identities.shared),
    )


def _categories(
    portal: Installation,
    store: Store,
    person: Person,
    scope: Scope,
    data_map: DataMap,
    identities: Identities,
    now: datetime,
) -> Iterator[CategoryContents]:
    names = _FileNames()
    days = _Days(scope, portal.settings.zone)
    given, comments = given_files(portal, store, person, now=now), store.statements.of_person(person.id)
    left_out = left_out_for(store, person)
    for category in filter(scope.takes, data_map.categories):
        said = _comments(portal, data_map, about_category(comments, category.id), person)
        beside = (_own_table(STATEMENTS, names.of(category, STATEMENTS), said, days),) if said else ()
        withheld = left_out.category(category.id)
        if withheld:
            yield CategoryContents(category, beside, withheld=withheld)
            continue
        tables = tuple(_tables(portal, category, identities, names, days, left_out))
        parts = tuple(PartLeftOut(one, left_out.why(one)) for one in left_out.within(category))
        yield CategoryContents(category, (*tables, *beside), given.get(category.id, ()), left_out=parts)
    own = own_category(portal)
    if scope.takes(own):
        rows = own_rows(portal, store, person, now=now)
        tables = tuple(_own_table(table, names.of(own, table), rows[str(table.name)], days) for table in own.tables)
        yield CategoryContents(own, tables, given.get(CATEGORY_ID, ()))


def _tables(
    portal: Installation,
    category: Category,
    identities: Identities,
    names: _FileNames,
    days: _Days,
    left_out: AllLeftOut,
) -> Iterator[TableContents]:
    for table in category.tables:
        person = identities.keys.get(table.name.source)
        out = left_out.table(category.id, table)
        if person is not None and out.whole is None:
            reading = _Reading(ShownRows(portal.sources[table.name.source], table, out), person, days)
            yield TableContents(reading.table, names.of(category, table), reading.chunks, reading.newest)


def _own_table(table: Table, file: str, rows: Sequence[Row], days: _Days) -> TableContents:
    chosen = list(days.among(table, rows))
    names = [column.name for column in table.columns]
    cells = [tuple(row[name] for name in names) for row in chosen]
    return TableContents(
        table, file, lambda: [cells] if cells else [], lambda limit: (chosen[:limit], len(chosen) > limit)
    )


def _comments(
    portal: Installation, data_map: DataMap, statements: Iterable[Statement], person: Person
) -> Sequence[Row]:
    """The person's comments about values of one category, which go with them whatever days are chosen (CCQ, art. 40)."""
    return [statement_row(portal, one, data_map, person.language) for one in statements]


def _consents(portal: Installation, store: Store, data_map: DataMap, person: Person) -> Iterator[ConsentContents]:
    answers = history(store, person)
    for consent in consents_of(portal, data_map, person):
        if consent.standing is Standing.AWAY:
            raise SourceUnavailable
        last = next((answer for answer in answers if answer.purpose == consent.purpose.id), None)
        yield ConsentContents(
            purpose=consent.purpose,
            given=consent.standing is Standing.GIVEN,
            answered=last.state if last else None,
            at=last.at if last else None,
        )


def _read_a_row_of_each(contents: CopyContents) -> None:
    """Whether each table answers, asked before the first byte leaves (security.md F-11)."""
    for table in contents.tables():
        table.newest(1)


class _Days:
    """The days a person chose, as they fall in the organization's zone."""

    def __init__(self, scope: Scope, zone: tzinfo) -> None:
        self._first = scope.first_day or date.min
        self._last = scope.last_day or date.max
        self._zone = zone
        self.all = scope.first_day is None and scope.last_day is None

    def among(self, table: Table, rows: Iterable[Row]) -> Iterable[Row]:
        """The rows of those days; a row without a date that can be read is kept, so that nothing is lost silently."""
        column = table.order
        if self.all or column is None or table.column(column) is None:
            return rows
        return (row for row in rows if self._holds(row[column]))

    def among_chunks(self, table: Table, chunks: Iterable[Chunk]) -> Iterable[Chunk]:
        """The same of rows in tuples."""
        names = [column.name for column in table.columns]
        if self.all or table.order not in names:
            return chunks
        place = names.index(table.order)
        chosen = ([cells for cells in chunk if self._holds(cells[place])] for chunk in chunks)
        return (chunk for chunk in chosen if chunk)

    def _holds(self, value: object) -> bool:
        if isinstance(value, datetime):
            value = value.astimezone(self._zone).date()
        return not isinstance(value, date) or self._first <= value <= self._last


class _Reading:
    """One table of one source, read for one person."""

    def __init__(self, shown: ShownRows, person: Key, days: _Days) -> None:
        self._shown = shown
        self.table = shown.table
        self._person = person
        self._days = days

    def chunks(self) -> Iterable[Chunk]:
        """All rows, in constant memory."""
        return self._days.among_chunks(self.table, self._shown.chunks(self._person))

    def newest(self, limit: int) -> tuple[Sequence[Row], bool]:
        """The newest rows, and whether there are more."""
        found: list[Row] = []
        after: Key | None = None
        while True:
            page = self._shown.page(self._person, after=after, limit=min(PAGE_ROWS, limit + 1))
            found += self._days.among(self.table, page.rows)
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
