"""A small HTTP client that keeps its connection and costs little itself, so that what it times is the server."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from urllib.parse import urlencode

Headers = Mapping[str, str]

_RATE = re.compile(r"Requests per second:\s+([\d.]+)")
_FAILED = re.compile(r"Failed requests:\s+(\d+)")


class WireClosed(Exception):
    """The server closed the connection in the middle of an answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: its status, its headers in lower case, its body, and the bytes it took on the wire."""

    status: int
    headers: Headers
    body: bytes
    size: int


class Wire:
    """One connection to a port of this machine."""

    def __init__(self, port: int, cookie: str = "") -> None:
        """Connect; `cookie` goes with each request."""
        self._host = f"127.0.0.1:{port}"
        self._cookie = cookie
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=600)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._left = b""

    def __enter__(self) -> Wire:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def get(self, path: str, **headers: str) -> Answer:
        """Ask for a page."""
        return self._ask("GET", path, b"", headers)

    def post(self, path: str, fields: Mapping[str, str], *, keep: bool = True) -> Answer:
        """Send a form; `keep` False counts a long body instead of holding it."""
        headers = {"content-type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(fields).encode(), headers, keep=keep)

    def _ask(self, method: str, path: str, body: bytes, headers: Headers, *, keep: bool = True) -> Answer:
        lines = [f"{method} {path} HTTP/1.1", f"host: {self._host}", f"content-length: {len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        lines += [f"cookie: {self._cookie}"] if self._cookie else []
        self._socket.sendall("\r\n".join([*lines, "", ""]).encode() + body)
        return self._answer(keep=keep)

    def _answer(self, *, keep: bool) -> Answer:
        head = self._until(b"\r\n\r\n")
        first, *rest = head.decode("latin-1").split("\r\n")
        said = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest if line)}
        status = int(first.split()[1])
        if said.get("transfer-encoding") == "chunked":
            body, size = self._chunks(keep=keep)
        else:
            size = 0 if status in {204, 304} else int(said.get("content-length", "0"))
            body = self._exactly(size)
        return Answer(status, said, body, len(head) + size)

    def _chunks(self, *, keep: bool) -> tuple[bytes, int]:
        parts: list[bytes] = []
        size = 0
        while True:
            length = int(self._until(b"\r\n").split(b";")[0], 16)
            part = self._exactly(length + 2)[:-2]
            if not length:
                return b"".join(parts), size
            size += length
            if keep:
                parts.append(part)

    def _until(self, end: bytes) -> bytes:
        while end not in self._left:
            self._more()
        found, _, self._left = self._left.partition(end)
        return found + end

    def _exactly(self, size: int) -> bytes:
        while len(self._left) < size:
            self._more()
        found, self._left = self._left[:size], self._left[size:]
        return found

    def _more(self) -> None:
        read = self._socket.recv(262_144)
        if not read:
            raise WireClosed
        self._left += read


def rate(port: int, path: str, *, seconds: int, clients: int = 8, headers: Headers | None = None) -> float:
    """Requests a second that a server answers several clients: by `ab` where it is installed, else by one Wire.

    Raises:
        RuntimeError: some requests failed.
    """
    named = headers or {}
    if not shutil.which("ab"):
        return _rate_of_one(port, path, seconds, named)
    asked = [part for name, value in named.items() for part in ("-H", f"{name}: {value}")]
    command = ["ab", "-q", "-k", "-c", str(clients), "-t", str(seconds), "-n", "10000000", *asked]
    said = subprocess.run([*command, f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, check=True)
    found, failed = _RATE.search(said.stdout), _FAILED.search(said.stdout)
    if not found or not failed or failed[1] != "0":
        raise RuntimeError(said.stdout + said.stderr)
    return float(found[1])


def _rate_of_one(port: int, path: str, seconds: int, headers: Headers) -> float:
    asked, began = 0, time.perf_counter()
    with Wire(port) as wire:
        while time.perf_counter() - began < seconds:
            wire.get(path, **{name.replace("-", "_").lower(): value for name, value in headers.items()})
            asked += 1
    return asked / (time.perf_counter() - began)
