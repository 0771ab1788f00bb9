"""Builds policies, in memory and as folders, of which a test says only what matters to it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from portal.domain.languages import Language, Text
from portal.domain.policies import Document, PolicyText, Section, Version, VersionKind

POLICY_TOML = """\
id = "2025-02-25"
effective = 2025-02-25
kind = "material"
summary = { fr = "Première version.", en = "First version." }
"""
FRENCH = """\
## Ce que nous recueillons {#collected covers="account usage"}

Votre nom.

## Nous joindre {#contact}

Écrivez à {{ contact.email }}.
"""
ENGLISH = """\
## What we collect {#collected covers="account usage"}

Your name.

## Contact {#contact}

Write to {{ contact.email }}.
"""


def section(key: str = "uses", body: str = "We use it.", *, title: str = "A title", covers: str = "") -> Section:
    """One section."""
    return Section(key, title, body, tuple(covers.split()))


def text(*sections: Section, language: Language = "en") -> PolicyText:
    """One language of a policy."""
    return PolicyText(language, sections, "\n".join(part.body_markdown for part in sections))


def version(
    version_id: str = "2025-02-25",
    *,
    effective: date | None = None,
    document: Document = "privacy",
    kind: VersionKind = "material",
    french: PolicyText | None = None,
    english: PolicyText | None = None,
) -> Version:
    """One version, by default in force from the day its id names."""
    return Version(
        document=document,
        id=version_id,
        effective=effective or date.fromisoformat(version_id[:10]),
        kind=kind,
        summary=Text(fr="Ce qui change.", en="What changes."),
        imported=False,
        texts={"fr": french or text(section(), language="fr"), "en": english or text(section())},
    )


def folder(path: Path, *, toml: str | bytes = POLICY_TOML, fr: str | bytes = FRENCH, en: str | bytes = ENGLISH) -> Path:
    """A version's folder on disk."""
    for name, content in (("policy.toml", toml), ("fr.md", fr), ("en.md", en)):
        (path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return path
