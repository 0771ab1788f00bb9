"""The erasure ledger: what was destroyed and what was asked, remembered apart from the portal's database (law.md §7, design §4.4).

A restored backup brings erased people back; the ledger says who must go again. Each entry is sealed with a key over the
entry before it, so that none can be changed, added or taken out unseen by somebody without the key. Nothing in it is
personal: people are keyed hashes.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from portal.domain.data_map import Scalar
from portal.domain.keys import Keys

USE = "ledger"
"""What the keys of the ledger are derived for (domain.keys)."""

NOTHING_BEFORE = ""
"""What the first entry is sealed over."""


class EntryKind(StrEnum):
    """What an entry tells."""

    BEGUN = "begun"
    REQUEST = "request"
    ERASING = "erasing"
    ERASED = "erased"
    REPLAYED = "replayed"


@dataclass(frozen=True, slots=True)
class Begun:
    """The first entry: which installation the ledger is of."""

    installation: str


@dataclass(frozen=True, slots=True)
class RequestNoted:
    """A request and its clock, so that one received after a backup is not forgotten with it. Noted again when it is due anew."""

    reference: str
    kind: str
    received_at: datetime
    due: date


@dataclass(frozen=True, slots=True)
class Erasing:
    """One step of an erasure is about to begin. `rule` is what the map says of the table.

    `category` is the one that maps the table so: a table may be mapped by two, of which an answer leaves one out.
    `person` is a keyed hash, and so is each of `addresses`, between which there is a space.
    """

    reference: str
    source: str
    category: str
    table: str
    rule: str
    person: str
    addresses: str


@dataclass(frozen=True, slots=True)
class Erased:
    """The same step is over: rows destroyed or changed, rows kept, and the moment the last of those may go."""

    reference: str
    source: str
    table: str
    rule: str
    person: str
    erased: int
    kept: int
    kept_until: datetime | None


@dataclass(frozen=True, slots=True)
class Replayed:
    """An erasure was carried out again after a backup was restored: how many rows went in one table."""

    reference: str
    source: str
    table: str
    person: str
    erased: int


Fact = Begun | RequestNoted | Erasing | Erased | Replayed

_KINDS: Mapping[type[Fact], EntryKind] = {
    Begun: EntryKind.BEGUN,
    RequestNoted: EntryKind.REQUEST,
    Erasing: EntryKind.ERASING,
    Erased: EntryKind.ERASED,
    Replayed: EntryKind.REPLAYED,
}
_FACTS: Mapping[EntryKind, type[Fact]] = {kind: fact for fact, kind in _KINDS.items()}
_NUMBER = re.compile(r'\{"number":(\d{1,18}),')
_INSTANTS = frozenset({"received_at", "kept_until"})
_DATES = frozenset({"due"})


@dataclass(frozen=True, slots=True)
class Head:
    """How far a ledger reached: the number of its last entry, and that entry's seal."""

    number: int
    seal: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it is kept: its place, when it was made (UTC), with which key, what it tells, and its seal."""

    number: int
    at: datetime
    key_id: str
    fact: Fact
    before: str
    seal: str

    @property
    def head(self) -> Head:
        """How far the ledger reaches with this entry as its last."""
        return Head(self.number, self.seal)


class LedgerRefused(Exception):
    """Nothing can be written to the ledger, and so nothing may be destroyed; or what it says cannot be proved."""


class LedgerAway(LedgerRefused):
    """The ledger cannot be read or written now: no room, no right, no connection. Nothing of what was to be written was."""


class LedgerBroken(LedgerRefused):
    """The ledger is not what was written: entries were changed, taken out or cut off. `number` is the first that is wrong."""

    def __init__(self, number: int) -> None:
        """Keep the place."""
        super().__init__(f"entry {number}")
        self.number = number


class LedgerCut(LedgerBroken):
    """Entries known to have been written are missing at the end."""


class KeyMissing(LedgerRefused):
    """An entry was sealed with a key that the installation has no more: it can neither be proved nor be replayed."""

    def __init__(self, number: int) -> None:
        """Keep the first entry made with it."""
        super().__init__(f"entry {number}")
        self.number = number


class OtherLedger(LedgerRefused):
    """The ledger is that of another installation."""


def key_id(key: bytes) -> str:
    """A name of a key that tells nothing of it."""
    return hmac.digest(key, b"ledger key", "sha256").hex()[:16]


def keys_by_id(keys: Keys) -> dict[str, bytes]:
    """Every key that may have sealed an entry, the present one first."""
    return {key_id(key): key for key in keys.all_for(USE)}


def hash_of_person(key: bytes, source: str, person: Sequence[Scalar]) -> str:
    """Whom a source knows under a key of its people table, so that only the holder of the ledger's key can tell who it is."""
    return _hash(key, "person", json.dumps([source, *person], ensure_ascii=True))


def hash_of_address(key: bytes, address: str) -> str:
    """The same for a canonical e-mail address."""
    return _hash(key, "address", address)


def follow_on(facts: Iterable[Fact], last: Head | None, *, key: bytes, at: datetime) -> list[str]:
    """The lines that record some facts after the last entry of a ledger, in their order."""
    number, before = (last.number, last.seal) if last else (0, NOTHING_BEFORE)
    lines = []
    for fact in facts:
        number += 1
        body = _body(number, at, key_id(key), fact, before)
        before = _seal(key, body)
        lines.append(_written({**body, "seal": before}))
    return lines


def read(line: str) -> Entry:
    """An entry from its line.

    Raises:
        ValueError: the line is none that this program wrote.
    """
    try:
        said: dict[str, Any] = json.loads(line)
        kind = EntryKind(said["kind"])
        facts = {name: _read_value(name, value) for name, value in said["fact"].items()}
        return Entry(
            number=int(said["number"]),
            at=datetime.fromisoformat(said["at"]),
            key_id=str(said["key"]),
            fact=_FACTS[kind](**facts),
            before=str(said["before"]),
            seal=str(said["seal"]),
        )
    except (KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise ValueError("not an entry") from error


def number_of(line: str) -> int:
    """The place of an entry as its line says, 0 where it says none: such a line belongs nowhere."""
    found = _NUMBER.match(line)
    return int(found[1]) if found else 0


def proved(lines: Iterable[str], keys: Mapping[str, bytes], *, after: Head | None = None) -> Iterator[Entry]:
    """The entries of some lines that follow `after` (None: from the first), each proved to be as it was written, in turn.

    Raises:
        LedgerBroken: at the first entry that was changed, or whose place another one should have.
        KeyMissing: at the first entry whose key the installation has no more.
    """
    number, before = (after.number, after.seal) if after else (0, NOTHING_BEFORE)
    for line in lines:
        number += 1
        entry = _proved(line, keys, number, before)
        before = entry.seal
        yield entry


def _proved(line: str, keys: Mapping[str, bytes], number: int, before: str) -> Entry:
    try:
        entry = read(line)
    except ValueError as error:
        raise LedgerBroken(number) from error
    if entry.number != number or entry.before != before:
        raise LedgerBroken(number)
    if entry.key_id not in keys:
        raise KeyMissing(number)
    body = _body(entry.number, entry.at, entry.key_id, entry.fact, entry.before)
    if _written({**body, "seal": _seal(keys[entry.key_id], body)}) != line:
        raise LedgerBroken(number)
    return entry


def as_written(fact: Fact) -> str:
    """A fact as it stands in the line of its entry, by which it is found again."""
    return f'"fact":{_written(_facts(fact))},'


def _facts(fact: Fact) -> dict[str, object]:
    return {name: _written_value(getattr(fact, name)) for name in type(fact).__dataclass_fields__}


def _body(number: int, at: datetime, key_name: str, fact: Fact, before: str) -> dict[str, Any]:
    return {
        "number": number,
        "at": _written_value(at),
        "kind": _KINDS[type(fact)].value,
        "key": key_name,
        "fact": _facts(fact),
        "before": before,
    }


def _written(body: Mapping[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=True, separators=(",", ":"))


def _seal(key: bytes, body: Mapping[str, Any]) -> str:
    return hmac.digest(key, _written(body).encode(), "sha256").hex()


def _hash(key: bytes, label: str, value: str) -> str:
    return hmac.digest(key, f"{label}:{value}".encode(), "sha256").hex()


def _written_value(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _read_value(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _INSTANTS:
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if name in _DATES else value
