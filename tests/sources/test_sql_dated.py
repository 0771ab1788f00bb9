"""Days chosen where SQLite keeps moments as text, in every way services write them; and the index that finds the rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from portal.domain.data_map import Column, PersonLink, Retention, Table, TableName
from portal.domain.languages import Text
from portal.domain.periods import period
from portal.sources import open_source
from portal.sources.sql.source import SqlSource
from tests.services import fresh_postgresql
from tests.sources.dated_contract import days, on

PERSON = (1,)
COLUMNS = tuple(Column(name, Text("", "")) for name in ("id", "at"))
LOG = Table(TableName("service", "log"), PersonLink(("owner",)), ("id",), "at", COLUMNS, erase="delete")
BEFORE = (
    "2026-01-02 04:59:59.999999",
    "2026-01-02T04:59:59Z",
    "2026-01-01T23:59:59-05:00",
    "2026-01-02",
    "2026-01-02T04:59",
)
THAT_DAY = (
    "2026-01-02 05:00",
    "2026-01-02 05:00:00",
    "2026-01-02T05:00:00Z",
    "2026-01-02T05:00:00.000000+00:00",
    "2026-01-02T00:00:00-05:00",
    "2026-01-02T19:00:00+14:00",
    "2026-01-03",
    "2026-01-02T23:59:59.999-05:00",
    "2026-01-03 04:59:59.999999",
)
AFTER = ("2026-01-03 05:00:00", "2026-01-03T00:00:00-05:00", "2026-01-03T05:00Z", "2026-01-04")
NEVER = (None, "", "soon", b"\xff\xfe", "-1", "+2026-01-02")
NUMBERS = (1767330000, 2.5)
"""Text to a column of text, where they are found with what they begin like."""


@pytest.fixture(params=["DATETIME", "TEXT"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[SqlSource, Table]]:
    """A log whose moments are every text above, in a column of that kind."""
    with closing(sqlite3.connect(tmp_path / "service.db")) as service:
        service.execute(f"CREATE TABLE log (id INTEGER PRIMARY KEY, owner INTEGER, at {request.param})")
        written = [*BEFORE, *THAT_DAY, *AFTER, *NEVER, *(NUMBERS if request.param == "DATETIME" else ())]
        service.executemany("INSERT INTO log (owner, at) VALUES (1, ?)", [(one,) for one in written])
        service.commit()
    source = open_source("sql", "service", f"sqlite:///{tmp_path / 'service.db'}")
    assert isinstance(source, SqlSource)
    counted = None if request.param == "DATETIME" else Retention("at", period("P1Y"))
    yield source, replace(LOG, retention=counted)
    source.close()


def test_moments_are_chosen_however_they_are_written(kept: tuple[SqlSource, Table]) -> None:
    source, table = kept
    chosen = on(source, table, days("2026-01-02", "2026-01-02"), PERSON)
    that_day = range(len(BEFORE) + 1, len(BEFORE) + len(THAT_DAY) + 1)
    assert sorted(chosen) == list(that_day)
    assert sorted(on(source, table, days(None, "2026-01-01"), PERSON)) == list(range(1, len(BEFORE) + 1))
    after = range(that_day.stop, that_day.stop + len(AFTER))
    assert sorted(on(source, table, days("2026-01-03", None), PERSON)) == list(after)


def test_what_is_no_moment_is_counted_apart(kept: tuple[SqlSource, Table]) -> None:
    source, table = kept
    found = source.dates(table, PERSON, bound=100)
    assert found is not None
    assert found.undated == len(NEVER) + (0 if table.retention else len(NUMBERS))
    assert found.oldest == datetime(2026, 1, 2, 4, 59, 59, tzinfo=UTC)
    assert found.newest == datetime(2026, 1, 4, tzinfo=UTC)


def test_text_is_no_date_where_nothing_says_so(kept: tuple[SqlSource, Table]) -> None:
    source, table = kept
    if table.retention:
        assert source.dates(replace(table, retention=None), PERSON, bound=9) is None


def rows_of_a_log(engine: sa.Engine, number: int) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    with engine.begin() as connection:
        log = sa.Table(
            "log",
            sa.MetaData(),
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("owner", sa.Integer, nullable=False),
            sa.Column("at", sa.DateTime),
            sa.Index("ix_log", "owner", "at", "id"),
        )
        log.create(connection)
        rows = [{"owner": 1 + one % 2, "at": start + timedelta(minutes=one)} for one in range(number)]
        connection.execute(sa.insert(log), rows)


def plans(source: SqlSource, explain: str) -> Iterator[tuple[str, str]]:
    """Every statement that pages, counts and dates of some days send, and how the database goes about it."""
    asked: list[tuple[str, object]] = []
    engine = source._engine

    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_rest: object) -> None:
        if "log" in statement and "FROM" in statement:
            asked.append((statement, parameters))

    chosen = days("2026-01-02", "2026-01-02")
    source.page(LOG, PERSON, after=None, limit=5)
    event.listen(engine, "before_cursor_execute", note)
    page = source.page(LOG, PERSON, after=None, limit=5, within=chosen)
    source.page(LOG, PERSON, after=page.next_after, limit=5, within=chosen)
    source.count(LOG, PERSON, bound=10, within=chosen)
    source.dates(LOG, PERSON, bound=10)
    event.remove(engine, "before_cursor_execute", note)
    with engine.connect() as connection:
        for statement, parameters in list(asked):
            plan = connection.exec_driver_sql(f"{explain} {statement}", parameters).all()  # type: ignore[arg-type]
            yield statement, "\n".join(str(row[-1]) for row in plan)


def test_an_index_on_person_date_and_key_finds_them_in_a_file(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'service.db'}")
    rows_of_a_log(engine, 5_000)
    engine.dispose()
    source = SqlSource("service", f"sqlite:///{tmp_path / 'service.db'}")
    found = list(plans(source, "EXPLAIN QUERY PLAN"))
    source.close()
    assert len(found) >= 4
    for statement, plan in found:
        assert "ix_log (owner=? AND at" in plan, (statement, plan)
        assert "TEMP B-TREE" not in plan, (statement, plan)
        assert "SCAN log" not in plan, (statement, plan)


def test_an_index_on_person_date_and_key_finds_them_on_a_server() -> None:
    with fresh_postgresql() as url:
        address = url.render_as_string(hide_password=False)
        engine = sa.create_engine(url)
        rows_of_a_log(engine, 20_000)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE log")
        engine.dispose()
        source = SqlSource("service", address)
        found = list(plans(source, "EXPLAIN"))
        source.close()
    assert len(found) >= 4
    for statement, plan in found:
        assert "ix_log" in plan, (statement, plan)
        assert "Sort" not in plan, (statement, plan)
        assert "Seq Scan" not in plan, (statement, plan)
