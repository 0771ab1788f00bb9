"""Rows of a source as data files write them: CSV cells that no spreadsheet obeys, JSON values that lose nothing."""

from __future__ import annotations

import base64
import math
import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from types import NoneType

import orjson

from portal.copies.contents import Chunk
from portal.domain.spreadsheets import FORMULAS

_FORMULA = re.compile(rb"\"[=+@'\xef-]")
"""Where text in JSON may begin one, apostrophes before it or not; JSON writes the others with a backslash."""

_WARY = FORMULAS | {"'"}
_OBEYED = re.compile(f"'*[{re.escape(''.join(sorted(FORMULAS)))}]")

EXACT_WHOLE = 2**53 - 1
"""The largest whole number that every program keeps as it is; a larger one is written as text."""

EXACT_CHARACTERS = 16
"""Of an exact number: fifteen digits and the point are what spreadsheets keep."""

_NOTHING = secrets.token_hex(16)
"""Stands for nothing while JSON is written: a word that no text holds."""

_NOTHING_WRITTEN = f'"{_NOTHING}"'.encode()

_PLAIN_NUMBER = re.compile(r"-[0-9]{1,15}([.,][0-9]{1,15})?")
_HALF = re.compile("[\ud800-\udfff]")


def csv_lines(rows: Chunk, held: Mapping[int, str], unreadable: str) -> bytes:
    """Lines of CSV. Text and moments are always quoted, so that no cell depends on its neighbours.

    Where nothing is held the cell is empty and has no quotes, as PostgreSQL and others write it; empty text has them. `held`: by place, the words that stand for the values of a column that is held and never shown. `unreadable`: the words
    for what could not be read.
    """
    if held:
        rows = list(
            zip(*(_shown(cells, held.get(place)) for place, cells in enumerate(zip(*rows, strict=True))), strict=True)
        )
    if len(rows[0]) == 1:
        # Programs take an empty line for no row.
        rows = [("" if cell is None else cell,) for (cell,) in rows]
    lines = _like_json(rows)
    if lines is None:
        cells = [_column(column, unreadable) for column in zip(*rows, strict=True)]
        lines = "\r\n".join(map(",".join, zip(*cells, strict=True))).encode("utf-8", "replace")
    return lines + b"\r\n"


def _shown(cells: Sequence[object], held: str | None) -> Sequence[object]:
    return cells if held is None else [held if cell else None for cell in cells]


def _like_json(rows: Chunk) -> bytes | None:
    """The lines made from JSON, which is written five times as fast, where both write every cell alike; else None."""
    written = _plainly(rows)
    if written is not None and b"null" in written:
        written = _plainly([tuple(_NOTHING if cell is None else cell for cell in row) for row in rows])
        written = None if written is None or b"null" in written else written.replace(_NOTHING_WRITTEN, b"")
    if written is None or b"\\" in written or _FORMULA.search(written):
        return None
    lines = written[2:-2].split(b"],[")
    # Where a text holds what parts two rows, there are more lines than rows.
    return b"\r\n".join(lines) if len(lines) == len(rows) else None


def _plainly(rows: Chunk) -> bytes | None:
    try:
        return orjson.dumps(rows, option=orjson.OPT_UTC_Z | orjson.OPT_STRICT_INTEGER)
    except TypeError:
        return None


def csv_text(text: str) -> str:
    """One quoted cell of text, made harmless for spreadsheets."""
    return _quoted([text])[0]


def json_rows(rows: Chunk) -> bytes:
    """Lists of JSON with a comma between them, without the brackets around; moments in UTC (RFC 3339)."""
    try:
        return _dumped(rows)
    except TypeError:
        return _dumped([tuple(map(_mended, row)) for row in rows])


def _column(cells: Sequence[object], unreadable: str) -> list[str]:
    """One column of a block; the usual kinds of column are done together, the odd one cell by cell."""
    kinds = set(map(type, cells))
    if NoneType in kinds:
        written = iter(_column([cell for cell in cells if cell is not None], unreadable))
        return ["" if cell is None else next(written) for cell in cells]
    if kinds == {str}:
        return _quoted(cells)  # type: ignore[arg-type]  # the line above says what they are
    if kinds == {int}:
        return list(map(_whole, cells))  # type: ignore[arg-type]  # the line above says what they are
    if kinds == {datetime}:
        return _instants(cells)
    return [_cell(cell, unreadable) for cell in cells]


def _cell(cell: object, unreadable: str) -> str:
    match cell:
        case datetime():
            return _instants([cell])[0]
        case str():
            return csv_text(cell)
        case bool() | float() if math.isfinite(cell):
            return orjson.dumps(cell).decode()
        case int():
            return _whole(cell)
        case float() | Decimal():
            return str(cell) if len(str(cell)) <= EXACT_CHARACTERS else f'"{cell}"'
        case date():
            return f'"{cell.isoformat()}"'
        case bytes():
            return f"base64:{_base64(cell)}"
    return csv_text(unreadable)


def _whole(cell: int) -> str:
    """A whole number; one that a spreadsheet would round is text, as in JSON."""
    return str(cell) if abs(cell) <= EXACT_WHOLE else f'"{cell}"'


def _instants(cells: Sequence[object]) -> list[str]:
    """Moments as JSON writes them, which is much quicker than one by one."""
    return orjson.dumps(cells, option=orjson.OPT_UTC_Z).decode()[1:-1].split(",")


def _quoted(texts: Sequence[str]) -> list[str]:
    """Each text between quotes. NUL, which no spreadsheet reads, parts them meanwhile and is replaced within them."""
    if not _WARY.isdisjoint({text[:1] for text in texts}):
        texts = list(map(_harmless, texts))
    joined = "\0".join(texts)
    if joined.count("\0") != len(texts) - 1:
        joined = "\0".join([text.replace("\0", "\N{REPLACEMENT CHARACTER}") for text in texts])
    return ('"' + joined.replace('"', '""').replace("\0", '"\0"') + '"').split("\0")


def _harmless(text: str) -> str:
    """The text behind an apostrophe where a spreadsheet would obey it; a plain negative number stays one.

    Where there are apostrophes before a formula already, one more goes before them: taking one away gives back every text.
    """
    if _OBEYED.match(text) and not _PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def _dumped(rows: Chunk) -> bytes:
    return orjson.dumps(rows, default=_json, option=orjson.OPT_UTC_Z | orjson.OPT_STRICT_INTEGER)[1:-1]


def _json(value: object) -> object:
    """What JSON has no kind for: exact numbers as text, bytes in base64, and what could not be read said so."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        return {"base64": _base64(value)}
    return {"unreadable": True}


def _mended(value: object) -> object:
    """Half characters, and whole numbers that many a reader of JSON would round (RFC 8259, section 6)."""
    if isinstance(value, str):
        return _HALF.sub("\N{REPLACEMENT CHARACTER}", value)
    return str(value) if type(value) is int and abs(value) > EXACT_WHOLE else value


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()
