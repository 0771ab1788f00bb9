"""People without an e-mail address, how staff checked who they are, and the days letters to them were posted."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Whoever has no e-mail address has a postal one."""
    with op.batch_alter_table("people") as people:
        people.alter_column("address", existing_type=sa.String(length=320), nullable=True)
        people.add_column(sa.Column("name", sa.String(length=120), nullable=True))
        people.add_column(sa.Column("postal", sa.Text(), nullable=True))
    op.add_column("rights_requests", sa.Column("identity_check", sa.Text(), nullable=True))
    op.create_table(
        "postings",
        sa.Column("letter_id", _ID, autoincrement=False, nullable=False),
        sa.Column("corrects", sa.Boolean(), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name=op.f("fk_postings_letter_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_postings_staff_id")),
        sa.PrimaryKeyConstraint("letter_id", "corrects", name=op.f("pk_postings")),
    )


def downgrade() -> None:
    """Take it back; refused by the database while somebody has no e-mail address."""
    op.drop_table("postings")
    with op.batch_alter_table("rights_requests") as requests:
        requests.drop_column("identity_check")
    with op.batch_alter_table("people") as people:
        people.drop_column("postal")
        people.drop_column("name")
        people.alter_column("address", existing_type=sa.String(length=320), nullable=False)
