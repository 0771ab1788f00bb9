"""Outside places where personal information lives: one connector for each kind, and room for kinds of other packages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from typing import Any

from portal.sources.base import Source
from portal.sources.sql import SqlSource

GROUP = "portal.sources"
"""The group of entry points under which another package names a kind of its own."""


class KindUnusable(Exception):
    """A kind that another package gives cannot be loaded, or does not open; the message names the kind alone."""


def _sql(id: str, url: str, *, hash_key: bytes, timeout_seconds: float, **_others: object) -> Source:
    return SqlSource(id, url, hash_key=hash_key, timeout_seconds=timeout_seconds)


def _http(
    id: str, url: str, *, secret: bytes, allow_private: bool, timeout_seconds: float, **_others: object
) -> Source:
    # TLS and its certificates are loaded for those alone who ask a service.
    from portal.sources.http import HttpSource

    return HttpSource(id, url, secret=secret, allow_private=allow_private, timeout_seconds=timeout_seconds)


KINDS: Mapping[str, Callable[..., Source]] = {
    "http": _http,
    "sql": _sql,
}
"""What each `kind` of portal.toml opens."""


def open_source(
    kind: str,
    id: str,
    url: str,
    *,
    hash_key: bytes = b"",
    timeout_seconds: float = 5,
    secret: bytes = b"",
    allow_private: bool = False,
) -> Source:
    """The source of that kind at that address; nothing is connected yet.

    `hash_key` keys the pseudonyms that erasing by "hash" and "random" leaves. `secret` signs what a service is asked, and
    `allow_private` lets it be one of this network. A kind that is not ours is looked for among the entry points of GROUP: what
    it names is called with these very arguments.

    Raises:
        KeyError: no such kind.
        KindUnusable: another package's kind does not load, or does not open.
        ValueError: the address is none of that kind; the message does not repeat it.
    """
    options: dict[str, Any] = {
        "hash_key": hash_key,
        "timeout_seconds": timeout_seconds,
        "secret": secret,
        "allow_private": allow_private,
    }
    if kind in KINDS:
        return KINDS[kind](id, url, **options)
    return _opened_elsewhere(kind, id, url, options)


def _opened_elsewhere(kind: str, id: str, url: str, options: Mapping[str, Any]) -> Source:
    (named, *_) = entry_points(group=GROUP, name=kind) or [None]
    if named is None:
        raise KeyError(kind)
    try:
        opened: Source = named.load()(id, url, **options)
    except Exception:  # whatever another package's code raises: its words may hold the address
        opened_well = False
    else:
        opened_well = True
    if not opened_well:
        raise KindUnusable(kind)
    return opened
