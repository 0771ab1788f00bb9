"""The private address at which a member of staff has the days of their requests in a calendar: its hash alone is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has one yet."""
    op.add_column("staff", sa.Column("calendar_hash", sa.String(64), nullable=True))
    op.create_index("ix_staff_calendar_hash", "staff", ["calendar_hash"], unique=True)


def downgrade() -> None:
    """Take it back: addresses given out stop working."""
    op.drop_index("ix_staff_calendar_hash", "staff")
    op.drop_column("staff", "calendar_hash")
