"""The table of messages about requests: what each side wrote to the other, and the notes of staff."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Integer, String, Table, Text

from portal.storage.columns import identity, reference
from portal.storage.instants import Instant
from portal.storage.tables import metadata

messages = Table(
    "messages",
    metadata,
    identity(),
    reference("request_id", "rights_requests.id", nullable=False),
    Column("kind", String(8), nullable=False),
    Column("author", String(8), nullable=False),
    reference("staff_id", "staff.id"),
    Column("language", String(2), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("need", String(12)),
    Column("why", Text),
    Column("answer_by", Date),
    Column("files", Integer, nullable=False),
    reference("letter_id", "letters.id", index=True),
    Index("ix_messages_request", "request_id", "id"),
)
