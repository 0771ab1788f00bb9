"""Rows chosen by days: which columns hold dates, the range an index finds, and the oldest and newest of a person's.

Every choice is a range of the very column that orders the table, so that the index of its pages finds it. SQLite keeps dates as
text: a range of days, a little wide, is found by the index, and what it holds is compared exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from portal.domain.data_map import Table
from portal.domain.days import Days
from portal.sources.base import Dates, SourceRefused
from portal.sources.sql.conditions import Condition, Order, page_order
from portal.sources.sql.ranges import Range
from portal.sources.sql.shapes import ColumnShape, Kind, SqlTable
from portal.sources.sql.values import bound, fitting, literal, natural, reader

NUMBERS = frozenset({Kind.INTEGER, Kind.NUMBER, Kind.FLOAT})
"""Kinds in which a moment is so many seconds since 1970."""

FIRST_MOMENT, LAST_MOMENT = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
LEAST_TEXT, BEYOND_TEXT, YEAR_AND_MONTH = "0-", ":", "[0-9][0-9][0-9][0-9]-[0-9][0-9]*"
"""What every text that begins with a year lies between; no number, which SQLite would compare as one."""


def dated_column(mine: SqlTable, table: Table) -> str | None:
    """The column by which days can be chosen in the table: the one it is ordered by, where that holds dates.

    Numbers, and text where the source has no kind for dates, are dates where the map counts a retention or a hold from them.
    """
    if table.order is None:
        return None
    kind = mine.shape(table.order).kind
    counted = {one.from_column for one in (table.retention, table.hold) if one}
    said_to_be = table.order in counted and (kind in NUMBERS or _is_text(mine.shape(table.order), mine.dialect))
    return table.order if said_to_be or kind in (Kind.DATE, Kind.INSTANT) else None


def on_days(mine: SqlTable, table: Table, days: Days | None) -> Condition:
    """Rows dated on the days, by an index; every row when none are chosen, or none can be."""
    name = dated_column(mine, table)
    if days is None or name is None:
        return sa.true()
    return sa.and_(_reach(mine.shape(name), mine.dialect, days).holds(mine.column(name)), _exactly(mine, name, days))


def walked_on(mine: SqlTable, table: Table, days: Days) -> tuple[Order, Condition]:
    """The order of the table's pages within the days, and what tells the rows an index finds for it from those of the days."""
    order, name = page_order(mine, table), dated_column(mine, table)
    if name is None:
        return order, sa.true()
    leading = replace(order[0], within=_reach(mine.shape(name), mine.dialect, days))
    return [leading, *order[1:]], _exactly(mine, name, days)


def dates_question(mine: SqlTable, name: str, wanted: Condition, most: int) -> sa.Select[Any]:
    """The oldest and the newest cell of the dates of some rows, then how many have none: each found by an index."""
    shape, column = mine.shape(name), mine.column(name)
    readable = _reach(shape, mine.dialect, Days(None, None, None, None))
    dated = sa.select(column).where(wanted, readable.holds(column), *_like_a_date(mine, name)).limit(1)
    undated = [readable.below(column), readable.above(column), *([column.is_(None)] if shape.nullable else [])]
    return sa.select(
        dated.order_by(column.asc()).scalar_subquery(),
        dated.order_by(column.desc()).scalar_subquery(),
        *(number_of(mine, sa.and_(wanted, condition), most) for condition in undated),
    )


def dates_read(mine: SqlTable, name: str, found: Sequence[Any], most: int) -> Dates:
    """What the answer to `dates_question` says."""
    oldest, newest, *undated = found
    return Dates(_date_of(mine, name, oldest), _date_of(mine, name, newest), min(most, sum(map(int, undated))))


def number_of(mine: SqlTable, wanted: Condition, most: int) -> sa.ScalarSelect[int]:
    """How many rows there are, counted no further than `most`."""
    some = sa.select(sa.literal_column("1", sa.Integer()).label("one")).select_from(mine.clause).where(wanted)
    return sa.select(sa.func.count()).select_from(some.limit(most).subquery()).scalar_subquery()


def instant_of(mine: SqlTable, name: str, raw: object) -> datetime | None:
    """A cell of a column of dates as an instant, whatever the source keeps dates in; None when it is no date."""
    shape = mine.shape(name)
    try:
        if isinstance(raw, int | float | Decimal):
            return datetime.fromtimestamp(float(raw), UTC)
        moment = fitting(natural(raw), replace(shape, kind=Kind.INSTANT))
    except (SourceRefused, OverflowError, ValueError, OSError):
        return None
    return moment if isinstance(moment, datetime) else None


def _date_of(mine: SqlTable, name: str, raw: object) -> date | None:
    shape = mine.shape(name)
    if shape.kind is not Kind.DATE:
        return instant_of(mine, name, raw)
    found = (reader(shape) or natural)(raw)
    return found if isinstance(found, date) else None


def _is_text(shape: ColumnShape, dialect: str) -> bool:
    """Whether dates are text there: SQLite has no other kind for them."""
    return dialect == "sqlite" and shape.kind in (Kind.INSTANT, Kind.DATE, Kind.TEXT, Kind.OTHER)


def _like_a_date(mine: SqlTable, name: str) -> Sequence[Condition]:
    """Text that begins with a year and a month, among what else SQLite keeps."""
    return [mine.column(name).op("GLOB")(literal(YEAR_AND_MONTH))] if _is_text(mine.shape(name), mine.dialect) else []


def _reach(shape: ColumnShape, dialect: str, days: Days) -> Range:
    """The days as an index finds them: a little wide where they are text, exact elsewhere. An open end is that of what can be read."""
    return _text_reach(shape, days) if _is_text(shape, dialect) else _range(shape, dialect, days)


def _range(shape: ColumnShape, dialect: str, days: Days) -> Range:
    if shape.kind is Kind.DATE:
        return Range(days.first or date.min, days.last or date.max, closed=True)
    low, high = days.start or FIRST_MOMENT, days.end or LAST_MOMENT
    if shape.kind in NUMBERS:
        return Range(int(low.timestamp()), int(high.timestamp()), closed=days.end is None)
    return Range(bound(low, shape, dialect), bound(high, shape, dialect), closed=days.end is None)


def _text_reach(shape: ColumnShape, days: Days) -> Range:
    """A text may name another zone than UTC, whose day may be another too."""
    if shape.kind is Kind.DATE:
        return Range(_day(days.first) or LEAST_TEXT, _day(days.last, later=1) or BEYOND_TEXT)
    return Range(_day(days.start, later=-1) or LEAST_TEXT, _day(days.end, later=2) or BEYOND_TEXT)


def _exactly(mine: SqlTable, name: str, days: Days) -> Condition:
    """The days once more, in words that SQLite takes no index for: it would leave a place in a list for them."""
    shape, column = mine.shape(name), mine.column(name)
    if not _is_text(shape, mine.dialect):
        return _range(shape, mine.dialect, days).holds(column + 0 if mine.dialect == "sqlite" else column)
    if shape.kind is Kind.DATE:
        return _text_reach(shape, days).holds(_in_utc(column))
    written = _in_utc(column)
    start = [written >= literal(_moment(days.start))] if days.start else []
    end = [written < literal(_moment(days.end))] if days.end else []
    return sa.and_(sa.true(), *start, *end)


def _day(day: date | None, *, later: int = 0) -> str | None:
    """A day as text, or so many days later; None where there is none."""
    if day is None:
        return None
    try:
        return (date(day.year, day.month, day.day) + timedelta(days=later)).isoformat()
    except OverflowError:
        return None


def _moment(moment: datetime) -> str:
    """The least text of a moment: a day began at a whole minute, but where clocks followed the sun."""
    whole = moment.replace(tzinfo=None).isoformat(sep=" ", timespec="seconds")
    return whole.removesuffix(":00") if moment.second == 0 else whole


def _in_utc(column: ColumnElement[Any]) -> ColumnElement[str]:
    """A moment's text with a space between day and time, as UTC where it names another zone."""
    zone = sa.func.substr(column, -6)
    elsewhere = sa.and_(
        sa.func.length(column) > len("2025-02-25 12:00"),
        sa.func.substr(zone, 1, 1).in_([literal("+"), literal("-")]),
        zone != literal("+00:00"),
    )
    return sa.case(
        (elsewhere, sa.func.strftime(literal("%Y-%m-%d %H:%M:%f"), column)),
        else_=sa.func.replace(column, literal("T"), literal(" ")),
    )
