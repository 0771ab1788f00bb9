"""The other laws a request falls under, frozen like the main one, and the last day the main one sets by itself."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A request of before has one law: both columns stay empty."""
    op.add_column("rights_requests", sa.Column("also_frozen", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("rights_requests", sa.Column("main_due", sa.Date(), nullable=True))


def downgrade() -> None:
    """Take them back."""
    op.drop_column("rights_requests", "main_due")
    op.drop_column("rights_requests", "also_frozen")
