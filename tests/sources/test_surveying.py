"""Looking at a database on SQLite, PostgreSQL and MariaDB: what its catalogue says, what its rows look like, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from portal.domain.map_drafts.naming import is_choice
from portal.domain.surveys import Holds, Look, Reference, Survey
from portal.sources.base import SourceUnavailable
from portal.sources.sql.drivers import open_engine
from portal.sources.sql.surveying import looking, survey
from tests.commands.shop import DATABASES, a_shop, empty_database


@pytest.fixture(params=DATABASES)
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with a_shop(request.param, tmp_path) as url:
        yield url


def looked_at(url: str, schema: str | None = None) -> Survey:
    return survey(url, schema, is_choice, timeout_seconds=20)


def test_tables_are_told_with_their_keys_their_uniques_and_where_they_lead(shop: str) -> None:
    found = looked_at(shop)
    assert [table.name for table in found.tables] == [
        "customer_products", "customers", "employees", "invoice_lines", "invoices", "products", "tickets",
    ]  # fmt: skip
    customers, lines, tickets = (found.table(name) for name in ("customers", "invoice_lines", "tickets"))
    assert customers is not None
    assert lines is not None
    assert tickets is not None
    assert (customers.key, lines.key) == (("id",), ("invoice_id", "line"))
    assert customers.is_unique(("email",))
    assert not customers.is_unique(("last_name",))
    assert Reference(("answers_id",), "tickets", ("id",)) in tickets.references
    assert {one.table for one in lines.references} == {"invoices", "products"}


def test_columns_are_told_with_their_kind_their_limits_and_what_their_values_look_like(shop: str) -> None:
    found = looked_at(shop)
    customers, invoices = found.table("customers"), found.table("invoices")
    assert customers is not None
    assert invoices is not None
    email = customers.column("email")
    assert (email.holds, email.nullable, email.length, email.look) == (Holds.TEXT, False, 120, Look.EMAIL)
    assert customers.column("phone").look is Look.PHONE
    assert customers.column("postal_code").look is Look.POSTAL_CODE
    assert customers.column("password_hash").look is Look.DIGEST
    assert customers.column("phone").nullable
    assert invoices.column("issued_on").holds is Holds.DATE
    assert invoices.column("status").codes == ("due", "paid")
    assert customers.column("city").codes == (), "everybody lives there, and yet a city is no code"


def test_comments_of_the_database_are_told_where_it_keeps_any(shop: str) -> None:
    customers = looked_at(shop).table("customers")
    assert customers is not None
    kept = not shop.startswith("sqlite")
    assert customers.comment == ("Who buys at the shop" if kept else "")
    assert customers.column("fidelity_cd").comment == ("Level of fidelity" if kept else "")


def test_nothing_that_rows_hold_is_in_what_is_told(shop: str) -> None:
    told = repr(looked_at(shop))
    for value in ("rose", "Lavigne", "rang du Lac", "Saint-Elz", "G0S", "F-2026", "Thé", "colis", "$2b$", "N1"):
        assert value not in told


def test_looking_can_change_nothing(shop: str) -> None:
    engine = open_engine(shop, timeout_seconds=5)
    with pytest.raises(SourceUnavailable), looking(engine, 5) as connection:
        connection.exec_driver_sql("DELETE FROM customer_products")
    engine.dispose()
    counting = sa.create_engine(shop)
    with counting.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM customer_products")) == 4
    counting.dispose()


@pytest.mark.parametrize("kind", DATABASES)
def test_choices_of_a_type_odd_names_views_and_tables_without_key_or_rows_are_all_told(
    kind: str, tmp_path: Path
) -> None:
    metadata = sa.MetaData()
    odd, odder = "l'état d\"un client", "l'«état» d\"un `client`"
    sa.Table(odd, metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column(odder, sa.String(20), unique=True))
    mood = sa.Enum("calm", "cross", name="mood")
    sa.Table("visits", metadata, sa.Column("whose", sa.Integer, sa.ForeignKey(f"{odd}.id")), sa.Column("mood", mood))
    with empty_database(kind, tmp_path) as url:
        engine = sa.create_engine(url)
        metadata.create_all(engine)
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE VIEW recent AS SELECT mood FROM visits")
        engine.dispose()
        found = looked_at(url)
    clients, visits = found.table(odd), found.table("visits")
    assert found.views == ("recent",)
    assert clients is not None
    assert visits is not None
    assert clients.is_unique((odder,))
    assert visits.key == ()
    assert visits.references == (Reference(("whose",), odd, ("id",)),)
    assert visits.column("mood").choices == (() if kind == "sqlite" else ("calm", "cross"))


def test_a_value_that_cannot_be_read_hides_nothing_beside_it(tmp_path: Path) -> None:
    with empty_database("sqlite", tmp_path) as url:
        engine = sa.create_engine(url)
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE people (id INTEGER PRIMARY KEY, x TEXT)")
            connection.exec_driver_sql(
                "INSERT INTO people (x) VALUES ('a@example.org'), (CAST(x'61ff62' AS TEXT)), ('b@example.org')"
            )
        engine.dispose()
        people = looked_at(url).table("people")
    assert people is not None
    assert people.column("x").look is Look.EMAIL


def test_another_schema_is_looked_at_by_its_name(tmp_path: Path) -> None:
    with empty_database("postgresql", tmp_path) as url:
        engine = sa.create_engine(url)
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE SCHEMA app")
            connection.exec_driver_sql("CREATE TABLE app.members (id int PRIMARY KEY, email text)")
            connection.exec_driver_sql("CREATE TABLE app.visits (id int PRIMARY KEY, m int REFERENCES app.members)")
        engine.dispose()
        assert looked_at(url).tables == ()
        found = looked_at(url, "app")
    visits = found.table("visits")
    assert visits is not None
    assert visits.references == (Reference(("m",), "members", ("id",)),)


def test_a_database_that_is_not_there_is_said_without_its_password(tmp_path: Path) -> None:
    for url in ("postgresql://me:w0rd@127.0.0.1:1/shop", f"sqlite:///{tmp_path}/nowhere.db"):
        with pytest.raises(SourceUnavailable) as raised:
            looked_at(url)
        assert "w0rd" not in str(raised.value)
        assert raised.value.__context__ is None
