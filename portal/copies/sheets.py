"""Sheets: a register or some figures as a table of words, as CSV for spreadsheets and as JSON for programs, never held whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import orjson

from portal.copies.rows import csv_text
from portal.domain.languages import Language, Text

BOM = b"\xef\xbb\xbf"
"""By which spreadsheets know UTF-8 (law.md §8)."""

FORMAT = "privacy-portal-sheet/1"


@dataclass(frozen=True, slots=True)
class Heading:
    """One column: its stable key, its name in both languages, and whether pages have room for it or files alone."""

    key: str
    label: Text
    on_page: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """One row: `record` by key, in values that are never translated, and `cells` in words, in the order of the headings."""

    record: Mapping[str, Any]
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table in one language. `about` is said at the head of the JSON; `pages` gives all lines, some at a time."""

    name: str
    title: Text
    language: Language
    headings: tuple[Heading, ...]
    pages: Callable[[], Iterable[Sequence[Line]]]
    about: Mapping[str, Any]


def csv_of(sheet: Sheet) -> Iterator[bytes]:
    """The sheet as CSV: a line of stable keys, a line of names in the sheet's language, then every row in words.

    It begins with a byte order mark, and no cell begins what a spreadsheet would take for a formula.
    """
    keys = ",".join(csv_text(one.key) for one in sheet.headings)
    labels = ",".join(csv_text(one.label.in_(sheet.language)) for one in sheet.headings)
    yield BOM + f"{keys}\r\n{labels}\r\n".encode()
    for page in sheet.pages():
        lines = "".join(",".join(map(csv_text, line.cells)) + "\r\n" for line in page)
        yield lines.encode("utf-8", "replace")


def json_of(sheet: Sheet) -> Iterator[bytes]:
    """The sheet as JSON: what it is, its columns with their names in both languages, then each row by key."""
    head = {
        "format": FORMAT,
        "name": sheet.name,
        "title": asdict(sheet.title),
        **sheet.about,
        "columns": [{"key": one.key, "label": asdict(one.label)} for one in sheet.headings],
    }
    yield orjson.dumps(head, option=orjson.OPT_UTC_Z)[:-1] + b',"rows":['
    between = b"\n"
    for page in sheet.pages():
        for line in page:
            yield between + orjson.dumps(dict(line.record), option=orjson.OPT_UTC_Z)
            between = b",\n"
    yield b"\n]}\n"
