"""The table of copies on their way: a filled database takes it, and gives it back while somebody takes a copy."""

from __future__ import annotations

from datetime import timedelta

from alembic import command
from sqlalchemy import inspect

from portal.storage import schema
from portal.storage.copy_places import Taking
from portal.storage.database import Database
from tests.installation import NOON

BEFORE, SINCE = "0025", "0027"


def test_somebody_of_before_takes_a_copy_and_the_table_goes_while_they_do(database: Database) -> None:
    schema.upgrade(database.engine, to=SINCE)
    with database.writing() as store:
        person = store.people.ensure("camille@example.org", language="fr", now=NOON)
    _back_to(database, BEFORE)
    assert "copy_places" not in inspect(database.engine).get_table_names()
    schema.upgrade(database.engine, to=SINCE)
    until = NOON + timedelta(minutes=2)
    with database.writing() as store:
        assert store.people.by_id(person.id) == person
        assert store.copy_places.take(person.id, "a", now=NOON, until=until, places=1) is Taking.TAKEN
    with database.writing() as store:
        assert store.copy_places.take(person.id, "b", now=NOON, until=until, places=1) is Taking.HAS_ONE
        assert store.copy_places.take(person.id + 1, "c", now=NOON, until=until, places=1) is Taking.FULL
    _back_to(database, BEFORE)
    schema.upgrade(database.engine)
    with database.writing() as store:
        assert store.people.by_id(person.id) == person


def _back_to(database: Database, revision: str) -> None:
    configuration = schema._configuration()
    with database.engine.begin() as connection:
        configuration.attributes["connection"] = connection
        command.downgrade(configuration, revision)
