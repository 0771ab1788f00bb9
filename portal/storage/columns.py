"""The columns tables are made of: a number of their own, and a row of another table."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Integer

Id = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only where the column is its plain integer."""


def identity() -> Column[Any]:
    """The number of a row."""
    return Column("id", Id, primary_key=True, autoincrement=True)


def reference(name: str, target: str, *, nullable: bool = True, index: bool = False) -> Column[Any]:
    """A row of another table, by its number."""
    return Column(name, Id, ForeignKey(target), nullable=nullable, index=index)
