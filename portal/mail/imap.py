"""Fetches what came back to a mailbox, a few messages at a time (RFC 3501)."""

from __future__ import annotations

import base64
import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from portal.mail.bounces import LARGEST

TIMEOUT_SECONDS = 10.0
IMAP_PORT, IMAPS_PORT = 143, 993


class MailboxAway(Exception):
    """The mailbox cannot be reached or read; its words never hold the address, which has a password."""


class Opened(Protocol):
    """A mailbox that is open."""

    def unread(self, limit: int) -> Sequence[tuple[str, bytes]]:
        """Some unread messages, the oldest first, each with the name it is marked by; looking marks nothing."""

    def mark_read(self, names: Sequence[str]) -> None:
        """Mark messages as read."""


@contextmanager
def mailbox_at(url: str) -> Iterator[Opened]:
    """Open the mailbox an address names, `imaps://user:password@host/INBOX`.

    Raises:
        MailboxAway: it does not answer, refuses us, or does not speak as it should.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        if parts.scheme == "imaps":
            trust = ssl.create_default_context()
            client: imaplib.IMAP4 = imaplib.IMAP4_SSL(
                host, parts.port or IMAPS_PORT, ssl_context=trust, timeout=TIMEOUT_SECONDS
            )
        else:
            client = imaplib.IMAP4(host, parts.port or IMAP_PORT, timeout=TIMEOUT_SECONDS)
        try:
            _sign_in(client, unquote(parts.username or ""), unquote(parts.password or ""))
            _well(client.select(_quoted(_named(unquote(parts.path.strip("/"))))))
            yield _Imap(client)
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                client.logout()
    except (imaplib.IMAP4.error, OSError) as error:
        raise MailboxAway(type(error).__name__) from None


class _Imap:
    def __init__(self, client: imaplib.IMAP4) -> None:
        self._client = client

    def unread(self, limit: int) -> Sequence[tuple[str, bytes]]:
        """See `Opened.unread`."""
        found = _well(self._client.uid("SEARCH", "UNSEEN"))
        names = [name.decode("ascii", "replace") for name in (found[0] or b"").split()][:limit]
        return [(name, self._message(name)) for name in names]

    def mark_read(self, names: Sequence[str]) -> None:
        """See `Opened.mark_read`."""
        if names:
            _well(self._client.uid("STORE", ",".join(names), "+FLAGS.SILENT", r"(\Seen)"))

    def _message(self, name: str) -> bytes:
        found = _well(self._client.uid("FETCH", name, f"(BODY.PEEK[]<0.{LARGEST}>)"))
        return next((part[1] for part in found if isinstance(part, tuple)), b"")


def _well(answer: tuple[str, Any]) -> Any:
    state, data = answer
    if state != "OK":
        raise imaplib.IMAP4.error(state)
    return data


def _sign_in(client: imaplib.IMAP4, user: str, password: str) -> None:
    """With LOGIN, which every server knows; what is not all ASCII it cannot say, and PLAIN can (RFC 4616)."""
    if (user + password).isascii():
        client.login(user, password)
    else:
        client.authenticate("PLAIN", lambda _: f"\0{user}\0{password}".encode())


def _named(folder: str) -> str:
    """A folder as servers write its name, in a UTF-7 of their own (RFC 3501 §5.1.3): Reçus is Re&AOc-us."""
    return re.sub("&|[^\x20-\x7e]+", lambda found: _shifted(found[0]), folder)


def _shifted(run: str) -> str:
    if run == "&":
        return "&-"
    encoded = base64.b64encode(run.encode("utf-16-be"), b"+,").rstrip(b"=").decode("ascii")
    return f"&{encoded}-"


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
