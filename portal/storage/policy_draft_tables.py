"""The one draft of each document, while officers write it in the browser."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Date, Integer, String, Table, Text

from portal.storage.columns import reference
from portal.storage.instants import Instant
from portal.storage.tables import metadata

policy_drafts = Table(
    "policy_drafts",
    metadata,
    Column("document", String(16), primary_key=True),
    Column("origin", String(12), nullable=False),
    Column("sections", JSON, nullable=False),
    Column("pasted", JSON, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("effective", Date),
    Column("summary_fr", Text, nullable=False),
    Column("summary_en", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("started_at", Instant, nullable=False),
    reference("started_by", "staff.id"),
    Column("changed_at", Instant, nullable=False),
    reference("changed_by", "staff.id"),
    Column("publish_at", Instant),
    Column("stage", String(12), nullable=False),
    Column("stage_at", Instant),
    reference("stage_by", "staff.id"),
    Column("writers", JSON, nullable=False),
    reference("approved_by", "staff.id"),
    Column("called_back_at", Instant),
    Column("called_back_why", String(12)),
)
