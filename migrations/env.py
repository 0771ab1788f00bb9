"""Runs revisions on the connection it is handed; see portal/storage/schema.py."""

from typing import Any

from alembic import context

from portal.storage import (
    desk_tables,
    jobs,
    notice_tables,
    policy_draft_tables,
    register_tables,
    request_tables,
    tables,
)

assert desk_tables  # imported so that its tables belong to the metadata
assert jobs  # imported so that its table belongs to the metadata
assert notice_tables
assert policy_draft_tables
assert register_tables
assert request_tables

connection = context.config.attributes["connection"]


def _ours(_object: object, name: str | None, kind: str, _reflected: bool, _compared: object) -> bool:
    """What comes by a revision of ours and is not ours to describe: Procrastinate's tables, a database's index of words."""
    if kind == "index":
        return name != "ix_rights_requests_words"
    return not (kind == "table" and (name or "").startswith(("procrastinate_", "request_words")))


def _told(*, step: Any, **_more: object) -> None:
    """Say which revision came through to whoever asked."""
    context.config.attributes.get("applied", []).append(step.up_revision_id)


context.configure(
    connection=connection,
    target_metadata=tables.metadata,
    transaction_per_migration=True,
    on_version_apply=_told,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    include_object=_ours,
)
with context.begin_transaction():
    context.run_migrations()
