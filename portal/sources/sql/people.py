"""Finds people by address, or lists them all.

By address, the database proposes candidates through an index, and only an equal address is kept.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row

from portal.domain.data_map import Column, People, PersonLink, Table
from portal.domain.languages import Text
from portal.sources.addresses import same_address
from portal.sources.base import Key
from portal.sources.sql.conditions import Condition
from portal.sources.sql.shapes import SqlTable
from portal.sources.sql.values import literal, scalar

ESCAPE = "!"
OPEN = "\ufffd"
"""Stands for a letter that only composing would make ASCII, such as the Kelvin sign."""


def is_plain(address: str) -> bool:
    """Whether every database compares the address as we do: letters of ASCII alone, as most have."""
    return address.isascii() and "\x00" not in address and bool(address.strip())


def plain_question(mine: SqlTable, names: Sequence[str], columns: Sequence[str]) -> sa.Executable:
    """The named cells of rows whose address is a plain one, given later by `plain_values`."""
    whole, lowered = (sa.bindparam(name, type_=sa.types.NullType()) for name in ("whole", "lowered"))
    wanted = (
        mine.column(name) == whole if mine.shape(name).folds_case else sa.func.lower(mine.column(name)) == lowered
        for name in columns
    )
    return sa.select(*map(mine.column, names)).where(sa.or_(*wanted))


def plain_values(address: str) -> dict[str, object]:
    """The parameters of `plain_question` for a plain address."""
    return {"whole": address.strip(), "lowered": address.strip().lower()}


def like_address(mine: SqlTable, name: str, address: str) -> Condition:
    """Rows whose column may hold an address that is not plain.

    Databases disagree on the case and composition of letters outside ASCII, so those are left open here.
    """
    if "\x00" in address or not address.strip():
        return sa.false()
    return sa.func.lower(mine.column(name)).like(literal(_open(address)), escape=ESCAPE)


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


def everybody(people: People) -> Table:
    """The people as a table like any other: what a letter to each of them needs, and nothing more."""
    names = (*people.match_email, *([people.language] if people.language else []))
    columns = tuple(Column(name, Text(fr="", en="")) for name in dict.fromkeys(names))
    return Table(people.table, PersonLink(()), people.key, None, columns, erase="keep")


def matching_keys(found: Iterable[Row[Any]], key_length: int, address: str) -> Sequence[Key]:
    """The keys of rows that hold this very address in one of the columns after the key."""
    keys = (
        tuple(map(scalar, cells[:key_length]))
        for cells in found
        if any(same_address(cell, address) for cell in cells[key_length:])
    )
    return list(dict.fromkeys(keys))
