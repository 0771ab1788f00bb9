"""Taking the portal's own database out whole, at one instant and while it is in use, and putting it back."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, exc, text
from sqlalchemy.engine import URL, Connection

from portal.domain.ledger import Head
from portal.storage import schema
from portal.storage.database import Database
from portal.storage.ledger import LedgerMark
from portal.storage.sqlite_files import pour


class CannotCopy(Exception):
    """The database could not be taken out, or not put back: no room, no right, a program missing. `reason` says which."""

    def __init__(self, reason: str) -> None:
        """Keep why, without an address that may hold a password."""
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Taken:
    """What a copy is of: its schema, the installation, and how far the ledger had come at its instant."""

    kind: str
    schema: str
    installation: str
    head: Head | None


def kind_of(database: Database) -> str:
    """Which databases its copies fit: `sqlite` or `postgresql`."""
    return "sqlite" if database.is_sqlite else "postgresql"


def take(database: Database, into: Path) -> Taken:
    """Write the database as it is at one instant into a new file; others go on reading and writing.

    Raises:
        CannotCopy: there is no room, no right, or `pg_dump` is not there.
    """
    into.touch(mode=0o600)
    try:
        return _take_sqlite(database, into) if database.is_sqlite else _take_postgresql(database, into)
    except (OSError, sqlite3.Error, exc.SQLAlchemyError) as error:
        raise CannotCopy(_reason(error)) from error


def put(database: Database, copy: Path, *, replay_after: int) -> Path | None:
    """Put a copy in the place of the database, which nobody else may use meanwhile: all of it or nothing.

    It is marked to be replayed after an entry of the ledger before it is there, so that no kill leaves it open.

    Gives where a SQLite file that was there lies now; of PostgreSQL, what was there is gone with the transaction.

    Raises:
        CannotCopy: there is no room, no right, or `psql` is not there; what was there is there still.
    """
    database.engine.dispose()
    try:
        if database.is_sqlite:
            return _put_sqlite(database, copy, replay_after)
        _put_postgresql(database, copy, replay_after)
    except (OSError, sqlite3.Error, exc.SQLAlchemyError) as error:
        raise CannotCopy(_reason(error)) from error
    return None


def _take_sqlite(database: Database, into: Path) -> Taken:
    if database.file is None:
        raise CannotCopy("a database in memory")
    pour(database.file, into)
    engine = create_engine(f"sqlite:///{into}")
    try:
        with engine.connect() as connection:
            return _taken("sqlite", connection)
    finally:
        engine.dispose()


def _take_postgresql(database: Database, into: Path) -> Taken:
    """`pg_dump` reads the very state that this connection sees, so that both tell of one instant."""
    engine = database.engine.execution_options(isolation_level="REPEATABLE READ")
    with engine.connect() as connection:
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        options = ["--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={into}"]
        _run(["pg_dump", *options], database.engine.url)
        if not _ends_with(into, b"database dump complete"):
            raise CannotCopy("pg_dump did not end")
        return _taken("postgresql", connection)


def _ends_with(file: Path, words: bytes) -> bool:
    """Whether a dump says at its end that it is whole."""
    with file.open("rb") as handle:
        handle.seek(max(0, handle.seek(0, os.SEEK_END) - 1_000))
        return words in handle.read()


def _put_sqlite(database: Database, copy: Path, replay_after: int) -> Path | None:
    file = database.file
    if file is None:
        raise CannotCopy("a database in memory")
    coming, aside = file.with_name(f"{file.name}.coming"), None
    coming.unlink(missing_ok=True)
    coming.touch(mode=0o600)
    try:
        _mark(copy, replay_after)
        pour(copy, coming)
    except BaseException:
        coming.unlink(missing_ok=True)
        raise
    if file.exists():
        aside = _free(file.with_name(f"{file.name}.before-restore"))
        _let_go_of_its_log(file)
        file.rename(aside)
    coming.rename(file)
    return aside


def _mark(copy: Path, replay_after: int) -> None:
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("UPDATE ledger_mark SET replay_after = ?", (replay_after,))


def _let_go_of_its_log(file: Path) -> None:
    """Put into the file what only its log holds, where the file can still be read at all."""
    try:
        connection = sqlite3.connect(file)
        try:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()
    except sqlite3.Error:
        pass
    for rest in ("-wal", "-shm"):
        file.with_name(f"{file.name}{rest}").unlink(missing_ok=True)


def _free(wanted: Path) -> Path:
    """A name nobody has: the first, or one with a number."""
    number, name = 1, wanted
    while name.exists():
        number += 1
        name = wanted.with_name(f"{wanted.name}.{number}")
    return name


def _put_postgresql(database: Database, copy: Path, replay_after: int) -> None:
    """One transaction: what is there goes and what was there before comes, or nothing changes."""
    options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    anew = ["--command=DROP SCHEMA public CASCADE", "--command=CREATE SCHEMA public", f"--file={copy}"]
    mark = f"--command=UPDATE public.ledger_mark SET replay_after = {replay_after:d}"  # noqa: S608  # a number
    _run(["psql", *options, *anew, mark], database.engine.url)


def _run(command: Sequence[str], url: URL) -> None:
    """Run one of PostgreSQL's own programs. What it says may name people: only that it failed is told on."""
    try:
        subprocess.run(  # noqa: S603  # our own words, and the operator's database
            command, check=True, capture_output=True, env={**os.environ, **_environment(url)}
        )
    except FileNotFoundError as error:
        raise CannotCopy(f"{command[0]} is not installed") from error
    except subprocess.CalledProcessError as error:
        raise CannotCopy(f"{command[0]} ended with {error.returncode}") from error


def _environment(url: URL) -> Mapping[str, str]:
    """The address for PostgreSQL's programs: a password among their arguments would be read by everybody on the machine."""
    said = {
        "PGHOST": url.host,
        "PGPORT": str(url.port) if url.port else None,
        "PGUSER": url.username,
        "PGPASSWORD": str(url.password) if url.password else None,
        "PGDATABASE": url.database,
        **{f"PG{name.upper()}": str(value) for name, value in url.query.items() if name in _OPTIONS},
        "PGCLIENTENCODING": "UTF8",
    }
    return {name: value for name, value in said.items() if value}


_OPTIONS = frozenset({"host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey", "options"})


def _taken(kind: str, connection: Connection) -> Taken:
    mark = LedgerMark(connection)
    return Taken(kind, schema.current(connection) or "", mark.installation(), mark.head())


def _reason(error: Exception) -> str:
    return os.strerror(error.errno) if isinstance(error, OSError) and error.errno else type(error).__name__
