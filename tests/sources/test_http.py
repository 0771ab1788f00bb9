"""A service asked over HTTP does all that a source must do: the reference service, on real sockets, with SQLite behind it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from portal.demo.http_service.server import Service
from portal.sources.base import Source
from tests.sources.contract import SourceContract
from tests.sources.invented_service import SECRET
from tests.sources.serving import asked_at, served


class TestOverHttp(SourceContract):
    """One server for the class, one source for each test."""

    @classmethod
    @contextmanager
    def fresh(cls, folder: Path) -> Iterator[URL]:
        yield URL.create("sqlite", database=str(folder / "service.db"))

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def server(cls, url: str) -> Iterator[Service]:
        with served(url, hash_key=SECRET) as service:
            cls.port = service.server_port
            yield service

    def opened(self, url: str) -> Source:
        return asked_at(self.port)

    def down(self, url: str) -> Source:
        return asked_at(1, secret=b"p@ss/w%rd:#?" * 3)

    def spoil(self, engine: sa.Engine) -> None:
        with engine.begin() as connection:
            connection.exec_driver_sql("UPDATE api_requests SET path = CAST(x'61ff62' AS TEXT) WHERE id = 2")
