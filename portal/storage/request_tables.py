"""The tables of rights requests: each with the regime it was opened under and the day its clock is looked at, and its history."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    String,
    Table,
    Text,
    false,
)

from portal.storage.columns import Id, identity, reference
from portal.storage.instants import Instant
from portal.storage.tables import metadata

rights_requests = Table(
    "rights_requests",
    metadata,
    identity(),
    Column("reference", String(20), nullable=False, unique=True),
    reference("person_id", "people.id", nullable=False),
    Column("kind", String(16), nullable=False),
    Column("state", String(24), nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("language", String(2), nullable=False),
    Column("message", Text, nullable=False),
    Column("level", String(2), nullable=False),
    Column("regime", String(16), nullable=False),
    Column("regime_frozen", JSON, nullable=False),
    Column("also_frozen", JSON(none_as_null=True)),
    Column("main_due", Date),
    Column("received_at", Instant, nullable=False),
    Column("received_on", Date, nullable=False),
    Column("due", Date, nullable=False),
    Column("version", Integer, nullable=False),
    Column("decision", String(24)),
    Column("reason", Text),
    Column("provision", Text),
    Column("recourse_until", Date),
    Column("decided_at", Instant),
    Column("wait_until", Instant),
    Column("closed_at", Instant),
    reference("assignee_id", "staff.id"),
    Column("correction", JSON),
    Column("purpose", String(64)),
    Column("is_test", Boolean, nullable=False, default=False, server_default=false()),
    Column("identity_check", Text),
    Column("deemed_refused_on", Date),
    Column("hold_until", Date),
    Column("look_on", Date),
    Index("ix_rights_requests_queue", "is_open", "due", "id"),
    Index("ix_rights_requests_state", "state", "due", "id"),
    Index("ix_rights_requests_person", "person_id", "id"),
    Index("ix_rights_requests_assignee", "assignee_id", "is_open", "id"),
    Index("ix_rights_requests_clock", "is_open", "look_on", "id"),
)

request_events = Table(
    "request_events",
    metadata,
    identity(),
    reference("request_id", "rights_requests.id", nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("event", String(32), nullable=False),
    Column("actor", String(8), nullable=False),
    Column("actor_id", Id),
    Column("detail", String(64)),
)
