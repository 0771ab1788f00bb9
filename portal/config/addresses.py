"""Which addresses of databases, mail and pages the settings accept, and what relative ones mean.

Parsed here without any database library. A refusal never repeats the address, which may hold a password
(CVE-2024-34715).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, urlsplit

from portal.config.reading import Refused

_DRIVERS = {
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mysql+pymysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
    "mariadb+pymysql": "mariadb+pymysql",
}
_POSTGRESQL = frozenset({"postgresql+psycopg"})
_ALL_SERVERS = frozenset(_DRIVERS.values())
_SQLITE = "sqlite:///"
_OWN = "an address such as sqlite:///portal.db or postgresql+psycopg://user:password@host/database"
_SERVICE = "an address such as https://service.example.org/privacy, without user, query or fragment"
_SOURCE = (
    "an address such as sqlite:////srv/service.db, postgresql://… or mariadb://user:password@host/database,"
    " or that of another database whose SQLAlchemy dialect is installed"
)
_DIALECTS = "sqlalchemy.dialects"
"""The group of entry points under which other packages name databases that SQLAlchemy speaks to through them."""

_OTHERS = frozenset({"mssql", "oracle"})
"""Databases that SQLAlchemy speaks to by itself and on which no test of the portal runs."""

_MAIL = "mailbox:, print: or an address such as smtp://user:password@host:587?starttls=required"
_BOUNCES = "an address such as imaps://user:password@host/INBOX"
_LEDGER = "an address such as file:erasures.ledger or postgresql+psycopg://user:password@host/database"
_LIMITS = "an address such as redis://host:6379/0"
_PASSWORD = re.compile(r"(?P<before>://[^/?#@:]*:)[^/?#@]+(?=@)")
_SITE = "an address such as https://privacy.example.org, without a path"


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a host of that name."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def site_host(url: str) -> str:
    """The host of a site address that was accepted."""
    return urlsplit(url).hostname or ""


def site_url(written: str) -> str:
    """The portal's own address, without its last slash; http is for this machine alone (design §4.7).

    Raises Refused.
    """
    parts = _parts(written, _SITE)
    beyond = (parts.username, parts.password, parts.query, parts.fragment, parts.path.strip("/"))
    if parts.scheme not in {"http", "https"} or not parts.hostname or any(beyond) or not written.isprintable():
        raise Refused("wrong", expected=_SITE)
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise Refused("plain_http")
    return f"{parts.scheme}://{parts.netloc}"


def own_database_url(written: str) -> str:
    """The portal's own database: SQLite in a file, or PostgreSQL. Raises Refused."""
    return _database_url(written, _POSTGRESQL, _OWN)


def source_url(written: str) -> str:
    """A source's database: SQLite in a file, PostgreSQL, MariaDB, MySQL, or another that SQLAlchemy speaks to. Raises Refused."""
    if "://" in written and _database(written) in _other_databases():
        _parts(written, _SOURCE)
        return written
    return _database_url(written, _ALL_SERVERS, _SOURCE)


def is_proven(url: str) -> bool:
    """Whether the portal's tests run on that kind of database."""
    return _database(url) in {"sqlite", *_DRIVERS}


def _database(url: str) -> str:
    return url.partition("://")[0].partition("+")[0]


@cache
def _other_databases() -> frozenset[str]:
    """Read once: the list of what is installed lies in a file for each package."""
    installed = {named.name.partition(".")[0] for named in entry_points(group=_DIALECTS)}
    return (_OTHERS | installed) - {"sqlite", *_DRIVERS, ""}


def service_url(written: str, *, allow_private: bool) -> str:
    """Where a service answers for its own data: https, or http within a private network. Raises Refused."""
    parts = _parts(written, _SERVICE)
    beyond = (parts.username, parts.password, parts.query, parts.fragment, "?" in written, "#" in written)
    if parts.scheme not in {"http", "https"} or not parts.hostname or any(beyond) or not written.isascii():
        raise Refused("wrong", expected=_SERVICE)
    if parts.scheme == "http" and not allow_private:
        raise Refused("plain_http_source")
    return written


def other_source_url(written: str) -> str:
    """An address of a kind that another package gives: words of one line, which that package reads. Raises Refused."""
    if not written or not written.isprintable():
        raise Refused("wrong", expected="an address on one line")
    return written


def ledger_url(written: str) -> str:
    """Where erasures are remembered: a file, or PostgreSQL. Raises Refused."""
    if written.startswith("file:"):
        if not written.removeprefix("file:").strip("/. ") or not written.isprintable():
            raise Refused("wrong", expected=_LEDGER)
        return written
    return _server_url(written, _POSTGRESQL, _LEDGER)


def limits_url(written: str) -> str:
    """Where counters are shared: Redis. Raises Refused."""
    parts = _parts(written, _LIMITS)
    if parts.scheme not in {"redis", "rediss"} or not parts.hostname:
        raise Refused("wrong", expected=_LIMITS)
    return written


def mail_url(written: str) -> str:
    """How letters leave: the demo's mailbox, paper, or SMTP with its options for TLS. Raises Refused."""
    parts = _parts(written, _MAIL)
    if parts.scheme in {"mailbox", "print"} and not (parts.netloc or parts.query or parts.fragment):
        return written
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.fragment:
        raise Refused("wrong", expected=_MAIL)
    options = parse_qs(parts.query, keep_blank_values=True)
    if set(options) - {"starttls", "ca"} or options.get("starttls", ["off"])[-1] not in {"required", "off"}:
        raise Refused("wrong", expected="the options starttls=required or starttls=off, and ca=FILE, and no others")
    return written


def bounces_url(written: str) -> str:
    """Where letters that came back are read: an IMAP mailbox, encrypted unless on this machine. Raises Refused."""
    parts = _parts(written, _BOUNCES)
    plain = parts.scheme == "imap" and is_loopback(parts.hostname or "")
    if not (parts.scheme == "imaps" or plain) or not parts.hostname or not parts.username or not parts.password:
        raise Refused("wrong", expected=_BOUNCES)
    if parts.query or parts.fragment or not parts.path.strip("/"):
        raise Refused("wrong", expected=_BOUNCES)
    return written


def from_folder(url: str, folder: Path) -> str:
    """The same address with a relative file made absolute: it is relative to the settings' own folder."""
    if url.startswith(_SQLITE):
        file, question, options = url.removeprefix(_SQLITE).partition("?")
        return f"{_SQLITE}{folder / file}{question}{options}"
    if url.startswith("file:"):
        return f"file:{folder / url.removeprefix('file:')}"
    return url


def without_password(url: str, variable: str) -> str:
    """A database's address with `${variable}` in place of its password; the same when it holds none.

    Among the options of an address a password may have many names: such an address becomes the variable whole.
    """
    if "password" in url.partition("?")[2].lower():
        return f"${{{variable}}}"
    return _PASSWORD.sub(lambda found: f"{found['before']}${{{variable}}}", url)


def _database_url(written: str, servers: Collection[str], expected: str) -> str:
    if not written.startswith("sqlite"):
        return _server_url(written, servers, expected)
    file = written.removeprefix(_SQLITE).partition("?")[0]
    in_a_file = written.startswith(_SQLITE) and file.strip("/. ") and not file.startswith((":", "file:"))
    if not in_a_file or not written.isprintable():
        raise Refused("wrong", expected=expected)
    return written


def _server_url(written: str, servers: Collection[str], expected: str) -> str:
    """The address with its driver named, so that every part of the program opens it alike."""
    parts = _parts(written, expected)
    scheme = _DRIVERS.get(parts.scheme)
    has_host = parts.hostname or parse_qs(parts.query).get("host")
    if scheme is None or scheme not in servers or not has_host or not parts.path.strip("/") or parts.fragment:
        raise Refused("wrong", expected=expected)
    return scheme + written[len(parts.scheme) :]


def _parts(written: str, expected: str) -> SplitResult:
    """The parts of an address. A password that was not escaped shows as a second @ or as an impossible port."""
    if " " in written or not written.isprintable():
        raise Refused("wrong", expected=expected)
    try:
        parts = urlsplit(written)
        impossible = parts.port == 0 or parts.netloc.count("@") > 1
    except ValueError:
        raise Refused("wrong", expected=expected) from None
    if impossible:
        raise Refused("wrong", expected=expected)
    return parts
