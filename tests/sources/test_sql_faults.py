"""The SQL source when its database is slow, silent, cut off, locked or not there at all (security.md F-10 to F-12)."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from portal.domain.data_map import PersonLink, Table, TableName
from portal.sources import open_source
from portal.sources.base import Source, SourceUnavailable
from tests.services import fresh_mariadb, fresh_postgresql
from tests.sources import invented_service as service
from tests.sources.bench import every_row
from tests.sources.invented_service import CAMILLE, NOW, REQUESTS, fill, some_requests

SECONDS = 1
SERVERS = [fresh_postgresql, fresh_mariadb]
Fresh = Callable[[], AbstractContextManager[URL]]


@contextmanager
def opened(url: str, *, seconds: float = SECONDS) -> Iterator[Source]:
    """The source at an address, with little patience."""
    source = open_source("sql", "service", url, timeout_seconds=seconds)
    try:
        yield source
    finally:
        source.close()


class Wire:
    """A relay before a server, that can be told to swallow what it is sent or to cut after some bytes."""

    def __init__(self, host: str, port: int) -> None:
        self.there = (host, port)
        self.swallowing = False
        self.cut_after: int | None = None
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self.listener.accept()
                there = socket.create_connection(self.there)
                threading.Thread(target=self._relay, args=(here, there, False), daemon=True).start()
                threading.Thread(target=self._relay, args=(there, here, True), daemon=True).start()

    def _relay(self, one: socket.socket, other: socket.socket, answers: bool) -> None:
        with suppress(OSError), one, other:
            while some := one.recv(4096):
                if self.swallowing:
                    continue
                if answers and self.cut_after is not None:
                    self.cut_after -= len(some)
                    if self.cut_after < 0:
                        one.shutdown(socket.SHUT_RDWR)
                        other.shutdown(socket.SHUT_RDWR)
                        return
                other.sendall(some)


@contextmanager
def wired(fresh: Fresh) -> Iterator[tuple[str, Wire]]:
    """A service's database behind a wire: the address through it, and the wire."""
    with fresh() as url:
        engine = sa.create_engine(url)
        service.metadata.create_all(engine)
        fill(engine, api_requests=some_requests(3_000))
        engine.dispose()
        wire = Wire(url.host or "127.0.0.1", url.port or 0)
        try:
            yield url.set(host="127.0.0.1", port=wire.port).render_as_string(hide_password=False), wire
        finally:
            wire.listener.close()


@pytest.mark.parametrize("fresh", SERVERS)
def test_a_server_that_swallows_everything_is_given_up_in_time(fresh: Fresh) -> None:
    with wired(fresh) as (url, wire), opened(url) as source:
        assert source.count(REQUESTS, CAMILLE, bound=5) == 5
        wire.swallowing = True
        began = time.monotonic()
        with pytest.raises(SourceUnavailable):
            source.count(REQUESTS, CAMILLE, bound=5)
        assert time.monotonic() - began < 4 * SECONDS + 3
        wire.swallowing = False
        assert source.count(REQUESTS, CAMILLE, bound=5) == 5


@pytest.mark.parametrize("fresh", SERVERS)
def test_a_source_cut_in_mid_result_never_seems_complete(fresh: Fresh) -> None:
    with wired(fresh) as (url, wire), opened(url) as source:
        rows = every_row(source, REQUESTS, CAMILLE)
        wire.cut_after = 20_000
        with pytest.raises(SourceUnavailable):
            list(rows)


def _slow_view(fresh: Fresh, folder: Path) -> tuple[AbstractContextManager[URL], str]:
    del folder
    slow = "pg_sleep(30)::text" if fresh is fresh_postgresql else "SLEEP(30)"
    return fresh(), f"CREATE VIEW slow AS SELECT 1 AS id, {slow} AS wait"


@pytest.mark.parametrize("fresh", SERVERS)
def test_a_statement_that_takes_too_long_is_stopped(fresh: Fresh, tmp_path: Path) -> None:
    database, view = _slow_view(fresh, tmp_path)
    with database as url:
        _run(url, view)
        _assert_given_up(url.render_as_string(hide_password=False))


def test_a_statement_that_takes_too_long_is_stopped_on_sqlite(tmp_path: Path) -> None:
    url = URL.create("sqlite", database=str(tmp_path / "service.db"))
    endless = "WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 1000000000)"
    _run(url, f"CREATE VIEW slow AS {endless} SELECT max(id) AS id, 'x' AS wait FROM n")
    _assert_given_up(str(url))


def _assert_given_up(url: str) -> None:
    table = Table(TableName("service", "slow"), PersonLink(("wait",)), ("id",), None, (), "keep")
    began = time.monotonic()
    with opened(url) as source, pytest.raises(SourceUnavailable):
        source.count(table, ("x",), bound=5)
    assert time.monotonic() - began < 4 * SECONDS + 3


def _run(url: URL, statement: str) -> None:
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def _file(folder: Path) -> tuple[str, sa.Engine]:
    url = f"sqlite:///{folder / 'service.db'}"
    engine = sa.create_engine(url)
    service.metadata.create_all(engine)
    fill(engine, api_requests=some_requests(10))
    return url, engine


def test_a_locked_file_is_read_but_not_erased_and_recovers(tmp_path: Path) -> None:
    url, engine = _file(tmp_path)
    with opened(url, seconds=0.2) as source, engine.connect() as writer:
        batch = source.next_batch(REQUESTS, CAMILLE, after=None, limit=5, now=NOW)
        assert batch is not None
        writer.exec_driver_sql("BEGIN IMMEDIATE")
        assert source.count(REQUESTS, CAMILLE, bound=50) == 10
        with pytest.raises(SourceUnavailable):
            source.erase(REQUESTS, CAMILLE, batch, now=NOW)
        writer.rollback()
        assert source.erase(REQUESTS, CAMILLE, batch, now=NOW) == 5


def test_a_file_that_is_not_there_is_unavailable_and_not_made(tmp_path: Path) -> None:
    source = open_source("sql", "service", f"sqlite:///{tmp_path / 'absent.db'}")
    with pytest.raises(SourceUnavailable):
        source.describe()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "photo.db").write_bytes(b"not a database at all" * 500)
    with pytest.raises(SourceUnavailable):
        open_source("sql", "service", f"sqlite:///{tmp_path / 'photo.db'}").describe()


def test_a_source_recovers_as_soon_as_its_file_is_there(tmp_path: Path) -> None:
    source = open_source("sql", "service", f"sqlite:///{tmp_path / 'service.db'}")
    with pytest.raises(SourceUnavailable):
        source.count(REQUESTS, CAMILLE, bound=50)
    _file(tmp_path)
    assert source.count(REQUESTS, CAMILLE, bound=50) == 10


@pytest.mark.parametrize(
    "url", ["", "not an address", "oracle://u:hidden@host/db", "postgresql://u:hidden@host:port/db"]
)
def test_an_address_that_is_none_is_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(ValueError) as failure:  # noqa: PT011 – the sentence is looked at below
        open_source("sql", "service", url)
    assert "hidden" not in f"{failure.value!r}"
    assert failure.value.__context__ is None


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(KeyError):
        open_source("paper", "service", "sqlite:///x.db")


@pytest.mark.parametrize("scheme", ["postgresql", "mysql"])
@pytest.mark.parametrize("password", ["p@ss/w%rd:#?", "p%40ss%2Fw%25rd%3A%23%3F"])
def test_a_password_is_in_no_message_raw_or_encoded(scheme: str, password: str) -> None:
    """CVE-2024-34715: a password with reserved characters, written as it is, breaks the address in surprising places."""
    said = ""
    address = f"{scheme}://user:{password}@127.0.0.1:1/db"
    with pytest.raises((SourceUnavailable, ValueError)) as failure, opened(address) as source:
        source.describe()
    error: BaseException | None = failure.value
    while error is not None:
        said += f"{error!r} {error}"
        error = error.__cause__ or error.__context__
    assert not any(piece in said for piece in ("p@ss", "w%rd", "p%40ss", "25rd", "ss/w"))
