"""`portal db`: the schema of the portal's own database."""

from __future__ import annotations

import argparse

from portal.app import install
from portal.cli import Refused
from portal.commands.opening import settings_of
from portal.commands.refusals import words
from portal.storage import schema


def upgrade(parsed: argparse.Namespace) -> None:
    """Bring the database to head; running it again changes nothing."""
    database = install(settings_of(parsed)).database
    with database.reading() as store:
        if schema.is_newer(store.connection):
            raise Refused(words("The database was made by a newer version of the portal. Install that version."))
        before = schema.current(store.connection)
    schema.upgrade(database.engine)
    after = schema.head()
    if before == after:
        print(words("The database is already at %(number)s.", number=after))
    else:
        print(words("The database is now at %(number)s.", number=after))


def current(parsed: argparse.Namespace) -> None:
    """Say which schema the database has, and which one this program has."""
    database = install(settings_of(parsed)).database
    with database.reading() as store:
        present = schema.current(store.connection)
    print(
        words(
            "The database is at %(present)s. This version of the portal is at %(head)s.",
            present=present or words("nothing yet"),
            head=schema.head(),
        )
    )
