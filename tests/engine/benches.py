"""Engines on databases of their own, with a table where handlers leave marks that tests count."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import make_url, text

from portal.domain.jobs import Job, JobKind
from portal.engine.base import Engine
from portal.engine.embedded import EmbeddedEngine
from portal.engine.procrastinate import ProcrastinateEngine, procrastinate_schema_sql
from portal.storage.database import Database
from portal.storage.jobs import JobRows, ProcrastinateRows, jobs
from tests.services import fresh_postgresql

SILENT_AFTER = timedelta(seconds=2)


@dataclass(frozen=True)
class Bench:
    """A database, an engine on it, and what a process of its own needs to build the same."""

    database: Database
    engine: Engine
    arguments: tuple[str, str, str]

    def promise(self, kind: JobKind, subject: int, due: datetime | None = None) -> None:
        """Promise a job in a transaction that is kept."""
        with self.database.writing() as store:
            self.engine.promise(store.connection, [Job(kind, subject)], due)

    def mark(self, word: str, subject: int) -> None:
        """Leave a mark, as a handler's effect."""
        with self.database.writing() as store:
            store.connection.execute(text("INSERT INTO effects VALUES (:w, :s)"), {"w": word, "s": subject})

    def marks(self, word: str) -> list[int]:
        """The subjects marked with the word, in order, repeats included."""
        with self.database.reading() as store:
            found = store.connection.execute(text("SELECT subject FROM effects WHERE word = :w"), {"w": word})
            return sorted(found.scalars())


def build(engine: str, url: str, lock_file: str) -> Bench:
    """The bench on a database that is ready."""
    database = Database(url)
    arguments = (engine, url, lock_file)
    if engine == "embedded":
        return Bench(database, EmbeddedEngine(JobRows(database), Path(lock_file)), arguments)
    many = ProcrastinateEngine(url, ProcrastinateRows(database), silent_after=SILENT_AFTER)
    return Bench(database, many, arguments)


@contextmanager
def embedded_on_sqlite(folder: Path) -> Iterator[Bench]:
    """The default installation."""
    with _prepared(build("embedded", f"sqlite:///{folder / 'portal.db'}", str(folder / "worker.lock"))) as bench:
        yield bench


@contextmanager
def embedded_on_postgresql(folder: Path) -> Iterator[Bench]:
    """One machine that keeps its portal in PostgreSQL."""
    with fresh_postgresql() as url:
        address = url.render_as_string(hide_password=False)
        with _prepared(build("embedded", address, str(folder / "worker.lock"))) as bench:
            yield bench


@contextmanager
def procrastinate_on_postgresql(folder: Path) -> Iterator[Bench]:
    """Several machines."""
    with fresh_postgresql() as url:
        address = url.render_as_string(hide_password=False)
        with _prepared(build("procrastinate", address, str(folder / "worker.lock"))) as bench:
            yield bench


@contextmanager
def _prepared(bench: Bench) -> Iterator[Bench]:
    try:
        with bench.database.writing() as store:
            store.connection.execute(text("CREATE TABLE effects (word VARCHAR(20), subject INTEGER)"))
            jobs.create(store.connection)
            if make_url(bench.arguments[1]).get_backend_name() == "postgresql":
                store.connection.execute(text(procrastinate_schema_sql()))
        yield bench
    finally:
        bench.database.close()
