"""Bringing a filled database to head with a way back: whatever fails, what was there before is there again.

SQLite is copied first, beside itself, and the copy is put back. PostgreSQL upgrades in one transaction.
"""

from __future__ import annotations

import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import exc

from portal.storage import schema
from portal.storage.database import Database
from portal.storage.sqlite_files import pour

COPIES_KEPT = 3


class CopyFailed(Exception):
    """The database could not be copied; nothing was upgraded."""


class UpgradeFailed(Exception):
    """A revision failed, and everything is as it was before."""

    def __init__(self, revision: str, copy: Path | None, *, back: bool) -> None:
        """Keep which revision failed, where the copy lies, and whether what was before is back."""
        super().__init__(revision)
        self.revision = revision
        self.copy = copy
        self.back = back


def copy_before(database: Database, now: datetime) -> Path | None:
    """Copy a SQLite file beside itself while others may read it; None where there is no such file to copy.

    The copy is its owner's alone, named by its time and revision, and whole before it has that name. The last three stay.

    Raises:
        CopyFailed: there is no room, or no right to write there.
    """
    file = database.file
    if file is None:
        return None
    present = _present(database) or "0000"
    target = file.with_name(f"{file.name}.{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{present}.copy")
    part = target.with_suffix(".part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        pour(file, part)
        part.replace(target)
        for old in sorted(file.parent.glob(f"{file.name}.*.copy"))[:-COPIES_KEPT]:
            old.unlink()
    except (OSError, sqlite3.Error) as error:
        part.unlink(missing_ok=True)
        raise CopyFailed from error
    return target


def upgrade(database: Database, copy: Path | None) -> None:
    """Bring a database to head, or leave it as it was.

    Raises:
        UpgradeFailed: a revision failed; `copy` was put back, or the transaction never happened.
    """
    applied = [_present(database)]
    try:
        schema.upgrade(database.engine, applied)
    except BaseException as error:
        file = database.file
        back = file is None or copy is None or _put_back(database, copy, file)
        if isinstance(error, Exception):
            raise UpgradeFailed(schema.after(applied[-1]), copy, back=back) from error
        raise


def _put_back(database: Database, copy: Path, file: Path) -> bool:
    """Pour the copy into the file: whoever has it open sees one state or the other, never half of one."""
    database.engine.dispose()
    try:
        pour(copy, file)
    except (OSError, sqlite3.Error, exc.SQLAlchemyError):
        return False
    return True


def _present(database: Database) -> str | None:
    with database.reading() as store:
        return schema.current(store.connection)
