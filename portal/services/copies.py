"""The copy of everything held about a person: gathered, allowed one at a time, read from the sources while it is taken."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from portal.copies.contents import (
    CategoryContents,
    ConsentContents,
    CopyContents,
    PartLeftOut,
    Row,
    Scope,
)
from portal.copies.writing import write_copy
from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.data_map import Category, DataMap
from portal.domain.days import days_between
from portal.domain.languages import Language
from portal.domain.people import Person
from portal.domain.statements import Statement, about_category
from portal.services.attachments_in_copies import given_files
from portal.services.consents import Standing, consents_of, history
from portal.services.copy_places import CopyRunning, Place, take_place
from portal.services.copy_tables import FileNames, dates_of, looks_table, own_table, read_a_row_of_each, tables_of
from portal.services.identities import Identities, identities_of_person
from portal.services.installation import Installation
from portal.services.looks import every_look
from portal.services.own_records import CATEGORY_ID, own_category, own_rows, statement_row
from portal.services.own_records.tables import LOOKS, STATEMENTS
from portal.services.settings import in_effect
from portal.services.withheld import left_out_for
from portal.sources.base import SourceUnavailable
from portal.storage.database import DatabaseAway
from portal.storage.store import Store

__all__ = ["CopyNotNow", "CopyRunning", "Scope", "TakenCopy", "take_copy", "what_it_holds"]

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

    While the sources are asked no transaction that writes is open: whoever calls has none either.

    Raises:
        CopyRunning: this person is taking one, or too many people are.
        CopyNotNow: a source does not answer.
    """
    place = take_place(portal, person)
    try:
        with portal.database.reading() as store:
            contents = _contents(portal, store, person, scope, language, now)
        read_a_row_of_each(portal, contents)
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
        consents=tuple(_consents(portal, store, settings.data_map, person, identities)),
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
    names = FileNames()
    days = days_between(scope.first_day, scope.last_day, portal.settings.zone)
    left_out, taken = left_out_for(store, person), list(filter(scope.takes, data_map.categories))
    dates = dates_of(portal, taken, identities, left_out) if days else {}
    given, comments = given_files(portal, store, person, now=now), store.statements.of_person(person.id)
    for category in taken:
        said = _comments(portal, data_map, about_category(comments, category.id), person)
        beside = (own_table(STATEMENTS, names.of(category, STATEMENTS), said, days),) if said else ()
        withheld = left_out.category(category.id)
        if withheld:
            yield CategoryContents(category, beside, withheld=withheld)
            continue
        tables = tuple(tables_of(portal, category, identities, names, days, dates, left_out))
        parts = tuple(PartLeftOut(one, left_out.why(one)) for one in left_out.within(category))
        yield CategoryContents(category, (*tables, *beside), given.get(category.id, ()), left_out=parts)
    own = own_category(portal)
    if scope.takes(own):
        rows = own_rows(portal, store, person, now=now)
        tables = tuple(
            own_table(table, names.of(own, table), rows[str(table.name)], days)
            for table in own.tables
            if table is not LOOKS
        )
        looks = every_look(portal, store, person, identities, language=language)
        looked = looks_table(names.of(own, LOOKS), looks, days)
        yield CategoryContents(own, (*tables, looked), given.get(CATEGORY_ID, ()))


def _comments(
    portal: Installation, data_map: DataMap, statements: Iterable[Statement], person: Person
) -> Sequence[Row]:
    """The person's comments about values of one category, which go with them whatever days are chosen (CCQ, art. 40)."""
    return [statement_row(portal, one, data_map, person.language) for one in statements]


def _consents(
    portal: Installation, store: Store, data_map: DataMap, person: Person, identities: Identities
) -> Iterator[ConsentContents]:
    answers = history(store, person)
    for consent in consents_of(portal, identities, data_map):
        if consent.standing is Standing.AWAY:
            raise SourceUnavailable
        last = next((answer for answer in answers if answer.purpose == consent.purpose.id), None)
        yield ConsentContents(
            purpose=consent.purpose,
            given=consent.standing is Standing.GIVEN,
            in_part=consent.standing is Standing.IN_PART,
            answered=last.state if last else None,
            at=last.at if last else None,
        )
