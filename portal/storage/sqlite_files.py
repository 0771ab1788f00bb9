"""Copying a SQLite file whole while others use it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

WAITS_SECONDS = 10


def pour(source: Path, target: Path) -> None:
    """SQLite's own online copy, which takes what is in its log too; then have it look the result over.

    A source that is gone must not be made anew: an empty one would be poured.
    """
    existing = f"{source.resolve().as_uri()}?mode=rw"
    with (
        closing(sqlite3.connect(existing, uri=True, timeout=WAITS_SECONDS)) as giving,
        closing(sqlite3.connect(target, timeout=WAITS_SECONDS)) as taking,
    ):
        giving.backup(taking)
        if taking.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise sqlite3.DatabaseError
    descriptor = os.open(target, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
