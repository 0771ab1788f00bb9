"""The address of the way letters leave is read, or refused without repeating its password."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.mail.mailbox import MailboxTransport
from portal.mail.printed import PrintedTransport
from portal.mail.smtp import SmtpTransport
from portal.mail.transports import TransportInvalid, transport_from


@pytest.mark.parametrize("url", [None, ""])
def test_without_address_there_is_no_transport_yet(url: str | None, tmp_path: Path) -> None:
    assert transport_from(url, tmp_path) is None


def test_the_mailbox_and_the_printed_letters_lie_in_the_folder(tmp_path: Path) -> None:
    assert transport_from("mailbox:", tmp_path) == MailboxTransport(tmp_path / "mailbox")
    assert transport_from("mailbox:post", tmp_path) == MailboxTransport(tmp_path / "post")
    assert transport_from("print:", tmp_path) == PrintedTransport(tmp_path / "letters")


@pytest.mark.parametrize(
    ("url", "host", "port", "starttls", "who"),
    [
        ("smtp://mail.example.org", "mail.example.org", 587, True, (None, None)),
        ("smtp://mail.example.org:25?starttls=off", "mail.example.org", 25, False, (None, None)),
        ("smtp://a:b@mail.example.org:587?starttls=required", "mail.example.org", 587, True, ("a", "b")),
        (
            "smtp://me%40example.org:p%2Fw%40@mail.example.org/",
            "mail.example.org",
            587,
            True,
            ("me@example.org", "p/w@"),
        ),
        ("smtp://a:b@[::1]:2525?starttls=off", "::1", 2525, False, ("a", "b")),
    ],
)
def test_a_mail_server_is_read_from_its_address(
    url: str, host: str, port: int, starttls: bool, who: tuple[str | None, str | None]
) -> None:
    server = transport_from(url, Path())
    assert isinstance(server, SmtpTransport)
    assert (server.host, server.port, server.starttls) == (host, port, starttls)
    assert (server.user, server.password) == who
    assert not server.tls_from_start


def test_smtps_is_encrypted_from_the_start() -> None:
    server = transport_from("smtps://mail.example.org", Path())
    assert isinstance(server, SmtpTransport)
    assert (server.port, server.tls_from_start) == (465, True)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a:s3cret@mail.example.org",
        "smtp://",
        "smtp://a:s3cret@",
        "smtp://a:s3cret@mail.example.org:port",
        "smtp://a:s3cret@mail.example.org?starttls=maybe",
        "smtp://a:s3cret@mail.example.org?verify=no",
        "smtp://a:s3cret@mail.example.org?ca=absent.pem",
        "smtp://a:s3cret@mail.example.org?starttls=off",
        "smtp://a:s3cr%C3%A9t@mail.example.org",
        "smtp://a:s3cret@mail.example.org\r\nRCPT TO:<b@example.org>",
    ],
)
def test_an_impossible_address_is_refused_without_its_password(url: str, tmp_path: Path) -> None:
    with pytest.raises(TransportInvalid) as refusal:
        transport_from(url, tmp_path)
    assert "s3cr" not in str(refusal.value)


def test_a_password_is_never_shown() -> None:
    assert "s3cret" not in repr(transport_from("smtp://a:s3cret@mail.example.org", Path()))
