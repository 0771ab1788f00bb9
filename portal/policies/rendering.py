"""Turns a policy's text into HTML that is safe to show whoever wrote it, section by section."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import nh3
from markdown_it.token import Token

from portal.domain.policies import PolicyText
from portal.policies.markdown import MARKDOWN, blocks, fill

_TAGS = {
    *("p", "br", "hr", "h3", "h4", "ul", "ol", "li", "blockquote"),
    *("strong", "em", "code", "pre", "a"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES: dict[str, set[str]] = {
    "*": set(),
    "a": {"href", "rel"},
    "th": {"scope"},
    "td": {"data-label"},
    "ol": {"start"},
}
_SCHEMES = {"http", "https", "mailto", "tel"}
_INSIDE = ("/", "#", "mailto:", "tel:")


@dataclass(frozen=True, slots=True)
class RenderedSection:
    """One section ready to show: `title` is plain words to escape, `html` is safe as it stands."""

    key: str
    title: str
    html: str


@dataclass(frozen=True, slots=True)
class RenderedPolicy:
    """A whole text ready to show; its sections' keys serve as anchors, their titles as the list of contents."""

    sections: tuple[RenderedSection, ...]


def render(text: PolicyText, *, placeholders: Mapping[str, str]) -> RenderedPolicy:
    """Render each section from its Markdown: raw HTML shown as text, images and dangerous links left out.

    Placeholders take their values as plain words; e-mail addresses become links; parts of sections are third-level
    headings, because the section's own heading is the page's.
    """
    return RenderedPolicy(
        tuple(
            RenderedSection(
                section.key, fill(section.title, placeholders), _safe_html(section.body_markdown, placeholders)
            )
            for section in text.sections
        )
    )


def _safe_html(source: str, placeholders: Mapping[str, str]) -> str:
    tokens = blocks(source, placeholders)
    _name_columns(tokens)
    for token in tokens:
        _mark_links_that_leave(token.children or ())
    html = MARKDOWN.renderer.render(tokens, MARKDOWN.options, {})
    return nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None).strip()


def _name_columns(tokens: Sequence[Token]) -> None:
    """Give each cell of a table the words of its column, for screens so narrow that a row becomes a card."""
    head: list[str] = []
    column = 0
    for token, inside in pairwise(tokens):
        if token.type == "thead_open":
            head = []
        elif token.type == "tr_open":
            column = 0
        elif token.type == "th_open":
            token.attrSet("scope", "col")
            head.append("".join(child.content for child in inside.children or ()))
        elif token.type == "td_open":
            token.attrSet("data-label", head[column])
            column += 1


def _mark_links_that_leave(children: Iterable[Token]) -> None:
    for token in children:
        if token.type == "link_open":
            href = str(token.attrs.get("href", ""))
            if href.startswith("//") or not href.startswith(_INSIDE):
                token.attrSet("rel", "noopener noreferrer")
