"""How many forms one network may send: in memory with one process, in Redis with several (performance.md §1)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache

from flask import Flask, request
from werkzeug.exceptions import TooManyRequests

from portal.services.installation import Installation

FORMS_A_MINUTE = 300
"""Far above what people do, far below what a program could; code tries have their own, stricter counts."""

Allows = Callable[[str, str], bool]
"""Count one more form sent to an endpoint from a network; False when that is one too many."""

_log = logging.getLogger(__name__)


def limit_forms(app: Flask, installation: Installation) -> None:
    """Refuse more forms of one kind than a network may send in a minute; readers are never counted."""
    shared = installation.settings.limits.url

    @cache
    def counter() -> Allows:
        return _counter(shared or "memory://")

    if shared:
        counter()  # a wrong address is told at the start; in memory the first form brings its counter along

    @app.before_request
    def _count() -> None:
        if request.method == "POST" and request.endpoint and not _allowed(counter(), request.endpoint):
            raise TooManyRequests


def _allowed(allows: Allows, endpoint: str) -> bool:
    """A counter that does not answer keeps nobody from their rights."""
    try:
        return allows(endpoint, request.remote_addr or "127.0.0.1")
    except Exception as error:
        _log.warning("forms_not_counted %s", type(error).__name__)
        return True


def _counter(address: str) -> Allows:
    from limits import RateLimitItemPerMinute  # late: it brings every kind of store along, and readers need none
    from limits.storage import storage_from_string
    from limits.strategies import FixedWindowRateLimiter

    window = FixedWindowRateLimiter(storage_from_string(address))
    most = RateLimitItemPerMinute(FORMS_A_MINUTE, namespace="portal")

    def allows(endpoint: str, network: str) -> bool:
        return window.hit(most, endpoint, network)

    return allows
