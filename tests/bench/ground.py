"""The ground a bench stands on: an installation whose invented service holds as many rows as the bench asks for."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.engine import URL

from portal.config import Settings
from portal.demo.service.tables import service_tables
from tests.bench.processes import PORTAL, free_port, running
from tests.client import Visitor
from tests.installation import Built, an_installation

PERSON = "person.one@example.org"
NEIGHBOUR = "person.two@example.org"
COOKIE = "portal"
_MADE_AT_ONCE = "2026-11-01 12:00:00.000000"

_ACCOUNT = """INSERT INTO accounts (id, email, name, locale, password_hash, phone, plan, improve_ok, news_ok, created_at)
VALUES (?, ?, ?, 'en-CA', 'scrypt:0', '418 555-0100', 'pro', 1, 0, ?)"""

_CALLS = """WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < :rows)
INSERT INTO api_requests (account_id, requested_at, method, path, status, ip, user_agent)
SELECT :account, strftime('%Y-%m-%d %H:%M:%S', 1762000000 + n * 17, 'unixepoch') || '.' || printf('%06d', (n * 7919) % 1000000),
  CASE (n * 31) % 4 WHEN 0 THEN 'POST' WHEN 1 THEN 'PUT' ELSE 'GET' END,
  '/v1/matches/' || ((n * 2654435761) % 999983) || '/messages?page=' || (n % 40),
  CASE (n * 17) % 9 WHEN 0 THEN 404 WHEN 1 THEN 201 ELSE 200 END,
  '192.0.2.' || ((n * 73) % 250), 'client/' || (n % 7) || '.' || (n % 13) || ' (library 3.' || (n % 5) || ')'
FROM counted"""


@dataclass(frozen=True, slots=True)
class Served:
    """A portal behind its own server: its port, its main process and the cookie of someone signed in."""

    port: int
    process: int
    cookie: str


def fill_service(path: Path, *, calls: int, others: int = 0) -> Path:
    """Make the service's database: a person with `calls` log rows and a few others, a neighbour with `others` log rows.

    The same arguments give the same rows: nothing in them is left to chance.
    """
    engine = sa.create_engine(f"sqlite:///{path}")
    service_tables.create_all(engine)
    engine.dispose()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        for number, address in ((1, PERSON), (2, NEIGHBOUR)):
            connection.execute(_ACCOUNT, (number, address, "Someone Invented", _MADE_AT_ONCE))
        connection.execute(_CALLS, {"account": 1, "rows": calls})
        if others:
            connection.execute(_CALLS, {"account": 2, "rows": others})
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path


def copy_to_server(path: Path, url: URL) -> None:
    """The same rows on a PostgreSQL server, ready to be read: its statistics are those of the whole."""
    engine = sa.create_engine(url)
    service_tables.create_all(engine)
    with closing(sqlite3.connect(path)) as file, engine.begin() as connection:
        cursor = connection.connection.cursor()
        for table in service_tables.sorted_tables:
            names = ", ".join(column.name for column in table.columns)
            booleans = [place for place, column in enumerate(table.columns) if isinstance(column.type, sa.Boolean)]
            with cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
                for row in file.execute(f"SELECT {names} FROM {table.name}"):
                    copy.write_row(
                        [
                            bool(cell) if place in booleans and cell is not None else cell
                            for place, cell in enumerate(row)
                        ]
                    )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
    engine.dispose()


@contextmanager
def a_folder() -> Iterator[Path]:
    """A folder that goes when the bench is done with it."""
    with TemporaryDirectory(prefix="portal-bench-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def an_installation_with(
    folder: Path,
    service: Path,
    *,
    now: datetime | None = None,
    change: Callable[[Settings], Settings] = lambda settings: settings,
) -> Built:
    """An installation reading a copy of a service's database, its clock at the real time."""
    copy = folder / "service.db"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(service, copy)
    return an_installation(folder, service_url=f"sqlite:///{copy}", now=now or datetime.now(UTC), change=change)


def signed_in(built: Built, address: str = PERSON) -> Visitor:
    """Somebody who came in by the real door."""
    visitor = Visitor(built, "en")
    visitor.sign_in(address)
    return visitor


def cookie_of(visitor: Visitor) -> str:
    """Their cookie, for another client."""
    found = visitor.client.get_cookie(COOKIE, domain="127.0.0.1")
    assert found is not None
    return f"{COOKIE}={found.value}"


@contextmanager
def served(built: Built, cookie: str = "", *, until_answers: str = "/healthz") -> Iterator[Served]:
    """The installation behind `portal web` with one process; its database connections here are let go first."""
    built.installation.database.close()
    port = free_port()
    command = [*PORTAL, "web", "--config", str(built.folder / "portal.toml"), "--port", str(port)]
    with running(command, port=port, path=until_answers, environ=_environment()) as process:
        yield Served(port, process, cookie)


@contextmanager
def working(built: Built) -> Iterator[int]:
    """The installation's worker; gives its process id."""
    with running([*PORTAL, "worker", "--config", str(built.folder / "portal.toml")], environ=_environment()) as process:
        yield process


def path_of(built: Built, endpoint: str, lang: str = "en", **arguments: object) -> str:
    """The path of a page."""
    from portal.web.languages import url

    with built.app.test_request_context("/"):
        return urlsplit(url(endpoint, lang=lang, **arguments)).path


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
