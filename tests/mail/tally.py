"""A mail server that counts and keeps no letter, for many of them; by itself in a process: `python -m tests.mail.tally PORT`."""

from __future__ import annotations

import re
import signal
import sys
import threading
from collections import Counter
from dataclasses import dataclass, field

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.mail.sink import Sink, mail_server

_MESSAGE_ID = re.compile(rb"^Message-ID: *(?:\r\n )?(\S+)", re.MULTILINE | re.IGNORECASE)


@dataclass
class Tally(Sink):
    """The server's memory: how often each Message-ID came for each reader. Every `fails`-th letter is put off."""

    fails: int = 0
    offered: int = 0
    put_off: int = 0
    counted: Counter[tuple[str, str]] = field(default_factory=Counter)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Count the letter, or put it off."""
        self.offered += 1
        if self.fails and self.offered % self.fails == 0:
            self.put_off += 1
            return "451 4.7.1 Try again later"
        assert isinstance(envelope.content, bytes)
        found = _MESSAGE_ID.search(envelope.content)
        assert found, "a letter without a name"
        self.counted[envelope.rcpt_tos[0], found[1].decode()] += 1
        return "250 OK"


def main(port: int) -> None:
    """Serve until asked to end."""
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    with mail_server(port=port, sink=Tally()):
        ended.wait()


if __name__ == "__main__":
    main(int(sys.argv[1]))
