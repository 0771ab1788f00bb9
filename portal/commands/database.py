"""`portal db`: the schema of the portal's own database."""

from __future__ import annotations

import argparse

from portal import app
from portal.cli import Refused
from portal.commands.alone import nobody_works
from portal.commands.opening import settings_of
from portal.commands.refusals import words
from portal.config import Settings
from portal.engine.base import utc_now
from portal.storage import schema
from portal.storage import upgrade as filled
from portal.storage.database import Database


def upgrade(parsed: argparse.Namespace) -> None:
    """Bring the database to head, with a way back; running it again changes nothing."""
    settings = settings_of(parsed)
    database = app.install(settings).database
    try:
        _bring_to_head(settings, database)
    finally:
        database.close()


def current(parsed: argparse.Namespace) -> None:
    """Say which schema the database has, and which one this program has."""
    database = app.install(settings_of(parsed)).database
    with database.reading() as store:
        present = schema.current(store.connection)
    database.close()
    print(
        words(
            "The database is at %(present)s. This version of the portal is at %(head)s.",
            present=present or words("nothing yet"),
            head=schema.head(),
        )
    )


def _bring_to_head(settings: Settings, database: Database) -> None:
    with database.reading() as store:
        if schema.is_newer(store.connection):
            raise Refused(words("The database was made by a newer version of the portal. Install that version."))
        done, empty = schema.is_head(store.connection), schema.is_empty(store.connection)
    if done:
        print(words("The database is already at %(number)s.", number=schema.head()))
        return
    with nobody_works(settings, database):
        _upgrade(database, empty=empty)
    print(words("The database is now at %(number)s.", number=schema.head()))


def _upgrade(database: Database, *, empty: bool) -> None:
    try:
        copy = None if empty else filled.copy_before(database, utc_now())
        if copy:
            print(words("A copy from before the upgrade: %(file)s", file=copy), flush=True)
        elif not empty:
            print(
                words(
                    "All or nothing: if a step fails, nothing changes. A copy from before (pg_dump) is yours to make."
                )
            )
        filled.upgrade(database, copy)
    except filled.CopyFailed as error:
        raise Refused(
            words(
                "The database could not be copied first, so nothing was changed. Is there room, and may it be written?"
            )
        ) from error
    except filled.UpgradeFailed as error:
        raise Refused(_what_failed(error)) from error


def _what_failed(error: filled.UpgradeFailed) -> str:
    reason = type(error.__cause__).__name__
    if error.back:
        return words(
            "The upgrade stopped at revision %(revision)s (%(reason)s). The database is as it was before: "
            "go on with the version you had, and report this.",
            revision=error.revision,
            reason=reason,
        )
    return words(
        "The upgrade stopped at revision %(revision)s (%(reason)s), and the copy could not be put back by itself. "
        "Stop what uses the database and put %(file)s in its place.",
        revision=error.revision,
        reason=reason,
        file=error.copy,
    )
