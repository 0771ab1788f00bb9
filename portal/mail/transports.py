"""Reads the address of the way letters leave: mail server, demo mailbox or print (design §4.4)."""

from __future__ import annotations

import ipaddress
import re
import ssl
from pathlib import Path
from urllib.parse import parse_qsl, unquote

from portal.mail.mailbox import MailboxTransport
from portal.mail.outcomes import Transport
from portal.mail.printed import PrintedTransport
from portal.mail.smtp import SmtpTransport
from portal.wording.catalogue import N_

_SERVER = re.compile(
    r"(?P<scheme>smtps?)://(?:(?P<user>[^:@/]*)(?::(?P<password>.*))?@)?"
    r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(?P<port>\d{1,5}))?/?(?:\?(?P<options>[^@]*))?"
)
_OPTIONS = frozenset({"starttls", "ca"})


class TransportInvalid(ValueError):
    """The address of the transport cannot be read; the sentence never repeats it, because it holds a password."""


def transport_from(url: str | None, folder: Path) -> Transport | None:
    """The transport an address names, or None when there is none yet and letters wait.

    `folder` is where the mailbox and printed letters lie, and what files in the address are relative to. Addresses:
    `mailbox:`, `print:`, `smtp://user:password@host:587?starttls=required`, `smtps://host:465`; options `starttls`
    (`required`, which is the default, or `off`) and `ca` (a file of certificates to trust).

    Raises:
        TransportInvalid: it is no such address, or it would send a password unencrypted to another machine.
    """
    if not url:
        return None
    scheme, _, rest = url.partition(":")
    if scheme == "mailbox":
        return MailboxTransport(folder / (rest or "mailbox"))
    if scheme == "print":
        return PrintedTransport(folder / (rest or "letters"))
    return _server(url, folder)


def _server(url: str, folder: Path) -> SmtpTransport:
    found = _SERVER.fullmatch(url)
    if not found:
        raise TransportInvalid(N_("Expected mailbox:, print:, smtp://host or smtps://host."))
    options = dict(parse_qsl(found["options"] or "", keep_blank_values=True))
    if options.keys() - _OPTIONS:
        raise TransportInvalid(N_("Known options are starttls and ca."))
    from_start = found["scheme"] == "smtps"
    server = SmtpTransport(
        host=found["host"].strip("[]"),
        port=int(found["port"] or (465 if from_start else 587)),
        tls_from_start=from_start,
        starttls=_starttls(options),
        user=_decoded(found["user"]),
        password=_decoded(found["password"]),
        trust=_trust(options, folder),
    )
    if server.user and not (from_start or server.starttls or _loopback(server.host)):
        raise TransportInvalid(N_("A password is not sent without encryption: use starttls=required or smtps."))
    return server


def _decoded(part: str | None) -> str | None:
    decoded = unquote(part) if part else None
    if decoded and not decoded.isascii():
        raise TransportInvalid(N_("User and password must be plain ASCII: mail servers take nothing else."))
    return decoded


def _starttls(options: dict[str, str]) -> bool:
    choice = options.get("starttls", "required")
    if choice not in ("required", "off"):
        raise TransportInvalid(N_("starttls is required or off."))
    return choice == "required"


def _trust(options: dict[str, str], folder: Path) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=str(folder / options["ca"]) if "ca" in options else None)
    except OSError:
        raise TransportInvalid(N_("The file of certificates (ca) cannot be read.")) from None


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
