"""Reading pages kept ready: made once a version, language and day, compressed once, answered before Flask is reached.

What is kept is forgotten when the local date or the counter of publications and settings changes; both are read at
most once a second, so that midnight and other processes are seen (performance.md §2).
"""

from __future__ import annotations

import gzip
import hashlib
import logging
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import brotli

from portal.services.installation import DatabaseAway

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

READING = "portal.reading"
"""Set in the environment by a page that is the same for all, so that it may be kept."""

CACHE_CONTROL = "public, max-age=60, must-revalidate"
_PAGES = 512
_SMALLEST_COMPRESSED = 400
_LARGEST_AT_BEST = 32 * 1024
"""A longer page, such as a comparison seldom read, takes brotli's best a tenth of a second for a few bytes."""
_STATIC = "/static/"

Headers = list[tuple[str, str]]
Key = tuple[str, str]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Form:
    """One answer in one encoding: its mark, what is said with it, and what is said when the client has it already."""

    etag: str
    body: bytes
    headers: tuple[tuple[str, str], ...]
    headers_when_known: tuple[tuple[str, str], ...]


class Kept:
    """One answer, in each encoding from when somebody first wishes it: the first visit waits for no other's."""

    def __init__(self, headers: Headers, body: bytes, *, compressed: bool) -> None:
        """Keep the answer as it is; `compressed`: it may be given in the other encodings too."""
        self._said = tuple((name, value) for name, value in headers if name.lower() not in _OWN)
        self._mark = hashlib.sha256(body).hexdigest()[:24]
        self._identity = _form(self._said, self._mark, "identity", body)
        self._forms = {"identity": self._identity}
        self._compressed = compressed and len(body) >= _SMALLEST_COMPRESSED and _is_text(headers)

    def best(self, wished: Iterable[str]) -> Form:
        """The first encoding wished for that this answer has; as it is when there is none."""
        for encoding in wished:
            if encoding == "identity" or self._compressed:
                return self._forms.get(encoding) or self._made(encoding)
        return self._identity

    def _made(self, encoding: str) -> Form:
        """Compress, and keep the result. Two clients at one instant may both do so: they make the same bytes."""
        body = _COMPRESSED[encoding](self._identity.body)
        made = self._forms[encoding] = _form(self._said, self._mark, encoding, body)
        return made


class ReadingPages:
    """A layer under the host check and the headers, over Flask."""

    def __init__(self, application: WSGIApplication, edition: Callable[[], object]) -> None:
        """Wrap an application; `edition` says what today's pages depend on, and is asked at most once a second."""
        self._application = application
        self._edition = edition
        self._asked_at = -math.inf
        self._present: object = None
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer from what is kept, or let Flask answer and keep what it says may be kept."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return self._application(environ, start_response)
        self._notice_new_edition()
        key = _key(environ)
        kept = self._kept.get(key) if key else None
        if kept is None:
            return self._ask(key, environ, start_response)
        return _answer(kept, environ, start_response)

    def _notice_new_edition(self) -> None:
        moment = time.monotonic()
        if moment - self._asked_at < 1:
            return
        self._asked_at = moment
        try:
            edition = self._edition()
        except DatabaseAway:  # what is kept stays readable; Flask says the rest
            _log.warning("edition_not_read")
            return
        if edition != self._present:
            with self._lock:
                self._present = edition
                self._kept.clear()

    def _ask(self, key: Key | None, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        present = self._present
        asked = _Asked(dict(environ, REQUEST_METHOD="GET"), start_response)
        answer = self._application(asked.environ, asked.start)
        if asked.headers is None:
            return _without_body(answer) if environ["REQUEST_METHOD"] == "HEAD" else answer
        try:
            body = b"".join([*asked.written, *answer])
        finally:
            _close(answer)
        kept = Kept(asked.headers, body, compressed=key is not None)
        if key:
            self._remember(key, kept, present)
        return _answer(kept, environ, start_response)

    def _remember(self, key: Key, kept: Kept, present: object) -> None:
        """Keep an answer, unless it was begun before what is published now."""
        with self._lock:
            if present is not self._present:
                return
            self._kept[key] = kept
            while len(self._kept) > _PAGES:
                self._kept.popitem(last=False)


class _Asked:
    """Flask's answer, held back when it may be kept and passed on when it may not."""

    def __init__(self, environ: WSGIEnvironment, start_response: StartResponse) -> None:
        self.environ = environ
        self.headers: Headers | None = None
        self.written: list[bytes] = []
        self._start_response = start_response

    def start(self, status: str, headers: Headers, exc_info: Any = None) -> Any:
        """WSGI's start_response."""
        self.headers = None
        if status.startswith("200") and self.environ.get(READING):
            if not _is_for_one(headers):
                self.headers = headers
                return self.written.append
            headers = [*headers, ("Cache-Control", "no-store, private")]
        return self._start_response(status, headers, exc_info) if exc_info else self._start_response(status, headers)


def _key(environ: WSGIEnvironment) -> Key | None:
    """What tells kept answers apart; None for what is answered but not kept, so that queries made up fill nothing.

    Static files are the same whatever their query, which only tells browsers that they changed.
    """
    path = environ.get("PATH_INFO", "")
    if environ.get("QUERY_STRING") and not path.startswith(_STATIC):
        return None
    return environ.get("HTTP_HOST", "").lower(), path


def _is_for_one(headers: Headers) -> bool:
    """An answer that gives a cookie, or read one, is never given to another, whatever the page declares."""
    return any(
        name.lower() == "set-cookie" or (name.lower() == "vary" and "cookie" in value.lower())
        for name, value in headers
    )


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)


def _brotli(body: bytes) -> bytes:
    compressed: bytes = brotli.compress(body, quality=11 if len(body) <= _LARGEST_AT_BEST else 5)
    return compressed


_COMPRESSED: Mapping[str, Callable[[bytes], bytes]] = {"gzip": _gzip, "br": _brotli}


def _form(named: tuple[tuple[str, str], ...], mark: str, encoding: str, body: bytes) -> Form:
    """Each encoding has a mark of its own (RFC 9110 §8.8.3.3)."""
    etag = f'"{mark}"' if encoding == "identity" else f'"{mark}-{encoding}"'
    said = (("ETag", etag), ("Cache-Control", CACHE_CONTROL), ("Vary", "Accept-Encoding"))
    encoded = () if encoding == "identity" else (("Content-Encoding", encoding),)
    when_known = tuple((name, value) for name, value in named if name.lower() != "content-type")
    return Form(
        etag=etag,
        body=body,
        headers=(*named, *said, *encoded, ("Content-Length", str(len(body)))),
        headers_when_known=(*when_known, *said),
    )


_OWN = frozenset({"content-length", "etag", "cache-control", "vary", "content-encoding"})


def _is_text(headers: Headers) -> bool:
    kind = next((value for name, value in headers if name.lower() == "content-type"), "")
    return kind.startswith("text/") or "xml" in kind or "javascript" in kind or "json" in kind


def _answer(kept: Kept, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    form = kept.best(encodings_by_wish(environ.get("HTTP_ACCEPT_ENCODING", "")))
    if _is_known(environ.get("HTTP_IF_NONE_MATCH", ""), form.etag):
        start_response("304 Not Modified", [*form.headers_when_known])
        return []
    start_response("200 OK", [*form.headers])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [form.body]


@lru_cache(maxsize=256)
def encodings_by_wish(accepted: str) -> tuple[str, ...]:
    """The encodings a client takes, the one it likes best first, the smaller of two it likes alike (RFC 9110 §12.5.3)."""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, parameter = part.partition(";")
        weights[name.strip()] = _weight(parameter)
    wishes = {name: weights.get(name, weights.get("*", 0.0)) for name in ("br", "gzip")}
    wishes["identity"] = weights.get("identity", 0.0)
    return tuple(sorted((name for name, weight in wishes.items() if weight > 0), key=lambda name: -wishes[name]))


def _weight(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0


def _is_known(if_none_match: str, etag: str) -> bool:
    """Whether the client holds this answer already; a weak mark compares as its strong one (RFC 9110 §13.1.2)."""
    if not if_none_match:
        return False
    return if_none_match.strip() == "*" or etag in (
        mark.strip().removeprefix("W/") for mark in if_none_match.split(",")
    )


def _without_body(answer: Iterable[bytes]) -> Iterable[bytes]:
    _close(answer)
    return []


def _close(answer: Iterable[bytes]) -> None:
    close = getattr(answer, "close", None)
    if close:
        close()
