"""A bench for the contract of sources: a fresh database of one kind with an invented service in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL

from portal.domain.data_map import Table
from portal.domain.days import Days
from portal.sources import open_source
from portal.sources.base import Key, Row, Source
from tests.sources import invented_service as service
from tests.sources.invented_service import (
    NOW,
    fill,
)

ODD = 'od"d `na%me (s):'
HOSTILE = (
    "<script>alert(1)</script>",
    "'; DROP TABLE accounts; --",
    "=1+1",
    "../../etc/passwd",
    "line\r\nbreak",
    "%s%n{0}{x!r}",
    "\u202eright to left",
    "e\u0301 family 👨‍👩‍👧‍👦",
    "",
    "\\",
)


def pages(source: Source, table: Table, person: Key, limit: int, within: Days | None = None) -> Iterator[Row]:
    """Every row, walked page by page as a reader would."""
    after = None
    while True:
        page = source.page(table, person, after=after, limit=limit, within=within)
        assert len(page.rows) <= limit
        yield from page.rows
        if page.next_after is None:
            return
        after = page.next_after


def every_row(source: Source, table: Table, person: Key, within: Days | None = None) -> Iterator[Row]:
    """Every row as a copy reads them, by the name of the mapped column."""
    for chunk in source.chunks(table, person, within=within):
        assert chunk
        for cells in chunk:
            yield dict(zip((column.name for column in table.columns), cells, strict=True))


def erase_all(source: Source, table: Table, person: Key, *, limit: int = 100, now: datetime = NOW) -> int:
    """Erase batch by batch as the worker does; gives how many rows changed."""
    after, changed = None, 0
    while batch := source.next_batch(table, person, after=after, limit=limit, now=now):
        assert batch.count <= limit
        changed += source.erase(table, person, batch, now=now)
        after = batch.last
    return changed


class Bench:
    """What each kind of database gives the contract."""

    @classmethod
    def fresh(cls, folder: Any) -> AbstractContextManager[URL]:
        """An empty database, dropped at the end."""
        raise NotImplementedError

    @pytest.fixture(scope="class")
    @classmethod
    def url(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
        """The address of a database with the service's tables."""
        with cls.fresh(tmp_path_factory.mktemp("service")) as url:
            engine = sa.create_engine(url)
            service.metadata.create_all(engine)
            engine.dispose()
            yield url.render_as_string(hide_password=False)

    @pytest.fixture
    def engine(self, url: str) -> Iterator[sa.Engine]:
        """The service's own way to its database, with two accounts in it."""
        engine = sa.create_engine(url)
        fill(engine)
        yield engine
        engine.dispose()

    @pytest.fixture
    def source(self, url: str, engine: sa.Engine) -> Iterator[Source]:
        """The portal's way to it."""
        source = self.opened(url)
        yield source
        source.close()

    def opened(self, url: str) -> Source:
        """A source of this kind on the database at that address."""
        return open_source("sql", "service", url, hash_key=service.SECRET)

    def down(self, url: str) -> Source:
        """One that nobody answers for, with a password to hide in its address."""
        return open_source("sql", "service", self.broken(sa.make_url(url)))

    def spoil(self, engine: sa.Engine) -> None:
        """Make one value of request 2 one that Python cannot hold."""
        raise NotImplementedError

    def broken(self, url: URL) -> str:
        """The same address with a connection that fails and a password to hide."""
        return url.set(host="127.0.0.1", port=1, password="p@ss/w%rd:#?").render_as_string(hide_password=False)


def membership(club: str, year: int = 2026) -> dict[str, Any]:
    """The row of one membership."""
    return {"club": club, "year": year, "account_id": 1, "since": date(2020, 1, 1)}


def two_orders() -> list[dict[str, Any]]:
    """An order of each of the two people."""
    return [{"id": 10, "account_id": 1}, {"id": 20, "account_id": 2}]


def their_lines() -> list[dict[str, Any]]:
    """Lines of those orders."""
    return [{"id": number, "order_id": order, "article": "tea"} for number, order in ((1, 10), (2, 10), (3, 20))]


def some_devices(addresses: list[str | None]) -> list[dict[str, Any]]:
    """A device for each address."""
    return [{"id": index, "account_id": 1, "ip": ip, "label": "telephone"} for index, ip in enumerate(addresses, 1)]


def cell(engine: sa.Engine, name: str, account: int = 1) -> Any:
    """One cell of an account, read behind the source."""
    with engine.connect() as connection:
        return connection.scalar(sa.select(service.accounts.c[name]).where(service.accounts.c.id == account))
