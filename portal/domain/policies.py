"""What a published policy is, which version is in force on a day, and whether its two languages still say the same."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from portal.domain.languages import LANGUAGES, Language, Text
from portal.domain.policy_facts import KINDS, FactKind, apart

Document = Literal["privacy", "governance"]
"""The privacy policy (P-39.1, s. 8.2), and the governance policies and practices (s. 3.2)."""
VersionKind = Literal["material", "wording"]
Difference = Literal["missing_section", "order", "covers"] | FactKind

DOCUMENTS: tuple[Document, ...] = ("privacy", "governance")
LONGEST_SUMMARY = 2_000
"""Characters of what a version says of itself, in one language."""

PLACEHOLDERS = (
    "contact.title",
    "contact.name",
    "contact.email",
    "contact.phone",
    "contact.address",
    "organisation.name",
)
"""What a text may leave open, so that a new person in charge needs no new text (P-39.1, s. 3.1)."""

_SLOT = re.compile(
    r"\[\s*(?:à compléter|to be completed)\b[^\]]{0,1000}\]?"
    r"|à compléter par l['’]organisation|to be completed by the organi[sz]ation",
    re.IGNORECASE,
)

_ID = re.compile(r"^(\d{4}-\d{2}-\d{2})(?:-([2-9]|[1-9]\d{1,3}))?\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a policy: `key` is the same in both languages, `covers` names categories and purposes of the map."""

    key: str
    title: str
    body_markdown: str
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PolicyText:
    """One language of a version: its sections in order, and the file they were read from, byte for byte."""

    language: Language
    sections: tuple[Section, ...]
    source: str

    def section(self, key: str) -> Section | None:
        """The section of that key, or None."""
        return next((section for section in self.sections if section.key == key), None)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a document, never changed once published (P-39.1, s. 8.2: each amendment has its notice)."""

    document: Document
    id: str
    effective: date
    kind: VersionKind
    summary: Text
    imported: bool
    texts: Mapping[Language, PolicyText]
    revised: Language | None = None
    """The one language whose words changed, the other's having stayed: the version revises a translation."""


@dataclass(frozen=True, slots=True)
class Disparity:
    """One thing that only one language says: the section, what differs, and the words found on one side alone."""

    section: str
    difference: Difference
    only_fr: tuple[str, ...] = ()
    only_en: tuple[str, ...] = ()


def slots_in(markdown: str) -> tuple[str, ...]:
    """Each slot still to complete in a text, on one line, as it is written; a text with one left is never published.

    Slots are what the starting text leaves to the organization, `[To be completed by the organization: …]`.
    """
    return tuple(re.sub(r"[ \t\r\n]+", " ", found[0]) for found in _SLOT.finditer(markdown))


def slot_in(markdown: str) -> tuple[int, int]:
    """Where the first slot of a text begins and ends.

    Raises:
        ValueError: it has none.
    """
    found = _SLOT.search(markdown)
    if found is None:
        raise ValueError(markdown)
    return found.span()


def is_version_id(written: str) -> bool:
    """Whether the text is `YYYY-MM-DD`, or with `-2` and so on for another version of the same day."""
    found = _ID.match(written)
    if not found:
        return False
    try:
        date.fromisoformat(found[1])
    except ValueError:
        return False
    return True


def newest_first(versions: Iterable[Version]) -> tuple[Version, ...]:
    """Versions from the latest effective date back; of one day, the highest id first."""
    return tuple(sorted(versions, key=_order, reverse=True))


def in_force(versions: Iterable[Version], today: date) -> Version | None:
    """The version with the greatest effective date that has come, or None when none has (design §4.5)."""
    return next((version for version in newest_first(versions) if version.effective <= today), None)


def is_before(version: Version, other: Version) -> bool:
    """Whether a version comes before another; of one day, the smaller number does."""
    return _order(version) < _order(other)


def superseded_by(version: Version, versions: Iterable[Version]) -> Version | None:
    """The version that takes the place of this one, its effective date perhaps still to come; None for the newest."""
    later = [other for other in versions if other.document == version.document and _order(other) > _order(version)]
    return min(later, key=_order, default=None)


def digest(version: Version) -> str:
    """The SHA-256 of all a version says, to show later that it was never changed."""
    said = [
        version.document,
        version.id,
        version.effective.isoformat(),
        version.kind,
        version.summary.fr,
        version.summary.en,
        version.texts["fr"].source,
        version.texts["en"].source,
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def revised_language(before: Mapping[Language, PolicyText], after: Mapping[Language, PolicyText]) -> Language | None:
    """The one language whose words differ from those of the version before, or None when both do or neither does."""
    differing = [language for language in LANGUAGES if _words(before[language]) != _words(after[language])]
    return differing[0] if len(differing) == 1 else None


def disparities_between(french: PolicyText, english: PolicyText) -> list[Disparity]:
    """Where two texts part that should be twins: same sections in the same order, each with the same facts.

    French must be of the same quality as English (Charter of the French language, s. 52), so a version with a
    disparity is not published.
    """
    found = list(_missing_sections(french, english))
    if not found and _keys(french) != _keys(english):
        found.append(_first_out_of_order(french, english))
    for section in french.sections:
        twin = english.section(section.key)
        if twin and section.body_markdown.strip() and twin.body_markdown.strip():
            found.extend(_differences(section, twin))
    return found


def is_of_before(version: Version, among: Iterable[Version]) -> bool:
    """Whether a version's words are of before this portal: its own, or those it says again for a new person in charge."""
    said = _sources(version)
    return version.imported or any(other.imported and _sources(other) == said for other in among)


def place_in_time(effective: date, version_id: str) -> tuple[date, str, int]:
    """What orders versions: their day in force, then the day and the number of their id."""
    return effective, version_id[:10], int(version_id[11:] or 0)


def _order(version: Version) -> tuple[date, str, int]:
    return place_in_time(version.effective, version.id)


def _sources(version: Version) -> tuple[str, ...]:
    return tuple(version.texts[language].source for language in LANGUAGES)


def _words(text: PolicyText) -> list[tuple[str, str, str]]:
    return [(section.key, section.title, section.body_markdown.strip()) for section in text.sections]


def _keys(text: PolicyText) -> list[str]:
    return [section.key for section in text.sections]


def _missing_sections(french: PolicyText, english: PolicyText) -> Iterator[Disparity]:
    for section in french.sections:
        if not english.section(section.key):
            yield Disparity(section.key, "missing_section", only_fr=(section.title,))
    for section in english.sections:
        if not french.section(section.key):
            yield Disparity(section.key, "missing_section", only_en=(section.title,))


def _first_out_of_order(french: PolicyText, english: PolicyText) -> Disparity:
    pairs = zip(_keys(french), _keys(english), strict=False)
    here, there = next((pair for pair in pairs if pair[0] != pair[1]), (_keys(french)[-1], _keys(english)[-1]))
    return Disparity(here, "order", only_fr=(here,), only_en=(there,))


def _differences(french: Section, english: Section) -> Iterator[Disparity]:
    only_fr, only_en = {*french.covers} - {*english.covers}, {*english.covers} - {*french.covers}
    if only_fr or only_en:
        yield Disparity(french.key, "covers", tuple(sorted(only_fr)), tuple(sorted(only_en)))
    in_french, in_english = _prose(french), _prose(english)
    for kind in KINDS:
        here, there = apart(in_french, in_english, kind)
        if here or there:
            yield Disparity(french.key, kind, here, there)


def _prose(section: Section) -> str:
    return f"{section.title}\n{section.body_markdown}"
