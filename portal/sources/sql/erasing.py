"""What erasing leaves in a column whose row stays: nothing, a constant, a pseudonym, or less precision.

Every method gives the same result when it is applied to its own result, so that an erasure may be repeated.
"""

from __future__ import annotations

import hmac
import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from string import ascii_lowercase, ascii_uppercase
from typing import TypeVar

from portal.domain.data_map import Column, ColumnErasure
from portal.sources.base import Key, SourceRefused
from portal.sources.sql.shapes import ColumnShape, Kind
from portal.sources.sql.values import Undecodable, bound, fitting

Day = TypeVar("Day", date, datetime)

CHECK_LENGTH = 8
LONGEST_PSEUDONYM = 32
SHORTEST_PSEUDONYM = 16
USUAL_PREFIXES = {4: 24, 6: 48}
LONGEST_IPV4_PREFIX = 32
USUAL_STEP = 10
TEXT_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(.*?)(Z|[+-][0-9]{2}:?[0-9]{2})?", re.DOTALL)
RANDOM_DAYS = 18_000
LONGEST_NUMBER = 15
NONZERO_DIGITS = "123456789"


@dataclass(frozen=True, slots=True)
class Eraser:
    """Erases cells of one dialect with one secret key."""

    dialect: str
    hash_key: bytes

    def replacement(self, column: Column, shape: ColumnShape, raw: object, row: Key) -> object:
        """What to put in place of a cell; NULL stays NULL except under a constant.

        Raises:
            SourceRefused: the method cannot be applied to a column of that kind.
        """
        erasure = column.erase
        if erasure is None:
            return raw
        if erasure.method == "constant":
            return constant(erasure, shape, self.dialect)
        if erasure.method == "null" or raw is None:
            return None
        if erasure.method == "hash":
            return self._pseudonym(raw, shape)
        if erasure.method == "truncate":
            return _or_nothing(_truncated(erasure, raw), shape)
        if erasure.method == "generalise":
            return _or_nothing(_generalised(erasure, raw, shape), shape)
        return _or_nothing(self._random(raw, shape, f"{column.name}\x00{row!r}"), shape)

    def _pseudonym(self, raw: object, shape: ColumnShape) -> str:
        """A keyed hash that carries a keyed check of itself, by which a second erasure knows it and leaves it."""
        if shape.kind is not Kind.TEXT:
            raise SourceRefused("type")
        length = min(LONGEST_PSEUDONYM, shape.length or LONGEST_PSEUDONYM)
        if length < SHORTEST_PSEUDONYM:
            raise SourceRefused("too_long", limit=shape.length)
        text = raw.raw.hex() if isinstance(raw, Undecodable) else str(raw)
        if len(text) == length and hmac.compare_digest(text[-CHECK_LENGTH:].encode(), self._check(text).encode()):
            return text
        body = self._digest(f"value\x00{text}")[: length - CHECK_LENGTH]
        return body + self._check(body + "." * CHECK_LENGTH)

    def _check(self, text: str) -> str:
        return self._digest(f"check\x00{text[:-CHECK_LENGTH]}")[:CHECK_LENGTH]

    def _digest(self, text: str) -> str:
        if not self.hash_key:
            raise ValueError("A source needs a hash key to erase by hash or at random.")
        return hmac.new(self.hash_key, text.encode(errors="surrogatepass"), sha256).hexdigest()

    def _random(self, raw: object, shape: ColumnShape, seed: str) -> object:
        """Characters drawn from the row's key and the secret, never from the value: only its shape is left."""
        number = int(self._digest(seed), 16)
        if isinstance(raw, bool):
            return bool(number % 2)
        if isinstance(raw, date) or shape.kind in (Kind.INSTANT, Kind.DATE):
            return _random_date(number, shape, self.dialect)
        if isinstance(raw, bytes):
            return self._stream(seed, len(raw))
        if isinstance(raw, int | float | Decimal):
            return self._random_number(raw, seed)
        return self._random_text(raw, seed) if isinstance(raw, str) else None

    def _random_text(self, raw: str, seed: str) -> str:
        return "".join(
            _like(character, draw) for character, draw in zip(raw, self._stream(seed, len(raw)), strict=True)
        )

    def _random_number(self, raw: float | Decimal, seed: str) -> object:
        """Digits from 1 to 9 and few enough of them, so that the number keeps its length when it is stored."""
        text = f"{raw:.2f}" if isinstance(raw, float) else str(raw)
        if "e" in text.lower() or len(text) > LONGEST_NUMBER:
            return type(raw)(1)
        draws = self._stream(seed, len(text))
        digits = (NONZERO_DIGITS[draw % 9] if sign.isdigit() else sign for sign, draw in zip(text, draws, strict=True))
        return type(raw)("".join(_small(list(digits)) if isinstance(raw, int) else digits))

    def _stream(self, seed: str, length: int) -> bytes:
        blocks = (bytes.fromhex(self._digest(f"{seed}\x00{index}")) for index in range(length // 32 + 1))
        return b"".join(blocks)[:length]


def _small(digits: list[str]) -> list[str]:
    """An integer that begins with 1 is within the range of its column when the erased one was."""
    first = next((index for index, digit in enumerate(digits) if digit.isdigit()), 0)
    return [*digits[:first], "1", *digits[first + 1 :]]


def _like(character: str, draw: int) -> str:
    if character.isdigit():
        return str(draw % 10)
    if not character.isalpha():
        return character
    letters = ascii_uppercase if character.isupper() else ascii_lowercase
    return letters[draw % len(letters)]


def _random_date(number: int, shape: ColumnShape, dialect: str) -> object:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=number % RANDOM_DAYS)
    return bound(moment.date() if shape.kind is Kind.DATE else moment, shape, dialect)


def constant(erasure: ColumnErasure, shape: ColumnShape, dialect: str) -> object:
    """What "null" and "constant" put everywhere."""
    if erasure.method == "null":
        return None
    return bound(fitting(erasure.value, shape), shape, dialect)


def _truncated(erasure: ColumnErasure, raw: object) -> object:
    """A date down to its year (or month, or day); a text down to its first characters."""
    unit = erasure.value if erasure.value in ("month", "day") else "year"
    if isinstance(raw, datetime):
        return _at_the_start(raw, unit).replace(hour=0, minute=0, second=0, microsecond=0)
    if isinstance(raw, date):
        return _at_the_start(raw, unit)
    if isinstance(raw, str):
        return _truncated_text(raw, unit, erasure.prefix)
    return None


def _at_the_start(raw: Day, unit: object) -> Day:
    if unit == "year":
        return raw.replace(month=1, day=1)
    return raw.replace(day=1) if unit == "month" else raw


def _truncated_text(raw: str, unit: object, prefix: int | None) -> str:
    found = TEXT_DATE.fullmatch(raw)
    if not found or prefix is not None:
        return raw[: prefix or 0]
    year, month, day, time, zone = found.groups(default="")
    start = {"year": f"{year}-01-01", "month": f"{year}-{month}-01"}.get(str(unit), f"{year}-{month}-{day}")
    return start + re.sub("[0-9]", "0", time) + zone


def _generalised(erasure: ColumnErasure, raw: object, shape: ColumnShape) -> object:
    """A network in place of an address, a round number in place of a number; nothing where neither is found."""
    if isinstance(raw, int | float | Decimal) and shape.kind is not Kind.BOOLEAN:
        return _rounded(raw, erasure.value)
    if isinstance(raw, str) and shape.kind is Kind.NUMBER:
        return None
    try:
        address = ipaddress.ip_interface(str(raw)).ip
        prefix = _prefix_for(address.version, erasure.prefix)
        return str(ipaddress.ip_network(f"{address}/{prefix}", strict=False).network_address)
    except ValueError:
        return None


def _prefix_for(version: int, given: int | None) -> int:
    """One prefix is written for both: up to 32 it is meant for IPv4, beyond for IPv6; the other takes the usual one."""
    if given is None or (given <= LONGEST_IPV4_PREFIX) != (version == 4):
        return USUAL_PREFIXES[version]
    return given


def _rounded(raw: float | Decimal, step: object) -> object:
    wide = step if isinstance(step, int | float) and step > 0 else USUAL_STEP
    exact = Decimal(str(wide))
    return type(raw)(Decimal(str(raw)) // exact * exact)


def _or_nothing(value: object, shape: ColumnShape) -> object:
    """Where nothing is left and the column must hold something, the emptiest thing of its kind."""
    if value is not None or shape.nullable:
        return value
    return {Kind.TEXT: "", Kind.BYTES: b"", Kind.BOOLEAN: False}.get(shape.kind, 0)


def same_everywhere(columns: Sequence[Column]) -> bool:
    """Whether one statement can erase them all, because nothing depends on what a row holds."""
    return all(
        column.erase is not None and column.erase.method in ("null", "constant") and not column.inside
        for column in columns
    )
