"""The draft of a policy, kept while an officer writes it in the browser."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One row for each document that has a draft."""
    instant = sa.DateTime(timezone=True)
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "policy_drafts",
        sa.Column("document", sa.String(16), nullable=False),
        sa.Column("origin", sa.String(12), nullable=False),
        sa.Column("sections", sa.JSON(), nullable=False),
        sa.Column("pasted", sa.JSON(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("effective", sa.Date(), nullable=True),
        sa.Column("summary_fr", sa.Text(), nullable=False),
        sa.Column("summary_en", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("started_at", instant, nullable=False),
        sa.Column("started_by", number, nullable=True),
        sa.Column("changed_at", instant, nullable=False),
        sa.Column("changed_by", number, nullable=True),
        sa.ForeignKeyConstraint(["started_by"], ["staff.id"], name="fk_policy_drafts_started_by"),
        sa.ForeignKeyConstraint(["changed_by"], ["staff.id"], name="fk_policy_drafts_changed_by"),
        sa.PrimaryKeyConstraint("document", name="pk_policy_drafts"),
    )


def downgrade() -> None:
    """A draft is lost with its table; published versions are elsewhere."""
    op.drop_table("policy_drafts")
