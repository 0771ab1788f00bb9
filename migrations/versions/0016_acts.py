"""More that can be done to a request: more time, a pause, the regulator, a prepared decision, what an answer leaves out.

Each line of a request's history may say why, and from which day to which day it moved. What was sent is kept, sealed.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_REQUEST = (
    ("extended_to", sa.Date()),
    ("paused_on", sa.Date()),
    ("paused_for", sa.String(16)),
    ("applied_on", sa.Date()),
    ("applied_outcome", sa.String(8)),
    ("contested_on", sa.Date()),
    ("contested_file", sa.String(80)),
    ("settled_on", sa.Date()),
    ("proposal", sa.JSON()),
    ("withheld", sa.JSON()),
)
_EVENT = (("reason", sa.Text()), ("due_before", sa.Date()), ("due_after", sa.Date()))
_LETTER = (("template", sa.String(64)), ("text_hash", sa.String(64)), ("sealed", sa.LargeBinary()))


def upgrade() -> None:
    """A request decided before is in the table of decisions too."""
    for table, columns in (("rights_requests", _REQUEST), ("request_events", _EVENT), ("letters", _LETTER)):
        for name, kind in columns:
            op.add_column(table, sa.Column(name, kind, nullable=True))
    op.create_table(
        "request_decisions",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("request_id", _ID, sa.ForeignKey("rights_requests.id"), nullable=False, index=True),
        sa.Column("decision", sa.String(24), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("provision", sa.Text()),
        sa.Column("withheld", sa.JSON()),
        sa.Column("recourse_until", sa.Date()),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", _ID, sa.ForeignKey("staff.id")),
        sa.Column("prepared_by", _ID, sa.ForeignKey("staff.id")),
    )
    op.create_table(
        "delegations",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("staff_id", _ID, sa.ForeignKey("staff.id"), nullable=False, index=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("document", sa.String(300), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", _ID, sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ended_by", _ID, sa.ForeignKey("staff.id")),
    )
    op.execute(
        "INSERT INTO request_decisions (request_id, decision, reason, provision, recourse_until, decided_at, staff_id) "
        "SELECT r.id, r.decision, r.reason, r.provision, r.recourse_until, r.decided_at, "
        "(SELECT max(e.actor_id) FROM request_events e "
        "WHERE e.request_id = r.id AND e.event = 'decided' AND e.actor = 'staff') "
        "FROM rights_requests r WHERE r.decision IS NOT NULL AND r.decided_at IS NOT NULL"
    )


def downgrade() -> None:
    """Take them back."""
    op.drop_table("delegations")
    op.drop_table("request_decisions")
    for table, columns in (("letters", _LETTER), ("request_events", _EVENT), ("rights_requests", _REQUEST)):
        for name, _ in reversed(columns):
            op.drop_column(table, name)
