"""Copies on their way: one of a person at a time, whichever process answers."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """No copy is on its way while the schema changes: the table begins empty."""
    op.create_table(
        "copy_places",
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_copy_places")),
        sa.UniqueConstraint("person_id", name=op.f("uq_copy_places_person_id")),
    )


def downgrade() -> None:
    """Take it back; a copy on its way goes on."""
    op.drop_table("copy_places")
