"""`portal serve`, `web` and `worker`: the processes of an installation."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path

from portal import serve as processes
from portal.commands.opening import installation_of, refuse_other_schema, refuse_unfinished_restore, settings_of
from portal.commands.refusals import words
from portal.config import Settings
from portal.config.loading import FILE_NAME
from portal.domain.languages import Language
from portal.domain.rights import Role
from portal.engine.base import utc_now
from portal.services import members
from portal.services.addresses import canonical_address
from portal.services.links import link_address
from portal.storage import schema
from portal.storage.database import Database


def serve(parsed: argparse.Namespace) -> int:
    """Run web and worker together; an empty database is brought to head first."""
    settings = settings_of(parsed)
    prepare(Database(settings.database.url, settings.zone))
    return processes.serve(settings, at_the_door=lambda: _let_the_first_officer_in(settings))


def web(parsed: argparse.Namespace) -> int:
    """Run the web alone. What serves is put together in its children only: this process stays small and quick."""
    settings = settings_of(parsed)
    database = Database(settings.database.url)
    refuse_other_schema(database)
    refuse_unfinished_restore(database)
    database.close()
    return processes.web(settings)


def worker(parsed: argparse.Namespace) -> int:
    """Run the worker alone."""
    installation = installation_of(parsed)
    refuse_unfinished_restore(installation.database)
    return processes.worker(installation)


def _let_the_first_officer_in(settings: Settings) -> None:
    """Print a one-time link for the officer whom `portal init` named, as long as nobody of staff ever came in."""
    officer = settings.first_officer
    if officer is None:
        return
    address = canonical_address(officer.email)
    database = Database(settings.database.url)
    with database.reading() as store:
        wanted = members.awaited(store, address, now=utc_now())
    database.close()
    if not wanted:
        return
    from portal.app import install

    portal = install(settings)
    with portal.database.writing() as store:
        token = members.add(portal, store, address, Role.OFFICER, language=officer.language)
    portal.database.close()
    print(words("For %(officer)s, a link that works once, within an hour:", officer=address))
    print(f"  {link_address(portal, token, officer.language)}")
    print(words("Too late? This prints another:"))
    print(f"  {_another_link(settings, officer.language, address)}", flush=True)


def _another_link(settings: Settings, language: Language, address: str) -> str:
    """The command that makes a new link, as it is typed from here."""
    command = f"portal staff add {address} --role officer"
    if language != "fr":
        command += f" --language {language}"
    here = settings.file is None or settings.file == Path.cwd() / FILE_NAME
    return command if here else f"{command} --config {shlex.quote(str(settings.file))}"


def prepare(database: Database) -> None:
    """Bring an empty database to head; refuse one that is neither empty nor at head."""
    with database.reading() as store:
        empty = schema.is_empty(store.connection)
    if empty:
        schema.upgrade(database.engine)
    refuse_other_schema(database)
    refuse_unfinished_restore(database)
    database.close()
