"""Whole numbers as each language spells them, from one to ninety-nine and a few that policies use."""

from __future__ import annotations

import re
from collections.abc import Mapping

from portal.domain.languages import Language

_FRENCH = "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
_FRENCH_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante"}
_ENGLISH = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen"
    " nineteen"
)
_ENGLISH_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"


def _in_french() -> dict[str, int]:
    """French counts to nineteen after sixty and after eighty."""
    ones = _FRENCH.split()
    ones += [f"dix-{word}" for word in ones[6:9]]
    found = dict(zip(ones, range(1, 20), strict=True))
    for ten, name in _FRENCH_TENS.items():
        found[name] = ten
        for one in range(1, 20 if ten == 60 else 10):
            found[f"{name}{'-et-' if one in {1, 11} else '-'}{ones[one - 1]}"] = ten + one
    found |= {f"quatre-vingt-{word}": 80 + one for one, word in enumerate(ones, start=1)}
    return found | {"quatre-vingts": 80, "cent": 100, "cent-vingt": 120, "cent-quatre-vingts": 180}


def _in_english() -> dict[str, int]:
    ones = _ENGLISH.split()
    found = dict(zip(ones, range(1, 20), strict=True))
    for ten, name in enumerate(_ENGLISH_TENS.split(), start=2):
        found[name] = ten * 10
        found |= {f"{name}-{ones[one - 1]}": ten * 10 + one for one in range(1, 10)}
    hundreds = {"one-hundred": 100, "a-hundred": 100}
    return found | hundreds | {"one-hundred-and-twenty": 120, "one-hundred-and-eighty": 180}


_WORDS: Mapping[Language, Mapping[str, int]] = {
    "fr": {word: number for word, number in _in_french().items() if number > 1},
    "en": {word: number for word, number in _in_english().items() if number > 1},
}
"""Two and more: one is an article too, and is read where it counts something."""


def spelled(language: Language) -> str:
    """The pattern of a number in words, the longest first; its parts are joined by hyphens or spaces."""
    return "|".join(word.replace("-", r"[-\s]") for word in sorted(_WORDS[language], key=len, reverse=True))


def number_of(words: str, language: Language) -> int | None:
    """The number that words say, or None."""
    return _WORDS[language].get(re.sub(r"\s", "-", words.lower()))
