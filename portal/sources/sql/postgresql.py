"""A PostgreSQL connection that never waits for ever and can read on past values Python has no room for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from psycopg import Connection, DataError, OperationalError, errors
from psycopg.abc import AdaptContext, Buffer, PQGen
from psycopg.adapt import Loader
from psycopg.pq import Format
from psycopg.rows import TupleRow

from portal.sources.sql.values import Undecodable

Answer = TypeVar("Answer")

GRACE_SECONDS = 1
"""What the server is given to stop by itself before the connection is cut."""

STUMBLING_TYPES = ("date", "timestamp", "timestamptz", "interval", "text", "varchar", "bpchar", "name", "json", "jsonb")
"""Types whose values Python may not hold: years after 9999 or before 1, `infinity`, bytes of an unknown encoding."""


class PatientConnection(Connection[TupleRow]):
    """Waits for an answer a limited time: a server that swallows what it is sent must not hold a page (security.md F-11)."""

    patience: float | None = None

    def be_patient(self, seconds: float) -> None:
        """Set the limits of this session: the server's own for a statement and a lock, and ours on the wire."""
        milliseconds = str(max(1, round(seconds * 1000)))
        self.patience = seconds + GRACE_SECONDS
        self.execute(
            "SELECT set_config('statement_timeout', %(limit)s, false), set_config('lock_timeout', %(limit)s, false),"
            " set_config('idle_in_transaction_session_timeout', '600000', false), set_config('TimeZone', 'UTC', false)",
            {"limit": milliseconds},
        )
        self.commit()

    def wait(self, gen: PQGen[Answer], interval: float = 0.1, timeout: float | None = None) -> Answer:
        """Wait as psycopg does, but no longer than our patience; then the connection is of no more use.

        Raises:
            OperationalError: no answer in time.
        """
        failure: OperationalError | None = None
        try:
            return super().wait(gen, interval, self.patience if timeout is None else timeout)
        except errors._WaitTimeout:
            self.pgconn.finish()
            failure = OperationalError("no answer in time")
        raise failure

    @contextmanager
    def tolerating(self) -> Iterator[None]:
        """Let values that cannot be loaded become Undecodable while the block runs."""
        kinds = [self.adapters.types[name].oid for name in STUMBLING_TYPES]
        usual = {kind: loader for kind in kinds if (loader := self.adapters.get_loader(kind, Format.TEXT))}
        for kind, loader in usual.items():
            self.adapters.register_loader(kind, _tolerant(loader))
        try:
            yield
        finally:
            for kind, loader in usual.items():
                self.adapters.register_loader(kind, loader)


def _tolerant(usual: type[Any]) -> type[Loader]:
    """A loader that asks the usual one and survives its failure."""

    class Tolerant(Loader):
        def __init__(self, oid: int, context: AdaptContext | None = None) -> None:
            super().__init__(oid, context)
            self._usual = usual(oid, context)

        def load(self, data: Buffer) -> Any:
            try:
                return self._usual.load(data)
            except (DataError, ValueError):
                return Undecodable(bytes(data))

    return Tolerant
