"""Units of work: what is kept, what is let go, and what two writers at once see."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal.storage import database as module
from portal.storage import schema
from portal.storage.database import Database, DatabaseAway
from portal.storage.limits import seconds_left
from tests.services import fresh_postgresql

NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        found = Database(f"sqlite:///{tmp_path / 'portal.db'}")
        schema.upgrade(found.engine)
        yield found
        found.close()
        return
    with fresh_postgresql() as url:
        found = Database(url)
        schema.upgrade(found.engine)
        yield found
        found.close()


def test_writing_keeps_all_or_nothing(database: Database) -> None:
    with database.writing() as store:
        store.people.ensure("kept@example.org", language="fr", now=NOW)
    with pytest.raises(RuntimeError):
        _write_and_fail(database)
    with database.reading() as store:
        assert store.people.by_address("kept@example.org")
        assert store.people.by_address("lost@example.org") is None


def test_reading_keeps_nothing(database: Database) -> None:
    with database.reading() as store:
        store.marks.number("revision")
    if database.is_sqlite:
        return
    with database.reading() as store:
        store.people.ensure("lost@example.org", language="fr", now=NOW)
    with database.reading() as store:
        assert store.people.by_address("lost@example.org") is None


def test_instants_come_back_aware_in_utc(database: Database) -> None:
    with database.writing() as store:
        store.people.ensure("someone@example.org", language="en", now=NOW)
    with database.reading() as store:
        person = store.people.by_address("someone@example.org")
    assert person
    assert person.created_at == NOW
    assert person.created_at.utcoffset() == timedelta(0)


def test_a_naive_instant_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="2026"), database.writing() as store:
        store.people.ensure("someone@example.org", language="en", now=NOW.replace(tzinfo=None))


def test_twenty_presses_at_once_take_a_form_once(database: Database) -> None:
    taken: list[bool] = []

    def press() -> None:
        with database.writing() as store:
            first = store.forms.take("person:1", "f" * 24, NOW)
            if first:
                store.forms.settle("person:1", "f" * 24, "R-1")
            taken.append(first)

    threads = [threading.Thread(target=press) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken.count(True) == 1
    assert len(taken) == 20
    with database.reading() as store:
        assert store.forms.result("person:1", "f" * 24) == "R-1"


def test_counts_start_anew_with_each_window(database: Database) -> None:
    window = timedelta(minutes=10)
    with database.writing() as store:
        assert [store.counts.add("ask:x", window, NOW) for _ in range(3)] == [1, 2, 3]
        assert store.counts.number("ask:x", window, NOW + window) == 0
        assert store.counts.number("ask:y", window, NOW) == 0
    assert 0 < seconds_left(window, NOW) <= 601


def test_a_database_locked_too_long_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BUSY_SECONDS", 0.2)
    database = Database(f"sqlite:///{tmp_path / 'portal.db'}")
    schema.upgrade(database.engine)
    holder = sqlite3.connect(tmp_path / "portal.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseAway), database.writing() as store:
        store.marks.add("revision", NOW)
    with database.reading() as store:
        assert store.marks.number("revision") == 0
    holder.execute("ROLLBACK")
    with database.writing() as store:
        store.marks.add("revision", NOW)


def test_a_database_that_is_not_there_is_away() -> None:
    database = Database("postgresql+psycopg://nobody:se%40cret@127.0.0.1:1/none")
    with pytest.raises(DatabaseAway) as refused, database.reading():
        pass
    assert "se@cret" not in str(refused.value)
    assert "se%40cret" not in str(refused.value)


def _write_and_fail(database: Database) -> None:
    with database.writing() as store:
        store.people.ensure("lost@example.org", language="fr", now=NOW)
        raise RuntimeError
