"""A service is reached where the operator meant and nowhere else, over TLS that is verified."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from portal.sources import open_source
from portal.sources.base import SourceUnavailable
from portal.sources.http import reaching, transport
from portal.sources.http.failures import Deadline, Failed
from portal.sources.http.reaching import is_public
from tests.mail.sink import certificate
from tests.sources.invented_service import CAMILLE, REQUESTS
from tests.sources.rogue import Rogue, answer, misbehaving, saying
from tests.sources.serving import SECRET

GOOD = answer(b'{"counts": [3]}')
PRIVATE = [
    "127.0.0.1",
    "127.9.9.9",
    "0.0.0.0",  # noqa: S104 – an address to refuse
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "100.100.100.200",
    "169.254.169.254",
    "168.63.129.16",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "nonsense",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_of_this_machine_or_network_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "64:ff9b::101:101"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.fixture
def rogue() -> Iterator[Rogue]:
    with misbehaving(saying(GOOD)) as found:
        yield found


def _asked(url: str, **options: Any) -> int:
    source = open_source("http", "service", url, secret=SECRET, timeout_seconds=2, **options)
    try:
        return source.count(REQUESTS, CAMILLE, bound=5)
    finally:
        source.close()


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "0.0.0.0", "[::ffff:127.0.0.1]"],  # noqa: S104
)
def test_a_service_of_this_machine_is_refused_unless_allowed(host: str, rogue: Rogue) -> None:
    for scheme in ("http", "https"):
        with pytest.raises(SourceUnavailable) as failure:
            _asked(f"{scheme}://{host}:{rogue.port}")
    assert "allow_private" in str(failure.value)
    assert rogue.connections == 0


def test_a_service_of_this_machine_is_asked_when_allowed(rogue: Rogue) -> None:
    assert _asked(f"http://localhost:{rogue.port}/privacy/", allow_private=True) == 3
    assert rogue.asked[0].startswith(b"POST /privacy/v1/rows/count HTTP/1.1\r\n")


def test_a_name_that_leads_inside_is_refused_each_time_it_is_asked(
    monkeypatch: pytest.MonkeyPatch, rogue: Rogue
) -> None:
    """DNS rebinding: what counts is the address that is connected to, not what the name said before."""
    asked: list[str] = []

    def resolved(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    for _ in range(2):
        with pytest.raises(SourceUnavailable):
            _asked(f"http://service.example.org:{rogue.port}")
    assert asked == ["service.example.org"] * 2
    assert rogue.connections == 0
    assert _asked(f"http://service.example.org:{rogue.port}", allow_private=True) == 3


def test_where_a_connection_leads_is_looked_at_once_more(rogue: Rogue) -> None:
    opened = socket.create_connection(("127.0.0.1", rogue.port))
    with pytest.raises(Failed):
        reaching._still_allowed(opened, allow_private=False)
    assert opened.fileno() == -1


def test_a_resolver_that_hangs_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch, rogue: Rogue) -> None:
    def slow(*_: Any, **__: Any) -> list[Any]:
        rogue.over.wait(2)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    with pytest.raises(Failed, match="in time"):
        reaching.connected("service.example.org", 443, Deadline(0.1), allow_private=False)


def test_a_name_that_is_none_is_away() -> None:
    with pytest.raises(SourceUnavailable):
        _asked("https://nobody.invalid")


@pytest.fixture
def over_tls(tmp_path: Path) -> Iterator[Rogue]:
    """A service with a certificate of its own for 127.0.0.1, which lies in ca.pem."""
    _, serving = certificate(tmp_path)

    def manner(line: socket.socket, rogue: Rogue) -> None:
        with serving.wrap_socket(line, server_side=True) as secured:
            saying(GOOD)(secured, rogue)

    with misbehaving(manner) as found:
        yield found


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The system vouches for that certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    transport._tls.cache_clear()
    yield
    transport._tls.cache_clear()


def test_a_certificate_nobody_vouches_for_is_refused(over_tls: Rogue) -> None:
    with pytest.raises(SourceUnavailable) as failure:
        _asked(f"https://127.0.0.1:{over_tls.port}", allow_private=True)
    assert str(failure.value) == "The source service shows a certificate that cannot be trusted."
    assert failure.value.__context__ is None
    assert over_tls.asked == []


@pytest.mark.usefixtures("trusted")
def test_a_service_is_asked_over_tls(over_tls: Rogue) -> None:
    source = open_source("http", "service", f"https://127.0.0.1:{over_tls.port}", secret=SECRET, allow_private=True)
    assert [source.count(REQUESTS, CAMILLE, bound=5) for _ in range(3)] == [3, 3, 3]
    source.close()
    assert over_tls.connections == 1


@pytest.mark.usefixtures("trusted")
def test_a_name_the_certificate_does_not_have_is_refused(over_tls: Rogue) -> None:
    with pytest.raises(SourceUnavailable, match="certificate"):
        _asked(f"https://localhost:{over_tls.port}", allow_private=True)


def test_a_server_that_speaks_no_tls_is_away(rogue: Rogue) -> None:
    with pytest.raises(SourceUnavailable):
        _asked(f"https://127.0.0.1:{rogue.port}", allow_private=True)
