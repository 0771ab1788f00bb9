"""The staff's list of requests: what a member asked to see of it, one page at a time, with numbers that are true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.people import StaffMember
from portal.domain.queues import COUNTED_TO, Due, Order, Selection, words_of
from portal.domain.rights import RightsRequest, Role
from portal.services.desk import may_see_person
from portal.services.installation import Installation
from portal.storage.queues import Numbers, Place
from portal.storage.store import Store

PAGE = 25
LATE = Selection(due=Due.LATE)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One request of a list, and when it last changed."""

    request: RightsRequest
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Tabs:
    """How many requests are open, with a member, with nobody, and late."""

    open: int
    mine: int
    nobodys: int
    late: int


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of requests, where the next begins, how many there are in all and how many of them are late.

    A number above COUNTED_TO of what no counter keeps says only that there are more.
    """

    requests: Sequence[Waiting]
    next_after: str | None
    found: int
    late: int
    tabs: Tabs


class NotSearchable(Exception):
    """The auditor looks for references and for nothing else."""


def begins_with_own(store: Store, member: StaffMember) -> bool:
    """Whether a member's list begins with their own work: an agent's does as soon as a request is in their hands."""
    return member.role is Role.AGENT and store.queues.numbers(Selection(), member.id).mine > 0


def listed(
    portal: Installation, store: Store, member: StaffMember, selection: Selection, *, after: str | None, now: datetime
) -> Listed:
    """One page of a selection; `after` is what the page before gave."""
    today, order = portal.today(now), selection.read_by
    rows = store.queues.page(selection, today=today, after=_place(order, after), limit=PAGE + 1)
    numbers = store.queues.numbers(selection, member.id)
    every_late, found, late = _by_days(store, selection, today)
    waiting = [Waiting(*row) for row in rows]
    next_after = _written(order, waiting[PAGE - 1]) if len(waiting) > PAGE else None
    found = found if selection.due else numbers.found
    return Listed(waiting[:PAGE], next_after, found, late, _tabs(numbers, every_late))


def searched(
    portal: Installation,
    store: Store,
    member: StaffMember,
    selection: Selection,
    *,
    typed: str,
    address: str | None,
    after: str | None,
    now: datetime,
) -> Listed:
    """One page of a selection among the requests of one e-mail address, or else among those that hold the words typed.

    Only the newest thousand are looked through. That somebody was searched for by their address is written down; so is
    that a search by words was made, never its words.

    Raises:
        NotSearchable: the member sees no person's data.
    """
    if not may_see_person(member):
        raise NotSearchable
    today, order = portal.today(now), selection.read_by
    place = _place(order, after)
    if address is not None:
        ids = _ids_by_address(store, member, address, now)
    else:
        ids = _ids_by_words(store, typed)
        if place is None:  # the pages that follow are of the same search
            store.audit.record(_searched_by_words(member, now))
    known = store.queues.among(ids, selection, today=today)
    beyond = [one for one in known if place is None or one.is_beyond(place, order)]
    waiting = [Waiting(*row) for row in store.queues.in_turn([one.id for one in beyond[: PAGE + 1]])]
    [every_late] = store.queues.numbers_due([LATE], today=today)
    tabs = _tabs(store.queues.numbers(selection, member.id), every_late)
    next_after = _written(order, waiting[PAGE - 1]) if len(waiting) > PAGE else None
    return Listed(waiting[:PAGE], next_after, len(known), sum(one.is_late(today) for one in known), tabs)


def _ids_by_words(store: Store, typed: str) -> Sequence[int]:
    return store.request_words.holding(words_of(typed), limit=COUNTED_TO + 1)


def _searched_by_words(member: StaffMember, now: datetime) -> AuditLine:
    """That a search was made. Its words may be somebody's name: they are written nowhere."""
    return AuditLine(now, AuditEvent.STAFF_SEARCHED_WORDS, Actor.STAFF, member.id, staff_id=member.id)


def _ids_by_address(store: Store, member: StaffMember, address: str, now: datetime) -> Sequence[int]:
    """The requests of whoever signs in with an address or proved it; they read that they were searched for."""
    person, proved_by = store.people.by_address(address), store.other_addresses.holder(address)
    found = dict.fromkeys(one for one in (person.id if person else None, proved_by) if one is not None)
    for person_id in found:
        line = AuditLine(now, AuditEvent.STAFF_SEARCHED_PERSON, Actor.STAFF, member.id, person_id=person_id)
        store.audit.record(replace(line, detail=member.role))
    ids = [one for person_id in found for one in store.requests.ids_of_person(person_id, limit=COUNTED_TO + 1)]
    return sorted(ids, reverse=True)[: COUNTED_TO + 1]


def _tabs(numbers: Numbers, late: int) -> Tabs:
    return Tabs(numbers.open, numbers.mine, numbers.nobodys, late)


def _by_days(store: Store, selection: Selection, today: date) -> tuple[int, int, int]:
    """How many requests are late in all, how many a selection by days holds, how many of a selection are late.

    None of what ended is late, nor of what is due from today on.
    """
    chosen = selection if selection.due else LATE
    all_late, found, late = store.queues.numbers_due([LATE, chosen, replace(selection, due=Due.LATE)], today=today)
    may_be_late = not selection.ended and selection.due in {None, Due.LATE}
    return all_late, found, late if may_be_late else 0


def _written(order: Order, last: Waiting) -> str:
    """Where a page ended, for the address of the next."""
    key = {
        Order.DUE: last.request.due,
        Order.RECEIVED: last.request.received_at.astimezone(UTC),
        Order.CHANGED: last.changed_at.astimezone(UTC),
    }[order]
    return f"{key.isoformat()}_{last.request.id}"


def _place(order: Order, after: str | None) -> Place | None:
    """The place a page left off, or None when what was given is none."""
    written, _, number = (after or "").rpartition("_")
    if not number.isascii() or not number.isdigit() or len(number) > 15:
        return None
    try:
        if order is Order.DUE:
            return Place(date.fromisoformat(written), int(number))
        key = datetime.fromisoformat(written)
        return Place(key.astimezone(UTC), int(number)) if key.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
