"""Checklists of requests, files attached to them, and the letter that belongs to a line."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_LETTERS_LINE = "fk_letters_line_id"


def upgrade() -> None:
    """Bring the tables to this number."""
    op.create_table(
        "checklist_lines",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("request_id", _ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=64), nullable=False),
        sa.Column("label", sa.JSON(), nullable=False),
        sa.Column("system", sa.JSON(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.String(length=8), nullable=True),
        sa.Column("staff_id", _ID, nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["request_id"], ["rights_requests.id"], name=op.f("fk_checklist_lines_request_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_checklist_lines_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_lines")),
        sa.UniqueConstraint("request_id", "position", name=op.f("uq_checklist_lines_request_id_position")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_checklist_lines_token_hash")),
    )
    op.create_table(
        "attachments",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("request_id", _ID, nullable=False),
        sa.Column("line_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["checklist_lines.id"], name=op.f("fk_attachments_line_id")),
        sa.ForeignKeyConstraint(["request_id"], ["rights_requests.id"], name=op.f("fk_attachments_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint("request_id", "number", name=op.f("uq_attachments_request_id_number")),
    )
    op.create_index(op.f("ix_attachments_line_id"), "attachments", ["line_id"], unique=False)
    with op.batch_alter_table("letters") as letters:
        letters.add_column(sa.Column("line_id", _ID, nullable=True))
        letters.create_foreign_key(_LETTERS_LINE, "checklist_lines", ["line_id"], ["id"])
        letters.create_index(op.f("ix_letters_line_id"), ["line_id"], unique=False)


def downgrade() -> None:
    """Take it all back; letters to keepers go, since nothing else says to whom they were."""
    op.execute("DELETE FROM letters WHERE line_id IS NOT NULL")
    with op.batch_alter_table("letters") as letters:
        letters.drop_index(op.f("ix_letters_line_id"))
        letters.drop_constraint(_LETTERS_LINE, type_="foreignkey")
        letters.drop_column("line_id")
    op.drop_table("attachments")
    op.drop_table("checklist_lines")
