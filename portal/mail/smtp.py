"""Carries letters to a mail server, encrypted and signed in, over one connection per batch (RFC 5321, 3207, 4954)."""

from __future__ import annotations

import re
import smtplib
import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Self

from portal.mail.letters import Letter
from portal.mail.messages import message_of
from portal.mail.outcomes import Accepted, Outcome, RefusedForGood, TemporarilyRefused
from portal.mail.reasons import code_of, is_of_reader, why_of

_OUR_FAULT = frozenset({530, 534, 535, 538})
"""Replies about our own sign-in (RFC 4954 §6, RFC 3207 §4): the operator mends them, the letter waits."""

_WELL = 250
_FORWARDED = frozenset({_WELL, 251})
_LEAVES = 421
_FOR_GOOD = 500
_LONGEST_WORDS = 200
_FRESH_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class SmtpTransport:
    """A mail server: where it is, and how to be let in. Its password is never shown."""

    host: str
    port: int
    tls_from_start: bool = False
    starttls: bool = True
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    trust: ssl.SSLContext | None = field(default=None, repr=False)
    timeout: float = 10.0

    def deliver(self, letters: Iterable[Letter], *, now: datetime) -> Iterator[Outcome]:
        """Send letters over one connection; one that is refused does not keep the others from leaving.

        The server hears that another comes while its yes to the one before is being kept; the letter itself follows.
        """
        with _Line(self) as line:
            coming = iter(letters)
            letter = next(coming, None)
            while letter is not None:
                outcome = line.send(letter, now)
                following = next(coming, None) if isinstance(outcome, Accepted) else None
                line.announce(following)
                yield outcome
                letter = following or next(coming, None)

    def probe(self) -> Outcome:
        """Connect, encrypt and sign in, then leave."""
        with _Line(self) as line:
            try:
                line.open("localhost")
            except (smtplib.SMTPException, OSError) as error:
                return TemporarilyRefused(_words(error, ""), why_of(error))
        return Accepted()


class _Line:
    """One connection to the server, opened when first needed and opened again after a cut."""

    def __init__(self, server: SmtpTransport) -> None:
        self._server = server
        self._smtp: smtplib.SMTP | None = None
        self._closed_door: TemporarilyRefused | None = None
        self._used = 0.0
        self._announced: Letter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._drop(politely=True)

    def send(self, letter: Letter, now: datetime) -> Outcome:
        """Send one letter. When the door was closed for one letter of the batch, the others wait without knocking."""
        if self._closed_door:
            return self._closed_door
        try:
            smtp = self._opened(letter)
        except (smtplib.SMTPException, OSError) as error:
            self._closed_door = TemporarilyRefused(_words(error, letter.to), why_of(error))
            return self._closed_door
        try:
            if letter.raw is not None:
                self._hand_over(smtp, letter, letter.raw)
            else:
                smtp.send_message(message_of(letter, now=now), letter.sender, [letter.to])
            self._used = time.monotonic()
        except (smtplib.SMTPException, OSError) as error:
            return self._refused(error, letter)
        return Accepted()

    def announce(self, letter: Letter | None) -> None:
        """Say from whom the next letter comes, where it is ready to go, without waiting for the answer."""
        if letter is None or letter.raw is None or self._smtp is None:
            return
        smtp = self._smtp
        size = f" size={len(letter.raw)}" if smtp.does_esmtp and smtp.has_extn("size") else ""
        try:
            smtp.putcmd("mail", f"FROM:<{letter.sender}>{size}")
            self._announced = letter
        except (smtplib.SMTPException, OSError):
            self._drop()  # the letter has not left; it opens the line again

    def _hand_over(self, smtp: smtplib.SMTP, letter: Letter, raw: bytes) -> None:
        """What smtplib's `sendmail` says for one reader, where the first line may have gone ahead."""
        if self._announced is not letter:
            smtp.ehlo_or_helo_if_needed()
            self.announce(letter)
        self._announced = None
        try:
            code, said = smtp.getreply()
            if code != _WELL:
                raise smtplib.SMTPSenderRefused(code, said, letter.sender)
            code, said = smtp.docmd("rcpt", f"TO:<{letter.to}>")
            if code not in _FORWARDED:
                raise smtplib.SMTPRecipientsRefused({letter.to: (code, said)})
            code, said = smtp.data(raw)
            if code != _WELL:
                raise smtplib.SMTPDataError(code, said)
        except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
            if code_of(error) == _LEAVES:
                self._drop()
            with suppress(smtplib.SMTPServerDisconnected):
                smtp.rset()
            raise

    def open(self, name: str) -> smtplib.SMTP:
        """Connect as `name`, encrypt, sign in. Raises SMTPException, OSError."""
        server = self._server
        if server.tls_from_start:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, name, timeout=server.timeout, context=server.trust
            )
        else:
            smtp = smtplib.SMTP(server.host, server.port, name, timeout=server.timeout)
        self._smtp = smtp
        if server.starttls and not server.tls_from_start:
            smtp.starttls(context=server.trust)
        if server.user is not None:
            smtp.login(server.user, server.password or "")
        return smtp

    def _opened(self, letter: Letter) -> smtplib.SMTP:
        if self._smtp is not None:
            if self._announced is letter:
                return self._smtp
            if self._answers(self._smtp, asked=letter.raw is None):
                return self._smtp
            self._drop()
        try:
            return self.open(letter.sender.rpartition("@")[2])
        except (smtplib.SMTPException, OSError):
            self._drop()
            raise

    def _answers(self, smtp: smtplib.SMTP, *, asked: bool) -> bool:
        """Whether the line is still there. One of thousands does not ask a moment after another: it takes a fifth more."""
        if not asked and smtp.sock is not None and time.monotonic() - self._used < _FRESH_SECONDS:
            return True
        try:
            return bool(smtp.noop()[0] == _WELL)
        except (smtplib.SMTPException, OSError):
            return False

    def _refused(self, error: smtplib.SMTPException | OSError, letter: Letter) -> Outcome:
        code, words = code_of(error), _words(error, letter.to)
        if code is None:
            self._drop()
        for_good = code is not None and code >= _FOR_GOOD and code not in _OUR_FAULT
        if for_good or isinstance(error, smtplib.SMTPNotSupportedError):
            return RefusedForGood(words, why_of(error), of_reader=is_of_reader(words))
        return TemporarilyRefused(words, why_of(error))

    def _drop(self, *, politely: bool = False) -> None:
        smtp, self._smtp, self._announced = self._smtp, None, None
        if smtp is None:
            return
        try:
            if politely and smtp.sock is not None:
                smtp.quit()
        except (smtplib.SMTPException, OSError):
            pass  # what was accepted stays accepted, however the server leaves
        finally:
            smtp.close()


def _words(error: BaseException, address: str) -> str:
    """What the server said, on one line, without the reader's address, which servers like to repeat."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        said = " ".join(_decoded(reply) for _, reply in error.recipients.values())
    elif isinstance(error, smtplib.SMTPResponseException):
        said = _decoded(error.smtp_error)
    else:
        said = str(error) or type(error).__name__
    code = code_of(error)
    for secret in filter(None, (address, address.rpartition("@")[0])):
        said = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", "…", said, flags=re.IGNORECASE)
    said = re.sub(r"\S+@\S+", "…", said)
    return " ".join(f"{code or ''} {said}".split())[:_LONGEST_WORDS]


def _decoded(reply: bytes | str) -> str:
    return reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
