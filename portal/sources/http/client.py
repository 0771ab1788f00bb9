"""Asks a service: signs, waits, asks again where that can do no harm, and leaves it alone when it keeps failing."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.sources.base import SourceUnavailable
from portal.sources.http import answers
from portal.sources.http.breaker import Breaker
from portal.sources.http.failures import Deadline, Failed, TooLarge, misplaced
from portal.sources.http.signing import signed_headers
from portal.sources.http.transport import Reply, Transport
from portal.wording.catalogue import N_

VERSION = "/v1"
SMALL, LARGE = 1024 * 1024, 16 * 1024 * 1024
"""Bytes of an answer: of one that only counts, and of one that holds rows or tables."""

LARGEST_QUESTION = 4 * 1024 * 1024
"""Bytes of a question: nothing a person types into a form comes near."""

WAITS = (0.1, 0.3)
"""Seconds before asking again, as long as the call's time allows."""

BUSY = frozenset({429, 502, 503, 504})
"""Answers that say "not now" rather than "no"."""

TOLD = frozenset({200, 400, 404, 409, 422, 501})
"""Answers with a body of the contract."""


class AnswerTooLarge(SourceUnavailable):
    """The answer did not fit; a smaller question may be answered."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the service said, and under which status."""

    status: int
    answer: Mapping[str, object] = field(repr=False)

    def is_error(self, name: str) -> bool:
        """Whether it is this error of the contract; a page "not found" of some proxy's is not."""
        return self.status != 200 and self.answer.get("error") == name


class Client:
    """One service, as one process asks it."""

    def __init__(self, id: str, url: str, *, secret: bytes, allow_private: bool, timeout_seconds: float) -> None:
        """Connect to nothing yet."""
        self._id = id
        self.secret = secret
        self._timeout = timeout_seconds
        self.transport = Transport(url, allow_private=allow_private)
        self._breaker = Breaker()

    def ask(
        self,
        operation: str,
        question: Mapping[str, object],
        *,
        most: int = SMALL,
        repeat: bool = True,
        key: str | None = None,
    ) -> Told:
        """What the service says to a question of the contract.

        `repeat`: whether it may be asked again when no answer came. `key` names an act, so that one delivered twice is done once.

        Raises:
            SourceUnavailable: no answer of the contract came in time.
        """
        failure: Failed | None = None
        try:
            with self._breaker.watching():
                return self._told(operation, json.dumps(question).encode(), most=most, repeat=repeat, key=key)
        except Failed as error:
            failure = error
        kind = AnswerTooLarge if isinstance(failure, TooLarge) else SourceUnavailable
        unavailable = kind(failure.sentence, source=self._id, **failure.values)
        unavailable.__context__ = None
        raise unavailable

    def headers(self, operation: str, body: bytes, *, key: str | None = None) -> dict[str, str]:
        """The headers of one delivery: signed now, and good once."""
        signed = signed_headers(
            self.secret,
            path=self.path(operation),
            body=body,
            created=int(time.time()),
            nonce=secrets.token_hex(16),
            idempotency_key=key,
        )
        return {"Content-Type": "application/json", **signed}

    def path(self, operation: str) -> str:
        """Where an operation of the contract is asked for."""
        return f"{self.transport.base}{VERSION}/{operation}"

    def _told(self, operation: str, body: bytes, *, most: int, repeat: bool, key: str | None) -> Told:
        if len(body) > LARGEST_QUESTION:
            raise Failed(N_("The source %(source)s was not asked: the question is too large."))
        deadline = Deadline(self._timeout)
        for wait in (*WAITS, None):
            try:
                return self._delivered(operation, body, deadline, most=most, fresh=not repeat, key=key)
            except Failed as error:
                if not (repeat and error.again) or wait is None or not deadline.leaves(wait):
                    raise
                time.sleep(wait)
        raise AssertionError("the last wait is none")  # pragma: no cover

    def _delivered(
        self, operation: str, body: bytes, deadline: Deadline, *, most: int, fresh: bool, key: str | None
    ) -> Told:
        reply = self.transport.post(
            self.path(operation),
            self.headers(operation, body, key=key),
            body,
            deadline=deadline,
            most=most,
            fresh=fresh,
        )
        return _read(reply)


def _read(reply: Reply) -> Told:
    if reply.status in BUSY:
        raise Failed(N_("The source %(source)s says that it cannot answer now."), again=True)
    if reply.status in {401, 403}:
        raise Failed(N_("The source %(source)s does not accept the portal’s signature."))
    if reply.status not in TOLD:
        raise misplaced(reply.status)
    return Told(reply.status, answers.read(reply.body))
