"""Statements built once and run with other values: building one and finding its SQL again takes longer than its answer."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from portal.domain.data_map import Scalar
from portal.sources.sql.shapes import ColumnShape
from portal.sources.sql.values import comparable

MOST_KEPT = 200

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Later:
    """A value a statement is built without. It takes the form of each column it is compared with when it is known."""

    name: str
    shapes: dict[str, ColumnShape] = field(default_factory=dict)

    def compared_with(self, shape: ColumnShape) -> ColumnElement[Any]:
        """The place the value will have beside a column of that shape."""
        place = f"{self.name}_{len(self.shapes)}"
        self.shapes[place] = shape
        return sa.bindparam(place, type_=sa.types.NullType())

    def known(self, value: Scalar, dialect: str) -> dict[str, object]:
        """What each place holds: None, which nothing equals, where no row of that kind can hold the value."""
        return {place: _comparable(value, shape, dialect) for place, shape in self.shapes.items()}


Owner = Sequence[Scalar | Later]
"""A person's key, known or still to come."""


class NotAParameter(Exception):
    """A value can be compared only as an expression: what SQLite could not decode."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement about one person, whoever it is."""

    statement: sa.Executable
    owner: tuple[Later, ...]

    def values(self, person: Sequence[Scalar], dialect: str) -> dict[str, object]:
        """The statement's parameters for a person's key.

        Raises:
            NotAParameter: the statement must be built for this person alone.
        """
        found: dict[str, object] = {}
        for later, value in zip(self.owner, person, strict=True):
            found |= later.known(value, dialect)
        if any(isinstance(value, ColumnElement) for value in found.values()):
            raise NotAParameter
        return found


def prepare(build: Callable[[Owner], sa.Executable], length: int) -> Prepared:
    """The statement `build` makes of a key of that length."""
    owner = tuple(Later(f"owner_{index}") for index in range(length))
    return Prepared(build(owner), owner)


class PreparedStatements:
    """Those of one source, until it turns out to have changed."""

    def __init__(self) -> None:
        """Hold none yet."""
        self._kept: dict[Hashable, tuple[object, Any]] = {}

    def get(self, of: tuple[object, ...], *shape: Hashable, build: Callable[[], T]) -> T:
        """What was built for these very objects of the data map, built the first time."""
        key = (*map(id, of), *shape)
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            found = self._kept[key] = of, build()  # `of` is held, so that no other object takes its number
        kept: T = found[1]
        return kept

    def clear(self) -> None:
        """Forget all of them."""
        self._kept.clear()


def _comparable(value: Scalar, shape: ColumnShape, dialect: str) -> object:
    try:
        return comparable(value, shape, dialect)
    except ValueError:
        return None
