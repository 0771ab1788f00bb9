"""Statements on promised work: the embedded engine's job table, and the few Procrastinate's own do not offer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    UniqueConstraint,
    and_,
    delete,
    or_,
    select,
    text,
    update,
)

from portal.domain.jobs import (
    STALLED_AFTER,
    Job,
    JobKind,
    TakenJob,
    due_when_promised_again,
    sooner,
    wait_after,
)
from portal.storage.columns import identity
from portal.storage.database import Database
from portal.storage.rows import Repository
from portal.storage.tables import Instant, metadata

WAITING = "waiting"
RUNNING = "running"

_KINDS = [kind.value for kind in JobKind]
jobs = Table(
    "jobs",
    metadata,
    identity(),
    Column("kind", String(32), nullable=False),
    Column("subject", BigInteger, nullable=False),
    Column("state", String(8), nullable=False),
    Column("due_at", Instant),
    Column("promised_again", Boolean, nullable=False),
    Column("failures", Integer, nullable=False),
    UniqueConstraint("kind", "subject"),
    Index("ix_jobs_due", "state", "due_at", "id"),
)
"""One row a job. `due_at` empty is at once; while the job runs it is the time it was promised again for."""


class JobRows:
    """The embedded engine's job table."""

    def __init__(self, database: Database) -> None:
        """Use the portal's own database."""
        self._database = database

    def promise(self, transaction: object, promised: Sequence[Job], due: datetime | None) -> None:
        """Keep each job once, for the sooner time, inside the open transaction.

        Its row stays locked until that transaction ends, so a worker never runs a job without seeing what it is for.
        """
        connection = cast(Connection, transaction)
        if _inserted(connection, promised, due) < len(promised):
            for job in promised:  # those inserted just now are waiting for the same time: nothing of them changes
                _promise_again(connection, job, due)

    def promise_alone(self, job: Job, due: datetime | None) -> None:
        """Keep the job once, for the sooner time, in a transaction of its own."""
        with self._database.writing() as store:
            self.promise(store.connection, [job], due)

    def take(self, now: datetime) -> TakenJob | None:
        """Mark the job that is due longest as running, and give it; looking alone takes no write lock."""
        due = and_(jobs.c.state == WAITING, jobs.c.kind.in_(_KINDS), or_(jobs.c.due_at.is_(None), jobs.c.due_at <= now))
        with self._database.reading() as store:
            if store.connection.execute(select(jobs.c.id).where(due).limit(1)).first() is None:
                return None
        with self._database.writing() as store:
            row = _locked(store.connection, due, skip_locked=True)
            if row is None:
                return None
            _change(store.connection, row["id"], state=RUNNING, due_at=None, promised_again=False)
        return TakenJob(row["id"], Job(JobKind(row["kind"]), row["subject"]), row["failures"])

    def settle(self, taken: TakenJob, due: datetime | None, failures: int) -> None:
        """Let a done job go (`due` None), or make it wait; promised again while it ran, it waits in any case."""
        with self._database.writing() as store:
            row = _locked(store.connection, jobs.c.id == taken.ticket)
            if row is None:
                return
            if row["promised_again"] and not failures:
                due = sooner(row["due_at"], due) if due else row["due_at"]
            elif due is None:
                store.connection.execute(delete(jobs).where(jobs.c.id == taken.ticket))
                return
            _change(store.connection, taken.ticket, state=WAITING, due_at=due, failures=failures)

    def release(self, now: datetime) -> int:
        """Make wait again, as after a failure, whatever was left running; gives how many there were."""
        with self._database.writing() as store:
            left = store.connection.execute(select(jobs.c.id, jobs.c.failures).where(jobs.c.state == RUNNING)).all()
            for ticket, failures in left:
                waiting = {"state": WAITING, "due_at": now + wait_after(failures + 1), "failures": failures + 1}
                _change(store.connection, ticket, **waiting)
        return len(left)

    def stalled(self) -> tuple[Job, ...]:
        """Jobs that failed so often in a row that somebody should look."""
        found = select(jobs.c.kind, jobs.c.subject).where(jobs.c.failures >= STALLED_AFTER, jobs.c.kind.in_(_KINDS))
        with self._database.reading() as store:
            return tuple(Job(JobKind(kind), subject) for kind, subject in store.connection.execute(found))


class ProcrastinateRows:
    """What the portal asks of Procrastinate's table beyond the library: merge a promise, and work by a given clock."""

    def __init__(self, database: Database) -> None:
        """Use the portal's own database, on PostgreSQL."""
        self._database = database

    @contextmanager
    def transaction(self) -> Iterator[object]:
        """A transaction of the engine's own."""
        with self._database.writing() as store:
            yield store.connection

    @contextmanager
    def attempt(self, transaction: object) -> Iterator[Any]:
        """A part of the transaction that may fail alone; gives the driver's connection."""
        connection = cast(Connection, transaction)
        with connection.begin_nested():
            yield connection.connection.driver_connection

    def merge(self, transaction: object, queueing_lock: str, due: datetime | None, failures: int) -> bool:
        """Let the waiting job stand for this promise too, and lock it; tells whether there was one."""
        values = {"queueing_lock": queueing_lock, "due": due, "failures": failures}
        return cast(Connection, transaction).execute(_MERGE, values).first() is not None

    def take(self, now: datetime) -> TakenJob | None:
        """Mark the first job due at `now` as being done, and give it."""
        with self._database.writing() as store:
            row = store.connection.execute(_TAKE, {"now": now, "kinds": _KINDS}).mappings().first()
        if row is None:
            return None
        return TakenJob(row["id"], Job(JobKind(row["kind"]), row["subject"]), row["failures"])

    def drop(self, taken: TakenJob) -> None:
        """Let a job go that was taken here."""
        with self._database.writing() as store:
            store.connection.execute(_DROP, {"ticket": taken.ticket})

    def stalled(self) -> tuple[Job, ...]:
        """Jobs that failed so often in a row that somebody should look."""
        with self._database.reading() as store:
            found = store.connection.execute(_STALLED, {"limit": STALLED_AFTER, "kinds": _KINDS})
            return tuple(Job(JobKind(kind), subject) for kind, subject in found)


_MERGE = text("""
    UPDATE procrastinate_jobs SET
      scheduled_at = CASE
        WHEN :failures > 0 THEN CAST(:due AS timestamptz)
        WHEN CAST(:due AS timestamptz) IS NULL AND (args->>'failures')::int > 0 THEN scheduled_at
        WHEN CAST(:due AS timestamptz) IS NULL OR scheduled_at IS NULL THEN NULL
        ELSE LEAST(scheduled_at, CAST(:due AS timestamptz)) END,
      args = CASE WHEN :failures > 0 THEN jsonb_set(args, '{failures}', to_jsonb(CAST(:failures AS int))) ELSE args END
    WHERE queueing_lock = :queueing_lock AND status = 'todo'
    RETURNING id
""")

_TAKE = text("""
    UPDATE procrastinate_jobs SET status = 'doing' WHERE id = (
      SELECT id FROM procrastinate_jobs
      WHERE status = 'todo' AND task_name = ANY(:kinds) AND (scheduled_at IS NULL OR scheduled_at <= :now)
      ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id, task_name AS kind, (args->>'subject')::bigint AS subject, (args->>'failures')::int AS failures
""")

_DROP = text("DELETE FROM procrastinate_jobs WHERE id = :ticket")

_STALLED = text("""
    SELECT task_name, (args->>'subject')::bigint FROM procrastinate_jobs
    WHERE status IN ('todo', 'doing') AND task_name = ANY(:kinds) AND (args->>'failures')::int >= :limit ORDER BY id
""")


def _inserted(connection: Connection, promised: Sequence[Job], due: datetime | None) -> int:
    waiting: dict[str, Any] = {"state": WAITING, "due_at": due, "promised_again": False, "failures": 0}
    rows = [waiting | {"kind": job.kind.value, "subject": job.subject} for job in promised]
    return Repository(connection).insert_those_absent(jobs, rows)


def _promise_again(connection: Connection, job: Job, due: datetime | None) -> None:
    """Change the job's row; one that went away between the two looks is inserted after all."""
    while True:
        row = _locked(connection, and_(jobs.c.kind == job.kind.value, jobs.c.subject == job.subject))
        if row is not None:
            _change(connection, row["id"], **_promised_again(row, due))
            return
        if _inserted(connection, [job], due):
            return


def _promised_again(row: RowMapping, due: datetime | None) -> dict[str, Any]:
    if row["state"] == WAITING:
        return {"due_at": due_when_promised_again(row["due_at"], row["failures"], due)}
    before = row["due_at"] if row["promised_again"] else due
    return {"promised_again": True, "due_at": sooner(before, due)}


def _locked(connection: Connection, condition: Any, *, skip_locked: bool = False) -> RowMapping | None:
    """The row that is due longest among those that fit, locked until the transaction ends."""
    found = select(jobs).where(condition).order_by(jobs.c.due_at.nulls_first(), jobs.c.id).limit(1)
    return connection.execute(found.with_for_update(skip_locked=skip_locked)).mappings().first()


def _change(connection: Connection, ticket: int, **values: Any) -> None:
    connection.execute(update(jobs).where(jobs.c.id == ticket).values(**values))
