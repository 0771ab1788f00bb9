"""Signs what the portal asks, in the simplest profile of HTTP Message Signatures (RFC 9421) with a digest of the body (RFC 9530).

Covered are the method, the path, the body's digest and, where there is one, the key of an act that may be delivered twice.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence

ALGORITHM = "hmac-sha256"
KEY_ID = "portal"
LABEL = "portal"


def digest_of(body: bytes) -> str:
    """The Content-Digest of a body (RFC 9530 §2)."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def signature_base(components: Iterable[tuple[str, str]], parameters: str) -> bytes:
    """The very bytes that are signed: a line for each component, the parameters last (RFC 9421 §2.5)."""
    lines = [f'"{name}": {value}' for name, value in components]
    return "\n".join([*lines, f'"@signature-params": {parameters}']).encode()


def mac_of(secret: bytes, base: bytes) -> bytes:
    """HMAC-SHA-256 of a signature base (RFC 9421 §3.3.3)."""
    return hmac.digest(secret, base, "sha256")


def signed_headers(
    secret: bytes, *, path: str, body: bytes, created: int, nonce: str, idempotency_key: str | None = None
) -> Mapping[str, str]:
    """The headers of one POST. `created` is in seconds since 1970 and `nonce` is used once, a retry included."""
    digest = digest_of(body)
    components = [("@method", "POST"), ("@path", path), ("content-digest", digest)]
    if idempotency_key is not None:
        components.append(("idempotency-key", idempotency_key))
    parameters = _parameters([name for name, _ in components], created, nonce)
    signature = base64.b64encode(mac_of(secret, signature_base(components, parameters))).decode()
    headers = {
        "Content-Digest": digest,
        "Signature-Input": f"{LABEL}={parameters}",
        "Signature": f"{LABEL}=:{signature}:",
    }
    return headers | ({} if idempotency_key is None else {"Idempotency-Key": idempotency_key})


def _parameters(names: Sequence[str], created: int, nonce: str) -> str:
    covered = " ".join(f'"{name}"' for name in names)
    return f'({covered});created={created};nonce="{nonce}";alg="{ALGORITHM}";keyid="{KEY_ID}"'
