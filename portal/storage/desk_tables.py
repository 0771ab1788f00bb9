"""The tables of the staff's desk: how many requests there are of each sort, and the views a member keeps.

A sort of requests is what they share: state, kind, regime, language and who has them in hand. Each request names its own,
so that a list of some sorts reads as many short stretches of one index; `request_counts` says what came and went since
`request_sorts.number` was last written, so that two writers never wait for one counter.
"""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Table, UniqueConstraint

from portal.storage.columns import Id, identity, reference
from portal.storage.tables import metadata

request_sorts = Table(
    "request_sorts",
    metadata,
    identity(),
    Column("state", String(24), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("regime", String(16), nullable=False),
    Column("language", String(2), nullable=False),
    Column("assignee_id", Id, nullable=False),
    Column("number", Integer, nullable=False),
    UniqueConstraint("state", "kind", "regime", "language", "assignee_id"),
)

request_counts = Table(
    "request_counts",
    metadata,
    identity(),
    Column("sort_id", Id, ForeignKey("request_sorts.id"), nullable=False, index=True),
    Column("change", Integer, nullable=False),
)

desk_views = Table(
    "desk_views",
    metadata,
    identity(),
    reference("staff_id", "staff.id", nullable=False),
    Column("name", String(60), nullable=False),
    Column("selection", JSON, nullable=False),
    UniqueConstraint("staff_id", "name"),
)
