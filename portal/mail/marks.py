"""Marks around parts of a letter while it is written: they prove that a mandatory part is there, then they go.

A mark is made of characters for private use, which no value that a letter states can hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

OWN = "own"
"""The organization's own paragraph."""

_OPEN, _NAMED, _CLOSE = "\ue000", "\ue001", "\ue002"
_MARK = re.compile(f"{_OPEN}([a-z_]+){_NAMED}|{_CLOSE}")
_PART = re.compile(f"{_OPEN}([a-z_]+){_NAMED}([^{_OPEN}{_CLOSE}]*){_CLOSE}")
_ANY = re.compile(f"[{_OPEN}{_NAMED}{_CLOSE}]")


def begin(name: str) -> str:
    """Where a part begins."""
    return f"{_OPEN}{name}{_NAMED}"


def end() -> str:
    """Where it ends."""
    return _CLOSE


def without_marks(text: str) -> str:
    """The text as its reader gets it."""
    return _MARK.sub("", text)


def kept_out(value: str) -> str:
    """A value that can hold no mark of ours."""
    return _ANY.sub("", value)


def parts_in(text: str) -> dict[str, str]:
    """What stands inside each marked part, by its name."""
    return {found[1]: found[2] for found in _PART.finditer(text)}


def cut(text: str) -> Iterator[tuple[str | None, str]]:
    """The text piece by piece, in order, each with the name of its part, or None between parts."""
    place = 0
    for found in _PART.finditer(text):
        if found.start() > place:
            yield None, text[place : found.start()]
        yield found[1], found[2]
        place = found.end()
    if place < len(text):
        yield None, text[place:]
