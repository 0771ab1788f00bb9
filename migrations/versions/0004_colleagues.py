"""When each member of staff last signed in, and a way to find the requests each has in hand."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Members who signed in before get the date of their newest session still kept."""
    op.add_column("staff", sa.Column("last_sign_in_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE staff SET last_sign_in_at = (SELECT max(created_at) FROM sessions WHERE sessions.staff_id = staff.id)"
    )
    op.create_index("ix_rights_requests_assignee", "rights_requests", ["assignee_id", "is_open", "id"], unique=False)


def downgrade() -> None:
    """Take both back."""
    op.drop_index("ix_rights_requests_assignee", table_name="rights_requests")
    op.drop_column("staff", "last_sign_in_at")
