"""The first answer of a request opened again: the figures keep it as it was, late or not, and count the request once."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOST_DAYS = 366
_AT_ONCE = 5_000

_REQUESTS = sa.table(
    "rights_requests",
    sa.column("id", _ID),
    sa.column("kind", sa.String),
    sa.column("state", sa.String),
    sa.column("received_on", sa.Date),
    sa.column("due", sa.Date),
    sa.column("decision", sa.String),
    sa.column("decided_at", sa.DateTime(timezone=True)),
    sa.column("is_test", sa.Boolean),
    sa.column("first_decision", sa.String),
    sa.column("first_decided_at", sa.DateTime(timezone=True)),
    sa.column("first_due", sa.Date),
)
_EVENTS = sa.table(
    "request_events",
    sa.column("id", _ID),
    sa.column("request_id", _ID),
    sa.column("event", sa.String),
    sa.column("due_before", sa.Date),
)
_DECISIONS = sa.table(
    "request_decisions",
    sa.column("id", _ID),
    sa.column("request_id", _ID),
    sa.column("decision", sa.String),
    sa.column("decided_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    """Requests opened again before are counted by their first answer."""
    op.add_column("rights_requests", sa.Column("first_decision", sa.String(24), nullable=True))
    op.add_column("rights_requests", sa.Column("first_decided_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("rights_requests", sa.Column("first_due", sa.Date(), nullable=True))
    connection = op.get_bind()
    for request_id, due in _opened_again(connection):
        own = sa.select(_DECISIONS).where(_DECISIONS.c.request_id == request_id).order_by(_DECISIONS.c.id).limit(1)
        first = connection.execute(own).one_or_none()
        if first is None or due is None:
            continue
        values = {"first_decision": first.decision, "first_decided_at": first.decided_at, "first_due": due}
        connection.execute(_REQUESTS.update().where(_REQUESTS.c.id == request_id).values(**values))
    _count_anew(connection, by_first=1)


def downgrade() -> None:
    """Take it back: they are counted by where they stand."""
    _count_anew(op.get_bind(), by_first=-1)
    for column in ("first_due", "first_decided_at", "first_decision"):
        op.drop_column("rights_requests", column)


def _opened_again(connection: sa.Connection) -> list[tuple[int, date | None]]:
    """Each request once opened again, and its last day until the first time it was."""
    found = sa.select(_EVENTS.c.request_id, _EVENTS.c.due_before).where(_EVENTS.c.event == "reopened")
    days: dict[int, date | None] = {}
    for row in connection.execute(found.order_by(_EVENTS.c.id)):
        days.setdefault(row.request_id, row.due_before)
    return list(days.items())


def _count_anew(connection: sa.Connection, *, by_first: int) -> None:
    """Move each request with a first answer from where it stood in the tallies to where that answer puts it, or back."""
    zone = connection.get_execution_options().get("portal_zone", UTC)
    for row in _with_first_answer(connection):
        present, first = _place(row, row.decision, row.decided_at, row.due, zone), _first_place(row, zone)
        for place, step in ((present, -by_first), (first, by_first)):
            _add(connection, place, step)


def _with_first_answer(connection: sa.Connection) -> Iterator[Any]:
    last = 0
    while True:
        page = sa.select(_REQUESTS).where(
            _REQUESTS.c.id > last, _REQUESTS.c.first_decided_at.is_not(None), _REQUESTS.c.is_test.is_(sa.false())
        )
        rows = connection.execute(page.order_by(_REQUESTS.c.id).limit(_AT_ONCE)).all()
        if not rows:
            return
        yield from rows
        last = rows[-1].id


def _first_place(row: Any, zone: Any) -> dict[str, Any]:
    return _place(row, row.first_decision, row.first_decided_at, row.first_due, zone, outcome=row.first_decision)


def _place(
    row: Any, decision: str | None, decided_at: datetime | None, due: date, zone: Any, *, outcome: str | None = None
) -> dict[str, Any]:
    """Where an answer puts its request in both tables."""
    on = _aware(decided_at).astimezone(zone).date() if decided_at and decision else None
    stands = "withdrawn" if row.state == "withdrawn" else decision or "open"
    return {
        "month": row.received_on.replace(day=1),
        "kind": row.kind,
        "outcome": outcome or stands,
        "late": on is not None and on > due,
        "days": min(max((on - row.received_on).days, 0), _MOST_DAYS) if on else None,
    }


def _add(connection: sa.Connection, place: dict[str, Any], step: int) -> None:
    _add_to(connection, "request_tallies", {name: place[name] for name in ("month", "kind", "outcome", "late")}, step)
    if place["days"] is not None:
        _add_to(connection, "answer_tallies", {name: place[name] for name in ("month", "days")}, step)


_TYPES: dict[str, Any] = {"month": sa.Date, "late": sa.Boolean, "days": sa.Integer}


def _add_to(connection: sa.Connection, name: str, key: dict[str, Any], step: int) -> None:
    table = sa.table(
        name, *(sa.column(one, _TYPES.get(one, sa.String)) for one in key), sa.column("number", sa.BigInteger)
    )
    here = sa.and_(*(table.c[one] == value for one, value in key.items()))
    raised = table.update().where(here).values(number=table.c.number + step)
    if connection.execute(raised).rowcount == 0:
        connection.execute(table.insert().values(**key, number=step))


def _aware(moment: datetime) -> datetime:
    """SQLite gives moments back without their zone: they were written in UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
