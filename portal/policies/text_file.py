"""Writes a policy's text as a plain text file: what it says, with no markup, readable in any program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap

from markdown_it.token import Token

from portal.domain.policies import PolicyText
from portal.policies.markdown import blocks, fill
from portal.policies.plain import words_of_line

WIDTH = 78
_BETWEEN_CELLS = " | "


def text_file(text: PolicyText, *, placeholders: Mapping[str, str]) -> str:
    """Every section: its title underlined, its paragraphs, its lists with their marks, a line for each row of a table."""
    parts: list[str] = []
    for section in text.sections:
        title = fill(section.title, placeholders)
        lines = wrapped(title)
        parts.append("\n".join([*lines, "-" * max(map(len, lines))]))
        parts += _paragraphs(blocks(section.body_markdown, placeholders))
    return "\n\n".join(parts) + "\n"


def wrapped(words: str, *, mark: str = "") -> list[str]:
    """Words on lines of ordinary length; a mark such as a list's hangs before the first."""
    return wrap(
        words,
        WIDTH,
        initial_indent=mark,
        subsequent_indent=" " * len(mark),
        break_long_words=False,
        break_on_hyphens=False,
    ) or [mark.rstrip()]


def _paragraphs(tokens: Sequence[Token]) -> Iterator[str]:
    lists = _Lists()
    row: list[str] = []
    before: Token | None = None
    for token in tokens:
        lists.notice(token)
        if token.type == "tr_close":
            yield "\n".join(wrapped(_BETWEEN_CELLS.join(row)))
            row = []
        elif token.type in {"fence", "code_block"}:
            yield token.content.rstrip("\n")
        elif token.type == "inline" and before is not None and before.tag in {"th", "td"}:
            row.append(words_of_line(token.children or ()))
        elif token.type == "inline":
            yield "\n".join(wrapped(words_of_line(token.children or ()), mark=lists.mark()))
        before = token


class _Lists:
    """The lists that are open, and the mark that the next line of the innermost one begins with."""

    def __init__(self) -> None:
        self._numbers: list[int | None] = []
        self._mark = ""

    def notice(self, token: Token) -> None:
        """Follow a list that opens, an item that begins, a list that ends."""
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            self._numbers.append(int(token.attrs.get("start", 1)) if token.type == "ordered_list_open" else None)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            self._numbers.pop()
            self._mark = "  " if self._numbers else ""
        elif token.type == "list_item_open":
            number = self._numbers[-1]
            self._mark = "- " if number is None else f"{number}. "
            self._numbers[-1] = None if number is None else number + 1

    def mark(self) -> str:
        """The mark, once; a second paragraph of an item hangs under the first."""
        mark, self._mark = self._mark, " " * len(self._mark)
        return "  " * (len(self._numbers) - 1) + mark if self._numbers else ""
