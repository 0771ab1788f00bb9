"""Keeping the processes of an installation out while its database is brought to head or put back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from portal import app
from portal.cli import Refused
from portal.commands.refusals import words
from portal.config import Settings
from portal.engine.base import AnotherWorkerRuns
from portal.engine.lock import only_worker
from portal.serve import LOCK_FILE, only_one
from portal.storage.database import Database
from portal.storage.in_use import InUse


@contextmanager
def nobody_works(settings: Settings, database: Database) -> Iterator[None]:
    """Keep web, worker and commands of this machine out: what they wrote meanwhile would not outlive the change.

    Raises:
        Refused: one of them runs.
    """
    try:
        with (
            only_one(settings.folder / LOCK_FILE),
            only_worker(settings.folder / app.LOCK_FILE),
            database.alone(),
        ):
            yield
    except AnotherWorkerRuns as error:
        raise Refused(words("The portal's worker runs on this data folder. Stop it first.")) from error
    except InUse as error:
        raise Refused(
            words("Another process of the portal has this database open, such as “portal web”. Stop it first.")
        ) from error
