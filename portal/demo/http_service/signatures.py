"""Looks whether a question comes from the portal, is whole, is of now, and was not delivered before (RFC 9421, RFC 9530).

Depends on nothing of the portal, so that a service may take it as it is.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import time
from collections.abc import Callable, Mapping
from threading import Lock

SKEW_SECONDS = 120
"""How far the two clocks may be apart, and so how long a nonce must be remembered."""

MOST_NONCES = 100_000

_INPUT = re.compile(
    r'portal=(?P<parameters>\((?P<covered>"[a-z@-]+"(?: "[a-z@-]+"){0,5})\);created=(?P<created>[0-9]{1,12})'
    r';nonce="(?P<nonce>[0-9a-f]{16,64})";alg="hmac-sha256";keyid="portal")'
)
_SIGNATURE = re.compile(r"portal=:(?P<mac>[A-Za-z0-9+/]{43}=):")
_COVERED = ('"@method"', '"@path"', '"content-digest"')


class NotSigned(Exception):
    """The question is not to be answered; nobody is told why."""


class Nonces:
    """Those of the last minutes: each is good once. A service of several processes keeps them where all can see them."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        """Remember none yet."""
        self.clock = clock
        self._seen: dict[str, float] = {}
        self._lock = Lock()

    def use(self, nonce: str, created: int) -> None:
        """Note one that was never used. Raises NotSigned for any other, and when there are too many to remember."""
        now = self.clock()
        if abs(now - created) > SKEW_SECONDS:
            raise NotSigned
        with self._lock:
            if len(self._seen) >= MOST_NONCES:
                self._seen = {old: until for old, until in self._seen.items() if until >= now}
            if self._seen.get(nonce, 0) >= now or len(self._seen) >= MOST_NONCES:
                raise NotSigned
            self._seen[nonce] = created + SKEW_SECONDS + 1


def check(secret: bytes, nonces: Nonces, *, path: str, headers: Mapping[str, str], body: bytes) -> None:
    """Let a POST pass that the portal signed.

    Takes the path as it was asked for, headers by their lower-case name, and the body as it came.

    Raises:
        NotSigned: it did not.
    """
    given = _INPUT.fullmatch(headers.get("signature-input", ""))
    signature = _SIGNATURE.fullmatch(headers.get("signature", ""))
    digest = f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"
    if not given or not signature or not hmac.compare_digest(digest, headers.get("content-digest", "")):
        raise NotSigned
    key = headers.get("idempotency-key")
    expected = _COVERED if key is None else (*_COVERED, '"idempotency-key"')
    if given["covered"] != " ".join(expected):
        raise NotSigned
    lines = ['"@method": POST', f'"@path": {path}', f'"content-digest": {digest}']
    lines += [] if key is None else [f'"idempotency-key": {key}']
    base = "\n".join([*lines, f'"@signature-params": {given["parameters"]}'])
    mac = hmac.digest(secret, base.encode(), "sha256")
    if not hmac.compare_digest(mac, base64.b64decode(signature["mac"])):
        raise NotSigned
    nonces.use(given["nonce"], int(given["created"]))
