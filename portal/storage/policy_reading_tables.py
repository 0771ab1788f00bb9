"""What each person opened and acknowledged of a document; and the names under which feeds began."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, String, Table

from portal.storage.columns import Id
from portal.storage.instants import Instant
from portal.storage.tables import metadata

policy_readings = Table(
    "policy_readings",
    metadata,
    Column("person_id", Id, ForeignKey("people.id"), primary_key=True, autoincrement=False),
    Column("document", String(16), primary_key=True),
    Column("version_id", String(16), primary_key=True),
    Column("opened_at", Instant),
    Column("acknowledged_at", Instant),
)

feed_names = Table(
    "feed_names",
    metadata,
    Column("document", String(16), primary_key=True),
    Column("authority", String(255), nullable=False),
    Column("since", Date, nullable=False),
)
