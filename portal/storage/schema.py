"""The schema's number: numbered Alembic revisions bring a database to head, and nothing serves one that is not.

Alembic itself is imported only to upgrade: it takes as long as Flask, and every start asks for the number.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, column, inspect, select, table, text
from sqlalchemy.engine import Engine

from portal.resources import migrations_folder

if TYPE_CHECKING:
    from alembic.config import Config


class RowsPointNowhere(Exception):
    """After an upgrade, rows point to rows that are no longer there."""


_VERSION = table("alembic_version", column("version_num"))


def upgrade(engine: Engine, applied: list[str | None] | None = None, *, to: str = "head") -> None:
    """Bring a database to head, or to one revision; `applied` is told each revision that came through.

    On SQLite each revision is a transaction of its own, so that one killed half-way runs again. On PostgreSQL all of
    them are one: a large table may take longer there than a page may.
    """
    from alembic import command

    configuration = _configuration()
    configuration.attributes["applied"] = [] if applied is None else applied
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() if sqlite else engine.begin() as connection, _tables_made_anew(connection):
        if not sqlite:
            connection.execute(text("SET LOCAL statement_timeout = 0"))
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, to)


def after(number: str | None) -> str:
    """The revision that comes after a number: where an upgrade that came so far stopped."""
    return min((later for later in _numbers() if number is None or later > number), default=head())


@contextmanager
def _tables_made_anew(connection: Connection) -> Iterator[None]:
    """Let SQLite replace a table that others point to: it changes a column no other way (its manual, ALTER TABLE, 7)."""
    sqlite: Any = connection.connection.driver_connection if connection.dialect.name == "sqlite" else None
    if sqlite is None:
        yield
        return
    sqlite.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        if sqlite.execute("PRAGMA foreign_key_check").fetchone():
            raise RowsPointNowhere
    finally:
        sqlite.execute("PRAGMA foreign_keys=ON")


def current(connection: Connection) -> str | None:
    """The database's revision, or None for an empty one."""
    if not inspect(connection).has_table(_VERSION.name):
        return None
    found: str | None = connection.execute(select(_VERSION.c.version_num)).scalar()
    return found


def head() -> str:
    """The newest revision this program knows."""
    return max(_numbers())


def is_head(connection: Connection) -> bool:
    """Whether the database is exactly what this program expects."""
    return current(connection) == head()


def is_empty(connection: Connection) -> bool:
    """Whether the database holds no table at all."""
    return not inspect(connection).get_table_names()


def is_newer(connection: Connection) -> bool:
    """Whether the database was upgraded by a newer program than this one."""
    present = current(connection)
    return present is not None and present not in _numbers()


@cache
def _numbers() -> frozenset[str]:
    """Every revision's number: its file's name begins with it."""
    return frozenset(path.stem.partition("_")[0] for path in (migrations_folder() / "versions").glob("[0-9]*.py"))


def _configuration() -> Config:
    from alembic.config import Config

    configuration = Config()
    configuration.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    return configuration
