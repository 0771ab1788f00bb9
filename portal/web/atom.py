"""Writes a feed in Atom (RFC 4287): the words are given, and every value is escaped by the writer of XML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from portal.web.typed import shown_again

ATOM = "http://www.w3.org/2005/Atom"
BEFORE_ANYTHING = datetime(1970, 1, 1, tzinfo=UTC)
"""When a feed without entries last changed: it must say an instant, and this one never moves."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its name for ever, its words, where it is read, and the two instants, which never change."""

    name: str
    title: str
    summary: str
    href: str
    published: datetime
    updated: datetime
    related: str | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: its name for ever, its words and its addresses, and its entries, the newest first."""

    name: str
    language: str
    title: str
    author: str
    href: str
    page: str
    twin: tuple[str, str]
    entries: Sequence[Entry]


def atom(feed: Feed) -> bytes:
    """The feed as a file."""
    register_namespace("", ATOM)
    root = Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": feed.language})
    _say(root, "id", feed.name)
    _say(root, "title", feed.title)
    _say(root, "updated", _instant(max((one.updated for one in feed.entries), default=BEFORE_ANYTHING)))
    _say(SubElement(root, f"{{{ATOM}}}author"), "name", feed.author)
    _link(root, "self", feed.href, type="application/atom+xml")
    _link(root, "alternate", feed.page, type="text/html", hreflang=feed.language)
    _link(root, "alternate", feed.twin[1], type="application/atom+xml", hreflang=feed.twin[0])
    for one in feed.entries:
        entry = SubElement(root, f"{{{ATOM}}}entry")
        _say(entry, "id", one.name)
        _say(entry, "title", one.title)
        _say(entry, "published", _instant(one.published))
        _say(entry, "updated", _instant(one.updated))
        _link(entry, "alternate", one.href, type="text/html", hreflang=feed.language)
        if one.related:
            _link(entry, "related", one.related, type="text/html", hreflang=feed.language)
        _say(entry, "summary", one.summary, type="text")
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _say(parent: Element, name: str, words: str, **attributes: str) -> None:
    SubElement(parent, f"{{{ATOM}}}{name}", attributes).text = shown_again(words)


def _link(parent: Element, rel: str, href: str, **attributes: str) -> None:
    SubElement(parent, f"{{{ATOM}}}link", {"rel": rel, "href": href, **attributes})


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
