"""The portal's own database: one engine, units of work that read or write, and the schema it must have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event, exc, make_url, text
from sqlalchemy.engine import Engine

from portal.domain.jobs import Job
from portal.storage.in_use import InUse, Presence
from portal.storage.request_sorts import KNOWN_SORTS
from portal.storage.store import Store
from portal.storage.tallies import ZONE

BUSY_SECONDS = 10
"""How long a writer waits for another before the person is asked to try again (performance.md §1)."""

Promise = Callable[[object, Sequence[Job], datetime | None], None]
"""Writes jobs inside the open transaction (the connection, the jobs, when they are due: None is at once)."""


Noting = Callable[[], AbstractContextManager[Store]]
"""Opens the next unit of work of a notebook."""


class DatabaseAway(Exception):
    """The portal's own database does not answer, or stayed locked too long; trying again later may help."""


class Database:
    """Gives units of work. `reading()` never commits; `writing()` commits at its end or leaves no trace."""

    def __init__(self, url: str, zone: tzinfo = UTC) -> None:
        """Open (lazily) the database at a SQLAlchemy address, SQLite or PostgreSQL; `zone` is the organization's."""
        self.engine = _engine(url)
        self.engine.update_execution_options(**{ZONE: zone, KNOWN_SORTS: {}})
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self.file = _file_of(self.engine)
        self._presence = Presence(self.file.parent) if self.file else None
        if self._presence:
            event.listen(self.engine, "do_connect", self._come)
        self._readers = self.engine.execution_options(portal_write=False)
        self._noters = self.engine.execution_options(portal_lasting=False)
        self._promise: Promise | None = None

    def hand_jobs_to(self, promise: Promise) -> None:
        """Let units of work promise jobs through the work engine."""
        self._promise = promise

    @contextmanager
    def reading(self) -> Iterator[Store]:
        """A unit of work that sees one state and changes nothing."""
        with self._connected(self._readers) as connection:
            yield Store(connection, self._promise)

    @contextmanager
    def writing(self) -> Iterator[Store]:
        """A unit of work that is kept whole when the block ends well, and forgotten otherwise."""
        with self._connected(self.engine) as connection:
            yield Store(connection, self._promise)
            with _away():
                connection.commit()

    @contextmanager
    def noting(self) -> Iterator[Store]:
        """A unit of work that outlives this process at once, and a power cut a moment later (decision 13).

        For notes taken by the thousand whose loss repeats an act under the same name and never skips one.
        """
        with self.notebook() as noting, noting() as store:
            yield store

    @contextmanager
    def notebook(self) -> Iterator[Noting]:
        """Such units of work one after the other over one connection: taking one anew takes as long as a note."""
        with _away():
            connection = self._noters.connect()
        store = Store(connection, self._promise)
        try:
            yield lambda: self._note(store)
        finally:
            connection.close()

    @contextmanager
    def _note(self, store: Store) -> Iterator[Store]:
        connection = store.connection
        with _away():
            connection.begin()
        try:
            with _away():
                if not self.is_sqlite:
                    connection.execute(text("SET LOCAL synchronous_commit = off"))
                yield store
                connection.commit()
        except BaseException:
            connection.rollback()
            raise

    @contextmanager
    def _connected(self, engine: Engine) -> Iterator[Connection]:
        with _away():
            connection = engine.connect()
        try:
            with _away():
                connection.begin()
                yield connection
        finally:
            connection.close()

    def alone(self) -> AbstractContextManager[None]:
        """Keep every other process away from a SQLite file while the block runs; closed at its end.

        Raises:
            InUse: another process has the file open.
        """
        return self._presence.alone() if self._presence else nullcontext()

    def close(self) -> None:
        """Let every connection go."""
        self.engine.dispose()
        if self._presence:
            self._presence.leave()

    def _come(self, *_: object) -> None:
        if self._presence:
            self._presence.come()


@contextmanager
def _away() -> Iterator[None]:
    """Say in one exception what each driver says in its own: the database is away, locked or full."""
    try:
        yield
    except (InUse, exc.OperationalError, exc.InterfaceError, exc.TimeoutError, exc.InternalError) as error:
        raise DatabaseAway(type(error).__name__) from error
    except exc.DBAPIError as error:
        if error.connection_invalidated:
            raise DatabaseAway(type(error).__name__) from error
        raise


def _engine(url: str) -> Engine:
    if make_url(url).get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    options = f"-c statement_timeout={BUSY_SECONDS * 1000} -c lock_timeout={BUSY_SECONDS * 1000}"
    return create_engine(
        url,
        pool_pre_ping=True,
        pool_timeout=BUSY_SECONDS,
        pool_size=10,
        max_overflow=20,
        connect_args={"connect_timeout": 5, "options": options},
    )


def _file_of(engine: Engine) -> Path | None:
    """The file of a SQLite database; None for one in memory, or on a server."""
    name = engine.url.database if engine.dialect.name == "sqlite" else None
    return Path(name) if name and name != ":memory:" else None


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Take transactions in our own hands, and keep what was acknowledged through a power cut."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """A unit of work that may write says so at once, or a second writer would make it fail at its first write."""
    options = connection.get_execution_options()
    _wait_for_the_disk(connection, lasting=options.get("portal_lasting", True))
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("portal_write", True) else "BEGIN")


def _wait_for_the_disk(connection: Connection, *, lasting: bool) -> None:
    """Let a commit wait for the disk, or not; said again only where the connection served the other way before."""
    if connection.info.get("portal_lasting", True) is not lasting:
        connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if lasting else 'NORMAL'}")
        connection.info["portal_lasting"] = lasting


def answers(database: Database) -> bool:
    """Whether the database answers a trivial question."""
    try:
        with database.reading() as store:
            store.connection.execute(text("SELECT 1"))
    except DatabaseAway:
        return False
    return True
