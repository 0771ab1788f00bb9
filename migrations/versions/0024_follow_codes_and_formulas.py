"""Follow codes that are replaced, counted for each request; and whether a file sent holds cells a spreadsheet would run."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No code was replaced yet: those already in letters go on. Of files kept before, nothing is known."""
    op.add_column("rights_requests", sa.Column("follow_number", sa.Integer, nullable=False, server_default="0"))
    op.add_column("attachments", sa.Column("formulas", sa.Boolean, nullable=True))


def downgrade() -> None:
    """Take it back: codes that were replaced open their request again."""
    op.drop_column("attachments", "formulas")
    op.drop_column("rights_requests", "follow_number")
