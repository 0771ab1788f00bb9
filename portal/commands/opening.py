"""Opens the installation a command works on, and refuses a schema that is not this program's."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from portal.cli import Refused
from portal.commands.refusals import words
from portal.config import Settings, load_settings
from portal.storage import schema
from portal.storage.database import Database

if TYPE_CHECKING:
    from portal.services.installation import Installation


def settings_of(parsed: argparse.Namespace) -> Settings:
    """The settings a command was pointed to, with the address and port it was given."""
    path = Path(parsed.config) if getattr(parsed, "config", None) else None
    return load_settings(path, host=getattr(parsed, "host", None), port=getattr(parsed, "port", None))


def installation_of(parsed: argparse.Namespace) -> Installation:
    """The installation, with its schema at head.

    Raises:
        Refused: the schema is behind, or newer than this program.
    """
    from portal.app import install

    installation = install(settings_of(parsed))
    refuse_other_schema(installation.database)
    return installation


@contextmanager
def for_a_while(settings: Settings) -> Iterator[Installation]:
    """An installation whatever its schema, whose connections are all let go at the end."""
    from portal.app import install

    installation = install(settings)
    try:
        yield installation
    finally:
        for source in installation.sources.values():
            source.close()
        installation.ledger.close()
        installation.database.close()


def refuse_unfinished_restore(database: Database) -> None:
    """Let a database pass into which no backup was put that still waits for its erasures.

    Raises:
        Refused: one waits; the sentence names the command that ends it.
    """
    with database.reading() as store:
        waits = store.ledger.replay_after() is not None
    if waits:
        database.close()
        raise Refused(
            words("A backup was restored, and people erased since may be back. First run: portal erasures replay")
        )


def refuse_other_schema(database: Database) -> None:
    """Let a database pass that is exactly what this program expects.

    Raises:
        Refused: it is not; the sentence names the command that mends it.
    """
    with database.reading() as store:
        if schema.is_head(store.connection):
            return
        newer = schema.is_newer(store.connection)
    database.close()
    if newer:
        raise Refused(
            words("The database was made by a newer version of the portal. Install that version to serve it.")
        )
    raise Refused(words("The database is not at this version's schema. Run: portal db upgrade"))
