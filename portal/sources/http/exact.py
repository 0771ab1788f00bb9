"""Values as JSON carries them without losing anything: what JSON has no form for wears its kind as a tag.

`{"decimal": "19.90"}`, `{"int": "9223372036854775807"}`, `{"instant": "2025-01-02T03:04:05.678901Z"}`, `{"date": "1990-02-28"}`,
`{"bytes": "AP8="}` and `{"unreadable": true}`; text, smaller whole numbers, floats, booleans and null are themselves.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

from portal.domain.data_map import Scalar
from portal.sources.base import UNREADABLE, Unreadable, Value

SAFE = 2**53 - 1
"""The largest whole number that every reader of JSON keeps exactly (RFC 8259 §6)."""

LARGEST = 2**63 - 1
"""The largest whole number a source may answer: what the portal's own files can say."""

_DECIMAL = re.compile(r"-?[0-9]{1,1000}(?:\.[0-9]{1,1000})?", re.ASCII)
_WHOLE = re.compile(r"-?[0-9]{1,40}", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?Z", re.ASCII)


class NoScalar(ValueError):
    """What should be a key, or a part of one, is none."""


def to_json(value: Value) -> object:
    """The value as JSON carries it; what has no exact form is said to be unreadable."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value if is_text(value) else {"unreadable": True}
    if isinstance(value, int):
        return value if abs(value) <= SAFE else {"int": str(value)}
    if isinstance(value, float):
        return value if math.isfinite(value) else {"unreadable": True}
    if isinstance(value, Decimal):
        return _decimal_to_json(value)
    if isinstance(value, datetime):
        return {"instant": instant_to_json(value)}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return {"bytes": base64.b64encode(value).decode()} if isinstance(value, bytes) else {"unreadable": True}


def instant_to_json(moment: datetime) -> str:
    """An instant in UTC, as RFC 3339 writes it; one without a zone is taken for UTC."""
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return aware.isoformat().replace("+00:00", "Z")


def value_from(written: object) -> Value:
    """The value that was written; whatever is none of the forms is UNREADABLE, and nothing around it suffers (security.md B-45)."""
    if isinstance(written, Mapping):
        return _tagged(written)
    try:
        return scalar_from(written)
    except NoScalar:
        return UNREADABLE


def instant_from(written: object) -> datetime:
    """The instant of a text in RFC 3339 that ends in Z.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(written, str) or not _INSTANT.fullmatch(written):
        raise ValueError
    return datetime.fromisoformat(written.removesuffix("Z") + "+00:00")


def scalar_from(written: object, *, largest: int = LARGEST) -> Scalar:
    """A part of a key.

    Raises:
        NoScalar: a key holds texts, numbers, booleans and nothing else.
    """
    if isinstance(written, Mapping) and set(written) == {"int"}:
        written = _whole(written["int"])
    if written is None or isinstance(written, bool):
        return written
    if isinstance(written, str) and is_text(written):
        return written
    if isinstance(written, int) and -largest - 1 <= written <= largest:
        return written
    if isinstance(written, float) and math.isfinite(written):
        return written
    raise NoScalar


def is_text(text: str) -> bool:
    """Whether the text can be stored and sent: no half of a surrogate pair, which JSON can write and nobody can read."""
    try:
        return text.isascii() or bool(text.encode())
    except UnicodeEncodeError:
        return False


def _decimal_to_json(value: Decimal) -> object:
    """Written out, without an exponent: `1E+999999` must not become a million digits in whoever reads it."""
    if not value.is_finite() or abs(value.adjusted()) > 300:
        return {"unreadable": True}
    written = format(value, "f")
    return {"decimal": written} if _DECIMAL.fullmatch(written) else {"unreadable": True}


def _tagged(written: Mapping[object, object]) -> Value:
    if len(written) != 1:
        return UNREADABLE
    ((tag, inner),) = written.items()
    read = _READERS.get(tag) if isinstance(tag, str) else None
    if read is None or not isinstance(inner, str):
        return UNREADABLE
    try:
        return read(inner)
    except (ValueError, OverflowError):
        return UNREADABLE


def _whole(written: object) -> int:
    if not isinstance(written, str) or not _WHOLE.fullmatch(written):
        raise NoScalar
    return int(written)


def _bounded(written: str) -> int | Unreadable:
    number = _whole(written)
    return number if -LARGEST - 1 <= number <= LARGEST else UNREADABLE


def _decimal(written: str) -> Decimal:
    if not _DECIMAL.fullmatch(written):
        raise ValueError
    return Decimal(written)


def _day(written: str) -> date:
    if not _DATE.fullmatch(written):
        raise ValueError
    return date.fromisoformat(written)


def _bytes(written: str) -> bytes:
    try:
        return base64.b64decode(written, validate=True)
    except binascii.Error:
        raise ValueError from None


_READERS: Mapping[str, Callable[[str], Value]] = {
    "int": _bounded,
    "decimal": _decimal,
    "instant": instant_from,
    "date": _day,
    "bytes": _bytes,
}
