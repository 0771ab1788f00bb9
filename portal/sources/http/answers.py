"""Reads what a service answered and believes no more of it than has the shape of the contract."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NoReturn, cast, get_args

from portal.domain.data_map import Table, TableName
from portal.domain.days import Days
from portal.sources.addresses import same_address
from portal.sources.base import Batch, Dates, Kept, Key, Page, Reason, Row, SourceRefused, TableShape, Value
from portal.sources.http.exact import NoScalar, instant_from, is_text, scalar_from, value_from
from portal.sources.http.failures import Failed, broken
from portal.wording.catalogue import N_

Answer = Mapping[str, object]

MOST_TABLES, MOST_COLUMNS, LONGEST_NAME = 5_000, 5_000, 500


def read(body: bytes) -> Answer:
    """The object a body holds.

    Raises:
        Failed: it is no JSON, or no object.
    """
    found: object = None
    try:
        found = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise broken()
    return found


def tables(answer: Answer, source: str) -> Mapping[TableName, TableShape]:
    """The tables and columns a service has. Raises Failed."""
    if type(answer.get("version")) is not int or answer["version"] != 1:
        raise broken(N_("The source %(source)s speaks another version of the contract than 1."))
    return dict(_table(item, source) for item in _list(answer, "tables", MOST_TABLES))


def matching_keys(answer: Answer, address: str, length: int, *, most: int) -> Sequence[Key]:
    """Keys of the people who have this very address: the service proposes, `same_address` decides. Raises Failed."""
    found = []
    for item in _list(answer, "people", most):
        if not isinstance(item, dict):
            raise broken()
        if any(same_address(other, address) for other in _list(item, "addresses", 100)):
            found.append(key(item, "key", length=length))
    return list(dict.fromkeys(found))


def page(answer: Answer, table: Table, *, limit: int) -> Page:
    """Rows of a table and where the next ones begin; an empty page is the last one. Raises Failed."""
    rows = tuple(_row(item, table) for item in _list(answer, "rows", limit))
    return Page(rows, key(answer, "next") if rows and answer.get("next") is not None else None)


def row(answer: Answer, table: Table) -> Row | None:
    """One row, or none. Raises Failed."""
    if "row" not in answer:
        raise broken()
    return None if answer["row"] is None else _row(answer["row"], table)


def counts(answer: Answer, *, number: int, bound: int) -> Sequence[int]:
    """As many numbers as were asked for, none above the bound. Raises Failed."""
    found = [_whole(item) for item in _list(answer, "counts", number)]
    if len(found) != number:
        raise broken()
    return [min(one, bound) for one in found]


def dates(answer: Answer, *, bound: int) -> Dates | None:
    """The oldest and newest date of some rows and how many have none, or None where no row can be chosen by one. Raises Failed."""
    if "dates" not in answer:
        raise broken()
    item = answer["dates"]
    if item is None:
        return None
    if not isinstance(item, dict):
        raise broken()
    return Dates(_date(item, "oldest"), _date(item, "newest"), min(bound, whole(item, "undated")))


def only_on(page: Page, table: Table, days: Days | None) -> None:
    """Whether every row of a page whose date is shown is dated on the days. Raises Failed."""
    if days and any(days.hold(row.get(table.order or "")) is False for row in page.rows):
        raise broken(N_("The source %(source)s answers with rows of other days than those asked for."))


def whole(answer: Answer, name: str) -> int:
    """A number of rows. Raises Failed."""
    return _whole(answer.get(name))


def kept(answer: Answer) -> Kept:
    """How many rows a hold keeps and until when, if that is known. Raises Failed."""
    return Kept(whole(answer, "count"), _moment(answer.get("until")))


def batch(answer: Answer, *, after: Key | None, limit: int, length: int) -> Batch | None:
    """The next rows to erase. One that does not advance would be asked for for ever. Raises Failed."""
    if "batch" not in answer:
        raise broken()
    item = answer["batch"]
    if item is None:
        return None
    if not isinstance(item, dict):
        raise broken()
    found = Batch(key(item, "first", length=length), key(item, "last", length=length), _whole(item.get("count")))
    if not 1 <= found.count <= limit or found.last == after:
        raise broken()
    return found


def answer_to_consent(answer: Answer) -> bool | None:
    """Yes, no, or nothing recorded. Raises Failed."""
    if "given" not in answer:
        raise broken()
    given = answer["given"]
    if given is not None and not isinstance(given, bool):
        raise broken()
    return given


def language(answer: Answer) -> str | None:
    """A language tag, or nothing recorded. Raises Failed."""
    if "language" not in answer:
        raise broken()
    return text_or_none(answer, "language")


def text_or_none(answer: Answer, name: str) -> str | None:
    """A short text that may be absent. Raises Failed."""
    found = answer.get(name)
    if found is None:
        return None
    if not isinstance(found, str) or len(found) > LONGEST_NAME or not is_text(found):
        raise broken()
    return found


def present(answer: Answer) -> Value:
    """The value that stands in the service now. Raises Failed."""
    if "present" not in answer:
        raise broken()
    return value_from(answer["present"])


def refusal(answer: Answer) -> SourceRefused:
    """Why the service will not have a value. Raises Failed."""
    reason, limit = answer.get("reason"), answer.get("limit")
    if reason not in get_args(Reason):
        raise broken()
    return SourceRefused(cast(Reason, reason), limit=None if limit is None else _whole(limit))


def key(answer: Answer, name: str, *, length: int | None = None) -> Key:
    """A key of as many parts as the map gives it, or a place in a list. Raises Failed."""
    parts = _list(answer, name, 100)
    if length is not None and len(parts) != length:
        raise broken()
    found: Key | None = None
    try:
        found = tuple(scalar_from(part) for part in parts)
    except NoScalar:
        found = None
    if found is None:
        raise broken()
    return found


def _row(item: object, table: Table) -> Row:
    """The columns that were asked for; others are dropped, and a missing one means that the service has changed (B-46)."""
    names = dict.fromkeys((*table.key, *(column.name for column in table.columns)))
    if not isinstance(item, dict) or not item.keys() >= names.keys():
        raise broken(N_("The source %(source)s answers with a row that lacks a column of the map."))
    keys = dict(zip(table.key, key({"key": [item[name] for name in table.key]}, "key"), strict=True))
    held = {column.name for column in table.columns if column.show != "plain"}
    return {name: keys[name] if name in keys else _cell(item[name], held=name in held) for name in names}


def _cell(written: object, *, held: bool) -> Value:
    if held:
        return True if written not in (None, False) else None
    return value_from(written)


def _table(item: object, source: str) -> tuple[TableName, TableShape]:
    if not isinstance(item, dict):
        raise broken()
    columns = _list(item, "columns", MOST_COLUMNS)
    name, schema = text_or_none(item, "name"), text_or_none(item, "schema")
    if not name or not all(isinstance(column, str) and len(column) <= LONGEST_NAME for column in columns):
        raise broken()
    shape = TableShape(tuple(cast("list[str]", columns)), view=item.get("view") is True)
    return TableName(source, name, schema or None), shape


def _list(answer: Answer, name: str, most: int) -> list[object]:
    found = answer.get(name)
    if not isinstance(found, list) or len(found) > most:
        raise broken()
    return found


def _whole(found: object) -> int:
    if type(found) is not int or not 0 <= found < 2**63:
        raise broken()
    return found


def _date(answer: Answer, name: str) -> date | None:
    """A date or an instant, or none. Raises Failed."""
    if name not in answer:
        raise broken()
    found = value_from(answer[name])
    if found is not None and not isinstance(found, date):
        raise broken()
    return found


def _moment(found: object) -> datetime | None:
    if found is None:
        return None
    failure: Failed | None = None
    try:
        return instant_from(found)
    except ValueError:
        failure = broken()
    raise failure


def _no_number(_constant: str) -> NoReturn:
    """NaN and Infinity, which Python reads and JSON does not have."""
    raise ValueError
