"""The policy an organization may begin with, complete by the law, with slots for what only the organization knows.

What is missing by P-39.1, ss. 3.1, 8, 8.1 and 8.2 cannot be forgotten here (law.md §9.1): each part is a section, and
what the program cannot know is a slot, "[To be completed by the organization: …]". A text with a slot left in it is
never published. The organization and the person in charge are placeholders, filled in when a page is shown, so the
text needs no name and follows every change of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from portal.domain.languages import LANGUAGES, Language, Text
from portal.domain.policies import Section
from portal.policies.reading import read_text

SUMMARY = Text(fr="Première version de notre politique de confidentialité.", en="First version of our privacy policy.")
"""What the first version says of itself."""


@cache
def starter() -> Mapping[Language, str]:
    """The starting text in each language, as the Markdown of a policy folder (`fr.md`, `en.md`)."""
    here = Path(__file__).parent
    return {language: (here / f"{language}.md").read_text(encoding="utf-8") for language in LANGUAGES}


@cache
def ready_sections(language: Language) -> Mapping[str, Section]:
    """The sections of the starting text, by key."""
    return _by_key(language, starter()[language])


@cache
def ready_paragraphs(language: Language) -> Mapping[str, Section]:
    """For each part of the law that is said inside a section, a paragraph to add to one that lacks it; by the part's key."""
    return _by_key(language, (Path(__file__).parent / f"parts.{language}.md").read_text(encoding="utf-8"))


def _by_key(language: Language, source: str) -> Mapping[str, Section]:
    text, _ = read_text(language, source)
    return {section.key: section for section in text.sections}
