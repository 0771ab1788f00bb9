"""Where the tests find PostgreSQL, MariaDB, Redis and Chromium, and what happens when one is absent.

A variable (`TEST_POSTGRESQL_URL`, `TEST_MARIADB_URL`, `TEST_REDIS_URL`, `TEST_CHROMIUM`) that is unset means: try the
usual address. Empty means: as if absent. Given but dead is an error. `REQUIRE_SERVICES=1` makes each absence a failure.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest
from redis import Redis, RedisError
from sqlalchemy import NullPool, create_engine, exc, make_url
from sqlalchemy.engine import URL

USUAL_POSTGRESQL = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
USUAL_MARIADB = "mysql+pymysql://root@127.0.0.1:3306/mysql"
USUAL_REDIS = "redis://127.0.0.1:6379"
USUAL_CHROMIUM = ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome")
PATIENCE_SECONDS = 5


def postgresql_url() -> URL:
    """A PostgreSQL server where databases may be made and dropped; skips the test when there is none."""
    return make_url(_found("PostgreSQL", "TEST_POSTGRESQL_URL", USUAL_POSTGRESQL))


def mariadb_url() -> URL:
    """A MariaDB server where databases may be made and dropped; skips the test when there is none."""
    return make_url(_found("MariaDB", "TEST_MARIADB_URL", USUAL_MARIADB))


def redis_url() -> str:
    """A Redis server; skips the test when there is none."""
    return _found("Redis", "TEST_REDIS_URL", USUAL_REDIS)


def chromium_path() -> Path:
    """The Chromium to drive; skips the test when there is none."""
    given = os.environ.get("TEST_CHROMIUM")
    if given:
        found = shutil.which(given)
        if not found:
            raise RuntimeError("TEST_CHROMIUM names no program that can be run.")
        return Path(found)
    usual = (found for name in USUAL_CHROMIUM if given is None and (found := shutil.which(name)))
    path = next(usual, None)
    return Path(path) if path else _absent("Chromium", "TEST_CHROMIUM")


@contextmanager
def fresh_postgresql(encoding: str = "UTF8", *, template: str = "template0") -> Iterator[URL]:
    """A PostgreSQL database of unique name, empty or like a template, dropped at the end with whoever is still connected."""
    server, name = postgresql_url(), _unique_name()
    anywhere = "" if encoding == "UTF8" else "LC_COLLATE 'C' LC_CTYPE 'C'"
    _run(server, f'CREATE DATABASE "{name}" ENCODING \'{encoding}\' {anywhere} TEMPLATE "{template}"')
    try:
        yield server.set(database=name)
    finally:
        _run(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def fresh_mariadb() -> Iterator[URL]:
    """A MariaDB database of unique name, empty, in utf8mb4, dropped at the end."""
    server, name = mariadb_url(), _unique_name()
    _run(server, f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")
    try:
        yield server.set(database=name)
    finally:
        _run(server, f"DROP DATABASE IF EXISTS `{name}`")


def _unique_name() -> str:
    return f"portal_test_{secrets.token_hex(8)}"


def _run(server: URL, statement: str) -> None:
    engine = create_engine(server, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)


def _found(service: str, variable: str, usual: str) -> str:
    """The address to use, or a skip (a failure where services are required).

    Raises:
        RuntimeError: an address was given and nothing answers there.
    """
    given = os.environ.get(variable)
    if given:
        if not _answers(given):
            raise RuntimeError(f"{service} does not answer at the address given in {variable}.")
        return given
    if given is None and _answers(usual):
        return usual
    return _absent(service, variable)


def postgresql_programs() -> None:
    """Go on where PostgreSQL's own programs are, by which its databases are copied and put back; else a skip, as for a service."""
    missing = [program for program in ("pg_dump", "psql") if shutil.which(program) is None]
    if missing:
        _left_out(f"{missing[0]} is absent (install PostgreSQL's client programs).")


def _absent(service: str, variable: str) -> NoReturn:
    _left_out(f"{service} is absent (set {variable} to use one elsewhere).")


def _left_out(line: str) -> NoReturn:
    if os.environ.get("REQUIRE_SERVICES") == "1":
        pytest.fail(line, pytrace=False)
    pytest.skip(line)


@cache
def _answers(address: str) -> bool:
    """Whether the service itself answers: a port that merely accepts proves nothing."""
    if address.startswith("redis"):
        return _redis_answers(address)
    wait = {"connect_timeout": PATIENCE_SECONDS}
    try:
        with create_engine(address, poolclass=NullPool, connect_args=wait).connect():
            return True
    except exc.SQLAlchemyError:
        return False


def _redis_answers(address: str) -> bool:
    try:
        return bool(Redis.from_url(address, socket_timeout=PATIENCE_SECONDS).ping())
    except RedisError:
        return False
