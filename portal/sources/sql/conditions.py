"""The conditions every statement is made of: whose rows, which range, which are held, in what order.

Lists are walked by key in segments, each an equality on the first columns and a range on the next. An index answers a segment
on every database, and nothing has a place where a comparison of whole rows would lose it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import FromClause

from portal.domain.data_map import Hold, Retention, Scalar, Step, Table, TableName
from portal.sources.base import Key
from portal.sources.sql.prepared import Later, Owner
from portal.sources.sql.ranges import Range
from portal.sources.sql.shapes import ColumnShape, Kind, SqlTable
from portal.sources.sql.values import bound, comparable, fitting, literal

Condition = ColumnElement[bool]
Lookup = Callable[[TableName], SqlTable]


@dataclass(frozen=True, slots=True)
class Ordered:
    """One column of an order. `within`: the list holds no row outside of that range, nor one with nothing there.

    Of the range only the end that a walk goes towards is said beside a place: SQLite would take the other for its index.
    """

    clause: ColumnElement[Any]
    shape: ColumnShape
    dialect: str
    descending: bool = False
    within: Range | None = None

    def equal(self, value: Scalar) -> Condition:
        """Rows that hold the value; NULL equals NULL here."""
        return self.clause.is_(None) if value is None else self.clause == self._literal(value)

    def beyond(self, value: Scalar) -> Iterator[Condition]:
        """What follows the value: NULL is the least, so it comes first upwards and last downwards."""
        if not self.descending:
            yield self._ahead(self.clause.is_not(None) if value is None else self.clause > self._literal(value))
        elif value is not None:
            yield self._ahead(self.clause < self._literal(value))
            if self.shape.nullable and not self.within:
                yield self.clause.is_(None)

    def onwards(self, value: Scalar) -> Iterator[Condition]:
        """The value itself and what follows it; rows that hold it come first."""
        if value is None:
            yield self.clause.is_(None) if self.descending else sa.true()
        elif not self.descending:
            yield self._ahead(self.clause >= self._literal(value))
        else:
            yield self._ahead(self.clause <= self._literal(value))
            if self.shape.nullable and not self.within:
                yield self.clause.is_(None)

    def before(self, value: Scalar) -> Condition:
        """What precedes the value, in an order that goes upwards."""
        if value is None:
            return sa.false()
        less = self.clause < self._literal(value)
        return sa.or_(less, self.clause.is_(None)) if self.shape.nullable else less

    def sorting(self, *, leads: bool) -> ColumnElement[Any]:
        """Its part of ORDER BY. PostgreSQL alone thinks NULL the greatest and must be told."""
        told = self.dialect == "postgresql" and self.shape.nullable
        if self.descending:
            return self.clause.desc().nulls_last() if told and not leads else self.clause.desc()
        return self.clause.asc().nulls_first() if told else self.clause.asc()

    def _ahead(self, condition: Condition) -> Condition:
        """What follows a place, no further than the range goes."""
        if self.within is None:
            return condition
        end = self.within.not_below if self.descending else self.within.not_above
        return sa.and_(condition, end(self.clause))

    def _literal(self, value: Scalar) -> ColumnElement[Any]:
        return literal(comparable(value, self.shape, self.dialect))


Order = Sequence[Ordered]


def key_order(mine: SqlTable, table: Table) -> Order:
    """Upwards by key: the order of copies and erasures."""
    return [Ordered(mine.column(name), mine.shape(name), mine.dialect) for name in table.key]


def page_order(mine: SqlTable, table: Table) -> Order:
    """Newest first when the table says what is new, else by key."""
    if table.order is None:
        return key_order(mine, table)
    names = (table.order, *(name for name in table.key if name != table.order))
    return [Ordered(mine.column(name), mine.shape(name), mine.dialect, descending=True) for name in names]


def sorted_by(order: Order) -> list[ColumnElement[Any]]:
    """ORDER BY of one segment."""
    return [ordered.sorting(leads=not index) for index, ordered in enumerate(order)]


def from_the_start(order: Order) -> Iterator[Condition]:
    """The segments of a whole list."""
    first = order[0]
    if first.within:
        yield first.within.holds(first.clause)
    elif first.descending and first.shape.nullable:
        yield first.clause.is_not(None)
        yield first.clause.is_(None)
    else:
        yield sa.true()


def following(order: Order, place: Key) -> Iterator[Condition]:
    """The segments of what follows a place, nearest first.

    Raises:
        ValueError: the place is none of this list.
    """
    for index in reversed(range(len(order))):
        for beyond in order[index].beyond(place[index]):
            yield sa.and_(at(order[:index], place[:index]), beyond)


def onwards(order: Order, place: Key) -> Iterator[Condition]:
    """The segments of a place and what follows it; the first begins with the rows at that very place.

    Raises:
        ValueError: the place is none of this list.
    """
    last = len(order) - 1
    for onwards_from in order[last].onwards(place[last]):
        yield sa.and_(at(order[:last], place[:last]), onwards_from)
    for index in reversed(range(last)):
        for beyond in order[index].beyond(place[index]):
            yield sa.and_(at(order[:index], place[:index]), beyond)


def at(order: Order, place: Key) -> Condition:
    """Rows exactly at a place. Raises ValueError as `following` does."""
    return sa.and_(sa.true(), *(ordered.equal(value) for ordered, value in zip(order, place, strict=True)))


def between(order: Order, first: Key, last: Key) -> Condition:
    """Rows from one key to another, both included. Raises ValueError as `following` does."""
    if len(order) == 1 and first[0] is not None and last[0] is not None:
        return sa.and_(*_outer_bounds(order[0], first[0], last[0]))
    low = [at(order, first), *following(order, first)]
    high = [at(order, last)]
    high += [sa.and_(at(order[:index], last[:index]), order[index].before(last[index])) for index in range(len(order))]
    return sa.and_(sa.or_(*low), sa.or_(*high), *_outer_bounds(order[0], first[0], last[0]))


def _outer_bounds(leading: Ordered, low: Scalar, high: Scalar) -> Iterator[Condition]:
    """Said once more of the first column alone, because an index sees no range in a disjunction."""
    if low is not None and high is not None:
        yield leading.clause.between(leading._literal(low), leading._literal(high))


def belongs(mine: SqlTable, table: Table, owner: Owner, lookup: Lookup) -> Condition:
    """Rows of the person, found through the tables between when the link has steps."""
    held_by = tuple(zip(table.person.columns, owner, strict=True))
    comes_again = any(step.table.name == table.name.name for step in table.person.steps)
    return _belongs(mine, mine.clause, table.person.steps, held_by, lookup, apart=comes_again)


def _belongs(
    here: SqlTable,
    clause: FromClause,
    steps: Sequence[Step],
    owner: Sequence[tuple[str, Scalar | Later]],
    lookup: Lookup,
    *,
    apart: bool = False,
) -> Condition:
    """`apart`: what the first step finds is made a table of its own, for MariaDB changes none that the statement reads too."""
    if not steps:
        return sa.and_(*(holds(here, clause, name, value) for name, value in owner))
    step, *rest = steps
    there = lookup(step.table)
    for column, target in zip(step.columns, step.targets, strict=True):
        here.shape(column)
        there.shape(target)
    alias = there.clause.alias(f"step_{len(rest)}")
    found = sa.select(*(alias.c[target] for target in step.targets)).where(_belongs(there, alias, rest, owner, lookup))
    if apart and here.dialect == "mariadb":
        found = sa.select(found.distinct().subquery("found"))
    leaving = [clause.c[column] for column in step.columns]
    return (leaving[0] if len(leaving) == 1 else sa.tuple_(*leaving)).in_(found)


def holds(here: SqlTable, clause: FromClause, name: str, value: Scalar | Later) -> Condition:
    """Rows whose column holds the value. Nothing matches NULL, nor a value no row of that kind can hold."""
    shape = here.shape(name)
    if isinstance(value, Later):
        return clause.c[name] == value.compared_with(shape)
    try:
        wanted = comparable(value, shape, here.dialect)
    except ValueError:
        wanted = None
    return sa.false() if wanted is None else clause.c[name] == literal(wanted)


def is_row(mine: SqlTable, table: Table, key: Key) -> Condition:
    """The row of that key, if it is one."""
    if len(key) != len(table.key):
        return sa.false()
    pairs = zip(table.key, key, strict=True)
    return sa.and_(
        *(
            mine.column(name).is_(None) if value is None else holds(mine, mine.clause, name, value)
            for name, value in pairs
        )
    )


def held(mine: SqlTable, hold: Hold | None, now: datetime) -> Condition:
    """Rows the hold keeps at `now`, true or false and never NULL. Without the date it counts from, a row is kept (P-39.1, s. 23).

    Where a month is shorter than the one it is counted from, a row may be kept up to three days longer, never less.
    """
    if hold is None:
        return sa.false()
    chosen = (_is_one_of(mine, name, values) for name, values in hold.where.items())
    start = mine.column(hold.from_column)
    recent = _later_than(start, mine.shape(hold.from_column), hold.keep.before(now), mine.dialect)
    return sa.and_(sa.true(), *chosen, sa.or_(start.is_(None), recent))


def outlived(mine: SqlTable, retention: Retention, before: datetime) -> Condition:
    """Rows dated no later than `before`; one without a date, or whose date cannot be read, is none of them."""
    start = mine.column(retention.from_column)
    later = _later_than(start, mine.shape(retention.from_column), before, mine.dialect)
    return sa.and_(start.is_not(None), sa.not_(later))


def _is_one_of(mine: SqlTable, name: str, values: Sequence[Scalar]) -> Condition:
    column, shape = mine.column(name), mine.shape(name)
    wanted = [literal(bound(fitting(value, shape), shape, mine.dialect)) for value in values if value is not None]
    chosen = sa.and_(column.is_not(None), column.in_(wanted))
    return sa.or_(column.is_(None), chosen) if None in values else chosen


def _later_than(column: ColumnElement[Any], shape: ColumnShape, moment: datetime, dialect: str) -> Condition:
    """Whether a date column, in whatever form the source keeps dates, is later; SQLite's unreadable ones count as later."""
    if shape.kind in (Kind.INTEGER, Kind.NUMBER, Kind.FLOAT):
        return column > literal(moment.timestamp())
    if dialect == "sqlite":
        day = sa.func.julianday(column)
        return sa.or_(day.is_(None), day > sa.func.julianday(literal(moment.astimezone(UTC).isoformat())))
    if shape.kind is Kind.DATE:
        return column > literal(moment.astimezone(UTC).date())
    if shape.kind is Kind.INSTANT:
        return column > literal(bound(moment, shape, dialect))
    return column > literal(moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"))


def latest(mine: SqlTable, name: str) -> ColumnElement[Any]:
    """The latest date of a column, in a form `reader` understands."""
    column = mine.column(name)
    if mine.dialect == "sqlite" and mine.shape(name).kind not in (Kind.INTEGER, Kind.NUMBER, Kind.FLOAT):
        return sa.func.max(sa.func.strftime("%Y-%m-%dT%H:%M:%f", column))
    return sa.func.max(column)
