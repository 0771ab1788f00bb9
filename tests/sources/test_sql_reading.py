"""How the SQL source reads: through indexes however deep, in constant memory, whatever a SQLite file holds."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine

from portal.domain.data_map import PersonLink, Table, TableName
from portal.sources import open_source
from portal.sources.base import UNREADABLE, Source
from tests.sources import invented_service as service
from tests.sources.bench import every_row
from tests.sources.invented_service import CAMILLE, NOW, REQUESTS, column, fill, mapped, some_requests


def _service(folder: Path, rows: int = 0) -> tuple[Source, sa.Engine]:
    url = f"sqlite:///{folder / 'service.db'}"
    engine = sa.create_engine(url)
    service.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE INDEX newest ON api_requests (account_id, requested_at, id)")
    fill(engine, **({"api_requests": some_requests(rows)} if rows else {}))
    return open_source("sql", "service", url), engine


@contextmanager
def _statements() -> Iterator[list[tuple[str, Any]]]:
    """Every statement sent while the block runs."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        sent.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def _plan(engine: sa.Engine, sent: list[tuple[str, Any]]) -> str:
    asked = [
        (statement, given) for statement, given in sent if "api_requests" in statement and "PRAGMA" not in statement
    ]
    with engine.connect() as connection:
        return "\n".join(
            str(line)
            for statement, given in asked
            for line in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
        )


def test_a_page_copy_or_batch_anywhere_is_answered_by_an_index(tmp_path: Path) -> None:
    source, engine = _service(tmp_path, rows=2_000)
    deep = source.page(REQUESTS, CAMILLE, after=None, limit=1_000).next_after
    source.row(REQUESTS, CAMILLE, (5,))
    with _statements() as sent:
        source.page(REQUESTS, CAMILLE, after=None, limit=20)
        source.page(REQUESTS, CAMILLE, after=deep, limit=20)
        assert len(list(every_row(source, REQUESTS, CAMILLE))) == 2_000
        batch = source.next_batch(REQUESTS, CAMILLE, after=(1_000,), limit=100, now=NOW)
        assert batch is not None
        source.erase(REQUESTS, CAMILLE, batch, now=NOW)
    plan = _plan(engine, sent)
    assert "SEARCH" in plan
    assert "SCAN api_requests" not in plan
    assert "TEMP B-TREE" not in plan


def test_the_statements_of_a_page_do_not_grow_with_the_rows(tmp_path: Path) -> None:
    source, _ = _service(tmp_path, rows=1_000)
    after = source.page(REQUESTS, CAMILLE, after=None, limit=10).next_after
    counts = []
    for limit in (10, 500):
        with _statements() as sent:
            source.page(REQUESTS, CAMILLE, after=after, limit=limit)
        counts.append(len(sent))
    assert counts[0] == counts[1]
    assert counts[0] <= 4


def test_a_copy_of_large_cells_is_read_in_constant_memory(tmp_path: Path) -> None:
    source, engine = _service(tmp_path)
    large = [row | {"path": "x" * 1_000_000} for row in some_requests(60)]
    fill(engine, api_requests=large)
    del large
    tracemalloc.start()
    try:
        assert sum(len(str(row["path"])) for row in every_row(source, REQUESTS, CAMILLE)) == 60_000_000
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 32 * 1024 * 1024


def _keyed_by(engine: sa.Engine, declared: str, *keys: str) -> Table:
    """A table of SQLite whose key holds whatever SQL says; one row for each."""
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE TABLE odd (k {declared}, account_id INTEGER, said TEXT)")
        for key in keys:
            connection.exec_driver_sql(f"INSERT INTO odd VALUES ({key}, 1, 'x')")
    return Table(
        TableName("service", "odd"), PersonLink(("account_id",)), ("k",), None, (column("said"), column("k")), "delete"
    )


def test_keys_of_any_kind_are_walked_found_and_erased(tmp_path: Path) -> None:
    source, engine = _service(tmp_path)
    table = _keyed_by(engine, "", "NULL", "1", "2.5", "'text'", "'\ue000x00'", "x'00ff'", "CAST(x'61ff' AS TEXT)", "''")
    after, keys = None, []
    while True:
        page = source.page(table, CAMILLE, after=after, limit=1)
        keys += [(row["k"],) for row in page.rows]
        after = page.next_after
        if after is None:
            break
    assert len(keys) == 8
    assert all(source.row(table, CAMILLE, key) is not None for key in keys)
    place = None
    while batch := source.next_batch(table, CAMILLE, after=place, limit=3, now=NOW):
        source.erase(table, CAMILLE, batch, now=NOW)
        place = batch.last
    assert source.count(table, CAMILLE, bound=50) == 0


def test_text_that_is_not_utf8_does_not_hide_its_neighbours(tmp_path: Path) -> None:
    source, engine = _service(tmp_path, rows=30)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE api_requests SET ip = CAST(x'ff' AS TEXT), path = x'00' WHERE id = 7")
    rows = {row["id"]: row for row in every_row(source, REQUESTS, CAMILLE)}
    assert len(rows) == 30
    assert (rows[7]["ip"], rows[7]["path"]) == (UNREADABLE, b"\x00")
    assert rows[8]["ip"] == "203.0.113.7"


def test_dates_kept_as_any_text_are_read_or_said_to_be_unreadable(tmp_path: Path) -> None:
    source, engine = _service(tmp_path, rows=6)
    kept = [
        "2025-02-25T10:00:00Z",
        "2025-02-25 06:00:00-04:00",
        "2025-02-25",
        "0000-00-00 00:00:00",
        "yesterday",
        1740477600,
    ]
    with engine.begin() as connection:
        for id, value in enumerate(kept, 1):
            connection.exec_driver_sql("UPDATE api_requests SET requested_at = ? WHERE id = ?", (value, id))
    read = [row["requested_at"] for row in every_row(source, REQUESTS, CAMILLE)]
    ten, midnight = (
        datetime.fromisoformat("2025-02-25T10:00:00+00:00"),
        datetime.fromisoformat("2025-02-25T00:00:00+00:00"),
    )
    assert read == [ten, ten, midnight, UNREADABLE, "yesterday", 1740477600]


def test_a_table_of_three_hundred_columns_is_read(tmp_path: Path) -> None:
    source, engine = _service(tmp_path)
    names = [f"c{number}" for number in range(300)]
    with engine.begin() as connection:
        connection.exec_driver_sql(
            f"CREATE TABLE wide (id INTEGER PRIMARY KEY, account_id INTEGER, {', '.join(names)})"
        )
        connection.exec_driver_sql("INSERT INTO wide (id, account_id, c299) VALUES (1, 1, 'last')")
    columns = tuple(column(name) for name in names)
    table = Table(TableName("service", "wide"), PersonLink(("account_id",)), ("id",), None, columns, "delete")
    (row,) = every_row(source, table, CAMILLE)
    assert (row["c0"], row["c299"]) == (None, "last")


def test_a_view_can_be_read(tmp_path: Path) -> None:
    source, engine = _service(tmp_path, rows=3)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE VIEW seen AS SELECT * FROM api_requests")
    view = Table(TableName("service", "seen"), PersonLink(("account_id",)), ("id",), None, (column("ip"),), "keep")
    assert TableName("service", "seen") in source.describe()
    assert len(list(every_row(source, view, CAMILLE))) == 3


def test_a_consumer_that_stops_midway_holds_nothing(tmp_path: Path) -> None:
    source, engine = _service(tmp_path, rows=50)
    next(every_row(source, REQUESTS, CAMILLE))
    with engine.connect() as writer:
        writer.exec_driver_sql("PRAGMA busy_timeout = 0")
        writer.exec_driver_sql("BEGIN EXCLUSIVE")
        writer.rollback()
    assert len(list(every_row(source, mapped(service.api_requests), CAMILLE))) == 50
