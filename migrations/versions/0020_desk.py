"""The desk: sorts of requests with their numbers, when each request last changed, the words of messages, kept views."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INDEXES = {
    "received": ["is_open", "received_at", "id"],
    "changed": ["is_open", "changed_at", "id"],
    "sort_due": ["sort_id", "due", "id"],
    "sort_received": ["sort_id", "received_at", "id"],
    "sort_changed": ["sort_id", "changed_at", "id"],
}
_WORDS = (
    "CREATE INDEX ix_rights_requests_words ON rights_requests USING gin (to_tsvector('simple', translate(lower(message), "
    "'ÀÂÄÁÃÅÇÉÈÊËÍÌÎÏÑÓÒÔÖÕÚÙÛÜÝŸàâäáãåçéèêëíìîïñóòôöõúùûüýÿ@./_-', "
    "'aaaaaaceeeeiiiinooooouuuuyyaaaaaaceeeeiiiinooooouuuuyy     ')))"
)
"""A message in small letters without accents, its addresses taken apart into words."""

_FOLLOWED = (
    "CREATE TRIGGER request_words_come AFTER INSERT ON rights_requests BEGIN "
    "INSERT INTO request_words(rowid, message) VALUES (new.id, new.message); END",
    "CREATE TRIGGER request_words_go AFTER DELETE ON rights_requests BEGIN "
    "INSERT INTO request_words(request_words, rowid, message) VALUES ('delete', old.id, old.message); END",
    "CREATE TRIGGER request_words_change AFTER UPDATE OF message ON rights_requests WHEN old.message IS NOT new.message "
    "BEGIN INSERT INTO request_words(request_words, rowid, message) VALUES ('delete', old.id, old.message); "
    "INSERT INTO request_words(rowid, message) VALUES (new.id, new.message); END",
)
"""SQLite's own way to keep the words of a table in step with it (its manual, FTS5, 4.4.3)."""


def upgrade() -> None:
    """Every request of before is of a sort and counted; it last changed when something last happened to it."""
    _add_tables()
    op.add_column("rights_requests", sa.Column("sort_id", _ID, nullable=True))
    op.add_column("rights_requests", sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("staff", sa.Column("wants_summary", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("staff", sa.Column("summary_on", sa.Date(), nullable=True))
    _sort_what_is_there()
    for name, columns in _INDEXES.items():
        op.create_index(f"ix_rights_requests_{name}", "rights_requests", columns)
    _keep_words()


def downgrade() -> None:
    """Take them back."""
    if op.get_bind().dialect.name == "sqlite":
        for name in ("come", "go", "change"):
            op.execute(f"DROP TRIGGER request_words_{name}")
        op.execute("DROP TABLE request_words")
    else:
        op.drop_index("ix_rights_requests_words", "rights_requests")
    for name in _INDEXES:
        op.drop_index(f"ix_rights_requests_{name}", "rights_requests")
    for column in ("summary_on", "wants_summary"):
        op.drop_column("staff", column)
    for column in ("changed_at", "sort_id"):
        op.drop_column("rights_requests", column)
    for name in ("desk_views", "request_counts", "request_sorts"):
        op.drop_table(name)


def _add_tables() -> None:
    op.create_table(
        "request_sorts",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("regime", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("assignee_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_sorts")),
        sa.UniqueConstraint(
            "state",
            "kind",
            "regime",
            "language",
            "assignee_id",
            name=op.f("uq_request_sorts_state_kind_regime_language_assignee_id"),
        ),
    )
    op.create_table(
        "request_counts",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("sort_id", _ID, nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["sort_id"], ["request_sorts.id"], name=op.f("fk_request_counts_sort_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_counts")),
    )
    op.create_index(op.f("ix_request_counts_sort_id"), "request_counts", ["sort_id"])
    op.create_table(
        "desk_views",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("staff_id", _ID, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("selection", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_desk_views_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_views")),
        sa.UniqueConstraint("staff_id", "name", name=op.f("uq_desk_views_staff_id_name")),
    )


def _sort_what_is_there() -> None:
    op.execute(
        "INSERT INTO request_sorts (state, kind, regime, language, assignee_id, number) "
        "SELECT state, kind, regime, language, coalesce(assignee_id, 0), count(*) FROM rights_requests "
        "GROUP BY state, kind, regime, language, coalesce(assignee_id, 0)"
    )
    op.execute(
        "UPDATE rights_requests SET sort_id = (SELECT s.id FROM request_sorts s WHERE s.state = rights_requests.state "
        "AND s.kind = rights_requests.kind AND s.regime = rights_requests.regime "
        "AND s.language = rights_requests.language AND s.assignee_id = coalesce(rights_requests.assignee_id, 0)), "
        "changed_at = coalesce("
        "(SELECT max(e.at) FROM request_events e WHERE e.request_id = rights_requests.id), received_at)"
    )


def _keep_words() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.execute(_WORDS)
        return
    op.execute(
        "CREATE VIRTUAL TABLE request_words USING fts5(message, content='rights_requests', content_rowid='id', "
        "tokenize='unicode61 remove_diacritics 2', detail=none)"
    )
    op.execute("INSERT INTO request_words(request_words) VALUES ('rebuild')")
    for trigger in _FOLLOWED:
        op.execute(trigger)
