"""Reads the portal's questions: JSON becomes the parts of a data map, or is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from portal.domain.data_map import (
    AccessLog,
    Column,
    ColumnErasure,
    ConsentColumn,
    Hold,
    People,
    PersonLink,
    Retention,
    Show,
    Step,
    Table,
    TableName,
)
from portal.domain.days import Days
from portal.domain.languages import Text
from portal.domain.periods import period
from portal.sources.base import Batch, Key
from portal.sources.http.exact import instant_from, scalar_from

Asked = Mapping[str, Any]
"""A question: what is not of its shape raises KeyError, TypeError or ValueError where it is read."""

NO_WORDS = Text(fr="", en="")
LARGEST = 10**40
"""A key of the portal's may be one that no row can have; it is then answered that there is none."""

Read = TypeVar("Read")


class BadQuestion(Exception):
    """The question has not the shape of the contract."""


def understood(read: Callable[[], Read]) -> Read:
    """What `read` makes of a question.

    Raises:
        BadQuestion: it has not the shape of the contract.
    """
    try:
        return read()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadQuestion from error


def key_of(written: Any) -> Key:
    """A key, or a place in a list."""
    if not isinstance(written, list):
        raise TypeError
    return tuple(scalar_from(part, largest=LARGEST) for part in written)


def place_of(asked: Asked) -> Key | None:
    """Where the page before ended; None for the first."""
    return None if asked["after"] is None else key_of(asked["after"])


def number_of(asked: Asked, name: str, *, most: int) -> int:
    """A whole number from 1 to `most`."""
    found = asked[name]
    if type(found) is not int or not 1 <= found <= most:
        raise ValueError
    return found


def moment_of(asked: Asked, name: str = "now") -> datetime:
    """An instant."""
    return instant_from(asked[name])


def days_of(asked: Asked) -> Days | None:
    """The days rows are to be dated on; None for all rows."""
    written = asked["within"]
    if written is None:
        return None
    first, last = (
        None if written[name] is None else date.fromisoformat(written[name]) for name in ("first_day", "last_day")
    )
    start, end = (None if written[name] is None else moment_of(written, name) for name in ("from", "before"))
    return Days(first, last, start, end)


def name_of(written: Asked, source: str) -> TableName:
    """A table's name."""
    return TableName(source, _text(written["name"]), _text(written["schema"]) if "schema" in written else None)


def people_of(written: Asked, source: str) -> People:
    """Where people are looked for."""
    language = written["language"]
    return People(
        name_of(written, source),
        _texts(written["key"]),
        _texts(written["addresses"]),
        None if language is None else _text(language),
    )


def table_of(written: Asked, source: str) -> Table:
    """A table, whose its rows are, and what erasing leaves of them."""
    if written["erase"] not in ("delete", "columns", "keep"):
        raise ValueError
    return Table(
        name=name_of(written, source),
        person=_link(written["person"], source),
        key=_texts(written["key"]),
        order=None if written["order"] is None else _text(written["order"]),
        columns=tuple(_column(column) for column in written["columns"]),
        erase=written["erase"],
        retention=_retention(written["retention"]),
        hold=_hold(written["hold"]),
        shared=written.get("shared") is True,
    )


def log_of(written: Asked, source: str) -> AccessLog:
    """Where who looked is written."""
    return AccessLog(
        table=name_of(written, source),
        label=NO_WORDS,
        person=_link(written["person"], source),
        key=_texts(written["key"]),
        at=_text(written["at"]),
        role=_text(written["role"]),
        reason=None if written["reason"] is None else _text(written["reason"]),
    )


def consent_of(written: Asked, source: str) -> tuple[ConsentColumn, People]:
    """The column a consent is kept in, and the people it is of."""
    consent = ConsentColumn(
        name_of(written["table"], source),
        _text(written["column"]),
        scalar_from(written["given"]),
        scalar_from(written["withdrawn"]),
    )
    return consent, people_of(written["people"], source)


def batch_of(written: Asked) -> Batch:
    """A range of keys."""
    return Batch(key_of(written["first"]), key_of(written["last"]), int(written["count"]))


def _link(written: Asked, source: str) -> PersonLink:
    return PersonLink(_texts(written["columns"]), tuple(_step(step, source) for step in written["path"]))


def _step(written: Asked, source: str) -> Step:
    also = tuple((_text(pair["column"]), _text(pair["target"])) for pair in written.get("also", ()))
    return Step(_text(written["column"]), name_of(written["table"], source), _text(written["target"]), also)


def _column(written: Asked) -> Column:
    erase = written["erase"]
    if erase is not None and erase["method"] not in ("null", "constant", "hash", "truncate", "generalise", "random"):
        raise ValueError
    if erase is not None and type(erase["prefix"]) not in (int, type(None)):
        raise TypeError
    method = ColumnErasure(erase["method"], scalar_from(erase["value"]), erase["prefix"]) if erase else None
    show: Show = "held" if written["held"] else "plain"
    inside = _texts(written["inside"]) if "inside" in written else ()
    return Column(_text(written["name"]), NO_WORDS, show=show, erase=method, inside=inside)


def _retention(written: Asked | None) -> Retention | None:
    return Retention(_text(written["from"]), period(written["keep"])) if written else None


def _hold(written: Asked | None) -> Hold | None:
    if written is None:
        return None
    where = {_text(name): tuple(scalar_from(value) for value in values) for name, values in written["where"].items()}
    return Hold(where, _text(written["from"]), period(written["keep"]), NO_WORDS, "")


def _texts(written: Any) -> tuple[str, ...]:
    if not isinstance(written, list):
        raise TypeError
    return tuple(map(_text, written))


def _text(written: Any) -> str:
    if not isinstance(written, str):
        raise TypeError
    return written
