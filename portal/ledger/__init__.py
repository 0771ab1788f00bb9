"""Where the erasure ledger is kept: a file by default, another PostgreSQL database where several machines share it."""

from __future__ import annotations

from pathlib import Path

from portal.ledger.base import Ledger
from portal.ledger.file import FileLedger

FILE = "file:"


def ledger_from(url: str) -> Ledger:
    """The ledger at an address of the settings. Nothing is opened yet."""
    if url.startswith(FILE):
        return FileLedger(Path(url.removeprefix(FILE)))
    from portal.ledger.postgresql import PostgreSQLLedger

    return PostgreSQLLedger(url)
