"""Versions of policies that a person opened and acknowledged, and the names under which feeds began."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Facts by person, document and version; one name for each document's feeds."""
    op.create_table(
        "policy_readings",
        sa.Column("person_id", _ID, autoincrement=False, nullable=False),
        sa.Column("document", sa.String(length=16), nullable=False),
        sa.Column("version_id", sa.String(length=16), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True)),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_policy_readings_person_id")),
        sa.PrimaryKeyConstraint("person_id", "document", "version_id", name=op.f("pk_policy_readings")),
    )
    op.create_table(
        "feed_names",
        sa.Column("document", sa.String(length=16), nullable=False),
        sa.Column("authority", sa.String(length=255), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("document", name=op.f("pk_feed_names")),
    )


def downgrade() -> None:
    """Take them back."""
    op.drop_table("feed_names")
    op.drop_table("policy_readings")
