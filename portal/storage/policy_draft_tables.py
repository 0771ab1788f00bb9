"""The one draft of each document, while officers write it in the browser."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Date, ForeignKey, Integer, String, Table, Text

from portal.storage.instants import Instant
from portal.storage.tables import metadata

_Id = BigInteger().with_variant(Integer, "sqlite")


def _member(name: str) -> Column[Any]:
    return Column(name, _Id, ForeignKey("staff.id"))


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
    _member("started_by"),
    Column("changed_at", Instant, nullable=False),
    _member("changed_by"),
    Column("publish_at", Instant),
    Column("stage", String(12), nullable=False),
    Column("stage_at", Instant),
    _member("stage_by"),
    Column("writers", JSON, nullable=False),
    _member("approved_by"),
    Column("called_back_at", Instant),
    Column("called_back_why", String(12)),
)
