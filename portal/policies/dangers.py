"""What a policy's text may not hold, whoever wrote it: raw HTML, and links a browser would run or cannot open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

_LONGEST_SHOWN = 60
_SCHEME = re.compile(r"^[\x00-\x20]*([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_SAFE = frozenset({"http", "https", "mailto", "tel"})
_BREAKS = frozenset({"softbreak", "hardbreak"})


class _EveryLink(MarkdownIt):
    """The dialect of policies, but it reads HTML and every link, so that they can be named."""

    def validateLink(self, url: str) -> bool:  # the library's own name
        """Take every link."""
        return True


_READER = _EveryLink("commonmark", {"html": True}).enable("table")


@dataclass(frozen=True, slots=True)
class Danger:
    """One thing to take out: at which line, counted from 1, and its first words as they are written."""

    kind: Literal["raw_html", "bad_link"]
    line: int
    words: str


def dangers_in(source: str) -> Iterator[Danger]:
    """Every piece of HTML, named where it begins, and every link that is neither to a page, an address, a number nor a place here."""
    for token in _READER.parse(source):
        line = token.map[0] + 1 if token.map else 1
        if token.type == "html_block":
            yield Danger("raw_html", line, _shown(token.content))
        yield from _inside(token, line)


def _inside(token: Token, line: int) -> Iterator[Danger]:
    for child in token.children or ():
        line += child.type in _BREAKS
        if child.type == "html_inline" and not child.content.startswith("</"):
            yield Danger("raw_html", line, _shown(child.content))
        target = str(child.attrs.get("href") or child.attrs.get("src") or "")
        scheme = _SCHEME.match(target)
        if scheme and scheme[1].lower() not in _SAFE:
            yield Danger("bad_link", line, _shown(target))


def _shown(words: str) -> str:
    return " ".join(words.split())[:_LONGEST_SHOWN]
