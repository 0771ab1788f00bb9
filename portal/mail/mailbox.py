"""The demo's mailbox: letters stay in a folder of this machine (Maildir) and can be read at /mailbox."""

from __future__ import annotations

import itertools
import mailbox
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import lru_cache
from pathlib import Path
from typing import TypedDict

from portal.mail.letters import Letter
from portal.mail.messages import bytes_of
from portal.mail.outcomes import Accepted, Outcome, TemporarilyRefused

_counter = itertools.count()


class MailboxLetter(TypedDict):
    """One letter as /mailbox.json gives it (design §4.6)."""

    id: str
    to: str
    language: str
    kind: str
    reference: str | None
    subject: str
    text: str
    html: str
    sent_at: str


@dataclass(frozen=True, slots=True)
class MailboxTransport:
    """A Maildir that any mail program can open too; only its owner may."""

    folder: Path

    def deliver(self, letters: Iterable[Letter], *, now: datetime) -> Iterator[Outcome]:
        """Put letters in the mailbox, each whole or not at all."""
        for letter in letters:
            yield self._put(letter, now)

    def probe(self) -> Outcome:
        """Whether the folder can be written."""
        try:
            self._prepare()
        except OSError as error:
            return TemporarilyRefused(error.strerror or type(error).__name__)
        return Accepted()

    def list(self, limit: int | None = None) -> list[MailboxLetter]:
        """Letters, newest first; reads no more files than it gives."""
        read = (_read(path) for path in self._newest_first())
        return list(itertools.islice((letter for letter in read if letter), limit))

    def find(self, letter_id: str) -> MailboxLetter | None:
        """The letter of that id, or None."""
        return next((_read(path) for path in self._newest_first() if path.name == letter_id), None)

    def _newest_first(self) -> Iterator[Path]:
        """Names begin with the moment of sending, so that sorting them opens no file."""
        places = [self.folder / "new", self.folder / "cur"]
        paths = [path for place in places if place.is_dir() for path in place.iterdir()]
        return iter(sorted(paths, key=lambda path: path.name, reverse=True))

    def _prepare(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        mailbox.Maildir(self.folder, create=True)
        for part in ("tmp", "new", "cur"):
            (self.folder / part).mkdir(mode=0o700, exist_ok=True)

    def _put(self, letter: Letter, now: datetime) -> Outcome:
        name = f"{now.timestamp():017.6f}.P{os.getpid()}Q{next(_counter):06d}.{secrets.token_hex(4)}"
        try:
            self._prepare()
            unfinished = self.folder / "tmp" / name
            with open(unfinished, "xb", opener=_for_owner) as stream:
                stream.write(bytes_of(letter, now=now))
                stream.flush()
                os.fsync(stream.fileno())
            unfinished.rename(self.folder / "new" / name)
        except OSError as error:
            return TemporarilyRefused(error.strerror or type(error).__name__)
        return Accepted()


def _for_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


@lru_cache(maxsize=4096)
def _read(path: Path) -> MailboxLetter | None:
    """Read one letter; a delivered file never changes, so that it is read once. None when it has just gone."""
    try:
        message = message_from_bytes(path.read_bytes(), policy=default)
    except OSError:
        return None
    assert isinstance(message, EmailMessage)  # noqa: S101 - what the policy makes; tells the type checker
    reference = message["X-Portal-Reference"]
    sent_at = message["Date"].datetime.astimezone(UTC)
    return MailboxLetter(
        id=path.name,
        to=str(message["To"].addresses[0].addr_spec),
        language=str(message["Content-Language"])[:2],
        kind=str(message["X-Portal-Kind"]),
        reference=str(reference) if reference else None,
        subject=str(message["Subject"]),
        text=_body(message, "plain"),
        html=_body(message, "html"),
        sent_at=sent_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    )


def _body(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    return str(part.get_content()).replace("\r\n", "\n") if part else ""
