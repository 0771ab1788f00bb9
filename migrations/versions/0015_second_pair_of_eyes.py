"""Who wrote in a draft, who approved it, and why it was called back by itself."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """A draft of before was written by whoever its marks name; one that waits to be published stays approved."""
    with op.batch_alter_table("policy_drafts") as table:
        table.add_column(sa.Column("writers", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("approved_by", _ID, nullable=True))
        table.add_column(sa.Column("called_back_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("called_back_why", sa.String(12), nullable=True))
        table.create_foreign_key("fk_policy_drafts_approved_by", "staff", ["approved_by"], ["id"])
    with op.batch_alter_table("policy_drafts") as table:
        table.alter_column("writers", server_default=None)
    _name_the_writers()
    op.execute("UPDATE policy_drafts SET approved_by = stage_by WHERE stage IN ('approved', 'scheduled')")


def downgrade() -> None:
    """Take them back."""
    with op.batch_alter_table("policy_drafts") as table:
        table.drop_constraint("fk_policy_drafts_approved_by", type_="foreignkey")
        for name in ("called_back_why", "called_back_at", "approved_by", "writers"):
            table.drop_column(name)


def _name_the_writers() -> None:
    texts = (sa.column("sections", sa.JSON), sa.column("writers", sa.JSON))
    kept = sa.table("policy_drafts", sa.column("document"), sa.column("changed_by"), *texts)
    connection = op.get_bind()
    for row in connection.execute(sa.select(kept)).mappings().all():
        marks = [mark for section in row["sections"] for mark in section.get("edits", {}).values()]
        found = [mark["by"] for mark in sorted(marks, key=lambda mark: mark["at"])] + [row["changed_by"]]
        writers = [by for place, by in enumerate(found) if by is not None and by not in found[place + 1 :]]
        here = kept.c.document == row["document"]
        connection.execute(sa.update(kept).where(here).values(writers=writers))
