"""Fields inside JSON columns: read as values, and written in place, so that not one other character of a document changes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from json import JSONDecoder
from typing import Any, NoReturn

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from portal.domain.data_map import Column
from portal.sources.base import UNREADABLE, Key, SourceRefused, Unreadable, Value
from portal.sources.sql.erasing import Eraser
from portal.sources.sql.shapes import ColumnShape, Kind, SqlTable
from portal.sources.sql.values import LARGEST, Reader, fitting, natural, same_value

Path = Sequence[str]
"""The names that lead through a document to a field."""

MISSING = object()
"""What a document holds where it has no such field."""

SPACES = " \t\n\r"
LARGEST_EXPONENT = 308
"""Numbers beyond are none that programs read back."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a correction of one field comes to: the document to write, or None where the field holds something else by now."""

    document: str | None
    present: Value


def document(mine: SqlTable, name: str) -> ColumnElement[Any]:
    """The column as the text it is. A driver that reads JSON by itself would lose digits of its numbers."""
    column = mine.column(name)
    return sa.cast(column, sa.Text()) if mine.dialect == "postgresql" else column


def field_reader(path: Path) -> Reader:
    """How the documents of a column become the values of one field."""

    def read(raw: object) -> Value:
        return field_value(raw, path)

    return read


def field_value(raw: object, path: Path) -> Value:
    """The field's value: nothing where there is none, a list or an object as its JSON, UNREADABLE where the cell is no JSON."""
    try:
        return _value(_found(raw, path))
    except (ValueError, RecursionError):
        return UNREADABLE


def changed_field(raw: object, path: Path, *, before: Value, value: Value) -> Change:
    """The document with the field written anew, as text or number as it was; its other characters stay.

    Raises:
        SourceRefused: the value is not of the field's kind, or the field is a list or an object, or cannot be reached.
    """
    present = field_value(raw, path)
    if isinstance(present, Unreadable):
        raise SourceRefused("type")
    found = _found(raw, path)
    shape = _shape(path[-1], found)
    if not same_value(present, before, shape):
        return Change(None, present)
    if isinstance(found, dict | list):
        raise SourceRefused("type")
    new = fitting(value, shape)
    if isinstance(new, Decimal) and abs(new.adjusted()) > LARGEST_EXPONENT:
        raise SourceRefused("type")
    return Change(_with(raw, path, _json(new)), _value(new))


def erased_fields(eraser: Eraser, columns: Sequence[Column], raw: object, row: Key) -> object:
    """The document with what each column's method leaves in its field; a field that is not there stays so.

    Raises:
        SourceRefused: the cell is no JSON, or a method does not fit what the field holds.
    """
    raw = _each_once(raw, {name for column in columns for name in column.inside[1:]})
    for column in columns:
        path = column.inside[1:]
        try:
            found = _found(raw, path)
        except ValueError:
            found = UNREADABLE
        if found is UNREADABLE:
            raise SourceRefused("type")
        if found is not MISSING:
            left = eraser.replacement(column, _shape(column.name, found), found, row)
            raw = _with(raw, path, _json(left)) if left != found else raw
    return raw


def _shape(name: str, found: object) -> ColumnShape:
    """What the field holds now is what it takes: JSON declares nothing. A new one is text."""
    return ColumnShape(name, _kind(found), nullable=True)


def _kind(found: object) -> Kind:
    if isinstance(found, bool):
        return Kind.BOOLEAN
    if isinstance(found, int | Decimal):
        return Kind.NUMBER
    return Kind.OTHER if isinstance(found, dict | list) else Kind.TEXT


def _found(raw: object, path: Path) -> object:
    """What stands at the path, or MISSING. Raises ValueError when the cell holds no JSON."""
    if raw is None:
        return MISSING
    if not isinstance(raw, str):
        raise ValueError
    try:
        here = _read(raw, dict)
    except (RecursionError, ArithmeticError) as beyond:  # too deep, or an exponent that no number has
        raise ValueError from beyond
    for name in path:
        if not isinstance(here, dict) or name not in here:
            return MISSING
        here = here[name]
    return here


def _read(raw: str, as_object: Callable[[list[tuple[str, Any]]], object]) -> object:
    return json.loads(raw, parse_float=Decimal, parse_constant=_no_json, object_pairs_hook=as_object)


def _each_once(raw: object, names: Set[str]) -> object:
    """The document; where one of the names comes twice in an object, without what is hidden behind the last one.

    What is hidden is read by other programs, and would outlive an erasure.
    """
    doubled: set[str] = set()

    def as_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            doubled.update(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
        return found

    try:
        read = _read(raw, as_object) if isinstance(raw, str) else None
        return _json(read) if doubled & names else raw
    except (ValueError, ArithmeticError, RecursionError):
        return raw


def _no_json(_constant: str) -> NoReturn:
    """NaN and Infinity, which Python reads and JSON does not have."""
    raise ValueError


def _value(found: object) -> Value:
    if found is MISSING:
        return None
    if isinstance(found, dict | list):
        return _text(_json(found))
    if isinstance(found, int) and abs(found) > LARGEST:
        return Decimal(found)
    return _text(found) if isinstance(found, str) else natural(found)


def _text(found: str) -> Value:
    """Halves of characters can be written in JSON and nowhere else."""
    return UNREADABLE if any("\ud800" <= character <= "\udfff" for character in found) else found


def _json(value: object) -> str:
    """A value as JSON, its numbers digit by digit."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_json(name)}: {_json(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_json, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _with(raw: object, path: Path, literal: str) -> str:
    """The document, which is sound, with a literal at the path. Raises SourceRefused when something else stands in the way."""
    try:
        return _written_at(raw, path, literal)
    except RecursionError as deep:
        raise SourceRefused("type") from deep


def _written_at(raw: object, path: Path, literal: str) -> str:
    if raw is None:
        return _nested(path, literal)
    text = str(raw)
    start, end = _span(text, _after_spaces(text, 0))
    for depth, name in enumerate(path):
        if text[start:end] == "null":
            return text[:start] + _nested(path[depth:], literal) + text[end:]
        if text[start] != "{":
            raise SourceRefused("type")
        members = dict(_members(text, start))
        if name not in members:
            more = ", " if members else ""
            return f"{text[: start + 1]}{_nested(path[depth:], literal)[1:-1]}{more}{text[start + 1 :]}"
        start, end = members[name]
    return text[:start] + literal + text[end:]


def _nested(path: Path, literal: str) -> str:
    for name in reversed(path):
        literal = f"{{{_json(name)}: {literal}}}"
    return literal


def _members(text: str, start: int) -> Iterator[tuple[str, tuple[int, int]]]:
    """Each name of an object and where its value stands; of a name that comes twice, the last one counts."""
    at = _after_spaces(text, start + 1)
    while text[at] != "}":
        name, at = _DECODER.raw_decode(text, at)
        colon = _after_spaces(text, at)
        span = _span(text, _after_spaces(text, colon + 1))
        yield name, span
        at = _after_spaces(text, span[1])
        if text[at] == ",":
            at = _after_spaces(text, at + 1)


def _span(text: str, start: int) -> tuple[int, int]:
    return start, _DECODER.raw_decode(text, start)[1]


def _after_spaces(text: str, at: int) -> int:
    while text[at] in SPACES:
        at += 1
    return at


_DECODER = JSONDecoder(parse_int=str, parse_float=str)
