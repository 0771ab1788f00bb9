"""The engine of several machines: Procrastinate, in the portal's own PostgreSQL database.

A promise is a row of the library written in the portal's own transaction. The library fetches, locks and notifies.
This module settles what becomes of a job: the library alone would lose a retry that meets a second promise of it.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import datetime, timedelta
from typing import Any, Protocol

import psycopg
import psycopg_pool
from procrastinate import App, JobContext, PsycopgConnector, RetryStrategy, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ProcrastinateException, UniqueViolation
from procrastinate.jobs import Status
from procrastinate.schema import SchemaManager
from procrastinate.worker import Worker

from portal.domain.jobs import Job, JobKind, TakenJob, wait_after
from portal.engine.base import Handlers, utc_now
from portal.engine.calendar import Entry
from portal.engine.shift import Shift

logger = logging.getLogger("portal.engine")

QUEUE = "portal"
KEEP_FINISHED_HOURS = 24
"""How long a finished job can still be looked at with the library's own commands."""

GLANCE_SECONDS = 1.0
"""How often a worker looks for jobs whose time has come; fresh ones are notified at once."""

STOP_GLANCE_SECONDS = 0.1
CLEAR_OUT_SECONDS = 3600
RETRY_SECONDS = 5
"""How long a job waits whose outcome could not be written down because the database was away."""

_AWAY = (ProcrastinateException, psycopg.Error, psycopg_pool.PoolTimeout, OSError)


class Rows(Protocol):
    """The statements on the library's table that are storage's."""

    def transaction(self) -> AbstractContextManager[object]:
        """A transaction of the engine's own."""

    def attempt(self, transaction: object) -> AbstractContextManager[Any]:
        """A part of the transaction that may fail alone; gives the driver's connection."""

    def merge(self, transaction: object, queueing_lock: str, due: datetime | None, failures: int) -> bool:
        """Let the waiting job stand for this promise too, and lock it; tells whether there was one."""

    def take(self, now: datetime) -> TakenJob | None:
        """Mark the first job due at `now` as being done, and give it."""

    def drop(self, taken: TakenJob) -> None:
        """Let a job go that was taken here."""

    def stalled(self) -> tuple[Job, ...]:
        """Jobs that failed so often in a row that somebody should look."""


def procrastinate_schema_sql() -> str:
    """The library's tables and functions, for the numbered revision that makes them."""
    return SchemaManager.get_schema()


class ProcrastinateEngine:
    """Many workers on PostgreSQL, woken by notification."""

    def __init__(
        self,
        url: str,
        rows: Rows,
        *,
        clock: Callable[[], datetime] = utc_now,
        silent_after: timedelta = timedelta(seconds=15),
    ) -> None:
        """Use the database at a SQLAlchemy or libpq address.

        A worker that has said nothing for `silent_after` counts as dead, and its job is done by another.
        """
        self._conninfo = url.replace("postgresql+psycopg://", "postgresql://", 1)
        self._rows = rows
        self._clock = clock
        self._silent_after = silent_after.total_seconds()
        self._promises = App(connector=SyncPsycopgConnector())

    def promise(self, transaction: object, jobs: Sequence[Job], due: datetime | None = None) -> None:
        """See `Engine.promise`."""
        for job in jobs:
            self._put(transaction, job, due, failures=0)

    def wake(self) -> None:
        """Nothing to do: PostgreSQL notifies every worker when the promise is kept."""

    def stalled(self) -> tuple[Job, ...]:
        """See `Engine.stalled`."""
        return self._rows.stalled()

    def run_until_idle(self, handlers: Handlers, now: datetime) -> int:
        """See `Engine.run_until_idle`."""
        shift, steps = Shift(handlers), 0
        while taken := self._rows.take(now):
            self._do(shift, taken, now)
            self._rows.drop(taken)
            steps += 1
        return steps

    def work(self, handlers: Handlers, *, stop: threading.Event, calendar: Sequence[Entry] = ()) -> None:
        """See `Engine.work`. A database that goes away is waited for."""
        shift, troubles = Shift(handlers, calendar), 0
        while not stop.is_set():
            try:
                shift.begin(self._promise_alone, self._clock())
                asyncio.run(_Workshop(self._conninfo, self._silent_after, self._doing(shift)).open_until(stop))
                stop.wait(GLANCE_SECONDS)
                troubles = 0
            except Exception as error:
                troubles += 1
                logger.warning("The job tables do not answer (%s)", type(error).__name__)
                stop.wait(min(wait_after(troubles).total_seconds(), 5))

    def _promise_alone(self, job: Job, due: datetime) -> None:
        with self._rows.transaction() as transaction:
            self.promise(transaction, [job], due)

    def _doing(self, shift: Shift) -> Callable[[TakenJob], None]:
        return lambda taken: self._do(shift, taken, self._clock())

    def _do(self, shift: Shift, taken: TakenJob, now: datetime) -> None:
        """Carry the job out and promise what is left of it; the row that was taken is then done with in any case."""
        outcome = shift.carry_out(taken, now)
        if outcome.due is not None:
            with self._rows.transaction() as transaction:
                self._put(transaction, taken.job, outcome.due, outcome.failures)

    def _put(self, transaction: object, job: Job, due: datetime | None, failures: int) -> None:
        """Merge with the job that waits, or add it; a second one that comes in between is merged at the next turn."""
        name = f"{job.kind.value}:{job.subject}"
        while not self._rows.merge(transaction, name, due, failures):
            with suppress(AlreadyEnqueued), self._rows.attempt(transaction) as connection:
                self._promises.configure_task(
                    job.kind.value,
                    queue=QUEUE,
                    lock=name,
                    queueing_lock=name,
                    schedule_at=due,
                    connection=connection,
                ).defer(subject=job.subject, failures=failures)
                return


class _Workshop:
    """One run of the library's worker, beside somebody who gives back what dead workers left."""

    def __init__(self, conninfo: str, silent_after: float, do: Callable[[TakenJob], None]) -> None:
        self._silent_after = silent_after
        self._do = do
        self._in_hand: set[int] = set()
        self._app = App(connector=PsycopgConnector(conninfo=conninfo, min_size=1, max_size=4, timeout=10))
        for kind in JobKind:
            retry = RetryStrategy(wait=RETRY_SECONDS)
            self._app.task(name=kind.value, queue=QUEUE, pass_context=True, retry=retry)(self._task(kind))

    async def open_until(self, stop: threading.Event) -> None:
        """Work until `stop` is set or the database goes away.

        Raises:
            ProcrastinateException: the database went away.
        """
        async with self._app.open_async():
            worker = Worker(
                self._app,
                queues=[QUEUE],
                install_signal_handlers=False,
                fetch_job_polling_interval=GLANCE_SECONDS,
                update_heartbeat_interval=self._silent_after / 4,
                stalled_worker_timeout=self._silent_after,
            )
            coroutines = (self._look_after_the_left(worker), self._clear_the_finished(), _stop_when(stop, worker))
            sides = [asyncio.create_task(coroutine) for coroutine in coroutines]
            try:
                await worker.run()  # type: ignore[no-untyped-call]
            finally:
                for side in sides:
                    side.cancel()

    def _task(self, kind: JobKind) -> Callable[..., None]:
        def run(context: JobContext, *, subject: int, failures: int) -> None:
            ticket = context.job.id or 0
            self._in_hand.add(ticket)
            try:
                self._do(TakenJob(ticket, Job(kind, subject), failures))
            finally:
                self._in_hand.discard(ticket)

        return run

    async def _look_after_the_left(self, worker: Worker) -> None:
        suspects: set[int] = set()
        while True:
            with suppress(*_AWAY):
                suspects = await self._give_back(worker, suspects)
            await asyncio.sleep(self._silent_after / 4)

    async def _clear_the_finished(self) -> None:
        while True:
            with suppress(*_AWAY):
                await self._app.job_manager.delete_old_jobs(
                    nb_hours=KEEP_FINISHED_HOURS,
                    queue=QUEUE,
                    include_failed=True,
                    include_cancelled=True,
                    include_aborted=True,
                )
            await asyncio.sleep(CLEAR_OUT_SECONDS)

    async def _give_back(self, worker: Worker, suspects: set[int]) -> set[int]:
        """Let others do the jobs of silent workers, and those that this one, at two looks running, is not doing."""
        manager = self._app.job_manager
        await manager.prune_stalled_workers(self._silent_after)
        left = list(await manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=self._silent_after))
        mine = await manager.list_jobs_async(queue=QUEUE, status="doing", worker_id=worker.worker_id or 0)
        idle = {job.id or 0: job for job in mine if job.id not in self._in_hand}
        for job in [*left, *(idle[ticket] for ticket in idle.keys() & suspects)]:
            await self._return(job.id or 0, job.attempts)
        return set(idle)

    async def _return(self, ticket: int, attempts: int) -> None:
        manager = self._app.job_manager
        logger.warning("Job %d was left by its worker and waits again", ticket)
        try:
            await manager.retry_job_by_id_async(ticket, retry_at=utc_now() + wait_after(attempts + 1))
        except UniqueViolation:
            await manager.finish_job_by_id_async(ticket, Status.ABORTED, delete_job=True)


async def _stop_when(stop: threading.Event, worker: Worker) -> None:
    while not stop.is_set():
        await asyncio.sleep(STOP_GLANCE_SECONDS)
    worker.stop()  # type: ignore[no-untyped-call]
