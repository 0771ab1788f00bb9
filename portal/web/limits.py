"""How many forms one network may send: in memory with one process, in Redis with several (performance.md §1)."""

from __future__ import annotations

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from portal.services.installation import Installation

FORMS = "300 per minute"
"""Far above what people do, far below what a program could; code tries have their own, stricter counts."""


def limiter_for(app: Flask, installation: Installation) -> Limiter:
    """A limiter for one app; readers are never counted."""
    return Limiter(
        key_func=get_remote_address,
        app=app,
        storage_uri=installation.settings.limits.url or "memory://",
        default_limits=[FORMS],
        default_limits_exempt_when=lambda: request.method != "POST",
        headers_enabled=False,
        strategy="fixed-window",
        key_prefix="portal",
        swallow_errors=True,
    )
