"""Tells what the sampled values of a text column look like, and which of them are only codes.

A value never leaves here unless it is a code: a short word that several rows share, in a column named like a list of
choices. What names, describes or identifies somebody is none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from portal.domain.surveys import Look

NEARLY_ALL = 0.8
"""The share of values that must have a look; the rest are typing errors."""

FEWEST = 2
MOST_CODES = 8
FEWEST_OF_A_CODE = 2

_LOOKS: tuple[tuple[Look, re.Pattern[str]], ...] = (
    (Look.JSON, re.compile(r'\{\s*(?:"[^"]*"\s*:.*|\})', re.DOTALL)),
    (Look.EMAIL, re.compile(r"[^\s@]+@[^\s@]+\.[^\s@.]{2,}")),
    (Look.IP, re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|(?=.*:.*:)[0-9A-Fa-f:.]{3,45}")),
    (Look.DATE, re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}.*)?")),
    (Look.POSTAL_CODE, re.compile(r"[A-Za-z]\d[A-Za-z][ -]?\d[A-Za-z]\d")),
    (
        Look.DIGEST,
        re.compile(r"\$(?:2[abxy]|argon2\w*|scrypt|pbkdf2|[156])\$.+|[0-9a-fA-F]{32,}|(?:scrypt|pbkdf2)\S*:\S+\$.+"),
    ),
    (
        Look.PHONE,
        re.compile(r"(?=(?:\D*\d){7,15}\D*$)\+?[\d ().-]{7,}(?: ?(?:x|ext\.?|poste) ?\d{1,6})?", re.IGNORECASE),
    ),
)
_CODE = re.compile(r"[a-z]{2,}(?:[_-][a-z]+)*|[A-Z]{1,4}|[A-Z]{2,}(?:_[A-Z]+)+|[a-z]{2}[-_][A-Z]{2}")
_LONGEST_CODE = 24


def look_of(values: Sequence[str]) -> Look | None:
    """What nearly all of the values look like, or None; too few values look like nothing."""
    present = [value.strip() for value in values if value.strip()]
    if len(present) < FEWEST:
        return None
    for look, pattern in _LOOKS:
        if sum(bool(pattern.fullmatch(value)) for value in present) >= NEARLY_ALL * len(present):
            return look
    return None


def codes_of(values: Sequence[str]) -> tuple[str, ...]:
    """The codes among the values: all of them, when each is a short word that several rows share; else none at all.

    Asked only of columns whose name says that they hold one choice of a few.
    """
    counted = Counter(values)
    if not counted or len(counted) > MOST_CODES:
        return ()
    if all(_is_code(value) and number >= FEWEST_OF_A_CODE for value, number in counted.items()):
        return tuple(sorted(counted))
    return ()


def _is_code(value: str) -> bool:
    return len(value) <= _LONGEST_CODE and bool(_CODE.fullmatch(value))
