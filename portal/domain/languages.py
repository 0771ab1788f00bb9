"""The two languages every text exists in, and text that carries both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["fr", "en"]

LANGUAGES: tuple[Language, ...] = ("fr", "en")
DEFAULT_LANGUAGE: Language = "fr"
"""French when nothing else is known (Charter of the French language, s. 52)."""


def language_or_default(value: str | None) -> Language:
    """The language a tag names (`fr-CA` is French), else French."""
    return "en" if (value or "").strip().lower().replace("_", "-").split("-")[0] == "en" else "fr"


def twin_of(language: Language) -> Language:
    """The other language."""
    return "en" if language == "fr" else "fr"


@dataclass(frozen=True, slots=True)
class Text:
    """One thing said in both languages, of equal standing."""

    fr: str
    en: str

    def in_(self, language: Language) -> str:
        """The words for a reader of `language`."""
        return self.en if language == "en" else self.fr
