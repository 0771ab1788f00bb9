"""What somebody typed, made fit to be shown again in a page."""

from __future__ import annotations

import unicodedata


def shown_again(text: str) -> str:
    """The text without characters that HTML may not hold; line ends and tabs stay."""
    return "".join(character for character in text if _is_fit(character))


def _is_fit(character: str) -> bool:
    """Controls, surrogates and noncharacters are unfit (HTML §13.2.3.5); what is merely new to us is not."""
    number = ord(character)
    if number & 0xFFFE == 0xFFFE or 0xFDD0 <= number <= 0xFDEF:
        return False
    return character in "\n\t" or unicodedata.category(character) not in {"Cc", "Cs"}
