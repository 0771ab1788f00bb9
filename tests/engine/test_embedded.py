"""The embedded engine keeps the contract on SQLite and PostgreSQL, and lets one worker in."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal.domain.jobs import Job, JobKind
from portal.engine.base import AnotherWorkerRuns
from portal.engine.lock import only_worker
from tests.engine.benches import Bench, embedded_on_postgresql, embedded_on_sqlite
from tests.engine.contract import EngineContract, PostgreSQLContract
from tests.engine.workers import wait_until


class TestEmbeddedOnSQLite(EngineContract):
    def bench(self, folder: Path) -> AbstractContextManager[Bench]:
        return embedded_on_sqlite(folder)


class TestEmbeddedOnPostgreSQL(PostgreSQLContract):
    def bench(self, folder: Path) -> AbstractContextManager[Bench]:
        return embedded_on_postgresql(folder)


def test_a_second_worker_is_refused(tmp_path: Path) -> None:
    with (
        embedded_on_sqlite(tmp_path) as bench,
        only_worker(Path(bench.arguments[2])),
        pytest.raises(AnotherWorkerRuns),
    ):
        bench.engine.work({}, stop=threading.Event())


def test_a_worker_waits_for_a_database_that_is_away(tmp_path: Path) -> None:
    with embedded_on_sqlite(tmp_path) as bench:
        with bench.database.writing() as store:
            store.connection.exec_driver_sql("ALTER TABLE jobs RENAME TO away")
        delivered: list[int] = []
        handlers = {JobKind.DELIVER_LETTER: lambda subject, _now: delivered.append(subject)}
        stop = threading.Event()
        thread = threading.Thread(target=bench.engine.work, args=(handlers,), kwargs={"stop": stop})
        thread.start()
        try:
            with bench.database.writing() as store:
                store.connection.exec_driver_sql("ALTER TABLE away RENAME TO jobs")
                bench.engine.promise(
                    store.connection, [Job(JobKind.DELIVER_LETTER, 7)], datetime(2026, 1, 1, tzinfo=UTC)
                )
            wait_until(lambda: delivered == [7], "work after the database came back")
        finally:
            stop.set()
            thread.join(20)
