"""The engine of one machine: a job table in the portal's own database and one worker guarded by a lock file.

There are no leases. Whatever was running when the process died is waiting again when the next one starts.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from portal.domain.jobs import Job, TakenJob, wait_after
from portal.engine.base import Handlers, utc_now
from portal.engine.calendar import Entry
from portal.engine.lock import only_worker
from portal.engine.shift import Shift

logger = logging.getLogger("portal.engine")

GLANCE_SECONDS = 0.25
"""How often an idle worker looks for work that another process has promised."""


class JobTable(Protocol):
    """The statements of the job table, which are storage's; each but `promise` is a transaction of its own."""

    def promise(self, transaction: object, promised: Sequence[Job], due: datetime | None) -> None:
        """Keep each job once, for the sooner time."""

    def promise_alone(self, job: Job, due: datetime | None) -> None:
        """Keep one job, in a transaction of its own."""

    def take(self, now: datetime) -> TakenJob | None:
        """Mark the job that is due longest as running, and give it."""

    def settle(self, taken: TakenJob, due: datetime | None, failures: int) -> None:
        """Let a done job go (`due` None), or make it wait; promised again while it ran, it waits in any case."""

    def release(self, now: datetime) -> int:
        """Make wait again, as after a failure, whatever was left running by a worker that died."""

    def stalled(self) -> tuple[Job, ...]:
        """Jobs that failed so often in a row that somebody should look."""


class EmbeddedEngine:
    """The default engine, on SQLite or PostgreSQL."""

    def __init__(self, table: JobTable, lock_file: Path, clock: Callable[[], datetime] = utc_now) -> None:
        """Work on storage's job table; `lock_file` lies in the data folder and is made when missing."""
        self._table = table
        self._lock_file = lock_file
        self._clock = clock
        self._awake = threading.Event()

    def promise(self, transaction: object, jobs: Sequence[Job], due: datetime | None = None) -> None:
        """See `Engine.promise`."""
        self._table.promise(transaction, jobs, due)

    def wake(self) -> None:
        """See `Engine.wake`."""
        self._awake.set()

    def stalled(self) -> tuple[Job, ...]:
        """See `Engine.stalled`."""
        return self._table.stalled()

    def run_until_idle(self, handlers: Handlers, now: datetime) -> int:
        """See `Engine.run_until_idle`."""
        shift, steps = Shift(handlers), 0
        while self._did_one_step(shift, now):
            steps += 1
        return steps

    def work(self, handlers: Handlers, *, stop: threading.Event, calendar: Sequence[Entry] = ()) -> None:
        """See `Engine.work`. A database that goes away is waited for."""
        shift, troubles, begun = Shift(handlers, calendar), 0, False
        with only_worker(self._lock_file):
            while not stop.is_set():
                try:
                    if not begun:
                        self._begin(shift)
                    begun = True
                    if not self._did_one_step(shift, self._clock()):
                        self._rest(GLANCE_SECONDS)
                    troubles = 0
                except Exception as error:
                    troubles, begun = troubles + 1, False
                    logger.warning("The job table does not answer (%s)", type(error).__name__)
                    stop.wait(min(wait_after(troubles).total_seconds(), 5))

    def _begin(self, shift: Shift) -> None:
        """Nothing runs between two steps of the only worker: what is marked as running was left behind."""
        now = self._clock()
        left_behind = self._table.release(now)
        if left_behind:
            logger.warning("%d job(s) were left running and wait again", left_behind)
        shift.begin(self._table.promise_alone, now)

    def _did_one_step(self, shift: Shift, now: datetime) -> bool:
        taken = self._table.take(now)
        if taken is None:
            return False
        outcome = shift.carry_out(taken, now)
        self._table.settle(taken, outcome.due, outcome.failures)
        return True

    def _rest(self, seconds: float) -> None:
        self._awake.wait(seconds)
        self._awake.clear()
