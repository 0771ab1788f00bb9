"""`portal serve`, `web` and `worker`: the processes of an installation."""

from __future__ import annotations

import argparse

from portal import serve as processes
from portal.commands.opening import installation_of, refuse_other_schema, settings_of
from portal.storage import schema
from portal.storage.database import Database


def serve(parsed: argparse.Namespace) -> int:
    """Run web and worker together; an empty database is brought to head first."""
    settings = settings_of(parsed)
    prepare(Database(settings.database.url))
    return processes.serve(settings)


def web(parsed: argparse.Namespace) -> int:
    """Run the web alone. What serves is put together in its children only: this process stays small and quick."""
    settings = settings_of(parsed)
    database = Database(settings.database.url)
    refuse_other_schema(database)
    database.close()
    return processes.web(settings)


def worker(parsed: argparse.Namespace) -> int:
    """Run the worker alone."""
    return processes.worker(installation_of(parsed))


def prepare(database: Database) -> None:
    """Bring an empty database to head; refuse one that is neither empty nor at head."""
    with database.reading() as store:
        empty = schema.is_empty(store.connection)
    if empty:
        schema.upgrade(database.engine)
    refuse_other_schema(database)
    database.close()
