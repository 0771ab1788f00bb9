"""Carries one question to a service and its answer back, within a time and a size; connections are kept and used again."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from socket import socket
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool, exceptions
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.response import BaseHTTPResponse

from portal.sources.http.failures import Deadline, Failed, TooLarge, away, broken, late
from portal.sources.http.reaching import connected
from portal.sources.http.timed import Call, TimedSocket
from portal.wording.catalogue import N_

KEPT = 32
"""How many idle connections are kept: as many as a process asks at a time."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the service answered: a status and a body, which is whole."""

    status: int
    body: bytes = field(repr=False)


class _Watched:
    """A connection that is opened to an allowed address only, and ends with its call's time."""

    def __init__(self, *given: Any, call: Call, allow_private: bool, **others: Any) -> None:
        self._call = call
        self._allow_private = allow_private
        super().__init__(*given, **others)

    def _new_conn(self: Any) -> socket:
        return connected(self.host, self.port, self._call.deadline, allow_private=self._allow_private)

    def connect(self: Any) -> None:
        super().connect()  # type: ignore[misc]  # urllib3's own, beside which this stands
        self.sock = TimedSocket(self.sock, self._call)


class _Plain(_Watched, HTTPConnection):  # type: ignore[misc]  # its socket is one that keeps time
    pass


class _Secure(_Watched, HTTPSConnection):  # type: ignore[misc]  # the same
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


class Transport:
    """The way to one service. Nothing is connected until the first question; proxies of the environment are no part of it."""

    def __init__(self, url: str, *, allow_private: bool) -> None:
        """Take an address that begins with https://, or http:// within a private network."""
        parts = urlsplit(url)
        self._secure = parts.scheme == "https"
        self._host = parts.hostname or ""
        self._port = parts.port
        self._call = Call()
        self._options: dict[str, Any] = {"call": self._call, "allow_private": allow_private, "maxsize": KEPT}
        self._pool: HTTPConnectionPool | None = None
        self._lock = Lock()
        self.base = parts.path.rstrip("/")

    def close(self) -> None:
        """Let every connection go; the next question opens another."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.close()

    def post(
        self, path: str, headers: Mapping[str, str], body: bytes, *, deadline: Deadline, most: int, fresh: bool = False
    ) -> Reply:
        """The answer to one POST. `fresh`: on a connection of its own, for what must not be sent twice.

        Raises:
            Failed: no whole answer of at most `most` bytes came before the deadline.
        """
        self._call.deadline = deadline
        failure: Failed | None = None
        try:
            return self._posted(path, headers, body, most, fresh=fresh)
        except Failed as error:
            failure = error
        except (exceptions.HTTPError, OSError, ValueError) as error:
            failure = _said_plainly(error)
        failure.__context__ = None  # what the library says of it may hold the address
        raise failure

    def _posted(self, path: str, headers: Mapping[str, str], body: bytes, most: int, *, fresh: bool) -> Reply:
        if fresh:
            with self._opened() as pool:
                return _exchanged(pool, path, headers, body, most)
        with self._lock:
            pool = self._pool = self._pool or self._opened()
        return _exchanged(pool, path, headers, body, most)

    def _opened(self) -> HTTPConnectionPool:
        if self._secure:
            return _SecurePool(self._host, self._port, ssl_context=_tls(), **self._options)
        return _PlainPool(self._host, self._port, **self._options)


def _exchanged(pool: HTTPConnectionPool, path: str, headers: Mapping[str, str], body: bytes, most: int) -> Reply:
    """One question and its answer; a connection whose answer was not read to its end is not used again."""
    given = {"User-Agent": "privacy-portal", "Accept": "application/json", "Accept-Encoding": "identity", **headers}
    answer = pool.urlopen(
        "POST", path, body, given, retries=False, redirect=False, preload_content=False, decode_content=False
    )
    try:
        _refuse_at_once(answer, most)
        content = answer.read(most + 1)
    except BaseException:
        answer.close()
        raise
    if len(content) > most:
        answer.close()
        raise TooLarge
    answer.release_conn()
    return Reply(answer.status, content)


def _refuse_at_once(answer: BaseHTTPResponse, most: int) -> None:
    """What need not be read to be refused."""
    if 300 <= answer.status < 400:
        raise broken(N_("The source %(source)s answers with a redirection, which is not followed."))
    if isinstance(answer, HTTPResponse) and (answer.length_remaining or 0) > most:
        raise TooLarge
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise broken()
    if answer.status < 500 and answer.headers.get("Content-Type", "").partition(";")[0].strip() != "application/json":
        raise broken()


def _said_plainly(error: Exception) -> Failed:
    if isinstance(error, exceptions.SSLError) and isinstance(error.args[0], ssl.SSLCertVerificationError):
        return Failed(N_("The source %(source)s shows a certificate that cannot be trusted."))
    return late() if isinstance(error, TimeoutError | exceptions.TimeoutError) else away()


@cache
def _tls() -> ssl.SSLContext:
    """Certificates are verified against the system's; reading those takes a while, so once."""
    return ssl.create_default_context()
