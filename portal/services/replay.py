"""People who came back: a restored backup, of the service's database or of the portal's, holds again what was erased.

The ledger names nobody, so everybody a source lists is compared with it by keyed hash; whoever came back is erased again
by the map as it is now, less what a hold keeps. A service gives the key of somebody who is gone to somebody new, all the more
after a restore that took its counters back: whoever has an address that the ledger does not know is told of, and spared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.data_map import People, Scalar, Table
from portal.domain.erasure import BATCH_ROWS, in_erasure_order
from portal.domain.ledger import USE, Erasing, Replayed, RequestNoted, hash_of_address, hash_of_person
from portal.services import ledger
from portal.services.installation import Installation
from portal.services.notice_gathering import address_in
from portal.sources.base import Key, Row, Source, SourceRefused

PEOPLE_AT_ONCE = 1_000


Mapped = tuple[str, str]
"""A table as one category maps it: the category's id, and the map's name of the table."""


@dataclass
class Remembered:
    """What the ledger says of one person of one source: by which request, under which addresses, and where it erased."""

    reference: str
    addresses: set[str] = field(default_factory=set)
    tables: set[Mapped] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Place:
    """How far everybody was looked at: which people of the map, and the last of them."""

    people: int
    after: Key | None = None


FIRST = Place(0)


@dataclass(frozen=True, slots=True)
class Back:
    """One person who is back in one source. `rows`: by table, how many are to go again.

    `certain`: False where the key is there with another address than was erased, which may be that of somebody else.
    """

    reference: str
    source: str
    person: Key
    person_hash: str
    rows: Mapping[Mapped, int]
    certain: bool = True


def remembered(
    portal: Installation, *, beyond: int = 0, since: datetime | None = None
) -> dict[tuple[str, str], Remembered]:
    """Whom the ledger says to be erased, by source and keyed hash: all, or beyond a number or since an instant.

    Raises:
        LedgerRefused: a ledger that is not as it was written replays nothing.
    """
    found: dict[tuple[str, str], Remembered] = {}
    for entry in ledger.entries_of(portal):
        if isinstance(entry.fact, Erasing) and entry.number > beyond and (since is None or entry.at >= since):
            fact = entry.fact
            one = found.setdefault((fact.source, fact.person), Remembered(fact.reference))
            one.reference = fact.reference
            one.addresses |= set(fact.addresses.split())
            one.tables |= _mapped(portal, fact)
    return found


def requests_noted(portal: Installation, *, beyond: int) -> list[RequestNoted]:
    """The requests noted beyond a number, each as it was last noted.

    Raises:
        LedgerRefused: a ledger that is not as it was written tells nothing.
    """
    found = (entry.fact for entry in ledger.entries_of(portal) if entry.number > beyond)
    return list({fact.reference: fact for fact in found if isinstance(fact, RequestNoted)}.values())


def people_back(portal: Installation, erased: Mapping[tuple[str, str], Remembered], *, now: datetime) -> Iterator[Back]:
    """Everybody who is in a source again, each as soon as found.

    Raises:
        SourceUnavailable: a source does not answer, and nothing can be said of it.
    """
    place: Place | None = FIRST
    while place is not None:
        found, place = look_on(portal, erased, place, now=now)
        yield from found


def look_on(
    portal: Installation, erased: Mapping[tuple[str, str], Remembered], place: Place, *, now: datetime
) -> tuple[list[Back], Place | None]:
    """Who is back among the next people after a place, and where looking goes on; None once everybody was looked at.

    Raises:
        SourceUnavailable: a source does not answer, and nothing can be said of it.
    """
    if place.people >= len(portal.data_map.people):
        return [], None
    people = portal.data_map.people[place.people]
    source_id, following = people.table.source, Place(place.people + 1)
    here = {person: one for (source, person), one in erased.items() if source == source_id}
    if not here:
        return [], following
    source = portal.sources[source_id]
    page = source.people_page(people, after=place.after, limit=PEOPLE_AT_ONCE)
    found = [back for row in page.rows if (back := _back(portal, source, people, row, here, now))]
    return found, following if page.next_after is None else Place(place.people, page.next_after)


def _back(
    portal: Installation, source: Source, people: People, row: Row, here: Mapping[str, Remembered], now: datetime
) -> Back | None:
    person = _key_of(row, people)
    name = next((one for one in _hashes(portal, people.table.source, person) if one in here), None)
    if name is None:
        return None
    told, addresses = here[name], _addresses(portal, people, row)
    same = bool(addresses & told.addresses)
    rows = _rows_back(portal, source, person, told, now, named=same)
    certain = same or not addresses or not told.addresses
    return Back(told.reference, people.table.source, person, name, rows, certain) if rows else None


def erase_again(portal: Installation, back: Back, *, now: datetime) -> int:
    """Erase one person's rows once more, in the order of an erasure; gives how many rows went or were changed.

    Idempotent: killed in the middle, the next run finds what is left. The ledger is told of each table once it is done.

    Raises:
        SourceUnavailable, SourceRefused: what the source said; what is left is still found by `people_back`.
        LedgerRefused: before anything goes.
    """
    source = portal.sources[back.source]
    ledger.record(portal, [], now=now)
    total = 0
    for category, table in in_erasure_order(portal.data_map):
        if (category.id, str(table.name)) not in back.rows:
            continue
        gone = _erase_all(source, table, back.person, now)
        total += gone
        fact = Replayed(back.reference, back.source, str(table.name), back.person_hash, gone)
        ledger.record(portal, [fact], now=now)
    with portal.database.writing() as store:
        request = store.requests.by_reference(back.reference)
        store.audit.record(
            AuditLine(now, AuditEvent.ERASURE_REPLAYED, Actor.SYSTEM, request_id=request.id if request else None)
        )
    return total


def _key_of(row: Row, people: People) -> Key:
    """Key columns hold scalars (sources.base.Row)."""
    return tuple(cast("Scalar", row[name]) for name in people.key)


def _hashes(portal: Installation, source: str, person: Key) -> Iterator[str]:
    """The person's hash under each key that the installation still has, the present one first."""
    for key in portal.keys.all_for(USE):
        yield hash_of_person(key, source, person)


def _rows_back(
    portal: Installation, source: Source, person: Key, told: Remembered, now: datetime, *, named: bool
) -> dict[Mapped, int]:
    """The rows to erase again, by table; empty for somebody of whom only what was left is there.

    Where rows were deleted, any row is one too many. Where columns were emptied and their row stayed, only the address
    tells: the person is back when the row holds again one of theirs (`named`), and then every table is looked at.
    """
    counted = {
        (category.id, str(table.name)): source.count_erasable(table, person, now=now)
        for category, table in portal.data_map.tables()
        if (category.id, str(table.name)) in told.tables
        and (table.erase == "delete" or (named and table.erase == "columns"))
    }
    return {name: number for name, number in counted.items() if number}


def _addresses(portal: Installation, people: People, row: Row) -> set[str]:
    """The hashes of the address in a row of people, under each key."""
    address = address_in(row, people)
    return {hash_of_address(key, address) for key in portal.keys.all_for(USE)} if address else set()


def _erase_all(source: Source, table: Table, person: Key, now: datetime) -> int:
    """Erase in bounded batches until none is left; rows whose columns are emptied stay, so their keys lead on."""
    gone, before = 0, None
    while True:
        after = None if table.erase == "delete" or before is None else before.last
        batch = source.next_batch(table, person, after=after, limit=BATCH_ROWS, now=now)
        if batch is None:
            return gone
        if batch == before:
            raise SourceRefused
        gone += source.erase(table, person, batch, now=now)
        before = batch


def _mapped(portal: Installation, fact: Erasing) -> set[Mapped]:
    """What was erased, as the map has it now: in its category, or in any other once that one has the table no more."""
    now = {
        (category.id, str(table.name)) for category, table in portal.data_map.tables() if str(table.name) == fact.table
    }
    return now & {(fact.category, fact.table)} or now
