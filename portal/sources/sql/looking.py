"""Rows of a table that says who looked, as looks: in which role, when and why, and nothing else of the row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

from portal.domain.data_map import AccessLog, Table
from portal.sources.base import Access, AccessPage, Page, Row, Value

LENGTH_OF_A_DAY = len("2026-03-04")


def access_page(log: AccessLog, read: Callable[[Table], Page]) -> AccessPage:
    """A page of looks; `read` gives the page of the log's own table."""
    page = read(log.as_table())
    return AccessPage(tuple(_access(log, row) for row in page.rows), page.next_after)


def _access(log: AccessLog, row: Row) -> Access:
    return Access(_text(row[log.role]), _moment(row[log.at]), _text(row[log.reason]) if log.reason else "")


def _text(value: Value) -> str:
    """What the column holds as the map writes it; nothing, or what cannot be read, is empty."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int | float | Decimal) else ""


def _moment(value: Value) -> datetime | date | None:
    """The moment of a look, whatever the service keeps moments in: of seconds since 1970, or of text, too."""
    try:
        if isinstance(value, str):
            if len(value) == LENGTH_OF_A_DAY:
                return date.fromisoformat(value)
            read = datetime.fromisoformat(value)
            return read if read.tzinfo else read.replace(tzinfo=UTC)
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            return datetime.fromtimestamp(float(value), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return value if isinstance(value, date) else None
