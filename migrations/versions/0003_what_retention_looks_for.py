"""Indexes that retention looks people and requests up by when it forgets them."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_letters_person_id", "letters", "person_id"),
    ("ix_audit_request_id", "audit", "request_id"),
    ("ix_consent_events_request_id", "consent_events", "request_id"),
)


def upgrade() -> None:
    """Deleting a row that others point to must not read the whole table of the others."""
    for name, table, column in INDEXES:
        op.create_index(name, table, [column], unique=False)


def downgrade() -> None:
    """Take them back."""
    for name, table, _ in reversed(INDEXES):
        op.drop_index(name, table_name=table)
