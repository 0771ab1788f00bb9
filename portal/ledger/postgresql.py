"""The ledger in another PostgreSQL database than the portal's own, for several machines that share it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from portal.domain.ledger import LedgerAway
from portal.ledger.base import Adding

LINES_AT_ONCE = 1_000
LOCK = 0x506F7274
"""The number of the advisory lock that a writer holds, over the making of the table too."""

_lines = sa.Table(
    "erasure_ledger",
    sa.MetaData(),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("line", sa.Text, nullable=False),
)
_last = sa.select(sa.func.max(_lines.c.number))


class PostgreSQLLedger:
    """One table of numbered lines, made by the first entry. A commit that was acknowledged is on the server's disk."""

    def __init__(self, url: str) -> None:
        """Keep the address; nothing is connected yet."""
        self._engine = sa.create_engine(url, pool_size=1, pool_pre_ping=True, connect_args={"connect_timeout": 5})

    def lines(self) -> Iterator[str]:
        """Every line, some at a time, so that none waits in memory."""
        number = 1
        while True:
            found = self._some(number, LINES_AT_ONCE)
            yield from found
            if len(found) < LINES_AT_ONCE:
                return
            number += len(found)

    def tail(self, number: int) -> list[str]:
        """The lines from that number on."""
        return self._some(number, None)

    def append(self, adding: Adding, *, since: int) -> None:
        """Add lines in one transaction that no other writer enters."""
        with self._writing() as connection:
            _lines.create(connection, checkfirst=True)
            last = int(connection.scalar(_last) or 0)
            present = _read(connection, min(since, last), None)
            added = adding(present)
            if added:
                rows = [{"number": last + place, "line": line} for place, line in enumerate(added, 1)]
                connection.execute(_lines.insert(), rows)

    def close(self) -> None:
        """Let every connection go."""
        self._engine.dispose()

    def _some(self, number: int, limit: int | None) -> list[str]:
        with _in_words(), self._engine.connect() as connection:
            there = sa.inspect(connection).has_table(_lines.name)
            return _read(connection, number, limit) if there else []

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with _in_words(), self._engine.begin() as connection:
            connection.execute(sa.text("SET LOCAL synchronous_commit = on"))
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
            yield connection


@contextmanager
def _in_words() -> Iterator[None]:
    """Whatever goes wrong on the way, nothing was added, and the address stays unsaid."""
    try:
        yield
    except SQLAlchemyError as error:
        raise LedgerAway(type(error).__name__) from error


def _read(connection: sa.Connection, number: int, limit: int | None) -> list[str]:
    query = sa.select(_lines.c.line).where(_lines.c.number >= number).order_by(_lines.c.number).limit(limit)
    return list(connection.scalars(query))
