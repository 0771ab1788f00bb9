"""One request's transaction: opened when first asked for, kept only when a POST succeeds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portal.storage.database import Database
    from portal.storage.store import Store


class UnitOfWork:
    """One request's transaction: only a successful POST commits."""

    def __init__(self, database: Database, *, writes: bool) -> None:
        """Open nothing yet."""
        self._database = database
        self._context: Any = None
        self._store: Store | None = None
        self._writes = writes

    def store(self) -> Store:
        """The open store."""
        if self._store is None:
            self._context = self._database.writing() if self._writes else self._database.reading()
            self._store = self._context.__enter__()
        return self._store

    def conclude(self, *, keep: bool) -> None:
        """Commit what was done, or let it go; what is asked for afterwards, by a page of refusal, only reads."""
        context, self._context, self._store = self._context, None, None
        self._writes = False
        if context is None:
            return
        if keep:
            context.__exit__(None, None, None)
            return
        try:
            context.__exit__(_LetGo, _LetGo(), None)
        except _LetGo:
            return


class _LetGo(Exception):
    """Leaves a transaction without keeping it."""
