"""A service that misbehaves on purpose, on a real socket: each test says how."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

JSON = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
Manner = Callable[[socket.socket, "Rogue"], None]
"""What is done with one connection."""


@dataclass
class Rogue:
    """Where it listens, and what it saw."""

    port: int
    connections: int = 0
    asked: list[bytes] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def read(self, line: socket.socket) -> bytes:
        """One whole question, noted; nothing when the other side went away."""
        received = b""
        while b"\r\n\r\n" not in received:
            if not (more := line.recv(65_536)):
                return b""
            received += more
        head, _, body = received.partition(b"\r\n\r\n")
        (length,) = (
            int(row.split(b":")[1]) for row in head.split(b"\r\n") if row.lower().startswith(b"content-length:")
        )
        while len(body) < length and (more := line.recv(65_536)):
            body += more
        self.asked.append(head + b"\r\n\r\n" + body)
        return self.asked[-1]


@contextmanager
def misbehaving(manner: Manner) -> Iterator[Rogue]:
    """A server that treats each connection in its manner, until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        rogue = Rogue(listening.getsockname()[1])
        threads: list[threading.Thread] = []

        def serve(line: socket.socket) -> None:
            with line, suppress(OSError):
                manner(line, rogue)

        def accept() -> None:
            with suppress(OSError):
                while True:
                    line, _ = listening.accept()
                    rogue.connections += 1
                    threads.append(threading.Thread(target=serve, args=(line,), daemon=True))
                    threads[-1].start()

        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        try:
            yield rogue
        finally:
            rogue.over.set()
            listening.shutdown(socket.SHUT_RDWR)
            for thread in (accepting, *threads):
                thread.join(5)


def cut(line: socket.socket) -> None:
    """Reset the connection, as a machine that lost its power does."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()


def answer(body: bytes, head: bytes = JSON) -> bytes:
    """A whole answer."""
    return head + f"Content-Length: {len(body)}\r\n\r\n".encode() + body


def saying(sent: bytes) -> Manner:
    """Answers every question with these bytes."""

    def manner(line: socket.socket, rogue: Rogue) -> None:
        while rogue.read(line):
            line.sendall(sent)

    return manner


def hanging(line: socket.socket, rogue: Rogue) -> None:
    """Takes the question and never answers."""
    rogue.read(line)
    rogue.over.wait(20)


def deaf(_line: socket.socket, rogue: Rogue) -> None:
    """Never even reads."""
    rogue.over.wait(20)


def dripping(sent: bytes) -> Manner:
    """Answers, a byte at a time: each in time, the whole never."""

    def manner(line: socket.socket, rogue: Rogue) -> None:
        rogue.read(line)
        for index in range(len(sent)):
            line.sendall(sent[index : index + 1])
            if rogue.over.wait(0.05):
                return

    return manner


def cutting(sent: bytes, *, reads: bool = True) -> Manner:
    """Sends so much of an answer, then resets."""

    def manner(line: socket.socket, rogue: Rogue) -> None:
        if reads:
            rogue.read(line)
        line.sendall(sent)
        cut(line)

    return manner


def flooding(head: bytes, piece: bytes) -> Manner:
    """Sends a head, then the same piece for ever."""

    def manner(line: socket.socket, rogue: Rogue) -> None:
        rogue.read(line)
        line.sendall(head)
        while not rogue.over.is_set():
            line.sendall(piece)

    return manner
