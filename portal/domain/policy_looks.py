"""Who changed each language of a section last, and who then said that both still say the same.

French never lags English (Charter of the French language, s. 52): a language changed alone asks for a look at its twin.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.domain.languages import LANGUAGES, Language, Text, twin_of


@dataclass(frozen=True, slots=True)
class Edit:
    """When one language of a section was written last, and by whom."""

    at: datetime
    by: int | None


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody said that both languages say the same: when, who, and over which words."""

    at: datetime
    by: int | None
    words: str


def fingerprint(title: Text, body: Text) -> str:
    """What stands for the words of a section in both languages: other words have another one."""
    said = [title.fr, body.fr, title.en, body.en]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()


def lagging(edits: Mapping[Language, Edit], look: Look | None, words: str) -> Language | None:
    """The language nobody looked at since its twin was changed; None when both are known to say the same.

    `words` is the fingerprint of the present words. Words nobody changed in this draft are those of its beginning,
    which were side by side.
    """
    if not edits or (look and look.words == words):
        return None
    newest = max(edits, key=lambda language: (edits[language].at, language == "en"))
    return twin_of(newest)


def changed_languages(before: tuple[Text, Text], after: tuple[Text, Text]) -> tuple[Language, ...]:
    """The languages in which a section's title or body differs."""
    return tuple(
        language
        for language in LANGUAGES
        if any(old.in_(language) != new.in_(language) for old, new in zip(before, after, strict=True))
    )
