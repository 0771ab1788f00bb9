"""Doors to the databases through which a process dies: around a call to a source, around a commit of the portal's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from random import Random
from typing import Any

from portal.sources.base import Source


class Killed(BaseException):
    """The process ends here."""


class MortalSource:
    """A source whose every call dies once before it is made and once after its effect."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._seen: Counter[str] = Counter()
        self.deaths = 0

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._source, name)

        def mortal(*arguments: Any, **named: Any) -> Any:
            signature = f"{name}{arguments}{named}"
            self._seen[signature] += 1
            if self._seen[signature] == 1:
                self._die()
            given = call(*arguments, **named)
            if self._seen[signature] == 2:
                self._die()
            return given

        return mortal

    def _die(self) -> None:
        self.deaths += 1
        raise Killed


class MortalDatabase:
    """The portal's own database: of its transactions, some die before their commit, some just after it."""

    def __init__(self, database: Any, seed: int) -> None:
        self._database = database
        self._chance = Random(seed)  # noqa: S311  # a seed, so that a failure can be seen again
        self.deaths = 0

    def reading(self) -> AbstractContextManager[Any]:
        return self._database.reading()

    @contextmanager
    def writing(self) -> Iterator[Any]:
        fate = self._chance.choice(["lives", "lost", "last"])
        with self._database.writing() as store:
            yield store
            self._die_if(fate == "lost")
        self._die_if(fate == "last")

    def _die_if(self, now: bool) -> None:
        if now:
            self.deaths += 1
            raise Killed
