"""An invented service's database for the sources' tests: its tables, the map of them, and rows to fill them with."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql

from portal.domain.data_map import (
    AccessLog,
    Column,
    ColumnErasure,
    ConsentColumn,
    Hold,
    People,
    PersonLink,
    Scalar,
    Step,
    Table,
    TableName,
)
from portal.domain.languages import Text
from portal.domain.periods import period

NOW = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)
CAMILLE, OLIVER = (1,), (2,)
SECRET = b"a secret of thirty-two bytes....."

metadata = sa.MetaData()
MOMENT = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
ZONED = sa.DateTime(timezone=True).with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
LONG_TEXT = sa.Text().with_variant(mysql.LONGTEXT(), "mysql", "mariadb")


def _owned(name: str, *columns: Any) -> sa.Table:
    owner = sa.Column("account_id", sa.ForeignKey("accounts.id"), nullable=False, index=True)
    return sa.Table(name, metadata, sa.Column("id", sa.Integer, primary_key=True), owner, *columns)


accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("email", sa.String(200)),
    sa.Column("second_email", sa.String(200)),
    sa.Column("name", sa.String(40), nullable=False),
    sa.Column("locale", sa.String(10)),
    sa.Column("born", sa.Date),
    sa.Column("balance", sa.Numeric(10, 2)),
    sa.Column("weight", sa.Float(53)),
    sa.Column("active", sa.Boolean),
    sa.Column("logins", sa.Integer),
    sa.Column("improve_ok", sa.Boolean),
    sa.Column("news_ok", sa.Integer),
    sa.Column("survey", sa.String(10)),
    sa.Column("created_at", ZONED),
    sa.Column("password_hash", sa.String(200)),
    sa.Column("nickname", sa.String(20), unique=True),
    sa.Column("order", LONG_TEXT),
    sa.Column('od"d `na%me (s):', sa.String(200)),
    sa.Column("picture", sa.LargeBinary),
    sa.CheckConstraint("balance > -100", name="not_too_poor"),
)
api_requests = _owned(
    "api_requests", sa.Column("requested_at", MOMENT), sa.Column("ip", sa.String(45)), sa.Column("path", LONG_TEXT)
)
devices = _owned(
    "devices", sa.Column("label", sa.String(100)), sa.Column("ip", sa.String(45)), sa.Column("seen", MOMENT)
)
sign_ins = _owned("sign_ins", sa.Column("at", MOMENT), sa.Column("ip", sa.String(45)))
invoices = _owned(
    "invoices", sa.Column("kind", sa.String(20)), sa.Column("issued_at", MOMENT), sa.Column("paid_on", sa.Date)
)
memberships = sa.Table(
    "memberships",
    metadata,
    sa.Column("club", sa.String(20), primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("account_id", sa.Integer, nullable=False),
    sa.Column("since", sa.Date),
)
support_views = _owned(
    "support_views",
    sa.Column("viewed_at", MOMENT),
    sa.Column("employee", sa.String(100)),
    sa.Column("team", sa.String(40)),
    sa.Column("reason", LONG_TEXT),
)
orders = _owned("orders")
order_lines = sa.Table(
    "order.lines %",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("order_id", sa.ForeignKey("orders.id"), nullable=False),
    sa.Column("article", sa.String(100)),
)
visits = sa.Table(
    "visits",
    metadata,
    sa.Column("account_id", sa.Integer),
    sa.Column("page", sa.String(40)),
    sa.Column("at", MOMENT),
)
profiles = _owned(
    "profiles",
    sa.Column("written", sa.JSON),
    sa.Column("packed", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")),
    sa.Column("loose", LONG_TEXT),
)
comments = sa.Table(
    "comments",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("account_id", sa.Integer),
    sa.Column("parent_id", sa.Integer),
    sa.Column("said", sa.String(100)),
)
shop_orders = sa.Table(
    "shop_orders",
    metadata,
    sa.Column("shop", sa.String(10), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("account_id", sa.Integer),
)
shipments = sa.Table(
    "shipments",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("shop", sa.String(10)),
    sa.Column("order_no", sa.Integer),
    sa.Column("place", sa.String(40)),
)
messages = sa.Table(
    "messages",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("sender_id", sa.Integer),
    sa.Column("recipient_id", sa.Integer),
    sa.Column("sender_name", sa.String(40)),
    sa.Column("recipient_name", sa.String(40)),
    sa.Column("body", LONG_TEXT),
)


def text(words: str = "words") -> Text:
    """The same words in both languages: the sources do not read them."""
    return Text(fr=words, en=words)


def column(name: str, **settings: Any) -> Column:
    """A mapped column."""
    return Column(name, text(name), **settings)


def erased(name: str, method: Any, value: Scalar = None, prefix: int | None = None) -> Column:
    """A mapped column with what erasing leaves in it."""
    return column(name, erase=ColumnErasure(method, value, prefix))


def mapped(table: sa.Table, *, columns: tuple[Column, ...] | None = None, **settings: Any) -> Table:
    """A table of the map, with every column of the real one unless told."""
    known: dict[str, Any] = {
        "name": TableName("service", table.name),
        "person": PersonLink(("account_id",)),
        "key": tuple(found.name for found in table.primary_key) or ("account_id",),
        "order": None,
        "columns": tuple(column(found.name) for found in table.columns) if columns is None else columns,
        "erase": "delete",
    }
    return Table(**(known | settings))


PEOPLE = People(TableName("service", "accounts"), ("id",), ("email", "second_email"), "locale")
ACCOUNTS = mapped(accounts, person=PersonLink(("id",)))
REQUESTS = mapped(api_requests, order="requested_at")
INVOICE_HOLD = Hold({"kind": ("invoice",)}, "issued_at", period("P6Y"), text(), "s. 1")
INVOICES = mapped(invoices, hold=INVOICE_HOLD)
MEMBERSHIPS = mapped(memberships, order="since")
ORDER_LINES = mapped(
    order_lines, person=PersonLink(("account_id",), (Step("order_id", TableName("service", "orders"), "id"),))
)

LOG = AccessLog(
    TableName("service", "support_views"),
    text(),
    PersonLink(("account_id",)),
    ("id",),
    at="viewed_at",
    role="team",
    reason="reason",
)


def consent(name: str, given: Scalar, withdrawn: Scalar) -> ConsentColumn:
    """A consent kept in a column of accounts."""
    return ConsentColumn(PEOPLE.table, name, given, withdrawn)


def camille(**changes: Any) -> dict[str, Any]:
    """The row of one account."""
    row = {
        "id": 1,
        "email": "camille@example.org",
        "second_email": None,
        "name": "Camille Tremblay",
        "locale": "fr-CA",
        "born": date(1990, 2, 28),
        "balance": Decimal("19.90"),
        "weight": 61.5,
        "active": True,
        "logins": 7,
        "improve_ok": True,
        "news_ok": 0,
        "survey": "oui",
        "created_at": datetime(2025, 1, 2, 3, 4, 5, 678901, tzinfo=UTC),
        "password_hash": "scrypt$secret",
        "nickname": "cam",
        "order": "first",
        'od"d `na%me (s):': "odd",
        "picture": b"\x00\xff",
    }
    return row | changes


def oliver(**changes: Any) -> dict[str, Any]:
    """The row of another account."""
    return camille(
        **({"id": 2, "email": "Oliver@Example.org", "name": "Oliver", "nickname": "oli", "locale": "en"} | changes)
    )


def some_requests(number: int, *, account_id: int = 1, first: int = 1, gap: int = 60) -> list[dict[str, Any]]:
    """Rows of a log, a minute apart unless told."""
    start = datetime(2026, 1, 1)  # noqa: DTZ001 – the service keeps UTC without saying so
    return [
        {
            "id": first + index,
            "account_id": account_id,
            "requested_at": start + timedelta(seconds=gap * index),
            "ip": f"203.0.113.{index % 256}",
            "path": f"/v1/items/{index}",
        }
        for index in range(number)
    ]


def some_views(number: int, *, account_id: int = 1, first: int = 1, hours: int = 1) -> list[dict[str, Any]]:
    """Looks of employees, an hour apart unless told."""
    start = datetime(2026, 1, 1)  # noqa: DTZ001 – the service keeps UTC without saying so
    return [
        {
            "id": first + index,
            "account_id": account_id,
            "viewed_at": start + timedelta(hours=hours * index),
            "employee": "Nadia Bélanger",
            "team": "SUP",
            "reason": f"ticket {first + index}",
        }
        for index in range(number)
    ]


def invoice(id: int, issued: datetime | None, kind: str | None = "invoice", account_id: int = 1) -> dict[str, Any]:
    """A row of invoices."""
    return {"id": id, "account_id": account_id, "kind": kind, "issued_at": issued and issued.replace(tzinfo=None)}


def fill(engine: sa.Engine, **rows: list[dict[str, Any]]) -> None:
    """Begin again with two accounts and the given rows; `order_lines` is spelled as in Python."""
    tables = {"order_lines": order_lines} | dict(metadata.tables)
    with engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(sa.delete(table))
        connection.execute(sa.insert(accounts), rows.pop("accounts", [camille(), oliver()]))
        for name, some in rows.items():
            connection.execute(sa.insert(tables[name]), some)


def count_of(engine: sa.Engine, table: sa.Table) -> int:
    """How many rows a real table holds."""
    with engine.connect() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
