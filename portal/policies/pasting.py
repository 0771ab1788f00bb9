"""Turns what was copied from a word processor into plain Markdown: its words, headings, lists, tables and links.

nh3 reads the HTML first, whatever it is, and gives it back well formed with few elements: fonts, classes, comments,
conditional parts, scripts and the words of tracked deletions go. What is left is then written as Markdown. What that
Markdown may do in a page is decided again when it is shown (`rendering`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import nh3

from portal.policies.runs import Run, markdown_of

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_INLINE = {"strong", "b", "em", "i", "a", "span"}
_BLOCKS = {*_HEADINGS, "p", "div", "ul", "ol", "li", "table", "tr", "td", "th", "blockquote"}
_WITHOUT_WORDS = {
    *(
        "script",
        "style",
        "title",
        "del",
        "svg",
        "math",
        "noscript",
        "template",
        "iframe",
        "object",
        "select",
        "textarea",
    ),
}
_LINK = re.compile(r"^(?:https?://|mailto:)\S{1,2000}$", re.IGNORECASE)
_BULLET = re.compile(
    r"^(?:[·•▪◦●○■□§oØü–—\uf0a7\uf0b7\uf0d8\uf0fc-]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])\s+", re.IGNORECASE
)
_NUMBER = re.compile(r"^\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]", re.IGNORECASE)
_WEIGHT = re.compile(r"(?<![-\w])font-weight:\s*(\w+)")
_LEVEL = re.compile(r"level(\d)")
_DEEPEST_LIST = 5
_MOST_COLUMNS = 12

_BOLD, _NORMAL, _GONE, _ITEM = "bold", "normal", "gone", "item"
"""What is kept of an element's style: its weight, that its words are not the text's, that it is an item of a list."""


def from_html(html: str) -> str:
    """The Markdown of what was copied; empty when there is nothing to read in it."""
    clean = nh3.clean(
        html,
        tags={*_BLOCKS, *_INLINE, "br"},
        clean_content_tags=_WITHOUT_WORDS,
        attributes={tag: {"style", "class", "href"} for tag in (*_BLOCKS, *_INLINE)},
        attribute_filter=_kept,
        link_rel=None,
    )
    writer = _Writer()
    writer.feed(clean)
    writer.close()
    return writer.markdown()


def _kept(_tag: str, name: str, value: str) -> str | None:
    """The one word to keep of an attribute, or None."""
    if name == "href":
        return value.strip() if _LINK.match(value.strip()) else None
    said = value.lower()
    if (
        "msocom" in said
        or "mso-element:comment" in said.replace(" ", "")
        or re.search(r"mso-hide|display:\s*none", said)
    ):
        return _GONE
    if "msolist" in said or "mso-list" in said:
        level = _LEVEL.search(said)
        return f"{_ITEM}{level[1] if level else ''}"
    weight = _WEIGHT.search(said)
    if weight:
        return _BOLD if weight[1] in {"bold", "bolder", "600", "700", "800", "900"} else _NORMAL
    return None


@dataclass(slots=True)
class _Open:
    """An element that is open, and what it makes of the words inside it."""

    tag: str
    bold: bool
    italic: bool
    gone: bool
    href: str
    item_level: int = 0


@dataclass(slots=True)
class _Table:
    """A table being read."""

    rows: list[list[str]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


class _Writer(HTMLParser):
    """Writes well-formed HTML of few elements as Markdown, block by block. Elements are never looked into recursively."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._blocks: list[str] = []
        self._runs: list[Run] = []
        self._open = [_Open("", bold=False, italic=False, gone=False, href="")]
        self._lists: list[str] = []
        self._marker = ""
        self._tables: list[_Table] = []

    def markdown(self) -> str:
        """What was written: a blank line between blocks, none between items of a list."""
        self._end_block("")
        lines: list[str] = []
        for block in self._blocks:
            if lines and not (_is_item(lines[-1]) and _is_item(block)):
                lines.append("")
            lines.append(block)
        return "\n".join(lines)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element; a block ends the one before it."""
        if tag == "br":
            self._say("\n")
            return
        if tag in _BLOCKS:
            self._end_block(self._open[-1].tag)
        said = dict(attrs)
        style = {said.get("style"), said.get("class")}
        self._open.append(self._inside(tag, style, said.get("href") or ""))
        self._begin(tag)

    def _inside(self, tag: str, style: set[str | None], href: str) -> _Open:
        around = self._open[-1]
        bold = around.bold or tag in {"strong", "b", "th"} or _BOLD in style
        level = next(
            (
                int(word[len(_ITEM) :] or 1)
                for word in sorted(filter(None, style), reverse=True)
                if word.startswith(_ITEM)
            ),
            0,
        )
        return _Open(
            tag,
            bold=bold and _NORMAL not in style,
            italic=around.italic or tag in {"em", "i"},
            gone=around.gone or _GONE in style,
            href=href or around.href,
            item_level=level or around.item_level,
        )

    def _begin(self, tag: str) -> None:
        if tag in {"ul", "ol"}:
            self._lists.append(tag)
        elif tag == "li" and self._lists:
            depth = min(len(self._lists), _DEEPEST_LIST) - 1
            self._marker = "   " * depth + ("- " if self._lists[-1] == "ul" else "1. ")
        elif tag == "table":
            self._tables.append(_Table())
        elif tag == "tr" and self._tables:
            self._tables[-1].rows.append([])

    def handle_endtag(self, tag: str) -> None:
        """Close an element."""
        if tag in _BLOCKS:
            self._end_block(tag)
        if len(self._open) > 1:
            self._open.pop()
        if tag in {"ul", "ol"} and self._lists:
            self._lists.pop()
        elif tag == "li":
            self._marker = ""
        elif tag in {"td", "th"} and self._tables:
            self._end_cell()
        elif tag == "table" and self._tables:
            self._end_table()

    def handle_data(self, data: str) -> None:
        """Words."""
        self._say(re.sub(r"[ \t\r\n]+", " ", data))

    def _say(self, words: str) -> None:
        here = self._open[-1]
        if not here.gone:
            self._runs.append(Run(words, bold=here.bold, italic=here.italic, href=here.href))

    def _end_block(self, tag: str) -> None:
        """Write what was said since the last block, as what its element makes it."""
        runs, self._runs = self._runs, []
        is_plain = tag in _HEADINGS or bool(self._tables)
        for words in markdown_of(runs, plain=is_plain):
            if self._tables:
                self._tables[-1].words.append(words)
            elif tag in _HEADINGS:
                self._blocks.append(f"{'#' * _HEADINGS[tag]} {words}")
            else:
                self._blocks.append(self._as_item(words) or words)

    def _as_item(self, words: str) -> str:
        """The words as an item of the list they stand in; empty when they stand in none."""
        if self._marker.strip():
            marker, self._marker = self._marker, " " * len(self._marker)
            return marker + words
        if self._marker:
            return self._marker + words
        level = self._open[-1].item_level
        bullet = _BULLET.match(words)
        if not level or not bullet:
            return ""
        marker = "1. " if _NUMBER.match(words) else "- "
        return "   " * (min(level, _DEEPEST_LIST) - 1) + marker + words[bullet.end() :]

    def _end_cell(self) -> None:
        table = self._tables[-1]
        if not table.rows:
            table.rows.append([])
        table.rows[-1].append(" ".join(table.words).replace("|", "\\|").replace("\n", " "))
        table.words = []

    def _end_table(self) -> None:
        """A table of several columns stays one; a table that only placed words, or lies in another, gives its words."""
        table = self._tables.pop()
        rows = [row for row in table.rows if any(cell.strip() for cell in row)]
        width = max((len(row) for row in rows), default=0)
        if self._tables:
            self._tables[-1].words.extend(cell for row in rows for cell in row if cell)
        elif 1 < width <= _MOST_COLUMNS:
            padded = [row + [""] * (width - len(row)) for row in rows]
            padded.insert(1, ["---"] * width)
            self._blocks.append("\n".join(f"| {' | '.join(row)} |" for row in padded))
        else:
            self._blocks.extend(cell for row in rows for cell in row if cell)


def _is_item(block: str) -> bool:
    return bool(re.match(r" *(?:- |1\. )", block)) or block.startswith("   ")
