"""A real mail server for tests: takes letters, or refuses, cuts or hangs, as told."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "portal", "p@ss:w/ord?"


class Mode(StrEnum):
    """What the server does once it has read a letter, or when it is told for whom one is."""

    TAKES = "takes"
    LATER = "later"
    NEVER = "never"
    UNKNOWN_READER = "unknown_reader"
    CUTS_AFTER_DATA = "cuts_after_data"
    HANGS = "hangs"
    NOT_SIGNED_IN = "not_signed_in"
    REFUSES_US = "refuses_us"


@dataclass
class Sink:
    """The server's memory. `modes` by reader's address win over `mode`."""

    mode: Mode = Mode.TAKES
    modes: dict[str, Mode] = field(default_factory=dict)
    taken: list[EmailMessage] = field(default_factory=list)
    readers: list[list[str]] = field(default_factory=list)
    connections: set[object] = field(default_factory=set)
    port: int = 0

    async def handle_MAIL(  # the name aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Note who connected, and perhaps want a sign-in first."""
        self.connections.add(session.peer)
        if self.mode is Mode.NOT_SIGNED_IN:
            return "530 5.7.0 Authentication required"
        if self.mode is Mode.REFUSES_US:
            return "550 5.4.5 Daily sending limit exceeded"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take or refuse a reader, repeating the address as real servers do."""
        if self._mode(address) is Mode.UNKNOWN_READER:
            return f"550 5.1.1 <{address}>: no such user {address.partition('@')[0]} here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take the letter, or do what the mode says."""
        match self._mode(envelope.rcpt_tos[0]):
            case Mode.LATER:
                return "451 4.7.1 Try again later"
            case Mode.NEVER:
                return "550 5.7.1 Refused"
            case Mode.CUTS_AFTER_DATA:
                assert isinstance(server.transport, asyncio.Transport)
                server.transport.abort()
            case Mode.HANGS:
                await asyncio.Event().wait()
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.taken.append(message)
        self.readers.append(envelope.rcpt_tos)
        return "250 OK"

    def _mode(self, address: str) -> Mode:
        return self.modes.get(address, self.mode)


Kept = TypeVar("Kept", bound=Sink)


class _OnAnyPort(Controller):
    """Listens on a port the system chose, so that tests run beside each other."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        if self.ssl_context is None:
            super()._trigger_server()  # type: ignore[no-untyped-call]
        else:
            self.smtpd = self._factory_invoker()


@contextmanager
def mail_server(*, port: int = 0, sink: Kept | None = None, **options: Any) -> Iterator[Kept]:
    """A running mail server on 127.0.0.1, remembering in `sink`; options are aiosmtpd's."""
    sink = sink or cast(Kept, Sink())
    controller = _OnAnyPort(sink, hostname="127.0.0.1", port=port, **options)
    controller.start()
    sink.port = controller.port
    try:
        yield sink
    finally:
        controller.stop()


def only_the_portal(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
) -> AuthResult:
    """Let the portal's user in, and nobody else."""
    return AuthResult(success=(data.login, data.password) == (USER.encode(), PASSWORD.encode()), handled=False)


def certificate(folder: Path, host: str = "127.0.0.1") -> tuple[Path, ssl.SSLContext]:
    """A self-signed certificate for `host`: the file to trust, and what a server shows."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example.org")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    trusted, private = folder / "ca.pem", folder / "key.pem"
    trusted.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, private)
    return trusted, context
