"""What a mail server's answer, or its silence, says of why a letter did not leave (RFC 5321 §4.2, RFC 4954 §6)."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl

from portal.domain.outbox import WhyRefused

_WANTED = 530
_CREDENTIALS = frozenset({534, 535, 538})
_FOR_GOOD = 500
_OF_READER = re.compile(r"5\d\d 5\.(?:1\.(?:1|2|3|6|10)|2\.1)\b")
"""No such mailbox, no such machine, no way to write it, moved, takes no mail; or closed (RFC 3463 §3.2, §3.3; RFC 7505)."""


def is_of_reader(words: str) -> bool:
    """Whether a refusal, its number first, says that the reader's own address is at fault."""
    return _OF_READER.match(words) is not None


def code_of(error: BaseException) -> int | None:
    """The number a server answered with, or None when it gave none."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next((code for code, _ in error.recipients.values()), None)
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else None


def why_of(error: smtplib.SMTPException | OSError) -> WhyRefused:
    """The reason in one word; what cannot be told apart is refused, for now or for good, by its number."""
    by_code = _by_code(code_of(error))
    if by_code:
        return by_code
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return WhyRefused.NO_SIGN_IN if "AUTH" in str(error) else WhyRefused.ENCRYPTION
    if isinstance(error, smtplib.SMTPSenderRefused):
        return WhyRefused.SENDER
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return WhyRefused.RECIPIENT
    if isinstance(error, smtplib.SMTPResponseException):
        return WhyRefused.REFUSED if (code_of(error) or _FOR_GOOD) >= _FOR_GOOD else WhyRefused.NOT_NOW
    return _by_connection(error)


def _by_code(code: int | None) -> WhyRefused | None:
    if code == _WANTED:
        return WhyRefused.SIGN_IN_WANTED
    return WhyRefused.CREDENTIALS if code in _CREDENTIALS else None


def _by_connection(error: BaseException) -> WhyRefused:
    """A server that never answered a number. smtplib tells a wait that was too long as a connection that was cut."""
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return WhyRefused.SLOW
    kinds: tuple[tuple[type[BaseException], WhyRefused], ...] = (
        (socket.gaierror, WhyRefused.UNKNOWN_HOST),
        (ConnectionRefusedError, WhyRefused.NOBODY_LISTENS),
        (ssl.SSLCertVerificationError, WhyRefused.CERTIFICATE),
        (ssl.SSLError, WhyRefused.ENCRYPTION),
        (smtplib.SMTPServerDisconnected, WhyRefused.CUT),
        (ConnectionError, WhyRefused.CUT),
    )
    return next((why for kind, why in kinds if isinstance(error, kind)), WhyRefused.UNREACHABLE)
