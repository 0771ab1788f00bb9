"""What every work engine must do; each adapter's test module runs all of it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal.domain.jobs import STALLED_AFTER, WAITS, Again, Job, JobKind
from portal.engine.calendar import Every
from tests.engine.benches import Bench
from tests.engine.workers import wait_until, worker_process

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LETTER = JobKind.DELIVER_LETTER
HOUR = timedelta(hours=1)


class Recorder:
    """A handler that remembers whom it was called for and when, and answers as it was told to."""

    def __init__(self, *answers: Again | Exception | None) -> None:
        self.calls: list[tuple[int, datetime]] = []
        self._answers = list(answers)

    def __call__(self, subject: int, now: datetime) -> Again | None:
        self.calls.append((subject, now))
        answer = self._answers.pop(0) if self._answers else None
        if isinstance(answer, Exception):
            raise answer
        return answer


class EngineContract:
    """Run on each engine and database."""

    def bench(self, folder: Path) -> AbstractContextManager[Bench]:
        """The engine under test, on a database of its own."""
        raise NotImplementedError

    def test_a_promise_that_is_kept_is_done_once(self, tmp_path: Path) -> None:
        with self.bench(tmp_path) as bench:
            deliver = Recorder()
            bench.promise(LETTER, 7)
            assert bench.engine.run_until_idle({LETTER: deliver}, NOON) == 1
            assert bench.engine.run_until_idle({LETTER: deliver}, NOON) == 0
            assert deliver.calls == [(7, NOON)]

    def test_a_promise_is_lost_with_the_transaction_that_made_it(self, tmp_path: Path) -> None:
        with self.bench(tmp_path) as bench:
            _promise_and_fail(bench)
            assert bench.engine.run_until_idle({LETTER: Recorder()}, NOON) == 0

    def test_what_is_written_beside_a_promise_is_kept_or_lost_with_it(self, tmp_path: Path) -> None:
        with self.bench(tmp_path) as bench:
            bench.promise(LETTER, 7)
            _promise_and_fail(bench)
            assert bench.marks("lost") == []
            assert bench.engine.run_until_idle({LETTER: Recorder()}, NOON) == 1

    def test_promising_twice_keeps_one(self, tmp_path: Path) -> None:
        with self.bench(tmp_path) as bench:
            bench.promise(LETTER, 7)
            bench.promise(LETTER, 7)
            bench.promise(LETTER, 8)
            deliver = Recorder()
            bench.engine.run_until_idle({LETTER: deliver}, NOON)
            assert sorted(subject for subject, _ in deliver.calls) == [7, 8]

    def test_promising_twice_in_one_transaction_keeps_one_and_the_transaction(self, tmp_path: Path) -> None:
        with self.bench(tmp_path) as bench:
            with bench.database.writing() as store:
                bench.engine.promise(store.connection, [Job(LETTER, 7)])
                bench.engine.promise(store.connection, [Job(LETTER, 7)])
                store.connection.exec_driver_sql("INSERT INTO effects VALUES ('kept', 1)")
            assert bench.marks("kept") == [1]
            assert bench.engine.run_until_idle({LETTER: Recorder()}, NOON) == 1

    def test_a_job_for_later_waits_for_its_time(self, tmp_path: Path) -> None:
        with self.bench(tmp_path) as bench:
            bench.promise(LETTER, 7, NOON + HOUR)
            assert bench.engine.run_until_idle({LETTER: Recorder()}, NOON) == 0
            assert bench.engine.run_until_idle({LETTER: Recorder()}, NOON + HOUR) == 1

    def test_of_two_times_promised_the_sooner_counts(self, tmp_path: Path) -> None:
        with self.bench(tmp_path) as bench:
            bench.promise(LETTER, 7, NOON + HOUR)
            bench.promise(LETTER, 7, NOON)
            bench.promise(LETTER, 7, NOON + 2 * HOUR)
            assert bench.engine.run_until_idle({LETTER: Recorder()}, NOON) == 1
            bench.promise(LETTER, 8, NOON + HOUR)
            bench.promise(LETTER, 8)
            assert bench.engine.run_until_idle({LETTER: Recorder()}, NOON) == 1

    def test_a_job_promised_while_it_runs_runs_once_more(self, tmp_path: Path) -> None:
        with self.bench(tmp_path) as bench:
            calls: list[int] = []

            def promise_more(subject: int, _now: datetime) -> None:
                calls.append(subject)
                if len(calls) == 1:
                    bench.promise(LETTER, subject)
                    bench.promise(LETTER, subject)

            bench.promise(LETTER, 7)
            bench.engine.run_until_idle({LETTER: promise_more}, NOON)
            assert calls == [7, 7]

    def test_again_brings_the_job_back_at_the_time_asked_for(self, tmp_path: Path) -> None:
        with self.bench(tmp_path) as bench:
            deliver = Recorder(Again(NOON), Again(NOON + HOUR))
            bench.promise(LETTER, 7)
            assert bench.engine.run_until_idle({LETTER: deliver}, NOON) == 2
            assert bench.engine.run_until_idle({LETTER: deliver}, NOON + HOUR) == 1
            assert bench.engine.run_until_idle({LETTER: deliver}, NOON + 9 * HOUR) == 0

    def test_again_for_later_and_promised_meanwhile_runs_at_once(self, tmp_path: Path) -> None:
        with self.bench(tmp_path) as bench:
            calls: list[int] = []

            def once_more(subject: int, _now: datetime) -> Again | None:
                calls.append(subject)
                if len(calls) > 1:
                    return None
                bench.promise(LETTER, subject)
                return Again(NOON + HOUR)

            bench.promise(LETTER, 7)
            assert bench.engine.run_until_idle({LETTER: once_more}, NOON) == 2
            assert bench.engine.run_until_idle({LETTER: once_more}, NOON + HOUR) == 0

    def test_a_job_that_fails_is_tried_again_after_growing_waits(self, tmp_path: Path) -> None:
        with self.bench(tmp_path) as bench:
            deliver = Recorder(*[OSError("away")] * (len(WAITS) + 1))
            bench.promise(LETTER, 7)
            now = NOON
            bench.engine.run_until_idle({LETTER: deliver}, now)
            for wait in [*WAITS, WAITS[-1]]:
                just_before = now + wait - timedelta(milliseconds=1)
                assert bench.engine.run_until_idle({LETTER: deliver}, just_before) == 0
                now += wait
                assert bench.engine.run_until_idle({LETTER: deliver}, now) == 1

    def test_a_promise_without_a_time_leaves_a_failed_job_its_wait(self, tmp_path: Path) -> None:
        with self.bench(tmp_path) as bench:
            deliver = Recorder(OSError("away"))
            bench.promise(LETTER, 7)
            bench.engine.run_until_idle({LETTER: deliver}, NOON)
            bench.promise(LETTER, 7)
            assert bench.engine.run_until_idle({LETTER: deliver}, NOON) == 0
            bench.promise(LETTER, 7, NOON)
            assert bench.engine.run_until_idle({LETTER: deliver}, NOON) == 1

    def test_a_failed_job_promised_meanwhile_waits_too(self, tmp_path: Path) -> None:
        with self.bench(tmp_path) as bench:

            def fail(subject: int, _now: datetime) -> None:
                bench.promise(LETTER, subject)
                raise OSError("away")

            bench.promise(LETTER, 7)
            assert bench.engine.run_until_idle({LETTER: fail}, NOON) == 1
            assert bench.engine.run_until_idle({LETTER: Recorder()}, NOON + WAITS[0]) == 1

    def test_a_job_that_fails_and_fails_is_shown_as_stalled_and_still_tried(self, tmp_path: Path) -> None:
        with self.bench(tmp_path) as bench:
            deliver = Recorder(*[OSError("away")] * STALLED_AFTER)
            bench.promise(LETTER, 7)
            for tries in range(STALLED_AFTER):
                assert bench.engine.stalled() == ()
                assert bench.engine.run_until_idle({LETTER: deliver}, NOON + tries * HOUR) == 1
            assert bench.engine.stalled() == (Job(LETTER, 7),)
            assert bench.engine.run_until_idle({LETTER: deliver}, NOON + STALLED_AFTER * HOUR) == 1
            assert bench.engine.stalled() == ()

    def test_success_forgets_earlier_failures(self, tmp_path: Path) -> None:
        with self.bench(tmp_path) as bench:
            deliver = Recorder(OSError("away"), OSError("away"), Again(NOON + HOUR), OSError("away"))
            bench.promise(LETTER, 7)
            for moment in (NOON, NOON + WAITS[0], NOON + WAITS[0] + WAITS[1], NOON + HOUR):
                assert bench.engine.run_until_idle({LETTER: deliver}, moment) == 1
            assert bench.engine.run_until_idle({LETTER: deliver}, NOON + HOUR + WAITS[0]) == 1

    def test_a_failure_is_logged_without_its_message(self, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
        with self.bench(tmp_path) as bench:
            bench.promise(LETTER, 7)
            bench.engine.run_until_idle({LETTER: Recorder(OSError("refused marie@example.org"))}, NOON)
        assert "deliver_letter 7 failed (OSError" in caplog.text
        assert "marie" not in caplog.text

    def test_a_kind_without_handler_waits_for_one(self, tmp_path: Path) -> None:
        with self.bench(tmp_path) as bench:
            bench.promise(JobKind.PURGE, 0)
            bench.engine.run_until_idle({}, NOON)
            assert bench.engine.run_until_idle({JobKind.PURGE: Recorder()}, NOON + WAITS[0]) == 1

    def test_a_worker_does_what_is_promised_while_it_works_and_stops_when_asked(self, tmp_path: Path) -> None:
        with self.bench(tmp_path) as bench:
            deliver, stop = Recorder(), threading.Event()
            thread = threading.Thread(target=bench.engine.work, args=({LETTER: deliver},), kwargs={"stop": stop})
            thread.start()
            try:
                bench.promise(LETTER, 1)
                bench.engine.wake()
                wait_until(lambda: len(deliver.calls) == 1, "the first letter")
                bench.promise(LETTER, 2, datetime.now(UTC) + timedelta(seconds=1))
                wait_until(lambda: len(deliver.calls) == 2, "the letter for a second later")
            finally:
                stop.set()
                thread.join(20)
            assert not thread.is_alive()
            bench.promise(LETTER, 3)
            assert [subject for subject, _ in deliver.calls] == [1, 2]

    def test_the_calendar_brings_work_back_and_outlives_its_failures(self, tmp_path: Path) -> None:
        with self.bench(tmp_path) as bench:
            sweep, stop = Recorder(OSError("away"), Again(NOON + 99 * HOUR)), threading.Event()
            calendar = [Every(JobKind.SWEEP, timedelta(seconds=1), at_start=True)]
            options = {"stop": stop, "calendar": calendar}
            thread = threading.Thread(target=bench.engine.work, args=({JobKind.SWEEP: sweep},), kwargs=options)
            thread.start()
            try:
                wait_until(lambda: len(sweep.calls) >= 3, "three turns of a calendar entry")
            finally:
                stop.set()
                thread.join(20)
            assert {subject for subject, _ in sweep.calls} == {0}

    def test_one_job_promised_by_many_at_once_is_kept_once(self, tmp_path: Path) -> None:
        with self.bench(tmp_path) as bench:
            with ThreadPoolExecutor(8) as pool:
                for promised in [pool.submit(bench.promise, LETTER, 7) for _ in range(24)]:
                    promised.result()
            assert bench.engine.run_until_idle({LETTER: Recorder()}, NOON) == 1

    def test_two_workers_do_500_jobs_once_each(self, tmp_path: Path) -> None:
        with self.bench(tmp_path) as bench:
            with bench.database.writing() as store:
                for subject in range(500):
                    bench.engine.promise(store.connection, [Job(LETTER, subject)])
            with worker_process(bench), worker_process(bench):
                wait_until(lambda: len(bench.marks("delivered")) >= 500, "500 letters")
            assert bench.marks("delivered") == list(range(500))

    def test_a_job_whose_worker_was_killed_is_done_by_the_next_one(self, tmp_path: Path) -> None:
        with self.bench(tmp_path) as bench:
            bench.promise(JobKind.ERASURE_STEP, 7)
            with worker_process(bench) as process:
                wait_until(lambda: bench.marks("begun") == [7], "the first try")
                process.kill()
                process.wait()
            with worker_process(bench):
                wait_until(lambda: bench.marks("erased") == [7], "the second try")
            assert bench.marks("begun") == [7, 7]
            assert bench.engine.run_until_idle({}, datetime.now(UTC)) == 0


class PostgreSQLContract(EngineContract):
    """What an engine must do besides where transactions run side by side."""

    def test_a_waiting_job_is_not_begun_before_the_promise_that_renews_it_is_kept(self, tmp_path: Path) -> None:
        with self.bench(tmp_path) as bench:
            bench.promise(LETTER, 7)
            with bench.database.writing() as store:
                bench.engine.promise(store.connection, [Job(LETTER, 7)])
                assert bench.engine.run_until_idle({LETTER: Recorder()}, NOON) == 0
            assert bench.engine.run_until_idle({LETTER: Recorder()}, NOON) == 1


def _promise_and_fail(bench: Bench) -> None:
    """Write a promise, and something beside it, in a transaction that comes to nothing."""
    with suppress(ZeroDivisionError), bench.database.writing() as store:
        bench.engine.promise(store.connection, [Job(LETTER, 7)])
        store.connection.exec_driver_sql("INSERT INTO effects VALUES ('lost', 1)")
        raise ZeroDivisionError
