"""Opens a connection to a service, and only to an address the operator meant: never by surprise to one of our own network.

What is looked at is the address that is connected to, after the name was resolved, so that a name that points elsewhere the next
time gains nothing (CVE-2023-46124; OWASP ASVS 1.3.6).
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from portal.sources.http.failures import Deadline, Failed, away, late
from portal.wording.catalogue import N_

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Found = tuple[int, Any]
"""A family of addresses, and an address as the system takes it."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_OF_A_CLOUD = frozenset({ipaddress.ip_address("168.63.129.16")})
"""Where Azure answers its own machines: an address of the public range that is not public."""

PRIVATE = N_(
    "The source %(source)s is at an address of this machine or of a private network: its settings must say allow_private."
)


def is_public(written: str) -> bool:
    """Whether an address is one of the Internet at large, and hides none that is not."""
    try:
        address = ipaddress.ip_address(written.partition("%")[0])
    except ValueError:
        return False
    if address.is_multicast or not address.is_global or address in _OF_A_CLOUD:
        return False
    if isinstance(address, ipaddress.IPv6Address) and (address.is_site_local or int(address) < 2**32):
        return False
    return all(is_public(str(inner)) for inner in _inside(address))


def _inside(address: Address) -> Iterator[Address]:
    """IPv4 addresses that an IPv6 address is a mere way to write."""
    if isinstance(address, ipaddress.IPv4Address):
        return
    if address.ipv4_mapped:
        yield address.ipv4_mapped
    if address.sixtofour:
        yield address.sixtofour
    if address in _NAT64:
        yield ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)


def connected(host: str, port: int, deadline: Deadline, *, allow_private: bool) -> socket.socket:
    """A connection to the host, by the first of its addresses that answers.

    Raises:
        Failed: no address answers, or all are private and that is not allowed.
    """
    found = _resolved(host, port, deadline)
    allowed = [one for one in found if allow_private or is_public(str(one[1][0]))]
    if not allowed:
        raise Failed(PRIVATE)
    for family, address in allowed:
        opened = _opened(family, address, deadline)
        if opened is not None:
            return _still_allowed(opened, allow_private=allow_private)
    raise away()


def _opened(family: int, address: Any, deadline: Deadline) -> socket.socket | None:
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        opened.settimeout(deadline.left())
        opened.connect(address)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except (OSError, Failed):
        opened.close()
        return None
    return opened


def _still_allowed(opened: socket.socket, *, allow_private: bool) -> socket.socket:
    """The connection, if it leads where it was meant to: the other end is asked, not the name."""
    peer = ""
    with suppress(OSError):
        peer = str(opened.getpeername()[0])
    if peer and (allow_private or is_public(peer)):
        return opened
    opened.close()
    raise Failed(PRIVATE) if peer else away()


def _resolved(host: str, port: int, deadline: Deadline) -> Sequence[Found]:
    """The addresses of a name. The system's own resolver knows no time limit, so it is waited for no longer than there is time."""
    found: list[Found] = []

    def ask() -> None:
        with suppress(OSError, UnicodeError):
            found.extend(
                (family, address)
                for family, _, _, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            )

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(deadline.left())
    if asking.is_alive():
        raise late()
    if not found:
        raise away()
    return found
