"""Numbers in addresses: a page's place, or nothing when what was given is none (security.md B-23, B-24)."""

from __future__ import annotations

LONGEST = 15


def id_or_none(given: str | None) -> int | None:
    """The identifier written in an address, or None for anything else."""
    if not given or len(given) > LONGEST or not (given.isascii() and given.isdigit()):
        return None
    return int(given) or None
