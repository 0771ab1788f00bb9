"""Tries what a service must refuse: questions unsigned, old, changed or sent twice."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping, Sequence

from portal.sources.base import SourceUnavailable
from portal.sources.http.client import LARGE
from portal.sources.http.failures import Deadline, Failed
from portal.sources.http.signing import signed_headers
from portal.sources.http.source import HttpSource

QUESTION, OPERATION = b"{}", "describe"
"""The question that is asked: of nobody."""

LONG_AGO_SECONDS = 600
PATIENCE_SECONDS = 10.0


def refuses_unsigned(source: HttpSource) -> bool:
    """Whether a question without a signature, or signed with another secret, is answered with 401. Raises SourceUnavailable."""
    return _statuses(source, [{}, _signed(source, secret=secrets.token_bytes(32))]) == [401, 401]


def refuses_changed(source: HttpSource) -> bool:
    """Whether a question that is not the one that was signed is answered with 401. Raises SourceUnavailable."""
    return _statuses(source, [_signed(source)], body=b'{"x": 1}') == [401]


def refuses_old(source: HttpSource) -> bool:
    """Whether a question signed ten minutes ago is answered with 401. Raises SourceUnavailable."""
    return _statuses(source, [_signed(source, created=int(time.time()) - LONG_AGO_SECONDS)]) == [401]


def answers_once(source: HttpSource) -> bool:
    """Whether the same delivery is answered the first time and with 401 the second. Raises SourceUnavailable."""
    signed = _signed(source)
    return _statuses(source, [signed, signed]) == [200, 401]


def _signed(source: HttpSource, *, secret: bytes | None = None, created: int | None = None) -> Mapping[str, str]:
    return signed_headers(
        secret or source.client.secret,
        path=source.client.path(OPERATION),
        body=QUESTION,
        created=created or int(time.time()),
        nonce=secrets.token_hex(16),
    )


def _statuses(source: HttpSource, deliveries: Sequence[Mapping[str, str]], body: bytes = QUESTION) -> list[int]:
    failure: Failed | None = None
    try:
        return [_status(source, headers, body) for headers in deliveries]
    except Failed as error:
        failure = error
    raise SourceUnavailable(failure.sentence, source=source.id, **failure.values)


def _status(source: HttpSource, headers: Mapping[str, str], body: bytes) -> int:
    """The status of one delivery, made once: what is looked at is a refusal, so nothing is asked again."""
    given = {"Content-Type": "application/json", **headers}
    path = source.client.path(OPERATION)
    return source.client.transport.post(path, given, body, deadline=Deadline(PATIENCE_SECONDS), most=LARGE).status
