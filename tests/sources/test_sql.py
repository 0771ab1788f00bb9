"""The SQL source on SQLite, PostgreSQL and MariaDB."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL

from tests.services import fresh_mariadb, fresh_postgresql
from tests.sources.contract import SourceContract


class TestOnSqlite(SourceContract):
    """A file."""

    @classmethod
    @contextmanager
    def fresh(cls, folder: Path) -> Iterator[URL]:
        yield URL.create("sqlite", database=str(folder / "service.db"))

    def spoil(self, engine: sa.Engine) -> None:
        with engine.begin() as connection:
            connection.exec_driver_sql("UPDATE api_requests SET path = CAST(x'61ff62' AS TEXT) WHERE id = 2")

    def broken(self, url: URL) -> str:
        return url.set(database="/nowhere/p@ss/w%rd/service.db").render_as_string(hide_password=False)


class TestOnPostgresql(SourceContract):
    """A server."""

    @classmethod
    def fresh(cls, folder: Path) -> AbstractContextManager[URL]:
        return fresh_postgresql()

    def spoil(self, engine: sa.Engine) -> None:
        with engine.begin() as connection:
            connection.exec_driver_sql("UPDATE api_requests SET requested_at = 'infinity' WHERE id = 2")


class TestOnMariadb(SourceContract):
    """A server."""

    @classmethod
    def fresh(cls, folder: Path) -> AbstractContextManager[URL]:
        return fresh_mariadb()

    def spoil(self, engine: sa.Engine) -> None:
        with engine.begin() as connection:
            connection.exec_driver_sql("SET SESSION sql_mode = ''")
            connection.exec_driver_sql("UPDATE api_requests SET requested_at = '0000-00-00 00:00:00' WHERE id = 2")
