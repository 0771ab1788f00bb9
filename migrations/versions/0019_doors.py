"""For whom a request is, the form its answer is wanted in, how it came, and which requests ask the same thing."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Requests of before are for whoever asked; of how they came nothing was written, and nothing is guessed."""
    op.add_column("rights_requests", sa.Column("behalf", sa.JSON(), nullable=True))
    op.add_column("rights_requests", sa.Column("wanted_form", sa.JSON(), nullable=True))
    op.add_column("rights_requests", sa.Column("channel", sa.String(length=12), nullable=True))
    op.create_table(
        "same_requests",
        sa.Column("request_id", _ID, autoincrement=False, nullable=False),
        sa.Column("same_as_id", _ID, nullable=False),
        sa.Column("staff_id", _ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["rights_requests.id"], name=op.f("fk_same_requests_request_id")),
        sa.ForeignKeyConstraint(["same_as_id"], ["rights_requests.id"], name=op.f("fk_same_requests_same_as_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_same_requests_staff_id")),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_same_requests")),
    )
    op.create_index(op.f("ix_same_requests_same_as_id"), "same_requests", ["same_as_id"], unique=False)


def downgrade() -> None:
    """Take them back."""
    op.drop_table("same_requests")
    for column in ("channel", "wanted_form", "behalf"):
        op.drop_column("rights_requests", column)
