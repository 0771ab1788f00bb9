"""The table of copies on their way: who takes one now, so that each person takes one at a time on whatever machine answers."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table

from portal.storage.columns import Id
from portal.storage.instants import Instant
from portal.storage.tables import metadata

copy_places = Table(
    "copy_places",
    metadata,
    Column("place", Integer, primary_key=True, autoincrement=False),
    # Points at nobody's row: who is forgotten meanwhile is not kept here, and the place lapses by itself.
    Column("person_id", Id, nullable=False, unique=True),
    Column("token", String(32), nullable=False),
    Column("until", Instant, nullable=False),
)
