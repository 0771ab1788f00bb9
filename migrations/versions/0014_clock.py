"""The clock of requests: the day each is looked at next, the day silence became a refusal, how long its subject is held."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Requests still open are looked at the day of the upgrade: only what that day owes is told."""
    op.add_column("rights_requests", sa.Column("deemed_refused_on", sa.Date(), nullable=True))
    op.add_column("rights_requests", sa.Column("hold_until", sa.Date(), nullable=True))
    op.add_column("rights_requests", sa.Column("look_on", sa.Date(), nullable=True))
    op.create_index("ix_rights_requests_clock", "rights_requests", ["is_open", "look_on", "id"])
    requests = sa.table("rights_requests", sa.column("is_open", sa.Boolean()), sa.column("look_on", sa.Date()))
    op.execute(requests.update().where(requests.c.is_open.is_(sa.true())).values(look_on=sa.func.current_date()))


def downgrade() -> None:
    """Take them back."""
    op.drop_index("ix_rights_requests_clock", "rights_requests")
    for column in ("look_on", "hold_until", "deemed_refused_on"):
        op.drop_column("rights_requests", column)
