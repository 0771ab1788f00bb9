"""Revisions: head equals the tables, up and down leave nothing behind, and each is met by rows."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from portal.storage import jobs, schema
from portal.storage.database import Database
from portal.storage.tables import metadata
from tests.services import fresh_postgresql

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        found = Database(f"sqlite:///{tmp_path / 'portal.db'}")
        yield found
        found.close()
        return
    with fresh_postgresql() as url:
        found = Database(url)
        yield found
        found.close()


def test_head_equals_the_tables(database: Database) -> None:
    schema.upgrade(database.engine)
    assert jobs.jobs.metadata is metadata
    with database.reading() as store:
        context = MigrationContext.configure(
            store.connection,
            opts={
                "include_object": lambda _o, name, kind, *_: kind != "table" or not name.startswith("procrastinate_")
            },
        )
        assert compare_metadata(context, metadata) == []


def test_an_upgrade_again_changes_nothing(database: Database) -> None:
    schema.upgrade(database.engine)
    schema.upgrade(database.engine)
    with database.reading() as store:
        assert schema.is_head(store.connection)
        assert not schema.is_newer(store.connection)


def test_down_to_nothing_leaves_nothing(database: Database) -> None:
    schema.upgrade(database.engine)
    configuration = schema._configuration()
    with database.engine.connect() as connection:
        configuration.attributes["connection"] = connection
        command.downgrade(configuration, "base")
    with database.engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    schema.upgrade(database.engine)
    with database.reading() as store:
        assert schema.is_head(store.connection)


def test_a_newer_database_is_seen_as_such(database: Database) -> None:
    schema.upgrade(database.engine)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with database.reading() as store:
        assert schema.is_newer(store.connection)
        assert not schema.is_head(store.connection)


def test_an_upgrade_killed_half_way_runs_again_cleanly(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'portal.db'}"
    program = (
        "from portal.storage import schema\n"
        "from portal.storage.database import Database\n"
        f"schema.upgrade(Database({url!r}).engine)\n"
    )
    for wait in (0.25, 0.35, 0.45, 0.55):
        child = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT)
        time.sleep(wait)
        child.send_signal(signal.SIGKILL)
        child.wait()
    database = Database(url)
    schema.upgrade(database.engine)
    with database.reading() as store:
        assert schema.is_head(store.connection)
        assert store.connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
