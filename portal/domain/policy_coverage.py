"""What a policy must cover of the data map, what it covers that the map lacks, and where each thing would be said.

A section's `covers` names categories and purposes by their ids, and recipients as `recipient:` and their name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from portal.domain.data_map import Category, DataMap, Table
from portal.domain.languages import LANGUAGES, Language, Text
from portal.domain.policies import PolicyText
from portal.domain.policy_sections import folded
from portal.domain.slugs import LONGEST, slug_of

RECIPIENT = "recipient:"

COVER_NAME = re.compile(rf"^(?:{RECIPIENT})?[a-z][a-z0-9_-]*$")
"""What may stand in `covers`."""

_IN_BRACKETS = re.compile(r"\([^()]*\)")


class Kind(StrEnum):
    """What a policy covers."""

    CATEGORY = "category"
    PURPOSE = "purpose"
    RECIPIENT = "recipient"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of the map that a policy covers: `name` is what `covers` calls it."""

    name: str
    kind: Kind
    label: Text


SECTIONS: Mapping[Kind, str] = {Kind.CATEGORY: "collected", Kind.PURPOSE: "uses", Kind.RECIPIENT: "sharing"}
"""The section in which policies usually say it."""


def recipient_name(label: Text) -> str:
    """What `covers` calls a recipient: its English name in a-z and hyphens, the same wherever the map names it."""
    slug = slug_of(label.en)
    is_whole = 0 < len(slug) < LONGEST
    mark = "" if is_whole else sha256(label.en.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return RECIPIENT + (f"{slug}-{mark}" if slug and mark else slug or f"r{mark}")


def is_recipient(name: str) -> bool:
    """Whether what `covers` names is a recipient."""
    return name.startswith(RECIPIENT)


def items_of(data_map: DataMap) -> tuple[Item, ...]:
    """All a policy must cover, in the order of the map; a recipient of several categories once."""
    found = [Item(one.id, Kind.CATEGORY, one.label) for one in data_map.categories]
    found += [Item(one.id, Kind.PURPOSE, one.label) for one in data_map.purposes]
    recipients = (label for category in data_map.categories for label in category.recipients)
    found += [Item(recipient_name(label), Kind.RECIPIENT, label) for label in recipients]
    once: dict[tuple[Kind, str], Item] = {}
    for item in found:
        once.setdefault((item.kind, item.name), item)
    return tuple(once.values())


def uncovered(texts: Iterable[PolicyText], data_map: DataMap) -> tuple[Item, ...]:
    """What no section of any of the texts covers; that only one of them does is a disparity between twins."""
    covered = {name for text in texts for section in text.sections for name in section.covers}
    return tuple(item for item in items_of(data_map) if item.name not in covered)


def unmapped(texts: Iterable[PolicyText], data_map: DataMap) -> tuple[tuple[str, str], ...]:
    """Each section that covers what the map lacks, and the name it covers."""
    known = {item.name for item in items_of(data_map)}
    found = {
        (section.key, name): None
        for text in texts
        for section in text.sections
        for name in section.covers
        if name not in known
    }
    return tuple(found)


def without_period(data_map: DataMap) -> Iterator[tuple[Category, Table]]:
    """The mapped tables of which nothing says how long their rows are kept (P-39.1, s. 8 and 23)."""
    return ((one, table) for one, table in data_map.tables() if table.retention is None and one.retention is None)


def without_erasure(data_map: DataMap) -> Iterator[tuple[Category, Table]]:
    """The mapped tables whose rows stay when they are erased, and of which no column says what becomes of it."""
    return (
        (one, table)
        for one, table in data_map.tables()
        if table.erase == "columns" and not any(column.erase for column in table.columns)
    )


# --- proposing -------------------------------------------------------------------------------------------------------


def proposed(
    texts: Mapping[Language, PolicyText], data_map: DataMap, *, by_heading: bool
) -> dict[str, tuple[str, ...]]:
    """What each section seems to cover of what none covers yet, by its key.

    A section that says an item's own words covers it, the usual one first. `by_heading`: where no words tell, the
    section in which policies usually say it.
    """
    sections = _words_by_section(texts)
    found: dict[str, list[str]] = {}
    for item in uncovered(texts.values(), data_map):
        key = _section_that_says(item, sections) or (SECTIONS[item.kind] if by_heading else "")
        if key in sections:
            found.setdefault(key, []).append(item.name)
    return {key: tuple(names) for key, names in found.items()}


def _words_by_section(texts: Mapping[Language, PolicyText]) -> dict[str, dict[Language, str]]:
    found: dict[str, dict[Language, str]] = {}
    for language in LANGUAGES:
        for section in texts[language].sections:
            found.setdefault(section.key, {})[language] = folded(f"{section.title}\n{section.body_markdown}")
    return found


def _section_that_says(item: Item, sections: Mapping[str, Mapping[Language, str]]) -> str | None:
    usual = SECTIONS[item.kind]
    order = sorted(sections, key=lambda key: key != usual)
    return next((key for key in order if _is_said(item.label, sections[key])), None)


def _is_said(label: Text, words: Mapping[Language, str]) -> bool:
    """Whether a section says a label, but for what stands in brackets, in each language it is written in."""
    names = {language: folded(_IN_BRACKETS.sub("", label.in_(language))).strip() for language in LANGUAGES}
    return all(names[language] and names[language] in said for language, said in words.items() if said.strip())


# --- sold or not -----------------------------------------------------------------------------------------------------

_NOT_SOLD: Mapping[Language, re.Pattern[str]] = {
    "fr": re.compile(
        r"\bne (?:les |le |la |l.|vous )?vend\w*|\bn.en vend\w*|\bvend\w* (?:rien|aucun)|\b(?:sont|seront|est|sera) (?:jamais|pas) vendu"
        r"|\bjamais vendu|\bni vendu|\baucune? [^.\n]{0,60}\b(?:vente|vendue?s?)\b"
    ),
    "en": re.compile(
        r"\b(?:not|never|n.t|neither|nor)\b[^.\n]{0,40}\b(?:sell|sold)\b|\bsells? (?:nothing|none|no)\b"
        r"|\bno [^.\n]{0,60}\b(?:is|are) sold\b"
    ),
}


def says_it_is_not_sold(text: PolicyText) -> str | None:
    """The section whose words say that personal information is not sold, or None when no section does."""
    for section in text.sections:
        if _NOT_SOLD[text.language].search(folded(section.body_markdown).replace("*", "")):
            return section.key
    return None


def with_covers(covers: Sequence[str], added: Iterable[str]) -> tuple[str, ...]:
    """The names a section covers with some more, each once."""
    return tuple(dict.fromkeys((*covers, *added)))
