"""Reads what comes next while what came before is written: a source answers while its last answer becomes a file."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Part = TypeVar("Part")


def read_ahead(parts: Iterable[Part]) -> Generator[Part, None, None]:
    """The same parts in the same order, one of them read before it is asked for; what reading raises comes out in its turn.

    Nobody reads on once this is closed: the part under way is waited for, and dropped.
    """
    walked = iter(parts)
    with ThreadPoolExecutor(1, thread_name_prefix="copy-reads") as aside:
        under_way = aside.submit(_next_of, walked)
        while found := under_way.result():
            under_way = aside.submit(_next_of, walked)
            yield found[0]


def _next_of(walked: Iterable[Part]) -> tuple[Part] | None:
    """The next part, or None at the end: StopIteration does not cross a thread."""
    for part in walked:
        return (part,)
    return None
