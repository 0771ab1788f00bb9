"""Messages about requests, and the files that come with one."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MESSAGE = "fk_attachments_message_id"


def upgrade() -> None:
    """A file belongs to a line of a checklist, as all did before, or to a message."""
    op.create_table(
        "messages",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("request_id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("author", sa.String(length=8), nullable=False),
        sa.Column("staff_id", _ID, nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("need", sa.String(length=12), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("letter_id", _ID, nullable=True),
        sa.ForeignKeyConstraint(["request_id"], ["rights_requests.id"], name=op.f("fk_messages_request_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_messages_staff_id")),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name=op.f("fk_messages_letter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    op.create_index("ix_messages_request", "messages", ["request_id", "id"])
    op.create_index(op.f("ix_messages_letter_id"), "messages", ["letter_id"])
    with op.batch_alter_table("attachments") as table:  # no other table points to it
        table.add_column(sa.Column("message_id", _ID, nullable=True))
        table.alter_column("line_id", existing_type=_ID, nullable=True)
        table.create_foreign_key(_MESSAGE, "messages", ["message_id"], ["id"])
        table.create_index(op.f("ix_attachments_message_id"), ["message_id"])


def downgrade() -> None:
    """Take it all back; files of messages go with them."""
    op.execute("DELETE FROM attachments WHERE message_id IS NOT NULL")
    with op.batch_alter_table("attachments") as table:
        table.drop_index(op.f("ix_attachments_message_id"))
        table.drop_constraint(_MESSAGE, type_="foreignkey")
        table.alter_column("line_id", existing_type=_ID, nullable=False)
        table.drop_column("message_id")
    op.drop_table("messages")
