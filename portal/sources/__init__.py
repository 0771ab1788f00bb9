"""Outside databases where personal information lives: one connector for each kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from portal.sources.base import Source
from portal.sources.sql import SqlSource

KINDS: Mapping[str, Callable[..., Source]] = {
    "sql": SqlSource,
}
"""What each `kind` of portal.toml opens."""


def open_source(kind: str, id: str, url: str, *, hash_key: bytes = b"", timeout_seconds: float = 5) -> Source:
    """The source of that kind at that address; nothing is connected yet.

    `hash_key` keys the pseudonyms that erasing by "hash" and "random" leaves.

    Raises:
        KeyError: no such kind.
        ValueError: the address is none of that kind; the message does not repeat it.
    """
    return KINDS[kind](id, url, hash_key=hash_key, timeout_seconds=timeout_seconds)
