"""Comments kept because we did not correct, what is asked of a decision of a machine, and answers made of named parts."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Nobody has written any yet, and no answer has parts. Columns are added one by one: rights_requests keeps its triggers."""
    op.create_table(
        "statements",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("request_id", _ID, nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["rights_requests.id"], name=op.f("fk_statements_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statements")),
        sa.UniqueConstraint("request_id", name=op.f("uq_statements_request_id")),
    )
    op.add_column("rights_requests", sa.Column("machine_decision", sa.JSON(), nullable=True))
    op.add_column("rights_requests", sa.Column("parts", sa.JSON(), nullable=True))
    op.add_column("request_decisions", sa.Column("parts", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Take it all back: comments, what was asked and the parts of answers go with it."""
    op.drop_column("request_decisions", "parts")
    op.drop_column("rights_requests", "parts")
    op.drop_column("rights_requests", "machine_decision")
    op.drop_table("statements")
