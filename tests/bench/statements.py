"""Listens to every statement the databases are sent, the portal's own and the sources'."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

_NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")


@dataclass
class Heard:
    """What was said to the portal's own database and to the sources."""

    own: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)

    @property
    def all(self) -> int:
        """How many statements in all."""
        return len(self.own) + len(self.sources)


@contextmanager
def heard(portal: Engine) -> Iterator[Heard]:
    """Every statement sent while the block runs; the marks of transactions and settings of connections left out."""
    found = Heard()

    def listen(connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(_NOT_COUNTED):
            (found.own if connection.engine.url == portal.url else found.sources).append(statement)

    event.listen(Engine, "before_cursor_execute", listen)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", listen)
