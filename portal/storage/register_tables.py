"""The tables of the registers: entries and their revisions, about whom they are, and the tallies of requests."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, Index, Integer, String, Table, UniqueConstraint, false

from portal.storage.columns import Id, identity, reference
from portal.storage.instants import Instant
from portal.storage.tables import metadata

register_entries = Table(
    "register_entries",
    metadata,
    identity(),
    Column("register", String(16), nullable=False),
    Column("entry", Id, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("is_present", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    reference("staff_id", "staff.id", nullable=False),
    Column("said", JSON, nullable=False),
    UniqueConstraint("register", "entry", "revision"),
    Index("ix_register_entries_present", "register", "is_present", "entry"),
)
"""A row for each revision: what it says never changes, only which revision is the present one."""

register_people = Table(
    "register_people",
    metadata,
    reference("row_id", "register_entries.id", nullable=False),
    Column("address_hash", String(64), index=True),
    Column("person_id", Id, index=True),
    Column("found_by", String(20)),
    UniqueConstraint("row_id"),
)
"""About whom an entry is: by keyed hash of an address, or by number for who has none. `found_by`: a reference."""

request_tallies = Table(
    "request_tallies",
    metadata,
    Column("month", Date, primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("outcome", String(24), primary_key=True),
    Column("late", Boolean, primary_key=True, server_default=false()),
    Column("number", BigInteger, nullable=False),
)

answer_tallies = Table(
    "answer_tallies",
    metadata,
    Column("month", Date, primary_key=True),
    Column("days", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
)
