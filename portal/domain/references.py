"""Rights requests' references: `R-` and twelve Crockford base32 characters, sixty random bits, forgiving to read."""

from __future__ import annotations

import re

BITS = 60
_LONGEST = 40
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
FORGIVEN = str.maketrans("OIL", "011")
_CANONICAL = re.compile(rf"^R[{ALPHABET}]{{12}}$")


def reference_from(number: int) -> str:
    """The reference that writes a number of sixty random bits, such as `R-7F3K-9QXM-2T4W`.

    Raises:
        ValueError: the number does not fit in sixty bits.
    """
    if not 0 <= number < 1 << BITS:
        raise ValueError(number)
    letters = "".join(ALPHABET[(number >> shift) & 31] for shift in range(BITS - 5, -1, -5))
    return f"R-{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def canonical_reference(written: str) -> str | None:
    """The canonical form of a reference however it was typed, or None when it is none.

    Case, hyphens and spaces do not matter; O reads as 0, I and L as 1.
    """
    if len(written) > _LONGEST:
        return None
    letters = re.sub(r"[\s-]", "", written).upper()
    letters = letters[:1] + letters[1:].translate(FORGIVEN)
    if not _CANONICAL.match(letters):
        return None
    return f"R-{letters[1:5]}-{letters[5:9]}-{letters[9:]}"
