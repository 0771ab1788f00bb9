"""A worker says that it is there, finishes the step at hand when asked to end, and ends."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from portal.domain.jobs import JobKind
from portal.worker import run
from tests.engine.benches import Bench, embedded_on_sqlite, procrastinate_on_postgresql
from tests.engine.workers import wait_until, worker_process


@pytest.mark.parametrize("bench_on", [embedded_on_sqlite, procrastinate_on_postgresql])
def test_sigterm_lets_the_step_at_hand_finish(
    tmp_path: Path, bench_on: Callable[[Path], AbstractContextManager[Bench]]
) -> None:
    with bench_on(tmp_path) as bench:
        bench.promise(JobKind.APPLY_CORRECTION, 7)
        with worker_process(bench) as process:
            wait_until(lambda: bench.marks("correcting") == [7], "the step")
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
        assert bench.marks("corrected") == [7]


def test_a_worker_beats_and_sweeps_as_soon_as_it_starts(tmp_path: Path) -> None:
    with embedded_on_sqlite(tmp_path) as bench, worker_process(bench) as process:
        wait_until(lambda: process.pid in bench.marks("beat"), "a heartbeat")
        wait_until(lambda: bench.marks("swept") == [0], "the first sweep")


def test_work_goes_on_when_the_heartbeat_cannot_be_written(tmp_path: Path) -> None:
    with embedded_on_sqlite(tmp_path) as bench:
        bench.promise(JobKind.DELIVER_LETTER, 7)
        stop, delivered = threading.Event(), []

        def deliver(subject: int, _now: object) -> None:
            delivered.append(subject)
            stop.set()

        def no_heartbeat() -> None:
            raise OSError

        run(bench.engine, {JobKind.DELIVER_LETTER: deliver}, [], stop, heartbeat=no_heartbeat)
        assert delivered == [7]
