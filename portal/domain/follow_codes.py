"""Follow codes: with its reference, what reads where a request stands, without an account (design §4.6)."""

from __future__ import annotations

import hmac
import re

from portal.domain.references import ALPHABET, FORGIVEN

LETTERS = "".join(sign for sign in ALPHABET if sign.isalpha())
_LENGTH, _HALF = 8, 4
_LONGEST = 40
_CANONICAL = re.compile(rf"^[{ALPHABET}]{{{_LENGTH}}}$")


def follow_code(key: bytes, reference: str, number: int = 0) -> str:
    """The code a key makes of a reference, such as `K7Q2-M4XZ`: always the same, so that nothing of it is stored.

    `number`: how many codes of the request were replaced before this one; each number makes a code of its own.
    Each half begins with a letter, so that nobody takes a part of it for the six digits of a sign-in code.
    """
    of = f"follow:{reference}:{number}" if number else f"follow:{reference}"
    drawn = int.from_bytes(hmac.digest(key, of.encode(), "sha256"), "big")
    signs = []
    for place in range(_LENGTH):
        alphabet = ALPHABET if place % _HALF else LETTERS
        drawn, rest = divmod(drawn, len(alphabet))
        signs.append(alphabet[rest])
    return _in_halves("".join(signs))


def canonical_follow_code(written: str) -> str | None:
    """The code as letters write it, however it was typed, or None when it is none.

    Case, hyphens and spaces do not matter; O reads as 0, I and L as 1, as in a reference.
    """
    if len(written) > _LONGEST:
        return None
    signs = re.sub(r"[\s-]", "", written).upper().translate(FORGIVEN)
    return _in_halves(signs) if _CANONICAL.match(signs) else None


def _in_halves(signs: str) -> str:
    return f"{signs[:_HALF]}-{signs[_HALF:]}"
