"""Other addresses that people use and prove, each one person's at a time."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """A table of its own: whoever signed in before has none."""
    op.create_table(
        "other_addresses",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_other_addresses_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_other_addresses")),
        sa.UniqueConstraint("address", name=op.f("uq_other_addresses_address")),
    )
    op.create_index(op.f("ix_other_addresses_person_id"), "other_addresses", ["person_id"])
    op.create_index(op.f("ix_other_addresses_proved_at"), "other_addresses", ["proved_at"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("other_addresses")
