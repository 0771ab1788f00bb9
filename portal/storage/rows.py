"""What every repository does with rows: hold the connection, insert and say the new id."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, Table, insert


class Repository:
    """Statements of one feature over one open transaction."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the connection's open transaction."""
        self.connection = connection

    def insert(self, table: Table, **values: Any) -> int:
        """Insert one row and return its id; 0 where the key is no number.

        What is None is left out, as a row of many columns takes longer to name them than to be written.
        """
        given = {name: value for name, value in values.items() if value is not None}
        key = self.connection.execute(_insert(table), given).inserted_primary_key
        return key[0] if key and isinstance(key[0], int) else 0

    def insert_if_absent(self, table: Table, **values: Any) -> bool:
        """Insert one row unless its key exists; tells whether it was inserted.

        Two transactions at once: the second waits for the first, then finds the row.
        """
        return self.insert_those_absent(table, [values]) == 1

    def insert_those_absent(self, table: Table, rows: Sequence[dict[str, Any]]) -> int:
        """Insert the rows whose keys do not exist, in one statement; gives how many were inserted."""
        if not rows:
            return 0
        return self.connection.execute(_insert_if_absent(self.connection.dialect.name, table), rows).rowcount


@cache
def _insert(table: Table) -> Insert:
    """The same statement each time: building one and finding it again takes longer than the insert."""
    return insert(table)


@cache
def _insert_if_absent(dialect: str, table: Table) -> Any:
    """Asks for the count alone: giving rows back would take as long as a second insert."""
    return insert_of(dialect, table).on_conflict_do_nothing().inline().execution_options(preserve_rowcount=True)


def insert_of(dialect: str, table: Table) -> Any:
    """An insert that may say what to do where the key exists, as each database writes it."""
    return _INSERT[dialect](table)


def _sqlite_insert(table: Table) -> Any:
    from sqlalchemy.dialects.sqlite import insert as sqlite_insert

    return sqlite_insert(table)


def _postgresql_insert(table: Table) -> Any:
    from sqlalchemy.dialects.postgresql import insert as postgresql_insert

    return postgresql_insert(table)


_INSERT = {"sqlite": _sqlite_insert, "postgresql": _postgresql_insert}
