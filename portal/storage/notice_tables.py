"""The tables of notices: what is told, to whom by hash, and who asked to be told of changes."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, String, Table, Text, UniqueConstraint

from portal.storage.columns import Id, identity, reference
from portal.storage.instants import Instant
from portal.storage.tables import metadata

subscribers = Table(
    "subscribers",
    metadata,
    identity(),
    Column("address", String(320), nullable=False, unique=True),
    Column("language", String(2), nullable=False),
    Column("confirmed_at", Instant, nullable=False, index=True),
    Column("nonce", String(64), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
)

notices = Table(
    "notices",
    metadata,
    identity(),
    Column("kind", String(32), nullable=False),
    Column("document", String(16)),
    Column("version_id", String(16)),
    Column("state", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("details", JSON, nullable=False),
    Column("paragraph_fr", Text, nullable=False),
    Column("paragraph_en", Text, nullable=False),
    Column("gathering", String(12), nullable=False),
    Column("place", JSON(none_as_null=True)),
    reference("proof_for", "staff.id"),
    Column("proof_refused", String(24)),
    Column("created_at", Instant, nullable=False),
    reference("created_by", "staff.id"),
    Column("begins_at", Instant),
    Column("next_step_at", Instant),
    Column("done_at", Instant, index=True),
    Column("troubles", Integer, nullable=False),
    Column("trouble", String(24)),
    Column("people", Integer, nullable=False),
    Column("subscribers", Integer, nullable=False),
    Column("without_address", Integer, nullable=False),
    Column("waiting", Integer, nullable=False),
    Column("handed_over", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("given_up", Integer, nullable=False),
    Column("bounced", Integer, nullable=False),
    UniqueConstraint("document", "version_id"),
)
"""A version is told by one notice."""

notice_recipients = Table(
    "notice_recipients",
    metadata,
    identity(),
    reference("notice_id", "notices.id", nullable=False),
    Column("address_hash", String(64), nullable=False),
    Column("address", String(320)),
    Column("language", String(2), nullable=False),
    Column("subscriber_id", Id, index=True),
    Column("message_id", String(64), nullable=False, unique=True),
    Column("state", String(12), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_try_at", Instant, nullable=False),
    Column("at", Instant),
    UniqueConstraint("address_hash", "notice_id"),
    Index("ix_notice_recipients_waiting", "notice_id", "state", "next_try_at", "id"),
)
"""`address` is there only while a letter waits for it; `at` is when the mail server took the letter."""
