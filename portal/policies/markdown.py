"""The one Markdown dialect of policies: CommonMark with tables, no raw HTML, placeholders filled in as plain words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from markdown_it import MarkdownIt
from markdown_it.token import Token

from portal.domain.policy_facts import PLACEHOLDER

_EMAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")

MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_BLOCKS = MarkdownIt("commonmark", {"html": False}).enable("table").disable("inline")


def only_blocks(source: str) -> list[Token]:
    """The blocks of a text, the words in them unread: quick whatever the words are."""
    return _BLOCKS.parse(source)


def blocks(source: str, placeholders: Mapping[str, str]) -> list[Token]:
    """The tokens of a text, its placeholders replaced inside words only: a value can never become markup.

    An unknown placeholder stays as it was written, for all to see. A list item that was to give a value which is empty,
    such as a telephone number the organization does not have, is left out.
    """
    tokens = list(_without_empty_items(MARKDOWN.parse(source), placeholders))
    for token in tokens:
        if token.children is not None:
            token.children = list(_filled(token.children, placeholders))
    return tokens


def fill(words: str, placeholders: Mapping[str, str]) -> str:
    """Plain words, such as a title, with their placeholders replaced; a name that ends with a period ends a sentence too."""

    def value(found: re.Match[str]) -> str:
        said = placeholders.get(found[1], found[0])
        return said[:-1] if said.endswith(".") and found.string[found.end() :].startswith(".") else said

    return PLACEHOLDER.sub(value, words)


def placeholders_in(source: str) -> set[str]:
    """The names of the placeholders a text's words hold."""
    return {
        name
        for token in MARKDOWN.parse(source)
        for child in token.children or ()
        if child.type == "text"
        for name in PLACEHOLDER.findall(child.content)
    }


def _without_empty_items(tokens: Iterable[Token], placeholders: Mapping[str, str]) -> Iterator[Token]:
    """The tokens but those of list items one of whose placeholders has an empty value."""
    item: list[Token] = []
    for token in tokens:
        if not item and token.type != "list_item_open":
            yield token
            continue
        item.append(token)
        if token.type == "list_item_close" and token.level == item[0].level:
            if not _gives_nothing(item, placeholders):
                yield from item
            item = []


def _gives_nothing(item: Iterable[Token], placeholders: Mapping[str, str]) -> bool:
    return any(
        not placeholders.get(name, name)
        for token in item
        for child in token.children or ()
        if child.type == "text"
        for name in PLACEHOLDER.findall(child.content)
    )


def _filled(children: Iterable[Token], placeholders: Mapping[str, str]) -> Iterator[Token]:
    """Inline tokens with values in place, a line break where a value has one, and a link on each e-mail address."""
    links_open = 0
    for token in children:
        links_open += token.nesting if token.type in {"link_open", "link_close"} else 0
        if token.type != "text":
            yield token
            continue
        for number, line in enumerate(fill(token.content, placeholders).splitlines()):
            if number:
                yield Token("hardbreak", "br", 0)
            yield from (_text(line),) if links_open else _with_email_links(line)


def _with_email_links(words: str) -> Iterator[Token]:
    end = 0
    for found in _EMAIL.finditer(words):
        yield _text(words[end : found.start()])
        yield Token("link_open", "a", 1, attrs={"href": f"mailto:{found[0]}"})
        yield _text(found[0])
        yield Token("link_close", "a", -1)
        end = found.end()
    yield _text(words[end:])


def _text(words: str) -> Token:
    return Token("text", "", 0, content=words)
