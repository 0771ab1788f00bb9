"""Opens connections to each kind of database with time limits on everything, and reads on past values it cannot decode."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Executable, QueuePool, create_engine, event, make_url
from sqlalchemy.engine import URL, Connection, Engine, Row
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError, NoSuchModuleError

from portal.sources.base import DriverMissing
from portal.sources.sql.values import Undecodable

DRIVERS = {
    "sqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
}
UNTRANSLATABLE = "22021"
"""PostgreSQL’s word for bytes that are none of the client's encoding."""

WRITING = "portal_source_write"
CONNECT_SECONDS = 3
"""Together with the limit on a statement, a silent server is given up within ten seconds (security.md F-10)."""

SQLITE_KEPT, MOST_AT_ONCE = 4, 100
"""Connections to one SQLite file kept open, and how many there may be at a time."""

OPERATIONS_BETWEEN_GLANCES = 100_000
"""SQLite's virtual machine looks at the clock this often: some milliseconds."""


def open_engine(url: str, *, timeout_seconds: float) -> Engine:
    """An engine that has not connected yet.

    Raises:
        ValueError: the address is none; the message does not repeat it.
        DriverMissing: no package that is installed speaks to that kind of database.
    """
    address = _address(url)
    if address.get_backend_name() not in DRIVERS:
        return _unproven(address, timeout_seconds)
    if address.get_backend_name() == "sqlite":
        return _sqlite(address, timeout_seconds)
    if address.get_backend_name() == "postgresql":
        return _postgresql(address, timeout_seconds)
    return _mariadb(address, timeout_seconds)


def _address(url: str) -> URL:
    address = None
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        address = None
    if address is None:
        raise ValueError("The address of a source of kind sql is none that SQLAlchemy reads.")
    return address.set(drivername=DRIVERS.get(address.get_backend_name(), address.drivername))


def _unproven(address: URL, timeout_seconds: float) -> Engine:
    """A database on which no test runs, spoken to as SQLAlchemy does: its own driver limits the time, or nothing does."""
    engine = None
    with suppress(ImportError, NoSuchModuleError):
        engine = _pooled(address, timeout_seconds, {}, poolclass=QueuePool)
    if engine is None:
        raise DriverMissing("No driver of that kind of database is installed.")
    return engine


def _sqlite(address: URL, timeout_seconds: float) -> Engine:
    """Connections are kept: opening one reads the schema anew, which takes longer than most pages' questions."""
    database = address.database or ""
    engine = create_engine(
        address,
        creator=lambda: _open_sqlite(database, timeout_seconds),
        poolclass=QueuePool,
        pool_size=SQLITE_KEPT,
        max_overflow=MOST_AT_ONCE - SQLITE_KEPT,
        pool_timeout=timeout_seconds,
        pool_use_lifo=True,
        hide_parameters=True,
    )
    event.listen(engine, "begin", _begin_sqlite)
    _notice_another_file(engine, database)
    return engine


def _notice_another_file(engine: Engine, database: str) -> None:
    """Open anew when the file is gone or another has its name, a restored backup for instance."""

    def opened(_raw: object, record: Any) -> None:
        record.info["file"] = _file_behind(database)

    def taken_up(_raw: object, record: Any, _proxy: object) -> None:
        if record.info["file"] != _file_behind(database):
            raise DisconnectionError

    event.listen(engine, "connect", opened)
    event.listen(engine, "checkout", taken_up)


def _file_behind(database: str) -> tuple[int, int] | None:
    """What tells one file from another of the same name; None for what is no plain file."""
    try:
        found = Path(database).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _open_sqlite(database: str, timeout_seconds: float) -> sqlite3.Connection:
    """Open an existing file only: a wrong path must not make an empty database that then seems to hold nothing."""
    address = database if database.startswith("file:") else f"file:{quote(str(Path(database).absolute()))}?mode=rw"
    connection = sqlite3.connect(
        address, uri=True, timeout=timeout_seconds, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get(WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _postgresql(address: URL, timeout_seconds: float) -> Engine:
    # psycopg is an extra: an installation whose sources are SQLite files does without.
    from portal.sources.sql.postgresql import PatientConnection

    limits = {"connect_timeout": CONNECT_SECONDS, "client_encoding": "utf8", "prepare_threshold": None}
    engine = _pooled(address, timeout_seconds, limits, use_native_hstore=False)

    def connect(_dialect: object, _record: object, arguments: list[Any], options: dict[str, Any]) -> Any:
        return PatientConnection.connect(*arguments, **options)

    event.listen(engine, "do_connect", connect)
    event.listen(engine, "connect", lambda raw, _record: raw.be_patient(timeout_seconds))
    return engine


def _mariadb(address: URL, timeout_seconds: float) -> Engine:
    patience = max(1, round(timeout_seconds)) + 1
    limits = {
        "connect_timeout": CONNECT_SECONDS,
        "read_timeout": patience,
        "write_timeout": patience,
        "charset": "utf8mb4",
    }
    engine = _pooled(address, timeout_seconds, limits)

    def prepare(raw: Any, _record: object) -> None:
        with raw.cursor() as cursor:
            cursor.execute("SET SESSION time_zone = '+00:00', sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES')")
            cursor.execute(f"SET SESSION innodb_lock_wait_timeout = {patience}")
            if "MariaDB" in raw.get_server_info():
                cursor.execute(f"SET SESSION max_statement_time = {timeout_seconds:g}")

    event.listen(engine, "connect", prepare)
    return engine


def _pooled(address: URL, timeout_seconds: float, connect: dict[str, Any], **options: Any) -> Engine:
    return create_engine(
        address,
        connect_args=connect,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_recycle=300,
        pool_timeout=timeout_seconds,
        **options,
    )


def put_away_journal(engine: Engine) -> None:
    """Move what a batch left in an SQLite file's write-ahead journal into the file itself.

    Else the next writer whose change fills the journal, mostly the service, waits while all of it is moved. It is kept
    when another reads or moves it; the file's owner loses nothing by that.
    """
    if engine.dialect.name != "sqlite":
        return
    with (
        suppress(sqlite3.Error),
        closing(engine.raw_connection()) as connection,
        closing(connection.cursor()) as cursor,
    ):
        cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")


@contextmanager
def limited(connection: Connection, timeout_seconds: float) -> Iterator[None]:
    """Stop SQLite, which has no server to do it, when the block takes longer than the limit."""
    raw = connection.connection.driver_connection
    if not isinstance(raw, sqlite3.Connection):
        yield
        return
    deadline = time.monotonic() + timeout_seconds
    raw.set_progress_handler(lambda: int(time.monotonic() > deadline), OPERATIONS_BETWEEN_GLANCES)
    try:
        yield
    finally:
        raw.set_progress_handler(None, 0)


def fetch(
    connection: Connection, statement: Executable, values: Mapping[str, object] | None = None
) -> Sequence[Row[Any]]:
    """All rows of a bounded statement; a value that cannot be decoded becomes Undecodable, alone.

    The tolerant way of reading is slower than the driver's own, so it is taken only after that has failed.
    """
    try:
        return connection.execute(statement, values).all()
    except (DBAPIError, UnicodeDecodeError) as error:
        if not _is_undecodable(error) or not _can_tolerate(connection):
            raise
    return _fetch_tolerantly(connection, statement, values)


def _fetch_tolerantly(
    connection: Connection, statement: Executable, values: Mapping[str, object] | None = None
) -> Sequence[Row[Any]]:
    with _tolerant(connection):
        return connection.execute(statement, values).all()


def fetch_tuples(connection: Connection, statement: Executable) -> Sequence[tuple[Any, ...]]:
    """The same as `fetch` in the driver's own tuples, which takes a third less time; for columns without a type."""
    try:
        with closing(connection.execute(statement)) as result:
            return result.cursor.fetchall()
    except DBAPIError as error:
        if not _is_undecodable(error) or not _can_tolerate(connection):
            raise
        return _fetch_tolerantly(connection, statement)
    except (connection.dialect.loaded_dbapi.Error, UnicodeDecodeError):
        pass
    # What the driver stumbled over is read on the tolerant way, or said there in SQLAlchemy's words.
    return fetch(connection, statement)


def _is_undecodable(error: DBAPIError | UnicodeDecodeError) -> bool:
    """Whether the driver stumbled over a value (an error of its own), rather than the server over the statement."""
    if isinstance(error, UnicodeDecodeError):
        return True
    original = error.orig
    if isinstance(original, sqlite3.Error):
        return str(original).startswith("Could not decode to UTF-8")
    state = getattr(original, "sqlstate", "server")
    return state == UNTRANSLATABLE or (type(original).__name__ == "DataError" and state is None)


def _can_tolerate(connection: Connection) -> bool:
    raw = connection.connection.driver_connection
    return isinstance(raw, sqlite3.Connection) or hasattr(raw, "tolerating")


@contextmanager
def _tolerant(connection: Connection) -> Iterator[None]:
    raw: Any = connection.connection.driver_connection
    if isinstance(raw, sqlite3.Connection):
        raw.text_factory = _decoded
        try:
            yield
        finally:
            raw.text_factory = str
    else:
        with raw.tolerating():
            yield


def _decoded(cell: bytes) -> str | Undecodable:
    try:
        return cell.decode()
    except UnicodeDecodeError:
        return Undecodable(cell)
