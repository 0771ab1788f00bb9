"""The demo's portal.toml parses, says the truth about the service's tables, and leaves nothing of them out."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column as SqlColumn
from sqlalchemy import NullPool, create_engine, select

from portal.demo.portal_toml import portal_toml
from portal.demo.service import create_service_database, service_tables
from portal.domain.periods import period

Toml = dict[str, Any]

SERVICE_URL = 'sqlite:////srv/demo/service « d\'essai » \\ "1".db'
LINKS = {"id", "account_id"}


def the_file() -> Toml:
    return tomllib.loads(portal_toml(port=8123, service_url=SERVICE_URL, database_url="sqlite:///portal.db"))


def mapped_tables() -> dict[str, Toml]:
    return {
        table["table"].removeprefix("service."): table
        for category in the_file()["categories"]
        for table in category.get("tables", [])
    }


def mapped_columns() -> Iterator[tuple[str, SqlColumn[Any], Toml]]:
    for name, table in mapped_tables().items():
        for column, meaning in table["columns"].items():
            yield f"{name}.{column}", service_tables.tables[name].c[column], meaning


def texts_in(value: object) -> Iterator[Toml]:
    if isinstance(value, dict) and {"fr", "en"} & set(value):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts_in(inner)


def test_the_addresses_handed_in_come_back_as_they_were() -> None:
    settings = the_file()
    assert settings["sources"] == [{"id": "service", "kind": "sql", "url": SERVICE_URL}]
    assert settings["database"] == {"url": "sqlite:///portal.db"}
    assert settings["site"] == {"url": "http://127.0.0.1:8123"}
    assert settings["web"]["port"] == 8123
    assert settings["mail"]["url"] == "mailbox:"
    assert settings["privacy_contact"]["email"] == "jp@atomescroch.us"


def test_every_table_and_column_of_the_service_is_mapped_and_no_other() -> None:
    tables = mapped_tables()
    (log,) = the_file()["accesses"]
    who_looked = log["table"].removeprefix("service.")
    assert {*tables, who_looked} == set(service_tables.tables)
    assert {log["person"], log["at"], log["role"], log["reason"], *log["key"]} == {
        column.name for column in service_tables.tables[who_looked].c
    } - {"employee"}
    for name, table in tables.items():
        assert set(table["columns"]) - LINKS == {column.name for column in service_tables.tables[name].c} - LINKS


def test_everything_the_map_names_beside_its_columns_exists() -> None:
    for name, table in mapped_tables().items():
        hold = table.get("hold", {})
        named = [table["person"], *table["key"], table.get("order"), *hold.get("where", {}), hold.get("from")]
        named.append(table.get("retention", {}).get("from"))
        assert {column for column in named if column} <= set(service_tables.tables[name].c.keys())
    settings = the_file()
    purposes = {purpose["id"]: purpose for purpose in settings["purposes"]}
    for purpose in purposes.values():
        if "consent" in purpose:
            source, table_name, column = purpose["consent"]["column"].split(".")
            assert source == "service"
            assert column in service_tables.tables[table_name].c
    for category in settings["categories"]:
        assert set(category["purposes"]) <= set(purposes)
    (people,) = settings["people"]
    assert {*people["key"], *people["match"]["email"], people["language"]} <= set(
        service_tables.tables["accounts"].c.keys()
    )


def test_two_purposes_rest_on_a_consent_that_can_be_withdrawn_after_reading_what_follows() -> None:
    on_consent = [purpose for purpose in the_file()["purposes"] if purpose["basis"] == "consent"]
    assert [purpose["id"] for purpose in on_consent] == ["improve", "news"]
    assert all(purpose["consequence"] and purpose["consent"]["withdrawn"] is False for purpose in on_consent)


def test_erasing_an_account_leaves_no_value_its_owner_could_be_known_by() -> None:
    columns = mapped_tables()["accounts"]["columns"]
    assert mapped_tables()["accounts"]["erase"] == "columns"
    assert {name for name, meaning in columns.items() if "erase" not in meaning} == {"id"}


def test_each_way_of_erasing_a_column_is_one_its_table_accepts() -> None:
    for name, column, meaning in mapped_columns():
        method = meaning.get("erase", {}).get("method")
        assert method != "null" or column.nullable, name
        assert method is None or not column.unique or method in {"hash", "random"}, name


def test_a_password_is_said_to_be_held_and_never_shown_or_corrected() -> None:
    held = {name: meaning for name, _, meaning in mapped_columns() if meaning.get("show") == "held"}
    assert list(held) == ["accounts.password_hash"]
    assert "correct" not in held["accounts.password_hash"]


def test_corrections_are_free_for_some_columns_and_reviewed_for_the_address() -> None:
    correct = {name: meaning["correct"] for name, _, meaning in mapped_columns() if "correct" in meaning}
    assert correct["accounts.name"] == correct["accounts.phone"] == "self"
    assert [name for name, how in correct.items() if how == "review"] == ["accounts.email"]


@pytest.mark.parametrize("column", ["accounts.plan", "accounts.locale", "invoices.kind"])
def test_values_told_in_words_cover_every_value_in_the_service(column: str, tmp_path: Path) -> None:
    create_service_database(tmp_path / "service.db", today=date(2026, 11, 23), log_rows=1)
    (sql_column, meaning), *_ = [(found, told) for name, found, told in mapped_columns() if name == column]
    engine = create_engine(f"sqlite:///{tmp_path / 'service.db'}", poolclass=NullPool)
    with engine.connect() as connection:
        present = set(connection.execute(select(sql_column)).scalars())
    assert len(present) > 1
    assert present <= set(meaning["values"])


def test_the_law_keeps_invoices_six_years_and_says_so() -> None:
    hold = mapped_tables()["invoices"]["hold"]
    assert hold["where"] == {"kind": ["invoice"]}
    assert period(hold["keep"]) == period("P6Y")
    assert "A-6.002" in hold["provision"]
    assert [name for name, table in mapped_tables().items() if "hold" in table] == ["invoices"]


def test_each_table_says_how_long_it_keeps_its_rows_or_its_category_does_in_words() -> None:
    for category in the_file()["categories"]:
        for table in category.get("tables", []):
            assert "retention" in category or period(table["retention"]["keep"]).months >= 13
        assert category.get("tables") or (category["system"] and category["keeper"] and category["retention"])


def test_each_text_exists_in_both_languages_with_french_spacing() -> None:
    texts = list(texts_in(the_file()))
    assert len(texts) > 60
    for words in texts:
        assert set(words) == {"fr", "en"}
        assert words["fr"].strip()
        assert words["en"].strip()
        assert not re.search(r"(?<!\u00a0):|\s[;!?]|«(?!\u00a0)|(?<!\u00a0)»|'|\.\.\.", words["fr"]), words["fr"]
        assert "'" not in words["en"]
