"""Finds people by address: the database proposes candidates through an index, and only an equal address is kept."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row

from portal.sources.addresses import same_address
from portal.sources.base import Key
from portal.sources.sql.conditions import Condition
from portal.sources.sql.shapes import SqlTable
from portal.sources.sql.values import literal, scalar

ESCAPE = "!"
OPEN = "\ufffd"
"""Stands for a letter that only composing would make ASCII, such as the Kelvin sign."""


def like_address(mine: SqlTable, name: str, address: str) -> Condition:
    """Rows whose column may hold the address.

    Databases disagree on the case and composition of letters outside ASCII, so those are left open here.
    """
    column = mine.column(name)
    if "\x00" in address or not address.strip():
        return sa.false()
    if not address.isascii():
        return sa.func.lower(column).like(literal(_open(address)), escape=ESCAPE)
    if mine.shape(name).folds_case:
        return column == literal(address.strip())
    return sa.func.lower(column) == literal(address.strip().lower())


def _open(address: str) -> str:
    """A pattern that leaves open every letter outside ASCII, composed first so that its accent is not left behind."""
    apart = "".join(
        OPEN if unicodedata.normalize("NFC", letter).isascii() > letter.isascii() else letter for letter in address
    )
    return "".join(_open_letter(letter) for letter in unicodedata.normalize("NFC", apart.strip()))


def _open_letter(letter: str) -> str:
    if not letter.isascii():
        return "%"
    return f"{ESCAPE}{letter}" if letter in f"%_{ESCAPE}" else letter.lower()


def matching_keys(found: Iterable[Row[Any]], key_length: int, address: str) -> Sequence[Key]:
    """The keys of rows that hold this very address in one of the columns after the key."""
    keys = (
        tuple(map(scalar, cells[:key_length]))
        for cells in found
        if any(same_address(cell, address) for cell in cells[key_length:])
    )
    return list(dict.fromkeys(keys))
