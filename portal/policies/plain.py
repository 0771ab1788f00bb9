"""Turns a policy's text into paragraphs of plain words, so that two versions compare as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from urllib.parse import unquote

from markdown_it.token import Token

from portal.domain.policies import PolicyText
from portal.policies.markdown import blocks, fill

_BREAKS = {"softbreak": " ", "hardbreak": " "}
_ROW_END = "tr_close"
_BETWEEN_CELLS = " \N{EN DASH} "


def in_plain_words(text: PolicyText, *, placeholders: Mapping[str, str]) -> PolicyText:
    """The same sections without Markdown's signs: one paragraph per paragraph, list item and table row."""
    return replace(
        text,
        sections=tuple(
            replace(
                section,
                title=fill(section.title, placeholders),
                body_markdown="\n\n".join(_paragraphs(blocks(section.body_markdown, placeholders))),
            )
            for section in text.sections
        ),
    )


def _paragraphs(tokens: Sequence[Token]) -> list[str]:
    paragraphs: list[str] = []
    row: list[str] = []
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type in {"fence", "code_block"}:
            paragraphs.append(" ".join(token.content.split()))
        elif token.type == "inline":
            words = words_of_line(token.children or ())
            in_cell = before is not None and before.tag in {"th", "td"}
            (row if in_cell else paragraphs).append(words)
        elif token.type == _ROW_END:
            paragraphs.append(_BETWEEN_CELLS.join(cell for cell in row if cell))
            row = []
    return [paragraph for paragraph in paragraphs if paragraph.strip()]


def words_of_line(children: Iterable[Token]) -> str:
    """The words of a line. A link says where it leads after its words, so that another address is seen to be another."""
    words: list[str] = []
    address, begins = "", 0
    for token in children:
        if token.type == "link_open":
            address, begins = str(token.attrs.get("href", "")), len(words)
        elif token.type == "link_close":
            said = "".join(words[begins:])
            words.append("" if _is_said(address, said) else f" ({address})")
        elif token.type != "image":
            words.append(_BREAKS.get(token.type, token.content))
    return "".join(words)


def _is_said(address: str, words: str) -> bool:
    """Whether the words of a link are its address, as in `<https://example.org>` or an e-mail address."""
    return not address or unquote(address.removeprefix("mailto:")) == words
