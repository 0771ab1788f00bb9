"""Short names for addresses and for the policy's `covers`, made of the words somebody gave."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 50
_OTHER = re.compile(r"[^a-z0-9]+")


def slug_of(words: str) -> str:
    """A short name of a-z, 0-9 and -, beginning with a letter; empty when the words hold nothing of the kind."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return _OTHER.sub("-", plain).strip("-0123456789")[:LONGEST].strip("-")
