"""What the officer tried while getting ready, and requests that are only tests."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """No request made before is a test."""
    op.add_column("rights_requests", sa.Column("is_test", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "setup_steps",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("what", sa.String(16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", ID, nullable=True),
        sa.Column("result", sa.String(24), nullable=True),
        sa.Column("said", sa.String(200), nullable=True),
        sa.Column("letter_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_setup_steps_staff_id"),
        sa.PrimaryKeyConstraint("id", name="pk_setup_steps"),
    )
    op.create_index("ix_setup_steps_what", "setup_steps", ["what", "id"], unique=False)


def downgrade() -> None:
    """Take both back."""
    op.drop_table("setup_steps")
    op.drop_column("rights_requests", "is_test")
