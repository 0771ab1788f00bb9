"""How far the erasure ledger reached, and which installation this is; and the requests that only the ledger knows."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Name the installation; no ledger was written yet, and no request noted in it."""
    mark = op.create_table(
        "ledger_mark",
        sa.Column("installation", sa.String(32), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.Column("refused_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replay_after", sa.BigInteger(), nullable=True),
        sa.Column("looking", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("people_back", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("installation", name="pk_ledger_mark"),
    )
    op.bulk_insert(
        mark, [{"installation": secrets.token_hex(16), "number": 0, "seal": "", "events": 0, "people_back": 0}]
    )
    op.create_table(
        "lost_requests",
        sa.Column("reference", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("reference", name="pk_lost_requests"),
    )


def downgrade() -> None:
    """Take it back: the ledger itself stays where it is."""
    op.drop_table("lost_requests")
    op.drop_table("ledger_mark")
