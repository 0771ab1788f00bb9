"""The installation's secret, and what is made of it: one key for each use, so that none serves two."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Keys:
    """The secret in use and those it replaced, the newest first; never printed."""

    current: bytes = field(repr=False)
    previous: tuple[bytes, ...] = field(default=(), repr=False)

    def for_(self, use: str) -> bytes:
        """The key for one use, made of the secret in force."""
        return _derived(self.current, use)

    def all_for(self, use: str) -> Iterator[bytes]:
        """The keys that may still open what was made for one use, the present one first."""
        for secret in (self.current, *self.previous):
            yield _derived(secret, use)


def _derived(secret: bytes, use: str) -> bytes:
    return hmac.digest(secret, f"portal:{use}".encode(), "sha256")
