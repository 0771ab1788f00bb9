"""A database that the portal has no words of its own for, as SQLAlchemy speaks to one: a file of SQLite under another name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import URL


class OtherDialect(SQLiteDialect_pysqlite):
    """Tells nothing of being SQLite, and keeps foreign keys, as servers do."""

    name = "otherbase"
    supports_statement_cache = True

    def on_connect(self) -> Callable[[Any], None]:
        """What is done with each new connection."""
        usual = super().on_connect()

        def connected(raw: Any) -> None:
            if usual:
                usual(raw)
            raw.execute("PRAGMA foreign_keys = ON")

        return connected


def other(url: URL | str) -> str:
    """The address of a file of SQLite under the other name, which SQLAlchemy knows from then on."""
    registry.register("otherbase", __name__, "OtherDialect")
    return str(sa.make_url(url).set(drivername="otherbase"))
