"""Six-digit codes: how long one lives, how often it may be tried, and how it is kept."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from portal.domain.languages import Language

CODE_LIFE = timedelta(minutes=10)
TRIES = 5
DIGITS = 6


class Flow(StrEnum):
    """What a code was asked for; it opens nothing else (ASVS 6.6.2)."""

    SIGN_IN = "sign_in"
    CONFIRM = "confirm"
    SUBSCRIBE = "subscribe"
    OTHER_ADDRESS = "other_address"


@dataclass(frozen=True, slots=True)
class Code:
    """One code asked for: by which browser, for which address; its digits are never kept."""

    id: int
    flow: Flow
    browser_hash: str
    address: str
    language: Language
    nonce: str
    next: str
    created_at: datetime
    expires_at: datetime
    tries: int
    used_at: datetime | None

    def alive(self, now: datetime) -> bool:
        """Whether giving it may still succeed. A clock set back does not revive it."""
        return self.used_at is None and self.created_at <= now < self.expires_at and self.tries < TRIES

    def alive_after_one_more_try(self) -> bool:
        """Whether a further try is left once the present one is counted."""
        return self.tries + 1 < TRIES


def digits_of(key: bytes, nonce: str) -> str:
    """The six digits a key makes of a random nonce, so that only the nonce need be stored until the letter leaves."""
    number = int.from_bytes(hmac.digest(key, f"code:{nonce}".encode(), "sha256"), "big")
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def link_token(key: bytes, nonce: str) -> str:
    """The token of a one-time link that a key makes of a random nonce: 256 bits, as an address writes them."""
    return base64.urlsafe_b64encode(hmac.digest(key, f"link:{nonce}".encode(), "sha256")).decode().rstrip("=")


def keyed_hash(key: bytes, label: str, value: str) -> str:
    """A hash only the key's holder can repeat, so that a stolen table tells no code, address or browser (ASVS 11.4.2)."""
    return hmac.digest(key, f"{label}:{value}".encode(), "sha256").hex()


def token_hash(token: str) -> str:
    """The hash under which a long random token is kept; it needs no key because it cannot be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()


def same(first: str, second: str) -> bool:
    """Compare in constant time (ASVS 11.2.4)."""
    return hmac.compare_digest(first.encode(), second.encode())
