"""Reading the staff's queue: pages by key and true numbers, at the same cost for a thousand requests and for a million."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true, union_all

from portal.domain.queues import COUNTED_TO, NOBODY, Due, Order, Selection, days_of
from portal.domain.rights import BEFORE_DECISION, OPEN, RightsRequest, State
from portal.storage.desk_tables import request_counts, request_sorts
from portal.storage.request_rows import request_of
from portal.storage.request_tables import rights_requests
from portal.storage.rows import Repository

_row, _sort = rights_requests.c, request_sorts.c
_KEYS: dict[Order, ColumnElement[Any]] = {
    Order.DUE: _row.due,
    Order.RECEIVED: _row.received_at,
    Order.CHANGED: _row.changed_at,
}
_SINCE = select(func.coalesce(func.sum(request_counts.c.change), 0)).where(request_counts.c.sort_id == _sort.id)
_NUMBER = _sort.number + _SINCE.correlate(request_sorts).scalar_subquery()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended, by the day or the instant its order goes by: the next begins after it."""

    key: date | datetime
    id: int


@dataclass(frozen=True, slots=True)
class Known:
    """As much of a request as its place in a list takes."""

    id: int
    key: Any
    due: date
    state: State
    is_test: bool

    def is_late(self, today: date) -> bool:
        """Whether its last day passed without an answer."""
        return self.state in BEFORE_DECISION and self.due < today and not self.is_test

    def is_beyond(self, place: Place, order: Order) -> bool:
        """Whether it comes after a place in a list of that order."""
        here, there = (self.key, self.id), (place.key, place.id)
        return here < there if order is Order.CHANGED else here > there


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many requests are open, how many of them are with a member and with nobody, how many a selection holds."""

    open: int
    mine: int
    nobodys: int
    found: int


class Queues(Repository):
    """Pages of `rights_requests` and their numbers."""

    def page(
        self, selection: Selection, *, today: date, after: Place | None, limit: int
    ) -> Sequence[tuple[RightsRequest, datetime]]:
        """The requests of a selection in its order from a place on, each with the instant it last changed."""
        order = selection.read_by
        narrowed = [*_within(selection, today), *_after(order, after)]
        if selection.is_whole:
            found = select(rights_requests).where(_row.is_open.is_(not selection.ended), *narrowed)
        else:
            found = select(rights_requests).where(_row.id.in_(self._stretches(selection, order, narrowed, limit)))
        return [
            (request_of(row), row["changed_at"])
            for row in self.connection.execute(found.order_by(*_ordered(order)).limit(limit)).mappings()
        ]

    def numbers(self, selection: Selection, member_id: int) -> Numbers:
        """The numbers that counters keep; `found` says nothing of days, which no counter knows."""
        is_open = _sort.state.in_([state.value for state in OPEN])

        def total(condition: ColumnElement[bool]) -> ColumnElement[int]:
            return func.coalesce(func.sum(case((condition, _NUMBER), else_=0)), 0)

        row = self.connection.execute(
            select(
                total(is_open),
                total(is_open & (_sort.assignee_id == member_id)),
                total(is_open & (_sort.assignee_id == NOBODY)),
                total(and_(*_of_sorts(selection))),
            )
        ).one()
        return Numbers(*(int(number) for number in row))

    def numbers_due(
        self, selections: Sequence[Selection], *, today: date, bound: int = COUNTED_TO + 1
    ) -> Sequence[int]:
        """How many requests each of some selections by days holds, counted no further than `bound`, all in one statement."""
        counted = [
            select(func.count()).select_from(_some(one, today, bound).subquery()).scalar_subquery()
            for one in selections
        ]
        return [int(number) for number in self.connection.execute(select(*counted)).one()]

    def among(self, ids: Sequence[int], selection: Selection, *, today: date) -> Sequence[Known]:
        """Those of some requests that a selection holds, in its order.

        They are taken out first, by their ids: a database that knows no better would look among all of their state.
        """
        order = selection.read_by
        these = select(rights_requests).where(_row.id.in_(ids)).limit(len(ids)).subquery().c
        key = these[_KEYS[order].key or ""]
        found = select(these.id, key.label("key"), these.due, these.state, these.is_test)
        found = found.where(*_plainly(selection, these), *_within(selection, today, these))
        rows = self.connection.execute(found.order_by(*_turned(order, key, these.id)))
        return [Known(row.id, row.key, row.due, State(row.state), row.is_test) for row in rows]

    def in_turn(self, ids: Sequence[int]) -> Sequence[tuple[RightsRequest, datetime]]:
        """Some requests in the order of their ids as given, each with the instant it last changed."""
        rows = self.connection.execute(select(rights_requests).where(_row.id.in_(ids))).mappings()
        found = {row["id"]: (request_of(row), row["changed_at"]) for row in rows}
        return [found[one] for one in ids if one in found]

    def _stretches(
        self, selection: Selection, order: Order, narrowed: Sequence[ColumnElement[bool]], limit: int
    ) -> Select[Any]:
        """The ids among which the page is: the first few of each stretch of an index, a sort's or a state's."""
        if order is Order.DUE and not selection.narrows_more_than_states:
            states = sorted(state.value for state in selection.states)
            parts = [_first(order, limit, _row.state == state, *narrowed).subquery() for state in states]
            return select(union_all(*(select(part.c.id) for part in parts)).subquery().c.id)
        first = _first(order, limit, _row.sort_id == _sort.id, *narrowed).correlate(request_sorts)
        if self.connection.dialect.name == "sqlite":
            each = rights_requests.alias()
            there = select(each.c.id).select_from(request_sorts).join(each, each.c.id.in_(first))
            return there.where(*_of_sorts(selection))
        part = first.lateral()
        return select(part.c.id).select_from(request_sorts).join(part, true()).where(*_of_sorts(selection))


def _some(selection: Selection, today: date, bound: int) -> Select[Any]:
    """The first few ids of a selection by days: enough to count to a bound."""
    narrowed = _within(selection, today)
    if not selection.narrows_more_than_states:
        return select(_row.id).where(_of_states(selection), *narrowed).limit(bound)
    each = select(_row.id).join_from(request_sorts, rights_requests, _row.sort_id == _sort.id)
    return each.where(*_of_sorts(selection), *narrowed).limit(bound)


def _first(order: Order, limit: int, *conditions: ColumnElement[bool]) -> Select[Any]:
    return select(_row.id).where(*conditions).order_by(*_ordered(order)).limit(limit)


def _ordered(order: Order) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    return _turned(order, _KEYS[order], _row.id)


def _turned(
    order: Order, key: ColumnElement[Any], number: ColumnElement[Any]
) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    return (key.desc(), number.desc()) if order is Order.CHANGED else (key, number)


def _after(order: Order, place: Place | None) -> list[ColumnElement[bool]]:
    """Beyond a place. The first condition, which the second implies, is what an index is searched by."""
    if place is None:
        return []
    key = _KEYS[order]
    if order is Order.CHANGED:
        return [key <= place.key, or_(key < place.key, _row.id < place.id)]
    return [key >= place.key, or_(key > place.key, _row.id > place.id)]


def _within(selection: Selection, today: date, of: Any = _row) -> list[ColumnElement[bool]]:
    """The days of a selection; a test is never due."""
    if selection.due is None:
        return []
    first, last = days_of(selection.due, today)
    since = [] if selection.due is Due.LATE else [of.due >= first]
    runs = [of.paused_on.is_(None)] if selection.due is Due.LATE else []
    return [*since, *runs, of.due <= last, of.is_test.is_(False)]


def _of_states(selection: Selection, state: ColumnElement[Any] = _row.state) -> ColumnElement[bool]:
    return state.in_(sorted(one.value for one in selection.states))


def _of_sorts(selection: Selection) -> list[ColumnElement[bool]]:
    """What a sort must be for its requests to be in a selection."""
    return [_of_states(selection, _sort.state), *_wanted(selection, _sort, selection.assignee)]


def _plainly(selection: Selection, of: Any) -> list[ColumnElement[bool]]:
    """What a request must be to be in a selection, said of its own row."""
    assignee = selection.assignee
    nobody = [of.assignee_id.is_(None)] if assignee == NOBODY else []
    return [
        _of_states(selection, of.state),
        *_wanted(selection, of, None if assignee == NOBODY else assignee),
        *nobody,
    ]


def _wanted(selection: Selection, of: Any, assignee: int | None) -> list[ColumnElement[bool]]:
    wanted = {
        of.kind: selection.kind.value if selection.kind else None,
        of.regime: selection.regime,
        of.language: selection.language,
        of.assignee_id: assignee,
    }
    return [column == value for column, value in wanted.items() if value is not None]
