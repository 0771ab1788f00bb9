"""Procrastinate keeps the contract; a job left by a silent worker is done by one that already works."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from portal.domain.jobs import JobKind
from tests.engine.benches import Bench, procrastinate_on_postgresql
from tests.engine.contract import PostgreSQLContract
from tests.engine.workers import wait_until, worker_process


class TestProcrastinateOnPostgreSQL(PostgreSQLContract):
    def bench(self, folder: Path) -> AbstractContextManager[Bench]:
        return procrastinate_on_postgresql(folder)


def test_a_living_worker_takes_over_from_a_killed_one(tmp_path: Path) -> None:
    with procrastinate_on_postgresql(tmp_path) as bench:
        bench.promise(JobKind.ERASURE_STEP, 7)
        with worker_process(bench) as first:
            wait_until(lambda: bench.marks("begun") == [7], "the first try")
            with worker_process(bench) as second:
                wait_until(lambda: second.pid in bench.marks("beat"), "the second worker")
                first.kill()
                wait_until(lambda: bench.marks("erased") == [7], "the second try")


def test_a_job_being_done_is_not_begun_by_a_second_worker_when_promised_again(tmp_path: Path) -> None:
    with procrastinate_on_postgresql(tmp_path) as bench:
        bench.promise(JobKind.APPLY_CORRECTION, 7)
        with worker_process(bench), worker_process(bench):
            wait_until(lambda: bench.marks("correcting") == [7], "the first try")
            bench.promise(JobKind.APPLY_CORRECTION, 7)
            wait_until(lambda: bench.marks("corrected") == [7, 7], "the second step")
        assert bench.marks("overlap") == []


def test_a_worker_outlives_the_loss_of_every_connection(tmp_path: Path) -> None:
    with procrastinate_on_postgresql(tmp_path) as bench, worker_process(bench) as process:
        bench.promise(JobKind.DELIVER_LETTER, 1)
        wait_until(lambda: bench.marks("delivered") == [1], "the first letter")
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        with bench.database.writing() as store:
            store.connection.exec_driver_sql(f"{others} AND pid <> pg_backend_pid()")
        bench.promise(JobKind.DELIVER_LETTER, 2)
        wait_until(lambda: bench.marks("delivered") == [1, 2], "the second letter")
        assert process.poll() is None


def test_a_worker_outlives_the_loss_of_its_connections_in_the_middle_of_a_step(tmp_path: Path) -> None:
    with procrastinate_on_postgresql(tmp_path) as bench, worker_process(bench):
        bench.promise(JobKind.APPLY_CORRECTION, 1)
        wait_until(lambda: bench.marks("correcting") == [1], "the step")
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        with bench.database.writing() as store:
            store.connection.exec_driver_sql(f"{others} AND pid <> pg_backend_pid()")
        wait_until(lambda: 1 in bench.marks("corrected"), "the step's end")
        bench.promise(JobKind.APPLY_CORRECTION, 1)
        wait_until(lambda: len(bench.marks("corrected")) >= 2, "the same job once more")
