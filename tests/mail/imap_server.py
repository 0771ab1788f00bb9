"""A small mailbox for tests that speaks enough of IMAP (RFC 3501) for a reader of unread messages."""

from __future__ import annotations

import base64
import re
import socketserver
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote

USER, PASSWORD = "returns", "p@ss"


@dataclass
class Mailbox:
    """Its messages, numbered from 1, which were marked as read, and its name and password."""

    messages: Sequence[bytes]
    seen: set[int] = field(default_factory=set)
    port: int = 0
    name: str = "INBOX"
    password: str = PASSWORD

    @property
    def url(self) -> str:
        """Its address, as settings write it."""
        return f"imap://{USER}:{quote(self.password)}@127.0.0.1:{self.port}/INBOX"

    def answer(self, command: str) -> tuple[list[bytes], str]:
        """The untagged lines and the state that answer a command."""
        if command.startswith("LOGIN"):
            return [], "OK" if f'{USER} "{self.password}"' in command else "NO"
        if command == "CAPABILITY":
            return [b"* CAPABILITY IMAP4rev1"], "OK"
        if command.startswith("SELECT"):
            if command != f'SELECT "{self.name}"':
                return [], "NO"
            return [b"* %d EXISTS" % len(self.messages)], "OK"
        if command == "UID SEARCH UNSEEN":
            unseen = [str(number) for number in range(1, len(self.messages) + 1) if number not in self.seen]
            return [f"* SEARCH {' '.join(unseen)}".rstrip().encode()], "OK"
        fetched = re.match(r"UID FETCH (\d+) ", command)
        if fetched:
            raw = self.messages[int(fetched[1]) - 1]
            name = fetched[1].encode()
            return [b"* %b FETCH (UID %b BODY[]<0> {%d}\r\n%b)" % (name, name, len(raw), raw)], "OK"
        stored = re.match(r"UID STORE ([\d,]+) \+FLAGS.SILENT", command)
        if stored:
            self.seen |= {int(number) for number in stored[1].split(",")}
            return [], "OK"
        return [b"* BYE"] if command == "LOGOUT" else [], "OK" if command == "LOGOUT" else "BAD"


@contextmanager
def imap_server(messages: Sequence[bytes]) -> Iterator[Mailbox]:
    """A running mailbox on 127.0.0.1."""
    mailbox = Mailbox(messages)

    class Line(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"* OK ready\r\n")
            while line := self.rfile.readline():
                tag, _, command = line.decode().strip().partition(" ")
                if command == "AUTHENTICATE PLAIN":
                    self.wfile.write(b"+ \r\n")
                    said = base64.b64decode(self.rfile.readline()).decode()
                    untagged, state = [], "OK" if said == f"\0{USER}\0{mailbox.password}" else "NO"
                else:
                    untagged, state = mailbox.answer(command)
                self.wfile.write(b"".join(one + b"\r\n" for one in untagged) + f"{tag} {state} done\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Line) as server:
        server.daemon_threads = True
        mailbox.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield mailbox
        finally:
            server.shutdown()
            thread.join()
