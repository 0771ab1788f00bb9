"""Where a sign-in leads next: a page of this site or nowhere (security.md B-42)."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from portal.web.languages import ADDRESSES, PREFIXES

_OURS = re.compile(r"^/(?:en|fr)/[A-Za-z0-9/_.~%?&=+:-]*$")


def safe_next(asked: str | None) -> str:
    """The path and query to go to, or an empty string when what was asked is not a page of ours.

    Only what begins with /en/ or /fr/ passes, once and once decoded, so that no other host can hide in it.
    """
    path = asked or ""
    if len(path) > 1_500 or not _OURS.match(path):
        return ""
    decoded = unquote(path)
    if "\\" in decoded or "//" in decoded or "@" in decoded or any(ord(character) < 33 for character in decoded):
        return ""
    parts = urlsplit(path)
    return path if not parts.scheme and not parts.netloc else ""


def is_staff_page(path: str) -> bool:
    """Whether a path lies where staff work, in either language."""
    english, french = ADDRESSES["staff_home"]
    doors = (PREFIXES["en"] + english, PREFIXES["fr"] + french)
    return urlsplit(path).path in doors or path.startswith(tuple(f"{door}/" for door in doors))
