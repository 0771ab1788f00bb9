"""A connection that ends with its call's time: a limit on each read alone would let a service drip for ever."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from portal.sources.http.failures import Deadline, late

SENT_AT_ONCE = 64 * 1024


class Call(threading.local):
    """The call that this thread is making: connections outlive calls, and take their time from it."""

    deadline = Deadline(0)


class TimedSocket:
    """All that http.client and urllib3 ask of a socket, each step within the time that is left."""

    def __init__(self, raw: socket.socket, call: Call) -> None:
        """Take a connection that is open, in TLS or not."""
        self._raw = raw
        self._call = call

    def sendall(self, data: Any) -> None:
        """Send everything, or fail when the time is up."""
        waiting = memoryview(data)
        while waiting:
            with _in_time(self._raw, self._call):
                waiting = waiting[self._raw.send(waiting[:SENT_AT_ONCE]) :]

    def makefile(self, *_: object, **__: object) -> io.BufferedReader:
        """What is read from."""
        return io.BufferedReader(_TimedReader(self._raw, self._call))

    def settimeout(self, _seconds: float | None) -> None:
        """Nothing: the time that is left is looked at before each step."""

    def fileno(self) -> int:
        """The system's number for it, by which its end is noticed while nobody reads."""
        return self._raw.fileno()

    def close(self) -> None:
        """Close it, once nobody reads from it any more."""
        self._raw.close()


@contextmanager
def _in_time(raw: socket.socket, call: Call) -> Iterator[None]:
    """Let one step take what time is left. Raises Failed when that is not enough."""
    raw.settimeout(call.deadline.left())
    try:
        yield
    except TimeoutError:
        raise late() from None


class _TimedReader(io.RawIOBase):
    def __init__(self, raw: socket.socket, call: Call) -> None:
        self._raw = raw
        self._call = call
        self._reading = raw.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any) -> int | None:
        with _in_time(self._raw, self._call):
            return self._reading.readinto(room)

    def close(self) -> None:
        self._reading.close()
        super().close()
