"""Notices, their recipients by hash, and who asked to be told of changes to the policy."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_COUNTERS = (
    "people",
    "subscribers",
    "without_address",
    "waiting",
    "handed_over",
    "refused",
    "given_up",
    "bounced",
)


def upgrade() -> None:
    """Three tables that point to no row of a person's."""
    _add_subscribers()
    _add_notices()
    _add_recipients()


def downgrade() -> None:
    """Take them back."""
    for name in ("notice_recipients", "notices", "subscribers"):
        op.drop_table(name)


def _add_subscribers() -> None:
    op.create_table(
        "subscribers",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscribers")),
        sa.UniqueConstraint("address", name=op.f("uq_subscribers_address")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_subscribers_token_hash")),
    )
    op.create_index(op.f("ix_subscribers_confirmed_at"), "subscribers", ["confirmed_at"])


def _add_notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("document", sa.String(length=16)),
        sa.Column("version_id", sa.String(length=16)),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("paragraph_fr", sa.Text(), nullable=False),
        sa.Column("paragraph_en", sa.Text(), nullable=False),
        sa.Column("gathering", sa.String(length=12), nullable=False),
        sa.Column("place", sa.JSON(none_as_null=True)),
        sa.Column("proof_for", _ID),
        sa.Column("proof_refused", sa.String(length=24)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", _ID),
        sa.Column("begins_at", sa.DateTime(timezone=True)),
        sa.Column("next_step_at", sa.DateTime(timezone=True)),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.Column("troubles", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.String(length=24)),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _COUNTERS),
        sa.ForeignKeyConstraint(["proof_for"], ["staff.id"], name=op.f("fk_notices_proof_for")),
        sa.ForeignKeyConstraint(["created_by"], ["staff.id"], name=op.f("fk_notices_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("document", "version_id", name=op.f("uq_notices_document_version_id")),
    )
    op.create_index(op.f("ix_notices_done_at"), "notices", ["done_at"])


def _add_recipients() -> None:
    op.create_table(
        "notice_recipients",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("notice_id", _ID, nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=320)),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("subscriber_id", _ID),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_notice_recipients_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_recipients")),
        sa.UniqueConstraint("address_hash", "notice_id", name=op.f("uq_notice_recipients_address_hash_notice_id")),
        sa.UniqueConstraint("message_id", name=op.f("uq_notice_recipients_message_id")),
    )
    op.create_index(op.f("ix_notice_recipients_subscriber_id"), "notice_recipients", ["subscriber_id"])
    op.create_index("ix_notice_recipients_waiting", "notice_recipients", ["notice_id", "state", "next_try_at", "id"])
