"""The tables of rights requests: each with the regime it was opened under, its history, its decisions, who may decide, and
those staff found to ask the same thing."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
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
    Column("behalf", JSON),
    Column("wanted_form", JSON),
    Column("channel", String(12)),
    Column("is_test", Boolean, nullable=False, default=False, server_default=false()),
    Column("identity_check", Text),
    Column("deemed_refused_on", Date),
    Column("hold_until", Date),
    Column("look_on", Date),
    Column("extended_to", Date),
    Column("paused_on", Date),
    Column("paused_for", String(16)),
    Column("applied_on", Date),
    Column("applied_outcome", String(8)),
    Column("contested_on", Date),
    Column("contested_file", String(80)),
    Column("settled_on", Date),
    Column("proposal", JSON(none_as_null=True)),
    Column("withheld", JSON(none_as_null=True)),
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
    Column("reason", Text),
    Column("due_before", Date),
    Column("due_after", Date),
)

request_decisions = Table(
    "request_decisions",
    metadata,
    identity(),
    reference("request_id", "rights_requests.id", nullable=False, index=True),
    Column("decision", String(24), nullable=False),
    Column("reason", Text),
    Column("provision", Text),
    Column("withheld", JSON(none_as_null=True)),
    Column("recourse_until", Date),
    Column("decided_at", Instant, nullable=False),
    reference("staff_id", "staff.id"),
    reference("prepared_by", "staff.id"),
)

delegations = Table(
    "delegations",
    metadata,
    identity(),
    reference("staff_id", "staff.id", nullable=False, index=True),
    Column("since", Date, nullable=False),
    Column("until", Date),
    Column("document", String(300), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    reference("recorded_by", "staff.id", nullable=False),
    Column("ended_at", Instant),
    reference("ended_by", "staff.id"),
)

same_requests = Table(
    "same_requests",
    metadata,
    Column("request_id", Id, ForeignKey("rights_requests.id"), primary_key=True, autoincrement=False),
    reference("same_as_id", "rights_requests.id", nullable=False, index=True),
    reference("staff_id", "staff.id", nullable=False),
    Column("at", Instant, nullable=False),
)
