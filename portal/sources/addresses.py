"""Says whether two e-mail addresses are the same one, as mail systems see it and as an attacker would not like it."""

from __future__ import annotations

import unicodedata


def same_address(one: object, other: object) -> bool:
    """Whether both are the same address: case and composition aside, never a look-alike (security.md B-18, B-19, B-22).

    Letters that fold to an ASCII letter without being one (the Kelvin sign, the dotless i) never equal it.
    """
    if not isinstance(one, str) or not isinstance(other, str):
        return False
    first, second = one.strip(), other.strip()
    return bool(first) and _shape(first) == _shape(second) and _folded(first) == _folded(second)


def _folded(address: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", address).lower())


def _shape(address: str) -> str:
    """The ASCII characters alone, of the decomposed address: what a look-alike cannot share."""
    singled = "".join(character for character in address if not _pretends(character))
    return "".join(filter(str.isascii, unicodedata.normalize("NFD", singled))).lower()


def _pretends(character: str) -> bool:
    """Whether a character outside ASCII becomes an ASCII one when composed or lowered."""
    return not character.isascii() and (
        unicodedata.normalize("NFC", character).isascii() or character.lower()[0].isascii()
    )
