"""Answers the contract over HTTP: reads no more than fits, answers nobody who did not sign, and does an act once."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any

from portal.demo.http_service.operations import Said, answer
from portal.demo.http_service.questions import BadQuestion
from portal.demo.http_service.signatures import Nonces, NotSigned, check
from portal.sources.base import Source

PREFIX = "/v1/"
LARGEST_QUESTION = 4 * 1024 * 1024
SILENT_SECONDS = 30
MOST_REMEMBERED = 10_000


class Done:
    """What was answered to acts that may be delivered twice.

    A real service keeps this beside its rows, in the transaction of the act itself; here erasing twice harms nothing, and only
    the number told would differ. One act is done at a time.
    """

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._said: OrderedDict[str, tuple[bytes, Said]] = OrderedDict()
        self._lock = Lock()

    def once(self, key: str, body: bytes, source: Source, operation: str, asked: Mapping[str, Any]) -> Said:
        """The answer to an act, done when its key is met for the first time; another act under the same key is refused."""
        digest = hashlib.sha256(body).digest()
        with self._lock:
            known = self._said.get(key)
            if known is not None:
                return known[1] if known[0] == digest else (400, {"error": "key_used"})
            said = answer(source, operation, asked)
            if said[0] < 500:
                self._said[key] = digest, said
            if len(self._said) > MOST_REMEMBERED:
                self._said.popitem(last=False)
        return said


class Service(ThreadingHTTPServer):
    """The contract in front of one source."""

    daemon_threads = True

    def __init__(self, source: Source, secret: bytes, *, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen at once; `serve_forever` answers."""
        super().__init__((host, port), _Handler)
        self.source = source
        self.secret = secret
        self.nonces = Nonces()
        self.done = Done()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of what went wrong: its traceback may hold what was asked. The portal sees the line cut."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = SILENT_SECONDS
    wbufsize = -1
    disable_nagle_algorithm = True
    server: Service

    def do_POST(self) -> None:
        body = self._body()
        if body is None:
            self.close_connection = True
            self._say(413, {"error": "too_large"})
            return
        try:
            self._say(*self._said(body))
        except NotSigned:
            self._say(401, {"error": "not_signed"})
        except BadQuestion:
            self._say(400, {"error": "bad_question"})

    def _body(self) -> bytes | None:
        """The whole body, or None when it is too large or does not say how large it is."""
        written = self.headers.get("Content-Length", "")
        if not (written.isascii() and written.isdigit()) or int(written) > LARGEST_QUESTION:
            return None
        return self.rfile.read(int(written))

    def _said(self, body: bytes) -> Said:
        headers = {name.lower(): value for name, value in self.headers.items()}
        check(self.server.secret, self.server.nonces, path=self.path, headers=headers, body=body)
        if not self.path.startswith(PREFIX):
            return 404, {"error": "unknown_operation"}
        operation, asked = self.path.removeprefix(PREFIX), _question(body)
        key = headers.get("idempotency-key")
        if operation == "erasure/erase":
            if key is None:
                raise BadQuestion
            return self.server.done.once(key, body, self.server.source, operation, asked)
        return answer(self.server.source, operation, asked)

    def _say(self, status: int, told: Mapping[str, object]) -> None:
        content = json.dumps(told, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet: what is asked is about people."""


def _question(body: bytes) -> Mapping[str, Any]:
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadQuestion from error
    if not isinstance(asked, dict):
        raise BadQuestion
    return asked
