"""An ordinary shop as somebody else built it: customers, invoices and their lines, support, and what no map should show."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Date, DateTime, ForeignKey, Integer, Numeric, String, Table, Text
from sqlalchemy.engine import URL

from tests.services import fresh_mariadb, fresh_postgresql

ROSE, HUGO = "rose.lavigne@example.org", "hugo.otis@example.org"
DATABASES = ("sqlite", "postgresql", "mariadb")

metadata = sa.MetaData()

employees = Table(
    "employees", metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(80), nullable=False),
    Column("email", String(120), nullable=False, unique=True),
)  # fmt: skip
customers = Table(
    "customers", metadata,
    Column("id", Integer, primary_key=True),
    Column("email", String(120), nullable=False, unique=True),
    Column("first_name", String(60), nullable=False),
    Column("last_name", String(60), nullable=False),
    Column("phone", String(30)),
    Column("address", String(120)),
    Column("city", String(60)),
    Column("postal_code", String(7)),
    Column("language", String(5), nullable=False),
    Column("password_hash", String(120), nullable=False),
    Column("newsletter", Boolean, nullable=False),
    Column("fidelity_cd", String(4), comment="Level of fidelity"),
    Column("account_manager_id", Integer, ForeignKey("employees.id")),
    Column("created_at", DateTime, nullable=False),
    comment="Who buys at the shop",
)  # fmt: skip
products = Table(
    "products", metadata,
    Column("sku", String(12), primary_key=True),
    Column("name", String(80), nullable=False),
)  # fmt: skip
invoices = Table(
    "invoices", metadata,
    Column("id", Integer, primary_key=True),
    Column("customer_id", Integer, ForeignKey("customers.id"), nullable=False, index=True),
    Column("number", String(20), nullable=False, unique=True),
    Column("status", String(12), nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("total", Numeric(10, 2), nullable=False),
)  # fmt: skip
invoice_lines = Table(
    "invoice_lines", metadata,
    Column("invoice_id", Integer, ForeignKey("invoices.id"), primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("sku", String(12), ForeignKey("products.sku"), nullable=False),
    Column("description", String(120), nullable=False),
    Column("quantity", Integer, nullable=False),
)  # fmt: skip
tickets = Table(
    "tickets", metadata,
    Column("id", Integer, primary_key=True),
    Column("customer_id", Integer, ForeignKey("customers.id"), nullable=False, index=True),
    Column("employee_id", Integer, ForeignKey("employees.id")),
    Column("answers_id", Integer, ForeignKey("tickets.id")),
    Column("subject", String(120), nullable=False),
    Column("body", Text, nullable=False),
    Column("opened_at", DateTime, nullable=False),
)  # fmt: skip
customer_products = Table(
    "customer_products", metadata,
    Column("customer_id", Integer, ForeignKey("customers.id"), primary_key=True),
    Column("sku", String(12), ForeignKey("products.sku"), primary_key=True),
    comment="Products a customer wants to hear about",
)  # fmt: skip

PRODUCTS = [{"sku": f"THE-{number}", "name": f"Thé numéro {number}"} for number in range(1, 6)]


def _customer(number: int, address: str, first: str, last: str) -> dict[str, object]:
    return {
        "id": number,
        "email": address,
        "first_name": first,
        "last_name": last,
        "phone": f"418 555-01{number:02}",
        "address": f"{number}, rang du Lac",
        "city": "Saint-Elzéar",
        "postal_code": "G0S 2J0",
        "language": ("fr", "en")[number % 2],
        "password_hash": f"$2b$12$invented{number:045}",
        "newsletter": bool(number % 2),
        "fidelity_cd": f"N{number % 3}",
        "account_manager_id": 1,
        "created_at": datetime(2024, 1, number, 9, 30),  # noqa: DTZ001 - as the shop writes it
    }


CUSTOMERS = [
    _customer(1, ROSE, "Rose", "Lavigne"),
    _customer(2, HUGO, "Hugo", "Otis"),
    _customer(3, "mai.nguyen@example.org", "Mai", "Nguyen"),
    _customer(4, "sam.gagnon@example.org", "Sam", "Gagnon"),
]
INVOICES = [
    {
        "id": number,
        "customer_id": 1 + number % 4,
        "number": f"F-2026-{number:03}",
        "status": ("paid", "due")[number % 2],
        "issued_on": date(2026, 1, number),
        "total": 10 + number,
    }
    for number in range(1, 13)
]
LINES = [
    {
        "invoice_id": invoice["id"],
        "line": line,
        "sku": f"THE-{line}",
        "description": f"Thé du rang {invoice['id']}-{line}",
        "quantity": line,
    }
    for invoice in INVOICES
    for line in (1, 2)
]
TICKETS = [
    {
        "id": number,
        "customer_id": 1 + number % 4,
        "employee_id": 1,
        "answers_id": number - 4 if number > 4 else None,
        "subject": f"Colis {number}",
        "body": f"Mon colis {number} est perdu.",
        "opened_at": datetime(2026, 2, number, 8, 0),  # noqa: DTZ001 - as the shop writes it
    }
    for number in range(1, 9)
]


def open_shop(url: URL | str) -> None:
    """Make the shop's tables and fill them."""
    engine = sa.create_engine(url)
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(employees.insert(), [{"id": 1, "name": "Lou Roy", "email": "lou.roy@example.org"}])
        connection.execute(products.insert(), PRODUCTS)
        connection.execute(customers.insert(), CUSTOMERS)
        connection.execute(invoices.insert(), INVOICES)
        connection.execute(invoice_lines.insert(), LINES)
        connection.execute(tickets.insert(), TICKETS)
        wanted = [{"customer_id": customer["id"], "sku": "THE-1"} for customer in CUSTOMERS]
        connection.execute(customer_products.insert(), wanted)
    engine.dispose()


@contextmanager
def empty_database(kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty database of one kind, as an operator would type it."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'shop.db'}"
        return
    with fresh_postgresql() if kind == "postgresql" else fresh_mariadb() as url:
        yield url.render_as_string(hide_password=False)


@contextmanager
def a_shop(kind: str, folder: Path) -> Iterator[str]:
    """The address of the shop in a database of one kind."""
    with empty_database(kind, folder) as url:
        open_shop(url)
        yield url
