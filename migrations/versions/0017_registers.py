"""Registers of communications and incidents, and tallies of requests that no page has to count."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_AT_ONCE = 5_000
_MOST_DAYS = 366


def upgrade() -> None:
    """Requests of before are counted where they belong."""
    op.create_table(
        "register_entries",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("register", sa.String(16), nullable=False),
        sa.Column("entry", _ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("is_present", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", _ID, sa.ForeignKey("staff.id", name="fk_register_entries_staff_id"), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.UniqueConstraint("register", "entry", "revision", name="uq_register_entries_register_entry_revision"),
    )
    op.create_index("ix_register_entries_present", "register_entries", ["register", "is_present", "entry"])
    op.create_table(
        "register_people",
        sa.Column(
            "row_id", _ID, sa.ForeignKey("register_entries.id", name="fk_register_people_row_id"), nullable=False
        ),
        sa.Column("address_hash", sa.String(64)),
        sa.Column("person_id", _ID),
        sa.Column("found_by", sa.String(20)),
        sa.UniqueConstraint("row_id", name="uq_register_people_row_id"),
    )
    op.create_index("ix_register_people_address_hash", "register_people", ["address_hash"])
    op.create_index("ix_register_people_person_id", "register_people", ["person_id"])
    requests = op.create_table(
        "request_tallies",
        sa.Column("month", sa.Date(), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("outcome", sa.String(24), primary_key=True),
        sa.Column("late", sa.Boolean(), primary_key=True, server_default=sa.false()),
        sa.Column("number", sa.BigInteger(), nullable=False),
    )
    answers = op.create_table(
        "answer_tallies",
        sa.Column("month", sa.Date(), primary_key=True),
        sa.Column("days", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
    )
    _count(requests, answers)


def downgrade() -> None:
    """Take them away."""
    for name in ("answer_tallies", "request_tallies", "register_people", "register_entries"):
        op.drop_table(name)


def _count(requests: sa.Table, answers: sa.Table) -> None:
    """Read every request once, some at a time, and keep only how many there are of each."""
    connection = op.get_bind()
    zone = connection.get_execution_options().get("portal_zone", UTC)
    kept = sa.table(
        "rights_requests",
        sa.column("id", _ID),
        sa.column("kind", sa.String),
        sa.column("state", sa.String),
        sa.column("received_on", sa.Date),
        sa.column("due", sa.Date),
        sa.column("decision", sa.String),
        sa.column("decided_at", sa.DateTime(timezone=True)),
        sa.column("is_test", sa.Boolean),
    )
    of_request: Counter[tuple[Any, ...]] = Counter()
    of_answer: Counter[tuple[Any, ...]] = Counter()
    last = 0
    while True:
        page = sa.select(kept).where(kept.c.id > last).order_by(kept.c.id).limit(_AT_ONCE)
        rows = connection.execute(page).all()
        if not rows:
            break
        last = rows[-1].id
        for row in rows:
            if not row.is_test:
                _tally(row, zone, of_request, of_answer)
    for table, counted, names in (
        (requests, of_request, ("month", "kind", "outcome", "late")),
        (answers, of_answer, ("month", "days")),
    ):
        values = [dict(zip(names, key, strict=True)) | {"number": number} for key, number in counted.items()]
        if values:
            connection.execute(sa.insert(table), values)


def _tally(row: Any, zone: Any, of_request: Counter[tuple[Any, ...]], of_answer: Counter[tuple[Any, ...]]) -> None:
    month, decided = row.received_on.replace(day=1), None
    if row.decided_at and row.decision:
        decided = _aware(row.decided_at).astimezone(zone).date()
    outcome = "withdrawn" if row.state == "withdrawn" else row.decision or "open"
    of_request[month, row.kind, outcome, decided is not None and decided > row.due] += 1
    if decided:
        of_answer[month, min(max((decided - row.received_on).days, 0), _MOST_DAYS)] += 1


def _aware(moment: datetime) -> datetime:
    """SQLite gives moments back without their zone: they were written in UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
