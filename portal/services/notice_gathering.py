"""Whom a notice goes to, found a page at a time: counted by hash while it is drafted, fetched again when it is sent.

Between the two nothing personal is kept. Whoever left meanwhile is told nothing, and whoever came is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.domain.data_map import People
from portal.domain.jobs import Again, Job, JobKind
from portal.domain.languages import Language, language_or_default
from portal.domain.notices import (
    SOURCE_AWAY,
    Gathering,
    Notice,
    NoticeKind,
    RecipientState,
)
from portal.domain.outbox import wait_before_retry
from portal.services.addresses import BadAddress, canonical_address
from portal.services.installation import Installation
from portal.services.notices import recipient_row
from portal.sources.base import Row, SourceUnavailable
from portal.storage.store import Store

PAGE = 500
CHOSEN_AT_ONCE = 50
"""People chosen one by one are looked up one by one, for their language."""

SUBSCRIBERS, CHOSEN, OVER = "subscribers", "chosen", "over"
"""Where gathering goes beside the sources, each named by its number in the map: `over` is past the last."""


@dataclass(frozen=True, slots=True)
class Found:
    """One page: the rows to keep, how many had no address to write to, and where the next page begins."""

    rows: Sequence[dict[str, Any]]
    place: Mapping[str, object]
    without_address: int = 0
    counter: str = "people"


def gather(portal: Installation, notice_id: int, now: datetime) -> Again | None:
    """Take in one page of recipients, for the worker: Again while there are more. Idempotent: a page twice adds nobody.

    The source is asked before the portal's own database is held, so that nobody waits for an outside one.
    """
    with portal.database.reading() as store:
        notice = store.notices.by_id(notice_id)
    if notice is None or not notice.gathers:
        return None
    if notice.next_step_at is not None and notice.next_step_at > now:
        return Again(notice.next_step_at)
    place = notice.place or _first(portal, notice)
    try:
        found = _page(portal, notice, place, now)
    except SourceUnavailable:
        return _wait(portal, notice, now)
    with portal.database.writing() as store:
        held = store.notices.held(notice_id)
        if held is None or not held.gathers or held.place != notice.place or held.gathering is not notice.gathering:
            return Again(now)
        _take_in(store, held, found, now)
        if found.place["at"] == OVER:
            return _finish(store, held, now)
        store.notices.change(notice_id, place=dict(found.place), troubles=0, trouble=None, next_step_at=None)
    return Again(now)


def _first(portal: Installation, notice: Notice) -> Mapping[str, object]:
    if notice.kind is NoticeKind.CONFIDENTIALITY_INCIDENT:
        return {"at": CHOSEN, "after": 0}
    return _next_place(portal, notice, -1)


def _next_place(portal: Installation, notice: Notice, number: int) -> Mapping[str, object]:
    """The beginning of what comes after a source: the next one, then whoever subscribed, then nothing."""
    if number + 1 < len(portal.data_map.people):
        return {"at": number + 1, "after": None}
    if notice.kind is NoticeKind.POLICY_CHANGE:
        return {"at": SUBSCRIBERS, "after": 0}
    return {"at": OVER}


def _page(portal: Installation, notice: Notice, place: Mapping[str, Any], now: datetime) -> Found:
    if place["at"] == OVER:
        return Found([], place)
    if place["at"] == SUBSCRIBERS:
        return _subscribers(portal, notice, place["after"], now)
    if place["at"] == CHOSEN:
        return _chosen(portal, notice, place["after"])
    return _people(portal, notice, place["at"], place["after"], now)


def _people(portal: Installation, notice: Notice, number: int, after: list[Any] | None, now: datetime) -> Found:
    """A page of one source's people, each in the language chosen here, or else the one the source records."""
    if number >= len(portal.data_map.people):
        return Found([], _next_place(portal, notice, number))
    people = portal.data_map.people[number]
    source = portal.sources[people.table.source]
    page = source.people_page(people, after=tuple(after) if after else None, limit=PAGE)
    found = [(address_in(row, people), _language(row, people)) for row in page.rows]
    written = {address: language for address, language in found if address is not None}
    with portal.database.reading() as store:
        chosen = store.people.languages(written)
    rows = [
        _row(portal, notice, address, language=chosen.get(address, language), now=now)
        for address, language in written.items()
    ]
    without = sum(address is None for address, _ in found)
    further = {"at": number, "after": list(page.next_after)} if page.next_after else None
    return Found(rows, further or _next_place(portal, notice, number), without)


def _subscribers(portal: Installation, notice: Notice, after: int, now: datetime) -> Found:
    with portal.database.reading() as store:
        some = store.subscribers.some(after=after, limit=PAGE)
    rows = [_row(portal, notice, one.address, language=one.language, now=now, subscriber_id=one.id) for one in some]
    more = len(some) == PAGE
    return Found(rows, {"at": SUBSCRIBERS, "after": some[-1].id} if more else {"at": OVER}, counter="subscribers")


def _chosen(portal: Installation, notice: Notice, after: int) -> Found:
    """People the officer chose: they are there already, and only their language is looked up."""
    with portal.database.reading() as store:
        some = store.recipients.chosen(notice.id, after=after, limit=CHOSEN_AT_ONCE)
        known = {address: store.people.by_address(address) for _, address in some}
    rows = []
    for recipient_id, address in some:
        person = known[address]
        language = person.language if person else _language_at_sources(portal, address)
        rows.append({"id": recipient_id, "language": language})
    more = len(some) == CHOSEN_AT_ONCE
    return Found(rows, {"at": CHOSEN, "after": some[-1][0]} if more else {"at": OVER}, counter=CHOSEN)


def _take_in(store: Store, notice: Notice, found: Found, now: datetime) -> None:
    if found.counter == CHOSEN:
        _take_in_chosen(store, notice, found, now)
        return
    fetching = notice.gathering is Gathering.FETCHING
    added = store.recipients.fetched(found.rows) if fetching else store.recipients.add(found.rows)
    more = {found.counter: added, "without_address": found.without_address}
    store.notices.count(notice.id, **more, **({"waiting": added} if fetching else {}))


def _take_in_chosen(store: Store, notice: Notice, found: Found, now: datetime) -> None:
    for row in found.rows:
        store.recipients.speak(row["id"], row["language"])
    if notice.gathering is Gathering.FETCHING:
        store.recipients.let_wait([row["id"] for row in found.rows], now)
        store.notices.count(notice.id, waiting=len(found.rows))


def _finish(store: Store, notice: Notice, now: datetime) -> Again | None:
    """Counted: the officer may go on. Fetched: those who were counted and are no more go, then letters leave."""
    if notice.gathering is Gathering.COUNTING:
        _set(store, notice, Gathering.COUNTED)
        return None
    if store.recipients.drop_counted(notice.id, limit=PAGE) == PAGE:
        store.notices.change(notice.id, place={"at": OVER})
        return Again(now)
    _set(store, notice, Gathering.FETCHED)
    store.promise(Job(JobKind.SEND_NOTICE, notice.id))
    return None


def _set(store: Store, notice: Notice, gathering: Gathering) -> None:
    store.notices.change(notice.id, gathering=gathering.value, place=None, troubles=0, trouble=None, next_step_at=None)


def _wait(portal: Installation, notice: Notice, now: datetime) -> Again:
    """A source that is away is asked again later; nobody in it is passed over."""
    at = now + wait_before_retry(notice.troubles + 1)
    with portal.database.writing() as store:
        store.notices.change(notice.id, troubles=notice.troubles + 1, trouble=SOURCE_AWAY, next_step_at=at)
    return Again(at)


def _row(
    portal: Installation,
    notice: Notice,
    address: str,
    *,
    language: Language,
    now: datetime,
    subscriber_id: int | None = None,
) -> dict[str, Any]:
    row = recipient_row(portal, notice.id, address, language=language, now=now, subscriber_id=subscriber_id)
    if notice.gathering is Gathering.FETCHING:
        row |= {"address": address, "state": RecipientState.WAITING.value}
    return row


def address_in(row: Row, people: People) -> str | None:
    """The first of somebody's addresses that can be written to, or None."""
    return next(filter(None, map(_canonical, (row[name] for name in people.match_email))), None)


def _canonical(cell: object) -> str | None:
    if not isinstance(cell, str):
        return None
    try:
        return canonical_address(cell)
    except BadAddress:
        return None


def _language(row: Row, people: People) -> Language:
    cell = row[people.language] if people.language else None
    return language_or_default(cell if isinstance(cell, str) else None)


def _language_at_sources(portal: Installation, address: str) -> Language:
    """The language the first source that knows the address records; French when none does."""
    for people in portal.data_map.people:
        source = portal.sources[people.table.source]
        keys: Iterable[Any] = source.people_matching(people, address)
        tags = (source.language_of(people, key) for key in keys)
        found = next(filter(None, tags), None)
        if found:
            return language_or_default(found)
    return language_or_default(None)
