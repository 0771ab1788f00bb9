"""The demo's invented service: a database that is not the portal's, always the same for a given day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, NullPool, Table, create_engine, insert, inspect, make_url
from sqlalchemy.engine import URL

from portal.demo.service.rows import Row, service_rows
from portal.demo.service.tables import accounts, service_tables

__all__ = ["create_service_database", "service_tables"]

_ROWS_AT_ONCE = 5_000


def create_service_database(path_or_url: Path | str | URL, *, today: date, log_rows: int = 50_000) -> bool:
    """Create and fill the service's database, unless it is there already.

    Takes a file for SQLite, or the SQLAlchemy address of an empty database. `today` is what every date is relative to;
    `log_rows` is how long the log of the `heavy` person is. The same arguments give the same rows.

    Gives True when it was created, False when it was found: then it is left as it is, but for tables that a newer service has
    beside its own, which are added.
    """
    url = URL.create("sqlite", database=str(path_or_url)) if isinstance(path_or_url, Path) else make_url(path_or_url)
    if url.get_backend_name() == "sqlite" and url.database:
        return _create_file(Path(url.database), today, log_rows)
    return _fill(url, today, log_rows)


def _create_file(path: Path, today: date, log_rows: int) -> bool:
    """Fill a file beside the real one and rename it, so that a demo killed while filling leaves nothing half done."""
    if path.exists():
        return _fill(URL.create("sqlite", database=str(path)), today, log_rows)
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    _fill(URL.create("sqlite", database=str(unfinished)), today, log_rows)
    unfinished.replace(path)
    return True


def _fill(url: URL, today: date, log_rows: int) -> bool:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        present = inspect(connection).get_table_names()
        missing = [table for table in service_tables.sorted_tables if table.name not in present]
        service_tables.create_all(connection, tables=missing)
        for table, rows in service_rows(today, log_rows=log_rows):
            if table in missing:
                _insert(connection, table, rows)
    if accounts not in missing:
        return False
    if url.get_backend_name() == "sqlite":
        _let_readers_and_writers_meet(url)
    return True


def _let_readers_and_writers_meet(url: URL) -> None:
    """Keep the file in write-ahead mode, as a service read by others while it writes does."""
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")


def _insert(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    for some in _in_batches(rows):
        connection.execute(insert(table), some)


def _in_batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    remaining = iter(rows)
    while some := list(islice(remaining, _ROWS_AT_ONCE)):
        yield some
