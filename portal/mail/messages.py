"""Turns a letter into the message that mail programs read (RFC 5322), with text first and HTML beside it."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from portal.mail.letters import Letter


def message_of(letter: Letter, *, now: datetime) -> EmailMessage:
    """The message, dated `now`; its Message-ID is the letter's own, so that a repeat is known as one (design §2.10)."""
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(letter.sender, letter.sender_name)
    message["To"] = _address(letter.to)
    if letter.reply_to:
        message["Reply-To"] = _address(letter.reply_to)
    message["Subject"] = letter.subject
    message["Date"] = now
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no vacation notice in reply
    message["X-Portal-Kind"] = letter.kind.value
    if letter.reference:
        message["X-Portal-Reference"] = letter.reference
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = f"{letter.language}-CA"  # last: the parts take Content- headers with them
    return message


def bytes_of(letter: Letter, *, now: datetime) -> bytes:
    """The message as it travels. A letter poured from a mould is ready; dated when the mould was cast.

    A letter's own headers stand first and as they are: the library would break their long addresses into encoded words.
    """
    if letter.raw is not None:
        return letter.raw
    own = "".join(f"{name}: {value}\r\n" for name, value in letter.headers)
    return own.encode("ascii") + message_of(letter, now=now).as_bytes()


def _address(address: str, name: str = "") -> Address:
    user, _, domain = address.rpartition("@")
    return Address(name, user, domain)
