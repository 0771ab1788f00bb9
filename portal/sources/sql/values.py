"""Carries values between a database's columns and the portal: read without ever failing, written only when they fit."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from operator import attrgetter, methodcaller
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from portal.domain.data_map import Scalar
from portal.sources.base import UNREADABLE, SourceRefused, Value
from portal.sources.sql.shapes import ColumnShape, Kind

LARGEST = 2**63 - 1
WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,19}")
LIKE_A_DATE = re.compile(r"[0-9]{4}-[0-9]{2}")
TRUE, FALSE = ("true", "t", "1"), ("false", "f", "0")

MARK = "\ue000"
"""Begins a scalar that stands for what is no text; a character of the private use area, so that no real key begins with it."""


class Undecodable:
    """What a driver could not turn into a value: its bytes are kept, because a key must still find its row."""

    def __init__(self, raw: bytes) -> None:
        """Keep what the source holds."""
        self.raw = raw


Reader = Callable[[object], Value]


def reader(shape: ColumnShape) -> Reader | None:
    """How cells of a column become values, or None when the driver's are values already."""
    if shape.kind is Kind.TEXT:
        return _unpadded if shape.padded else None
    return {
        Kind.INTEGER: None,
        Kind.BOOLEAN: _boolean,
        Kind.INSTANT: _instant,
        Kind.DATE: _date,
    }.get(shape.kind, natural)


def values_of(cells: Sequence[object], read: Reader | None) -> Iterable[Value]:
    """The cells of one column as values, done together where that is quicker."""
    if read is None:
        return map(natural, cells) if Undecodable in map(type, cells) else cells
    if read is _instant:
        return _instants(cells) or _without_zone(cells) or map(_instant, cells)
    return map(read, cells)


def _instants(cells: Sequence[object]) -> list[datetime | None] | None:
    """Moments kept as text without a zone, as SQLite's most often are; None when one of them is anything else."""
    parse = datetime.fromisoformat
    try:
        moments = [None if cell is None else parse(cell + "+00:00") for cell in cells]  # type: ignore[operator]
    except (TypeError, ValueError):
        return None
    return moments if {moment.tzinfo for moment in moments if moment is not None} <= {UTC} else None


def _without_zone(cells: Sequence[object]) -> list[datetime] | None:
    """Moments the driver gives without a zone, as a server's most often are; None when one of them is anything else."""
    if set(map(type, cells)) != {datetime} or set(map(_ZONE, cells)) != {None}:
        return None
    return list(map(_IN_UTC, cells))


_ZONE, _IN_UTC = attrgetter("tzinfo"), methodcaller("replace", tzinfo=UTC)


def natural(raw: object) -> Value:
    """A cell as text, number, boolean, instant, date, bytes or nothing; what no reader can make out is UNREADABLE."""
    if raw is None or isinstance(raw, str | int | bytes):
        return raw
    if isinstance(raw, Undecodable):
        return UNREADABLE
    if isinstance(raw, float | Decimal):
        return raw if math.isfinite(raw) else str(raw)
    if isinstance(raw, datetime):
        return _aware(raw)
    if isinstance(raw, date):
        return raw
    if isinstance(raw, memoryview | bytearray):
        return bytes(raw)
    return json.dumps(raw, ensure_ascii=False, default=str) if isinstance(raw, dict | list) else str(raw)


def _unpadded(raw: object) -> Value:
    return raw.rstrip(" ") if isinstance(raw, str) else natural(raw)


def _boolean(raw: object) -> Value:
    return bool(raw) if isinstance(raw, int) and raw in (0, 1) else natural(raw)


def _instant(raw: object) -> Value:
    """An instant, most often kept without a zone: text is given one before it is read, which takes half the time."""
    if isinstance(raw, datetime):
        return _aware(raw)
    if not isinstance(raw, str):
        return natural(raw)
    moment: datetime | None = None
    with suppress(ValueError):
        moment = datetime.fromisoformat(raw + "+00:00")
    return moment if moment is not None and moment.tzinfo is UTC else _from_text(raw, datetime.fromisoformat)


def _date(raw: object) -> Value:
    if not isinstance(raw, str):
        return natural(raw)
    return _from_text(raw, date.fromisoformat if len(raw) == len("2025-02-25") else datetime.fromisoformat)


def _from_text(raw: str, parse: Callable[[str], date]) -> Value:
    """A date kept as text (SQLite), or one Python has no room for, such as year 0000 (MariaDB)."""
    try:
        return natural(parse(raw))
    except ValueError:
        return UNREADABLE if LIKE_A_DATE.match(raw) else raw


def _aware(moment: datetime) -> datetime:
    """In UTC: columns without a zone are read as UTC, which is what services keep in them."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def scalar(raw: object) -> Scalar:
    """A cell of a key (or of the column that orders a list) as JSON can carry it, and `unscalar` can undo."""
    if isinstance(raw, str):
        return f"{MARK}s{raw}" if raw.startswith(MARK) else raw
    if raw is None or isinstance(raw, int | float):
        return raw
    if isinstance(raw, Undecodable):
        return f"{MARK}t{raw.raw.hex()}"
    if isinstance(raw, bytes | bytearray | memoryview):
        return f"{MARK}x{bytes(raw).hex()}"
    return raw.isoformat() if isinstance(raw, date) else str(raw)


def _unscalar(value: Scalar) -> Scalar | bytes | Undecodable:
    if not isinstance(value, str) or not value.startswith(MARK):
        return value
    kind, rest = value[1:2], value[2:]
    if kind == "s":
        return rest
    return bytes.fromhex(rest) if kind == "x" else Undecodable(bytes.fromhex(rest))


def comparable(value: Scalar, shape: ColumnShape, dialect: str) -> object:
    """The scalar as the column's own kind, for a comparison that no database will bend (`5abc` is not 5).

    Raises:
        ValueError: no row can hold this in that column.
    """
    raw = _unscalar(value)
    if isinstance(raw, Undecodable):
        return _undecoded(raw, dialect)
    if raw is None or isinstance(raw, bytes):
        return raw
    # A file keeps NUL in its texts, and a list ordered by such a text must still be walked to its end.
    if isinstance(raw, str) and not _storable(raw.replace("\x00", "") if dialect == "sqlite" else raw):
        raise ValueError(shape.name)
    if dialect == "sqlite":
        return _within_reach(raw)
    return _strict(raw, shape)


def _undecoded(raw: Undecodable, dialect: str) -> object:
    if dialect == "sqlite":
        return sa.cast(sa.literal(raw.raw, sa.LargeBinary()), sa.Text())
    return raw.raw.decode(errors="replace")


def _within_reach(raw: str | float) -> str | float:
    if isinstance(raw, int) and abs(raw) > LARGEST:
        raise ValueError
    return raw


def _strict(raw: str | float, shape: ColumnShape) -> object:
    if shape.kind is Kind.TEXT:
        return str(raw)
    if shape.kind is Kind.INTEGER:
        return _whole(raw)
    if shape.kind in (Kind.NUMBER, Kind.FLOAT):
        return _exact(raw)
    if shape.kind is Kind.UUID:
        return str(UUID(str(raw)))
    if shape.kind in (Kind.INSTANT, Kind.DATE) and not str(raw).startswith("0000"):
        datetime.fromisoformat(str(raw))
    return raw


def fitting(value: Value, shape: ColumnShape) -> Value:
    """The value as the column's own kind, whether it comes typed or from a form.

    Raises:
        SourceRefused: it does not fit; the reason says how (security.md B-48).
    """
    if value is None or (value == "" and shape.kind is not Kind.TEXT):
        if not shape.nullable:
            raise SourceRefused("required")
        return None
    parsed: Value = None
    try:
        parsed = _parsed(value, shape)
    except (ValueError, TypeError, OverflowError, InvalidOperation):
        parsed = None
    if parsed is None:
        raise SourceRefused("type")
    if isinstance(parsed, str) and shape.length is not None and len(parsed) > shape.length:
        raise SourceRefused("too_long", limit=shape.length)
    return parsed


def _parsed(value: Value, shape: ColumnShape) -> Value:
    parse: dict[Kind, Callable[[Value], Value]] = {
        Kind.TEXT: _text,
        Kind.INTEGER: _whole,
        Kind.NUMBER: _exact,
        Kind.FLOAT: lambda given: float(_exact(given)),
        Kind.BOOLEAN: _yes_or_no,
        Kind.INSTANT: _moment,
        Kind.DATE: _day,
        Kind.UUID: lambda given: str(UUID(str(given))),
    }
    return parse.get(shape.kind, _as_it_is)(value)


def _as_it_is(value: Value) -> Value:
    if isinstance(value, str) and not _storable(value):
        raise ValueError
    return value


def _text(value: Value) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if not _storable(text) or isinstance(value, bytes):
        raise ValueError
    return text


def _storable(text: str) -> bool:
    """Without NUL, which PostgreSQL refuses, and without half characters, which nobody can store."""
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _whole(value: Value) -> int:
    if isinstance(value, str):
        if not WHOLE_NUMBER.fullmatch(value.strip()):
            raise ValueError
        value = int(value)
    number = int(value) if isinstance(value, int | float | Decimal) else None
    if number is None or number != value or abs(number) > LARGEST:
        raise ValueError
    return number


def _exact(value: Value) -> Decimal:
    if isinstance(value, str) and not value.isascii():
        raise ValueError
    number = Decimal(str(value))
    if not number.is_finite():
        raise ValueError
    return number


def _yes_or_no(value: Value) -> bool:
    word = str(value).strip().lower()
    if word not in TRUE + FALSE:
        raise ValueError
    return word in TRUE


def _moment(value: Value) -> datetime:
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=UTC)
    return _aware(value if isinstance(value, datetime) else datetime.fromisoformat(str(value).strip()))


def _day(value: Value) -> date:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(str(value).strip())


def bound(value: Value, shape: ColumnShape, dialect: str) -> object:
    """A fitting value as the driver takes it."""
    if isinstance(value, datetime):
        naive = _aware(value).replace(tzinfo=None)
        if dialect == "sqlite":
            return naive.isoformat(sep=" ")
        return value if shape.zoned else naive
    if dialect == "sqlite" and isinstance(value, date):
        return value.isoformat()
    if dialect == "sqlite" and isinstance(value, Decimal):
        return str(value)
    return value


def same_value(present: Value, other: Value, shape: ColumnShape) -> bool:
    """Whether a person would say that both are the same.

    Nothing and empty text look alike; a form may change line ends and compose letters (security.md B-22).
    """
    if present in (None, "") or other in (None, ""):
        return present in (None, "") and other in (None, "")
    if isinstance(present, str) and isinstance(other, str):
        return _levelled(present) == _levelled(other)
    try:
        return _parsed(present, shape) == _parsed(other, shape)
    except (ValueError, TypeError, OverflowError, InvalidOperation):
        return str(present) == str(other)


def _levelled(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def literal(raw: object) -> ColumnElement[object]:
    """The value as a parameter the driver takes as it is, whatever SQLAlchemy would make of its type."""
    if isinstance(raw, ColumnElement):
        return raw
    return sa.bindparam(None, raw, type_=sa.types.NullType(), unique=True)
