"""Letters meet a real mail server: it takes them, refuses, cuts, hangs, or wants proof (security.md F-13, F-14)."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

import pytest

from portal.domain.outbox import WhyRefused
from portal.mail.letters import Letter
from portal.mail.messages import bytes_of
from portal.mail.outcomes import Accepted, Outcome, RefusedForGood, TemporarilyRefused
from portal.mail.smtp import SmtpTransport
from portal.mail.transports import transport_from
from tests.mail.builders import NOW, a_letter
from tests.mail.sink import PASSWORD, USER, Mode, Sink, certificate, mail_server, only_the_portal


def test_a_letter_arrives_whole() -> None:
    letter = a_letter(sender_name="Société, « Été »")
    with mail_server() as sink:
        assert send(server_of(sink), letter) == [Accepted()]
    [message] = sink.taken
    assert sink.readers == [["camille@example.net"]]
    assert str(message["To"]) == "camille@example.net"
    assert message["From"].addresses[0].display_name == "Société, « Été »"
    assert str(message["Reply-To"]) == "contact@example.org"
    assert message["Subject"] == letter.subject
    assert str(message["Message-ID"]) == letter.message_id
    assert message["X-Portal-Reference"] == letter.reference
    assert body_of(message, "plain") == letter.text
    assert body_of(message, "html") == letter.html


def test_a_repeat_carries_the_same_message_id() -> None:
    with mail_server() as sink:
        assert send(server_of(sink), a_letter()) + send(server_of(sink), a_letter()) == [Accepted(), Accepted()]
    assert len({str(message["Message-ID"]) for message in sink.taken}) == 1


def test_a_batch_leaves_in_order_over_one_connection() -> None:
    letters = [a_letter(message_id=f"<{number}@example.org>") for number in range(5)]
    with mail_server() as sink:
        assert send(server_of(sink), *letters) == [Accepted()] * 5
    assert [str(message["Message-ID"]) for message in sink.taken] == [letter.message_id for letter in letters]
    assert len(sink.connections) == 1


def test_letters_ready_to_go_leave_in_order_past_one_that_is_refused() -> None:
    letters = ready(
        *(a_letter(message_id=f"<{number}@example.org>", to=f"r{number}@example.net") for number in range(4))
    )
    with mail_server() as sink:
        sink.modes = {"r1@example.net": Mode.UNKNOWN_READER, "r2@example.net": Mode.NEVER}
        outcomes = send(server_of(sink), *letters)
    assert [type(outcome) for outcome in outcomes] == [Accepted, RefusedForGood, RefusedForGood, Accepted]
    assert [str(message["To"]) for message in sink.taken] == ["r0@example.net", "r3@example.net"]
    assert body_of(sink.taken[0], "plain") == letters[0].text
    assert len(sink.connections) == 1


def test_a_letter_ready_to_go_leaves_only_once_the_outcome_before_is_kept() -> None:
    with mail_server() as sink:
        outcomes = server_of(sink).deliver(ready(a_letter(), a_letter(), a_letter()), now=NOW)
        for number in range(1, 4):
            assert next(outcomes) == Accepted()
            assert len(sink.taken) == number
            time.sleep(0.6 if number == 1 else 0)
        assert next(outcomes, None) is None


def test_nothing_more_is_asked_for_once_a_letter_is_not_taken() -> None:
    asked = []

    def letters() -> Iterator[Letter]:
        for letter in ready(a_letter(), a_letter()):
            asked.append(letter)
            yield letter

    with mail_server() as sink:
        sink.mode = Mode.REFUSES_US
        outcomes = server_of(sink).deliver(letters(), now=NOW)
        outcome = next(outcomes)
    assert isinstance(outcome, RefusedForGood)
    assert outcome.why is WhyRefused.SENDER
    assert len(asked) == 1


def test_each_outcome_is_known_before_the_next_letter_leaves() -> None:
    with mail_server() as sink:
        outcomes = server_of(sink).deliver([a_letter(), a_letter()], now=NOW)
        assert next(outcomes) == Accepted()
        assert len(sink.taken) == 1
        assert next(outcomes) == Accepted()


@pytest.mark.parametrize(
    ("mode", "kind", "words"),
    [
        (Mode.LATER, TemporarilyRefused, "451 4.7.1 Try again later"),
        (Mode.NEVER, RefusedForGood, "550 5.7.1 Refused"),
        (Mode.CUTS_AFTER_DATA, TemporarilyRefused, "closed"),
        (Mode.HANGS, TemporarilyRefused, "timed out"),
        (Mode.NOT_SIGNED_IN, TemporarilyRefused, "530 5.7.0 Authentication required"),
    ],
)
def test_a_refusal_says_whether_to_try_again(
    mode: Mode, kind: type[TemporarilyRefused | RefusedForGood], words: str
) -> None:
    with mail_server() as sink:
        sink.mode = mode
        [outcome] = send(replace(server_of(sink), timeout=0.5), a_letter())
    assert type(outcome) is kind
    assert words in outcome.words


def test_what_a_server_says_of_a_reader_is_told_without_the_address() -> None:
    with mail_server() as sink:
        sink.mode = Mode.UNKNOWN_READER
        [outcome] = send(server_of(sink), a_letter())
    assert isinstance(outcome, RefusedForGood)
    assert outcome.words.startswith("550 5.1.1")
    assert "camille" not in outcome.words
    assert "example.net" not in outcome.words


@pytest.mark.parametrize("mode", [Mode.LATER, Mode.NEVER, Mode.UNKNOWN_READER, Mode.CUTS_AFTER_DATA, Mode.HANGS])
def test_one_refused_letter_does_not_keep_the_others(mode: Mode) -> None:
    readers = ["first@example.org", "second@example.org", "third@example.org"]
    with mail_server() as sink:
        sink.modes = {"second@example.org": mode}
        transport = replace(server_of(sink), timeout=0.5)
        outcomes = send(transport, *(a_letter(to=reader) for reader in readers))
    assert [type(outcome) is Accepted for outcome in outcomes] == [True, False, True]
    assert ["first@example.org"] in sink.readers
    assert ["third@example.org"] in sink.readers


def test_letters_wait_while_the_server_is_down_and_leave_when_it_is_back() -> None:
    port = free_port()
    transport = SmtpTransport("127.0.0.1", port, starttls=False, timeout=2)
    letters = [a_letter(message_id=f"<{number}@example.org>") for number in range(3)]
    assert [type(outcome) for outcome in send(transport, *letters)] == [TemporarilyRefused] * 3
    assert isinstance(transport.probe(), TemporarilyRefused)
    with mail_server(port=port) as sink:
        assert send(transport, *letters) == [Accepted()] * 3
        assert transport.probe() == Accepted()
    assert len(sink.taken) == 3


def test_a_server_that_never_greets_is_left_after_the_time_limit() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        transport = SmtpTransport("127.0.0.1", silent.getsockname()[1], starttls=False, timeout=0.3)
        outcomes = send(transport, a_letter(), a_letter())
    assert [type(outcome) for outcome in outcomes] == [TemporarilyRefused] * 2


def test_starttls_and_signing_in(tmp_path: Path) -> None:
    trusted, shown = certificate(tmp_path)
    with mail_server(
        tls_context=shown, require_starttls=True, authenticator=only_the_portal, auth_required=True
    ) as sink:
        transport = transport_from(f"{signed_in(sink)}?starttls=required&ca={trusted}", tmp_path)
        assert isinstance(transport, SmtpTransport)
        assert transport.probe() == Accepted()
        assert send(transport, a_letter()) == [Accepted()]
    assert len(sink.taken) == 1


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_wrong_password_makes_letters_wait(tmp_path: Path) -> None:
    with mail_server(authenticator=only_the_portal, auth_required=True, auth_require_tls=False) as sink:
        [outcome] = send(replace(server_of(sink), user=USER, password="wrong"), a_letter())
    assert isinstance(outcome, TemporarilyRefused)
    assert outcome.words.startswith("535")
    assert sink.taken == []


def test_tls_from_the_start(tmp_path: Path) -> None:
    trusted, shown = certificate(tmp_path)
    with mail_server(ssl_context=shown) as sink:
        transport = transport_from(f"smtps://127.0.0.1:{sink.port}?ca={trusted.name}", tmp_path)
        assert isinstance(transport, SmtpTransport)
        assert send(transport, a_letter()) == [Accepted()]


def test_a_server_without_encryption_gets_nothing_when_it_is_required(tmp_path: Path) -> None:
    with mail_server() as sink:
        [outcome] = send(replace(server_of(sink), starttls=True), a_letter())
    assert isinstance(outcome, TemporarilyRefused)
    assert sink.taken == []


@pytest.mark.parametrize("name", ["a stranger's certificate", "a certificate for another host"])
def test_a_certificate_that_proves_nothing_is_refused(name: str, tmp_path: Path) -> None:
    stranger = "stranger" in name
    trusted, shown = certificate(tmp_path, host="127.0.0.1" if stranger else "127.0.0.9")
    with mail_server(tls_context=shown) as sink:
        options = "starttls=required" if stranger else f"starttls=required&ca={trusted}"
        transport = transport_from(f"smtp://127.0.0.1:{sink.port}?{options}", tmp_path)
        assert isinstance(transport, SmtpTransport)
        [outcome] = send(transport, a_letter())
    assert isinstance(outcome, TemporarilyRefused)
    assert "CERTIFICATE_VERIFY_FAILED" in outcome.words
    assert sink.taken == []


def test_a_cut_between_two_letters_is_mended() -> None:
    port = free_port()
    transport = SmtpTransport("127.0.0.1", port, starttls=False, timeout=2)
    outcomes = transport.deliver([a_letter(), a_letter()], now=NOW)
    with mail_server(port=port):
        assert next(outcomes) == Accepted()
    with mail_server(port=port) as sink:
        assert next(outcomes) == Accepted()
    assert len(sink.taken) == 1


def server_of(sink: Sink) -> SmtpTransport:
    """The transport to a server without encryption."""
    return SmtpTransport("127.0.0.1", sink.port, starttls=False, timeout=5)


def signed_in(sink: Sink) -> str:
    """The server's address with the portal's user and password."""
    return f"smtp://{USER}:{quote(PASSWORD, safe='')}@127.0.0.1:{sink.port}"


def ready(*letters: Letter) -> list[Letter]:
    return [replace(letter, raw=bytes_of(letter, now=NOW)) for letter in letters]


def send(transport: SmtpTransport, *letters: Letter) -> list[Outcome]:
    """What became of each letter."""
    return list(transport.deliver(letters, now=NOW))


def body_of(message: EmailMessage, subtype: str) -> str:
    """The letter's text or HTML as its reader gets it."""
    part = message.get_body((subtype,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
