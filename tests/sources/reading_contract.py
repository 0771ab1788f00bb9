"""What every source must do when it is read."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
import sqlalchemy as sa

from portal.domain.data_map import TableName
from portal.domain.withholding import with_its_key
from portal.sources.base import UNREADABLE, Key, Source, SourceUnavailable
from tests.sources import invented_service as service
from tests.sources.bench import (
    HOSTILE,
    ODD,
    Bench,
    erase_all,
    every_row,
    membership,
    pages,
    their_lines,
    two_orders,
)
from tests.sources.invented_service import (
    ACCOUNTS,
    CAMILLE,
    MEMBERSHIPS,
    OLIVER,
    ORDER_LINES,
    PEOPLE,
    REQUESTS,
    camille,
    fill,
    mapped,
    oliver,
    some_requests,
)


class ReadingContract(Bench):
    """Tables, people, pages, copies."""

    def test_it_describes_tables_and_their_columns_in_order(self, source: Source) -> None:
        described = source.describe()
        assert described[TableName("service", "memberships")].columns == ("club", "year", "account_id", "since")
        assert "id" in described[TableName("service", "order.lines %")].columns
        assert ODD in described[TableName("service", "accounts")].columns

    def test_a_schema_may_be_named(self, source: Source, engine: sa.Engine) -> None:
        fill(engine, api_requests=some_requests(3))
        usual = "main" if engine.dialect.name == "sqlite" else sa.inspect(engine).default_schema_name
        table = replace(REQUESTS, name=TableName("service", "api_requests", usual))
        assert table.name in source.describe()
        assert erase_all(source, table, CAMILLE) == 3

    def test_a_missing_column_makes_the_source_unavailable_and_comes_back(
        self, source: Source, engine: sa.Engine
    ) -> None:
        gone = mapped(service.devices, columns=(service.column("colour"),))
        with pytest.raises(SourceUnavailable):
            source.page(gone, CAMILLE, after=None, limit=5)
        assert source.page(ACCOUNTS, CAMILLE, after=None, limit=5).rows

    def test_a_column_renamed_since_is_noticed(self, source: Source, engine: sa.Engine) -> None:
        table = mapped(service.sign_ins)
        source.page(table, CAMILLE, after=None, limit=5)
        with engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE sign_ins RENAME COLUMN ip TO address")
        try:
            with pytest.raises(SourceUnavailable):
                source.page(table, CAMILLE, after=None, limit=5)
        finally:
            with engine.begin() as connection:
                connection.exec_driver_sql("ALTER TABLE sign_ins RENAME COLUMN address TO ip")
        assert source.page(table, CAMILLE, after=None, limit=5).rows == ()

    def test_a_missing_table_makes_the_source_unavailable(self, source: Source) -> None:
        gone = replace(ACCOUNTS, name=TableName("service", "nowhere"))
        with pytest.raises(SourceUnavailable):
            source.count(gone, CAMILLE, bound=5)

    @pytest.mark.parametrize("address", ["camille@example.org", "CAMILLE@Example.ORG"])
    def test_people_are_found_whatever_the_case(self, source: Source, address: str) -> None:
        assert list(source.people_matching(PEOPLE, address)) == [CAMILLE]

    def test_people_are_found_when_the_service_wrote_capitals(self, source: Source) -> None:
        assert list(source.people_matching(PEOPLE, "oliver@example.org")) == [OLIVER]

    @pytest.mark.parametrize("stored", ["Éloïse@example.org", unicodedata.normalize("NFD", "éloïse@example.org")])
    def test_composed_and_decomposed_letters_are_the_same(self, source: Source, engine: sa.Engine, stored: str) -> None:
        fill(engine, accounts=[camille(second_email=stored), oliver(email="eloise@example.org")])
        assert list(source.people_matching(PEOPLE, "éloïse@example.org")) == [CAMILLE]
        assert list(source.people_matching(PEOPLE, unicodedata.normalize("NFD", "ÉLOÏSE@example.org"))) == [CAMILLE]

    @pytest.mark.parametrize(
        ("stored", "asked"),
        [
            ("mike@example.org", "mıke@example.org"),
            ("mıke@example.org", "mike@example.org"),
            ("mike@example.org", "mi\u212ae@example.org"),
            ("mi\u212ae@example.org", "mike@example.org"),
            ("strasse@example.org", "straße@example.org"),
            ("camille@example.org", "cаmille@example.org"),
            ("élise@example.org", "elise@example.org"),
            ("élise@example.org", "èlise@example.org"),
            ("m%@example.org", "mike@example.org"),
            ("mike@example.org", "m%@example.org"),
            ("mike@example.org", "m_ké@example.org"),
        ],
    )
    def test_a_look_alike_is_somebody_else(self, source: Source, engine: sa.Engine, stored: str, asked: str) -> None:
        fill(engine, accounts=[camille(email=stored)])
        assert list(source.people_matching(PEOPLE, asked)) == []
        assert list(source.people_matching(PEOPLE, stored)) == [CAMILLE]

    def test_two_people_with_one_address_are_both_named(self, source: Source, engine: sa.Engine) -> None:
        fill(engine, accounts=[camille(), oliver(second_email="Camille@example.org")])
        assert sorted(source.people_matching(PEOPLE, "camille@example.org")) == [CAMILLE, OLIVER]

    @pytest.mark.parametrize("address", ["", " ", "nobody@example.org", "\x00", "' OR 1=1 --", "x" * 10_000])
    def test_nobody_is_nobody(self, source: Source, address: str) -> None:
        assert list(source.people_matching(PEOPLE, address)) == []

    def test_the_recorded_language_is_told(self, source: Source) -> None:
        assert source.language_of(PEOPLE, CAMILLE) == "fr-CA"
        assert source.language_of(PEOPLE, OLIVER) == "en"
        assert source.language_of(PEOPLE, (99,)) is None
        assert source.language_of(replace(PEOPLE, language=None), CAMILLE) is None

    def test_values_are_typed_and_instants_are_in_utc(self, source: Source) -> None:
        (row,) = source.page(ACCOUNTS, CAMILLE, after=None, limit=5).rows
        assert row["name"] == "Camille Tremblay"
        assert row["born"] == date(1990, 2, 28)
        assert row["created_at"] == datetime(2025, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
        assert Decimal(str(row["balance"])) == Decimal("19.90")
        assert row["weight"] == 61.5
        assert row["active"] in (True, 1)
        assert row["picture"] == b"\x00\xff"
        assert row[ODD] == "odd"

    def test_what_is_only_said_to_be_held_is_never_read(self, source: Source, engine: sa.Engine) -> None:
        table = replace(ACCOUNTS, columns=(service.column("password_hash", show="held"),))
        fill(engine, accounts=[camille(), oliver(password_hash=None)])
        (row,) = source.page(table, CAMILLE, after=None, limit=5).rows
        (other,) = every_row(source, table, OLIVER)
        assert row == {"id": 1, "password_hash": True}
        assert other == {"password_hash": None}

    @pytest.mark.parametrize("hostile", HOSTILE)
    def test_hostile_values_come_back_as_they_are(self, source: Source, engine: sa.Engine, hostile: str) -> None:
        stored = {"name": hostile, "order": hostile, ODD: hostile, "nickname": None}
        fill(engine, accounts=[camille(**stored)], memberships=[membership(hostile[:20])])
        row = source.row(ACCOUNTS, CAMILLE, CAMILLE)
        assert row is not None
        assert {name: row[name] for name in stored} == stored
        (member,) = pages(source, MEMBERSHIPS, CAMILLE, 1)
        assert source.row(MEMBERSHIPS, CAMILLE, (hostile[:20], 2026)) == member

    def test_a_cell_of_ten_megabytes_is_read(self, source: Source, engine: sa.Engine) -> None:
        fill(engine, accounts=[camille(order="é" * 5_000_000)])
        (row,) = every_row(source, ACCOUNTS, CAMILLE)
        assert row["order"] == "é" * 5_000_000

    def test_only_the_person_s_rows_are_read(self, source: Source, engine: sa.Engine) -> None:
        fill(engine, api_requests=some_requests(3) + some_requests(2, account_id=2, first=10))
        assert [row["id"] for row in every_row(source, REQUESTS, OLIVER)] == [10, 11]
        assert source.row(REQUESTS, OLIVER, (1,)) is None
        assert source.row(REQUESTS, CAMILLE, (1,)) is not None
        assert source.count(REQUESTS, OLIVER, bound=10) == 2
        assert source.count(REQUESTS, CAMILLE, bound=2) == 2

    def test_a_table_without_columns_is_read_by_its_key_alone(self, source: Source, engine: sa.Engine) -> None:
        fill(engine, api_requests=some_requests(3))
        bare = replace(REQUESTS, columns=())
        page = source.page(bare, CAMILLE, after=None, limit=5)
        assert {tuple(row) for row in page.rows} == {REQUESTS.key}
        key = tuple(page.rows[0][name] for name in REQUESTS.key)
        assert source.row(bare, CAMILLE, key) == page.rows[0]  # type: ignore[arg-type]  # keys hold scalars

    def test_keys_are_the_same_in_pages_and_in_copies(self, source: Source, engine: sa.Engine) -> None:
        fill(engine, api_requests=some_requests(20))
        keyed = with_its_key(replace(REQUESTS, columns=REQUESTS.columns[:1]))
        names = [column.name for column in keyed.columns]
        places = [names.index(name) for name in keyed.key]
        copied = {tuple(cells[place] for place in places) for chunk in source.chunks(keyed, CAMILLE) for cells in chunk}
        paged = {tuple(row[name] for name in keyed.key) for row in every_row(source, keyed, CAMILLE)}
        assert copied == paged
        assert len(copied) == 20

    def test_several_tables_are_counted_in_one_question(self, source: Source, engine: sa.Engine) -> None:
        fill(engine, api_requests=some_requests(3) + some_requests(2, account_id=2, first=10))
        tables = [REQUESTS, ACCOUNTS, REQUESTS, ORDER_LINES]
        assert list(source.counts(tables, CAMILLE, bound=10)) == [3, 1, 3, 0]
        assert list(source.counts(tables[:2], CAMILLE, bound=2)) == [2, 1]
        assert list(source.counts([], CAMILLE, bound=2)) == []

    @pytest.mark.parametrize("key", [("1x",), ("",), (None,), (2**70,), ("9" * 400,), ("１",), (1, 2), ()])
    def test_a_key_that_is_none_finds_no_row(self, source: Source, engine: sa.Engine, key: Key) -> None:
        fill(engine, api_requests=some_requests(3))
        assert source.row(REQUESTS, CAMILLE, key) is None

    @pytest.mark.parametrize("person", [(None,), ("1x",), (2**70,)])
    def test_a_person_who_is_nobody_has_no_rows(self, source: Source, engine: sa.Engine, person: Key) -> None:
        fill(engine, visits=[{"account_id": None, "page": "home"}])
        assert source.count(mapped(service.visits), person, bound=5) == 0

    def test_people_are_listed_by_key_page_by_page_with_what_a_letter_needs_and_no_more(self, source: Source) -> None:
        listed, after = [], None
        while True:
            page = source.people_page(PEOPLE, after=after, limit=1)
            assert len(page.rows) <= 1
            listed += page.rows
            after = page.next_after
            if after is None:
                break
        whole = source.people_page(PEOPLE, after=None, limit=1_000)
        assert whole.next_after is None
        assert list(whole.rows) == listed
        keys = [tuple(row[name] for name in PEOPLE.key) for row in listed]
        assert keys == sorted(keys, key=repr)
        assert len(keys) == len(set(keys)) >= 2
        wanted = {*PEOPLE.key, *PEOPLE.match_email, *filter(None, [PEOPLE.language])}
        assert all(row.keys() == wanted for row in listed)

    def test_pages_go_from_newest_to_oldest_and_lose_nothing(self, source: Source, engine: sa.Engine) -> None:
        rows = some_requests(30, gap=0) + some_requests(25, first=31)
        for row in rows[5:9]:
            row["requested_at"] = None
        fill(engine, api_requests=rows + some_requests(5, account_id=2, first=100))
        seen = list(pages(source, REQUESTS, CAMILLE, 7))
        dated = [row["requested_at"] for row in seen[:-4]]
        assert sorted(row["id"] for row in seen) == list(range(1, 56))
        assert dated == sorted(dated, reverse=True)
        assert [row["requested_at"] for row in seen[-4:]] == [None] * 4

    def test_composite_keys_are_walked_whole(self, source: Source, engine: sa.Engine) -> None:
        members = [membership(club, year) for club in ("chess", "Échecs", "a%b", "o'go") for year in range(2020, 2026)]
        fill(engine, memberships=members)
        keys = [(row["club"], row["year"]) for row in pages(source, MEMBERSHIPS, CAMILLE, 5)]
        assert sorted(keys) == sorted((member["club"], member["year"]) for member in members)
        assert [(row["club"], row["year"]) for row in every_row(source, MEMBERSHIPS, CAMILLE)][:1] != []

    def test_rows_that_the_key_does_not_tell_apart_are_each_in_a_copy_once(
        self, source: Source, engine: sa.Engine
    ) -> None:
        """Without an order of their own, a database gives equal ones in another order for each question."""
        chance = Random(7)  # noqa: S311 – invented rows
        start = datetime(2026, 1, 1)  # noqa: DTZ001 – the service keeps UTC without saying so
        moments = [start + timedelta(minutes=minute) for minute in range(60)]
        fill(engine, visits=[{"account_id": 1, "page": chance.choice("abc"), "at": moment} for moment in moments])
        table = mapped(service.visits, key=("page",))
        wanted = [moment.replace(tzinfo=UTC) for moment in moments]
        assert sorted(row["at"] for row in every_row(source, table, CAMILLE)) == wanted
        assert sorted(row["at"] for row in pages(source, table, CAMILLE, 7)) == wanted  # type: ignore[type-var]  # instants

    def test_rows_whose_key_is_not_unique_are_neither_lost_nor_doubled(self, source: Source, engine: sa.Engine) -> None:
        visits = [{"account_id": 1, "page": f"p{index % 3}", "at": None} for index in range(23)]
        fill(engine, visits=visits)
        table = mapped(service.visits, key=("page",))
        assert sorted(str(row["page"]) for row in pages(source, table, CAMILLE, 4)) == sorted(
            visit["page"] for visit in visits
        )
        assert len(list(every_row(source, table, CAMILLE))) == 23

    def test_a_path_leads_to_the_person(self, source: Source, engine: sa.Engine) -> None:
        fill(engine, orders=two_orders(), order_lines=their_lines())
        assert [row["id"] for row in pages(source, ORDER_LINES, CAMILLE, 1)] == [1, 2]
        assert [row["id"] for row in every_row(source, ORDER_LINES, OLIVER)] == [3]
        assert source.row(ORDER_LINES, OLIVER, (1,)) is None

    def test_all_rows_of_a_large_log_are_read(self, source: Source, engine: sa.Engine) -> None:
        fill(engine, api_requests=some_requests(7_000))
        assert [row["id"] for row in every_row(source, REQUESTS, CAMILLE)] == list(range(1, 7_001))

    @pytest.mark.parametrize("after", [(1,), (1, 2, 3, 4), ("2026-01-01", 1, -1), ("2026-01-01", 1, "x"), ()])
    def test_a_place_that_is_none_is_said_to_be_wrong(self, source: Source, after: Key) -> None:
        with pytest.raises(ValueError):  # noqa: PT011 – whatever the words
            source.page(REQUESTS, CAMILLE, after=after, limit=5)

    def test_what_cannot_be_read_is_said_of_that_value_alone(self, source: Source, engine: sa.Engine) -> None:
        fill(engine, api_requests=some_requests(3))
        self.spoil(engine)
        rows = list(pages(source, REQUESTS, CAMILLE, 2))
        assert sorted(row["id"] for row in rows) == [1, 2, 3]
        spoiled = next(row for row in rows if row["id"] == 2)
        assert UNREADABLE in spoiled.values()
        assert spoiled["ip"] == "203.0.113.1"
        assert len(list(every_row(source, REQUESTS, CAMILLE))) == 3
        assert erase_all(source, REQUESTS, CAMILLE) == 3

    def test_a_source_that_is_down_says_so_without_its_secrets(self, url: str) -> None:
        source = self.down(url)
        with pytest.raises(SourceUnavailable) as failure:
            source.describe()
        said = f"{failure.value!r} {failure.value} {source!r}"
        assert failure.value.__context__ is None
        assert failure.value.__cause__ is None
        assert not any(word in said for word in ("p@ss", "w%rd", "p%40ss", "127.0.0.1"))
