"""The texts an organization may begin with, complete by the law, with slots for what only the organization knows.

What is missing by P-39.1, ss. 3.1, 3.2, 8, 8.1 and 8.2 cannot be forgotten here (law.md §9.1): each part is a section, and
what the program cannot know is a slot, "[To be completed by the organization: …]". A text with a slot left in it is
never published. The organization and the person in charge are placeholders, filled in when a page is shown, so the
text needs no name and follows every change of them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from portal.domain.languages import LANGUAGES, Language, Text
from portal.domain.policies import Document, Section
from portal.domain.policy_answers import Answer
from portal.policies.reading import read_text

FIRST_SUMMARY: Mapping[Document, Text] = {
    "privacy": Text(
        fr="Première version de notre politique de confidentialité.", en="First version of our privacy policy."
    ),
    "governance": Text(
        fr="Première version de nos politiques et pratiques de gouvernance.",
        en="First version of our governance policies and practices.",
    ),
}
"""What the first version of each document says of itself."""


@cache
def starter(document: Document = "privacy") -> Mapping[Language, str]:
    """The starting text in each language, as the Markdown of a version's folder (`fr.md`, `en.md`)."""
    here = Path(__file__).parent / document
    return {language: (here / f"{language}.md").read_text(encoding="utf-8") for language in LANGUAGES}


@cache
def ready_sections(language: Language, document: Document = "privacy") -> Mapping[str, Section]:
    """The sections of the starting text, by key."""
    return _by_key(language, starter(document)[language])


@cache
def ready_paragraphs(language: Language, document: Document = "privacy") -> Mapping[str, Section]:
    """For each part of the law said inside a longer section, a paragraph to add to one that lacks it; by the part's key."""
    file = Path(__file__).parent / document / f"parts.{language}.md"
    return _by_key(language, file.read_text(encoding="utf-8")) if file.exists() else {}


@cache
def ready_answers(document: Document = "privacy") -> tuple[Answer, ...]:
    """What is often true of an organization, for the slots of the starting text; none where a document has none."""
    file = Path(__file__).parent / document / "answers.toml"
    if not file.exists():
        return ()
    rows = tomllib.loads(file.read_text(encoding="utf-8"))["answers"]
    return TypeAdapter(tuple[Answer, ...]).validate_python(rows)


def _by_key(language: Language, source: str) -> Mapping[str, Section]:
    text, _ = read_text(language, source)
    return {section.key: section for section in text.sections}
