"""A range of one column's values, as an index walks it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from portal.sources.sql.values import literal


@dataclass(frozen=True, slots=True)
class Range:
    """From `low`, included, to `high`, `closed` when it is included too: values as the driver takes them."""

    low: object
    high: object
    closed: bool = False

    def holds(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """Rows in it."""
        return sa.and_(self.not_below(column), self.not_above(column))

    def not_below(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """Rows in it, or greater than all in it."""
        return column >= literal(self.low)

    def not_above(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """Rows in it, or less than all in it."""
        return column <= literal(self.high) if self.closed else column < literal(self.high)

    def below(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """Rows less than all in it."""
        return column < literal(self.low)

    def above(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """Rows greater than all in it."""
        return column > literal(self.high) if self.closed else column >= literal(self.high)
