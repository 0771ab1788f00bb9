"""The tables of the demo's invented service, as a careful service makes them; instants are UTC without a zone."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Index, Integer, MetaData, String, Table, Text
from sqlalchemy.sql.schema import SchemaItem

service_tables = MetaData()
"""Every table of the service, for whoever counts or creates them."""


def _table(name: str, *items: SchemaItem) -> Table:
    return Table(name, service_tables, *items, mysql_charset="utf8mb4", mysql_engine="InnoDB")


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def _account_id() -> Column[int]:
    return Column("account_id", Integer, ForeignKey("accounts.id"), nullable=False)


accounts = _table(
    "accounts",
    _id(),
    Column("email", String(254), nullable=False, unique=True),
    Column("name", String(200)),
    Column("locale", String(10)),
    Column("password_hash", String(255), nullable=False),
    Column("phone", String(40)),
    Column("company", String(200)),
    Column("plan", String(20), nullable=False),
    Column("improve_ok", Boolean),
    Column("news_ok", Boolean),
    Column("created_at", DateTime, nullable=False),
)

api_requests = _table(
    "api_requests",
    _id(),
    _account_id(),
    Column("requested_at", DateTime, nullable=False),
    Column("method", String(10), nullable=False),
    Column("path", String(500), nullable=False),
    Column("status", Integer, nullable=False),
    Column("ip", String(45), nullable=False),
    Column("user_agent", Text),
    Index("ix_api_requests_newest", "account_id", "requested_at", "id"),
    # Without it, walking one account's log by key would sort the whole log at each step.
    Index("ix_api_requests_by_key", "account_id", "id"),
)

devices = _table(
    "devices",
    _id(),
    _account_id(),
    Column("label", String(200), nullable=False),
    Column("browser", String(100)),
    Column("os", String(100)),
    Column("ip", String(45), nullable=False),
    Column("first_seen_at", DateTime, nullable=False),
    Column("last_seen_at", DateTime, nullable=False),
    Index("ix_devices_newest", "account_id", "last_seen_at", "id"),
)

sign_ins = _table(
    "sign_ins",
    _id(),
    _account_id(),
    Column("at", DateTime, nullable=False),
    Column("ip", String(45), nullable=False),
    Column("succeeded", Boolean, nullable=False),
    Index("ix_sign_ins_newest", "account_id", "at", "id"),
)

support_views = _table(
    "support_views",
    _id(),
    _account_id(),
    Column("viewed_at", DateTime, nullable=False),
    Column("employee", String(200), nullable=False),
    Column("team", String(20), nullable=False),
    Column("reason", String(300)),
    Index("ix_support_views_newest", "account_id", "viewed_at", "id"),
)

invoices = _table(
    "invoices",
    _id(),
    _account_id(),
    Column("number", String(30), nullable=False, unique=True),
    Column("kind", String(20), nullable=False),
    Column("amount_cents", Integer, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("issued_at", DateTime, nullable=False),
    Column("description", String(300)),
    Index("ix_invoices_newest", "account_id", "issued_at", "id"),
)
