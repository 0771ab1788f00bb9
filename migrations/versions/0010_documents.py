"""Versions keep their policy.toml byte for byte; drafts are reviewed, approved and scheduled."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A draft that is there stays one: nobody has sent it for review."""
    instant = sa.DateTime(timezone=True)
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    with op.batch_alter_table("policy_versions") as table:
        table.add_column(sa.Column("settings_text", sa.Text(), nullable=True))
    with op.batch_alter_table("policy_drafts") as table:
        table.add_column(sa.Column("publish_at", instant, nullable=True))
        table.add_column(sa.Column("stage", sa.String(12), nullable=False, server_default="draft"))
        table.add_column(sa.Column("stage_at", instant, nullable=True))
        table.add_column(sa.Column("stage_by", number, nullable=True))
        table.create_foreign_key("fk_policy_drafts_stage_by", "staff", ["stage_by"], ["id"])
    with op.batch_alter_table("policy_drafts") as table:
        table.alter_column("stage", server_default=None)


def downgrade() -> None:
    """What a draft was waiting for is forgotten; the draft stays, to be published by hand."""
    with op.batch_alter_table("policy_drafts") as table:
        table.drop_constraint("fk_policy_drafts_stage_by", type_="foreignkey")
        for name in ("publish_at", "stage", "stage_at", "stage_by"):
            table.drop_column(name)
    with op.batch_alter_table("policy_versions") as table:
        table.drop_column("settings_text")
