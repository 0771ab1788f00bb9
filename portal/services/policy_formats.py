"""Published versions for programs: their feed, their plain text, and what they cover in terms others understand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from portal.domain import dpv
from portal.domain.data_map import Basis, DataMap
from portal.domain.languages import Language, Text
from portal.domain.policies import Document, PolicyText, Version, newest_first
from portal.domain.policy_feeds import Published
from portal.policies.plain import in_plain_words
from portal.policies.text_file import text_file
from portal.services import policies
from portal.services.installation import Installation
from portal.storage.store import Store


@dataclass(frozen=True, slots=True)
class Covered:
    """One thing a section covers. What today's map no longer knows has a name and nothing else."""

    id: str
    kind: Literal["category", "purpose", "unknown"]
    label: Text | None = None
    basis: Basis | None = None
    terms: tuple[str, ...] = ()
    basis_term: str | None = None


def published(store: Store, document: Document) -> Sequence[Published]:
    """Every version of a document with the instant of its publication, the newest first."""
    kept = {one.id: one for one in store.policies.all(document)}
    return [
        Published(version, kept[version.id].published_at, kept[version.id].digest)
        for version in newest_first(policies.version_of(one) for one in kept.values())
    ]


def plain_text(portal: Installation, store: Store, version: Version, language: Language) -> str:
    """A version's text without markup, with the person in charge of its time."""
    placeholders = policies.placeholders_of(portal, store, version, language)
    return text_file(version.texts[language], placeholders=dict(placeholders))


def in_words(portal: Installation, store: Store, version: Version, language: Language) -> PolicyText:
    """A version's sections as paragraphs of plain words, with the person in charge of its time."""
    placeholders = policies.placeholders_of(portal, store, version, language)
    return in_plain_words(version.texts[language], placeholders=dict(placeholders))


def file_digest(version: Version, language: Language) -> str:
    """The SHA-256 of a language's Markdown file, byte for byte."""
    return hashlib.sha256(version.texts[language].source.encode()).hexdigest()


def covered(version: Version, data_map: DataMap) -> Sequence[Covered]:
    """All that a version's sections cover, each once, as today's map knows it."""
    return list(_covered(version, data_map))


def _covered(version: Version, data_map: DataMap) -> Iterator[Covered]:
    named = dict.fromkeys(one for section in version.texts["fr"].sections for one in section.covers)
    for one in named:
        category, purpose = data_map.category(one), data_map.purpose(one)
        if purpose:
            terms, basis = dpv.of_purpose(purpose), purpose.basis
            yield Covered(one, "purpose", purpose.label, basis, terms, dpv.of_basis(basis))
        elif category:
            yield Covered(one, "category", category.label, terms=dpv.of_category(category))
        else:
            yield Covered(one, "unknown")
