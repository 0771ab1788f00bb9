"""The one language a version revises, when the other's words stayed as they were."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Versions published before say nothing of it: each is what its summary says."""
    op.add_column("policy_versions", sa.Column("revised", sa.String(length=2), nullable=True))


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("policy_versions") as table:
        table.drop_column("revised")
