"""A PostgreSQL connection that never waits for ever and can read on past values Python has no room for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from psycopg import Connection, DataError, OperationalError, errors
from psycopg.abc import AdaptContext, Buffer, PQGen
from psycopg.adapt import Loader, PyFormat
from psycopg.pq import Format, TransactionStatus
from psycopg.rows import TupleRow
from psycopg.types.string import StrDumper

from portal.sources.sql.values import Undecodable

Answer = TypeVar("Answer")

GRACE_SECONDS = 1
"""What the server is given to stop by itself before the connection is cut."""

TEXT_TYPES = ("text", "varchar", "bpchar", "name")
STUMBLING_TYPES = ("date", "timestamp", "timestamptz", "interval", "json", "jsonb", *TEXT_TYPES)
"""Types whose values Python may not hold: years after 9999 or before 1, `infinity`, bytes of an unknown encoding."""


ANY_BYTES = "SQL_ASCII"
"""The encoding of a database that keeps whatever bytes it is sent."""


class Utf8Dumper(StrDumper):
    """Sends text as UTF-8, whatever the connection says it speaks."""

    def __init__(self, cls: type, context: AdaptContext | None = None) -> None:
        """Forget the connection's encoding."""
        super().__init__(cls, context)
        self._encoding = "utf-8"


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
        if self.info.parameter_status("server_encoding") == ANY_BYTES:
            with self._taking_any_bytes():
                yield
            return
        with self._loading_tolerantly():
            yield

    @contextmanager
    def _taking_any_bytes(self) -> Iterator[None]:
        """A database without an encoding of its own refuses to send what is not the client's: it is told one that any bytes are in.

        Its refusal ended the transaction, in which nothing was written yet; it begins anew.
        """
        self.rollback()
        self.execute("SET LOCAL client_encoding TO 'LATIN1'")
        usual = self.adapters.get_dumper(str, PyFormat.AUTO)
        self.adapters.register_dumper(str, Utf8Dumper)
        try:
            with self._loading_tolerantly(text=_Utf8Loader):
                yield
        finally:
            self.adapters.register_dumper(str, usual)
            self._be_utf8_again()

    def _be_utf8_again(self) -> None:
        """For what follows in the same transaction; its end alone would do it otherwise."""
        if self.info.transaction_status is TransactionStatus.INTRANS:
            self.execute("SET LOCAL client_encoding TO 'UTF8'")

    @contextmanager
    def _loading_tolerantly(self, text: type[Any] | None = None) -> Iterator[None]:
        """`text`: what loads text instead of the usual."""
        kinds = {self.adapters.types[name].oid: name in TEXT_TYPES for name in STUMBLING_TYPES}
        usual = {kind: loader for kind in kinds if (loader := self.adapters.get_loader(kind, Format.TEXT))}
        for kind, loader in usual.items():
            self.adapters.register_loader(kind, _tolerant(text if text and kinds[kind] else loader))
        try:
            yield
        finally:
            for kind, loader in usual.items():
                self.adapters.register_loader(kind, loader)


class _Utf8Loader(Loader):
    """Reads text as UTF-8, whatever the connection says it speaks."""

    def load(self, data: Buffer) -> str:
        return bytes(data).decode()


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
