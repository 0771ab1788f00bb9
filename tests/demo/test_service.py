"""The invented service holds what its people's notes say, on every day and every database."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, NullPool, Table, create_engine, func, inspect, select, text, update
from sqlalchemy.engine import URL

from portal.demo.people import PEOPLE, STAFF, DemoPerson, Note
from portal.demo.service import create_service_database, service_tables
from portal.demo.service.tables import accounts, api_requests, devices, invoices, sign_ins
from portal.domain.periods import period
from tests.services import fresh_mariadb, fresh_postgresql

TODAY = date(2026, 11, 23)
OF_A_PERSON = (api_requests, devices, sign_ins, invoices)


@contextmanager
def a_service(today: date = TODAY, log_rows: int = 200) -> Iterator[Engine]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "service.db")
        assert create_service_database(path, today=today, log_rows=log_rows)
        yield create_engine(URL.create("sqlite", database=str(path)), poolclass=NullPool)


def people_with(note: Note) -> list[DemoPerson]:
    return [person for person in PEOPLE if person.note == note]


def rows_of(engine: Engine, table: Table, person: DemoPerson) -> list[dict[str, object]]:
    theirs = select(table).join(accounts, accounts.c.id == table.c.account_id).where(accounts.c.email == person.email)
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(theirs).mappings()]


def everything(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    with engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(table.c.id))]
            for table in service_tables.sorted_tables
        }


def test_each_person_the_service_knows_has_one_account_in_their_language() -> None:
    with a_service() as engine, engine.connect() as connection:
        found = {row.email: (row.name, row.locale) for row in connection.execute(select(accounts))}
    assert found == {
        person.email: (person.name, f"{person.language}-CA") for person in PEOPLE if person.note != "nothing_held"
    }


def test_an_address_that_holds_nothing_is_in_no_cell_of_the_database() -> None:
    with a_service() as engine:
        cells = [str(cell) for rows in everything(engine).values() for row in rows for cell in row]
    assert people_with("nothing_held")
    for person in people_with("nothing_held"):
        assert not [cell for cell in cells if person.email in cell or person.name in cell]


def test_ordinary_people_in_both_languages_have_logs_and_no_invoice() -> None:
    assert {person.language for person in people_with("ordinary")} == {"fr", "en"}
    with a_service() as engine:
        for person in people_with("ordinary"):
            assert 0 < len(rows_of(engine, api_requests, person)) <= 200
            assert rows_of(engine, devices, person)
            assert rows_of(engine, sign_ins, person)
            assert "invoice" not in {row["kind"] for row in rows_of(engine, invoices, person)}


@pytest.mark.parametrize("log_rows", [0, 1, 3_001])
def test_the_heavy_person_has_as_many_log_lines_as_asked(log_rows: int) -> None:
    (heavy,) = people_with("heavy")
    with a_service(log_rows=log_rows) as engine:
        assert len(rows_of(engine, api_requests, heavy)) == log_rows


@settings(max_examples=15, deadline=None)
@given(today=st.dates(date(2024, 1, 1), date(2040, 12, 31)))
def test_held_people_have_invoices_on_both_sides_of_six_years_whatever_the_day(today: date) -> None:
    six_years = period("P6Y")
    with a_service(today, log_rows=1) as engine:
        for person in people_with("held"):
            of_invoices = [row for row in rows_of(engine, invoices, person) if row["kind"] == "invoice"]
            ends = [six_years.after(row["issued_at"]) for row in of_invoices if isinstance(row["issued_at"], datetime)]
            kept = [end for end in ends if end > datetime.combine(today, time.max)]
            gone = [end for end in ends if end < datetime.combine(today, time.min)]
            assert len(kept) > len(gone) > 0
            assert len(kept) + len(gone) == len(of_invoices)
            assert {row["kind"] for row in rows_of(engine, invoices, person)} == {"invoice", "quote"}


@settings(max_examples=10, deadline=None)
@given(today=st.dates(date(2024, 1, 1), date(2040, 12, 31)))
def test_nothing_happens_after_today_before_its_account_or_beyond_thirteen_months_of_logs(today: date) -> None:
    midnight = datetime.combine(today, time())
    oldest = period("P13M").before(midnight)
    with a_service(today) as engine, engine.connect() as connection:
        for table, column in ((api_requests, "requested_at"), (devices, "last_seen_at"), (sign_ins, "at")):
            instants = list(connection.execute(select(table.c[column]).order_by(table.c[column])).scalars())
            assert oldest < instants[0] <= instants[-1] < midnight
        for table, column in (
            (api_requests, "requested_at"),
            (devices, "first_seen_at"),
            (sign_ins, "at"),
            (invoices, "issued_at"),
        ):
            too_early = (table.c.account_id == accounts.c.id) & (table.c[column] < accounts.c.created_at)
            assert connection.execute(select(func.count()).where(too_early)).scalar() == 0
        backwards = devices.c.first_seen_at > devices.c.last_seen_at
        assert connection.execute(select(func.count()).where(backwards)).scalar() == 0


def test_one_day_always_gives_the_same_rows_and_another_day_others() -> None:
    with a_service() as one, a_service() as again, a_service(date(2026, 11, 24)) as next_day:
        assert everything(one) == everything(again)
        assert everything(one)["api_requests"] != everything(next_day)["api_requests"]


def test_a_service_that_exists_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "service.db"
    assert create_service_database(path, today=TODAY, log_rows=1)
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(update(accounts).values(phone="581 555-0199"))
    assert not create_service_database(f"sqlite:///{path}", today=TODAY, log_rows=1)
    with engine.connect() as connection:
        assert set(connection.execute(select(accounts.c.phone)).scalars()) == {"581 555-0199"}


def test_what_an_interrupted_start_left_behind_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "service.db"
    path.with_name("service.db.unfinished").write_bytes(b"half a database")
    assert create_service_database(path, today=TODAY, log_rows=1)
    assert [found.name for found in tmp_path.iterdir()] == ["service.db"]


def test_values_are_as_odd_as_real_ones() -> None:
    with a_service() as engine:
        cells = [cell for rows in everything(engine).values() for row in rows for cell in row if isinstance(cell, str)]
    for odd in ("'", "\u2019", "<script>", "📱", "🌿", "ليلى", "Nguyễn", "{{", "%s", "null"):
        assert [cell for cell in cells if odd in cell], odd
    for formula in "=+-":
        assert [cell for cell in cells if cell.startswith(formula)], formula
    assert max(map(len, cells)) > 500


@pytest.mark.parametrize(
    ("table", "order"),
    [
        (api_requests, "requested_at"),
        (api_requests, "id"),
        (devices, "last_seen_at"),
        (sign_ins, "at"),
        (invoices, "issued_at"),
    ],
)
def test_a_person_s_rows_are_read_in_order_from_an_index_without_sorting(table: Table, order: str) -> None:
    ordering = "id" if order == "id" else f"{order} DESC, id DESC"
    with a_service() as engine, engine.connect() as connection:
        plan = connection.execute(
            text(f"EXPLAIN QUERY PLAN SELECT * FROM {table.name} WHERE account_id = 3 ORDER BY {ordering} LIMIT 50")
        )
        steps = " ".join(row.detail for row in plan)
    assert "USING INDEX ix_" in steps
    assert "TEMP B-TREE" not in steps


@pytest.mark.parametrize("table", OF_A_PERSON, ids=lambda table: table.name)
def test_each_table_of_a_person_points_to_their_account(table: Table) -> None:
    with a_service() as engine:
        (link,) = inspect(engine).get_foreign_keys(table.name)
    assert (link["constrained_columns"], link["referred_table"]) == (["account_id"], "accounts")


@pytest.mark.parametrize("fresh_database", [fresh_postgresql, fresh_mariadb])
def test_a_database_server_holds_the_same_rows_as_the_file(
    fresh_database: Callable[[], AbstractContextManager[URL]],
) -> None:
    with fresh_database() as url, a_service() as file:
        assert create_service_database(url, today=TODAY, log_rows=200)
        assert not create_service_database(url, today=TODAY, log_rows=200)
        assert everything(create_engine(url, poolclass=NullPool)) == everything(file)


def test_every_address_of_the_demo_is_invented_and_belongs_to_one_of_its_people() -> None:
    addresses = [person.email for person in PEOPLE] + [member.email for member in STAFF]
    assert len(set(addresses)) == len(addresses)
    assert all(address.endswith("@example.org") and address.isascii() for address in addresses)
    assert sorted(member.role for member in STAFF) == ["agent", "auditor", "officer"]
