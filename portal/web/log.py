"""One line a request, without a value that came from a person: method, page, answer, time (ASVS 14.2.1, 16.4.1).

Lines go out together a few times a second: threads that answer never wait for one another to write.
"""

from __future__ import annotations

import atexit
import logging
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_log = logging.getLogger("portal.access")
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"})
_LONGEST = 120
_TOGETHER_EVERY = 0.2
_MOST_WAITING = 100_000
"""Where nobody reads the log, the oldest lines are given up rather than the memory of the machine."""


class LinesTogether(logging.Handler):
    """Writes what was logged every fifth of a second, and at once from a warning up, which must survive a kill.

    A write for each line made a process with eight threads answer a third of the reading pages it can.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        """Write to a stream, stderr when none is given."""
        super().__init__()
        self._stream = stream or sys.stderr
        self._waiting: deque[logging.LogRecord] = deque(maxlen=_MOST_WAITING)
        self._one_writes = threading.Lock()
        threading.Thread(target=self._write_now_and_then, name="log-lines", daemon=True).start()
        atexit.register(self.flush)

    def handle(self, record: logging.LogRecord) -> bool:
        """Take a record in, without the lock that every other handler holds while it writes."""
        self._waiting.append(record)
        if record.levelno >= logging.WARNING:
            self.flush()
        return True

    def flush(self) -> None:
        """Write what waits, in the order it came."""
        with self._one_writes:
            lines = [self._line(self._waiting.popleft()) for _ in range(len(self._waiting))]
            with suppress(OSError, ValueError):  # a closed or full stream must stop neither pages nor later lines
                self._stream.write("".join(lines))
                self._stream.flush()

    def _line(self, record: logging.LogRecord) -> str:
        try:
            return f"{self.format(record)}\n"
        except (TypeError, ValueError):
            return f"{record.levelname} {record.name} (a line that could not be written)\n"

    def _write_now_and_then(self) -> None:
        while True:
            time.sleep(_TOGETHER_EVERY)
            self.flush()


class AccessLog:
    """Writes what was answered to whom-knows-who: no address, no query, no name of a browser."""

    def __init__(self, application: WSGIApplication) -> None:
        """Wrap an application."""
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, and log it at INFO when it was quick work, nothing when logging is off."""
        if not _log.isEnabledFor(logging.INFO):
            return self._application(environ, start_response)
        began = time.perf_counter()

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            milliseconds = (time.perf_counter() - began) * 1000
            method = environ["REQUEST_METHOD"] if environ["REQUEST_METHOD"] in _METHODS else "OTHER"
            _log.info("%s %s %s %.0fms", method, shown_path(environ.get("PATH_INFO", "")), status[:3], milliseconds)
            return start_response(status, headers, *rest)

        return self._application(environ, start)


def shown_path(path: str) -> str:
    """A path fit for one line of a log: printable ASCII, one-time links cut out, no more than 120 characters."""
    parts = ["(link)" if index and _is_token(part) else part for index, part in enumerate(path.split("/"))]
    plain = "/".join(parts).encode("ascii", "backslashreplace").decode()
    return "".join(character if character.isprintable() else "?" for character in plain)[:_LONGEST]


def _is_token(part: str) -> bool:
    """Whether a part of a path looks like a secret: long and random, or an address."""
    return len(part) >= 22 or "@" in part
