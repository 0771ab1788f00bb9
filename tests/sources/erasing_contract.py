"""What every source must do when a person is erased."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from portal.domain.data_map import PersonLink, Retention
from portal.domain.periods import period
from portal.sources.base import Batch, Source, SourceRefused
from tests.sources import invented_service as service
from tests.sources.bench import (
    Bench,
    cell,
    erase_all,
    every_row,
    membership,
    some_devices,
    their_lines,
    two_orders,
)
from tests.sources.invented_service import (
    ACCOUNTS,
    CAMILLE,
    INVOICE_HOLD,
    INVOICES,
    MEMBERSHIPS,
    NOW,
    ORDER_LINES,
    PEOPLE,
    REQUESTS,
    count_of,
    erased,
    fill,
    invoice,
    mapped,
    some_requests,
)


class ErasingContract(Bench):
    """Batches, holds, columns."""

    def test_an_erasure_in_batches_removes_the_person_s_rows_once(self, source: Source, engine: sa.Engine) -> None:
        fill(engine, api_requests=some_requests(250) + some_requests(3, account_id=2, first=1_000))
        assert source.count_erasable(REQUESTS, CAMILLE, now=NOW) == 250
        assert erase_all(source, REQUESTS, CAMILLE) == 250
        assert source.count_erasable(REQUESTS, CAMILLE, now=NOW) == 0
        assert erase_all(source, REQUESTS, CAMILLE) == 0
        assert count_of(engine, service.api_requests) == 3

    def test_a_batch_is_erased_once_however_often_it_is_repeated(self, source: Source, engine: sa.Engine) -> None:
        fill(engine, api_requests=some_requests(10))
        batch = source.next_batch(REQUESTS, CAMILLE, after=None, limit=4, now=NOW)
        assert batch == Batch((1,), (4,), 4)
        assert [source.erase(REQUESTS, CAMILLE, batch, now=NOW) for _ in range(2)] == [4, 0]
        assert source.next_batch(REQUESTS, CAMILLE, after=(4,), limit=40, now=NOW) == Batch((5,), (10,), 6)

    def test_composite_keys_are_erased_by_range(self, source: Source, engine: sa.Engine) -> None:
        fill(engine, memberships=[membership(club, year) for club in ("a", "b", "c") for year in range(2020, 2025)])
        batch = source.next_batch(MEMBERSHIPS, CAMILLE, after=("a", 2022), limit=6, now=NOW)
        assert batch == Batch(("a", 2023), ("b", 2023), 6)
        assert source.erase(MEMBERSHIPS, CAMILLE, batch, now=NOW) == 6
        assert erase_all(source, MEMBERSHIPS, CAMILLE, limit=4) == 9

    def test_rows_found_through_a_path_are_erased(self, source: Source, engine: sa.Engine) -> None:
        fill(engine, orders=two_orders(), order_lines=their_lines())
        assert erase_all(source, ORDER_LINES, CAMILLE, limit=1) == 2
        assert count_of(engine, service.order_lines) == 1

    def test_rows_others_point_at_are_refused_and_stay(self, source: Source, engine: sa.Engine) -> None:
        fill(engine, orders=two_orders(), order_lines=their_lines())
        with pytest.raises(SourceRefused) as refusal:
            erase_all(source, mapped(service.orders), CAMILLE)
        assert refusal.value.reason == "foreign_key"
        assert count_of(engine, service.orders) == 2

    def test_what_the_law_keeps_is_kept_until_its_day(self, source: Source, engine: sa.Engine) -> None:
        issued = datetime(2021, 5, 1, 8, 30, tzinfo=UTC)
        rows = [
            invoice(1, issued),
            invoice(2, NOW - timedelta(days=7 * 365)),
            invoice(3, issued, kind="quote"),
            invoice(4, issued, kind=None),
            invoice(5, issued, account_id=2),
        ]
        fill(engine, invoices=rows)
        kept = source.count_held(INVOICES, CAMILLE, now=NOW)
        assert (kept.count, kept.until) == (1, datetime(2027, 5, 1, 8, 30, tzinfo=UTC))
        assert source.count_erasable(INVOICES, CAMILLE, now=NOW) == 3
        assert erase_all(source, INVOICES, CAMILLE, limit=2) == 3
        assert [row["id"] for row in every_row(source, INVOICES, CAMILLE)] == [1]
        later = kept.until + timedelta(seconds=1)
        assert source.count_held(INVOICES, CAMILLE, now=later).count == 0
        assert erase_all(source, INVOICES, CAMILLE, now=later) == 1

    def test_a_held_row_without_a_date_is_kept_and_its_end_unknown(self, source: Source, engine: sa.Engine) -> None:
        fill(engine, invoices=[invoice(1, None), invoice(2, NOW)])
        kept = source.count_held(INVOICES, CAMILLE, now=NOW)
        assert (kept.count, kept.until) == (2, None)
        assert erase_all(source, INVOICES, CAMILLE) == 0

    def test_a_hold_may_count_from_a_day(self, source: Source, engine: sa.Engine) -> None:
        days = [NOW.date() - timedelta(days=number) for number in (10, 29, 31, 40)]
        fill(engine, invoices=[invoice(index, NOW) | {"paid_on": day} for index, day in enumerate(days, start=1)])
        table = mapped(service.invoices, hold=replace(INVOICE_HOLD, from_column="paid_on", keep=period("P30D")))
        assert source.count_held(table, CAMILLE, now=NOW).count == 2
        assert erase_all(source, table, CAMILLE) == 2

    def test_rows_past_a_period_are_counted_whoever_s_and_no_further_than_the_bound(
        self, source: Source, engine: sa.Engine
    ) -> None:
        old, older = NOW - timedelta(days=400), NOW - timedelta(days=2_500)
        rows = [
            invoice(1, old),
            invoice(2, older),
            invoice(3, old, kind="quote"),
            invoice(4, NOW, kind="quote"),
            invoice(5, old, account_id=2, kind="quote"),
            invoice(6, None, kind="quote"),
        ]
        fill(engine, invoices=rows)
        table = replace(INVOICES, retention=Retention("issued_at", period("P1Y")))
        before = period("P1Y").before(NOW)
        assert source.count_outlived(table, before=before, bound=100, now=NOW) == 3
        assert source.count_outlived(table, before=before, bound=2, now=NOW) == 2
        assert source.count_outlived(replace(table, hold=None), before=before, bound=100, now=NOW) == 4
        assert source.count_outlived(replace(table, retention=None), before=before, bound=100, now=NOW) == 0

    def test_a_held_row_in_the_middle_of_a_batch_survives_it(self, source: Source, engine: sa.Engine) -> None:
        old = NOW - timedelta(days=9_000)
        fill(engine, invoices=[invoice(1, old), invoice(2, NOW), invoice(3, old)])
        batch = source.next_batch(INVOICES, CAMILLE, after=None, limit=10, now=NOW)
        assert batch == Batch((1,), (3,), 2)
        assert source.erase(INVOICES, CAMILLE, batch, now=NOW) == 2
        assert count_of(engine, service.invoices) == 1

    def test_a_table_that_is_kept_is_not_touched(self, source: Source, engine: sa.Engine) -> None:
        fill(engine, api_requests=some_requests(2))
        table = replace(REQUESTS, erase="keep")
        assert source.next_batch(table, CAMILLE, after=None, limit=5, now=NOW) is None
        assert source.erase(table, CAMILLE, Batch((1,), (2,), 2), now=NOW) == 0
        assert count_of(engine, service.api_requests) == 2

    def test_columns_are_erased_where_the_row_stays(self, source: Source, engine: sa.Engine) -> None:
        table = mapped(
            service.accounts,
            person=PersonLink(("id",)),
            erase="columns",
            columns=(
                erased("email", "hash"),
                erased("name", "constant", "—"),
                erased("born", "truncate"),
                erased("created_at", "truncate", "month"),
                erased("logins", "generalise", 5),
                erased("order", "random"),
                erased("nickname", "random"),
                erased("picture", "null"),
                erased("password_hash", "null"),
            ),
        )
        assert erase_all(source, table, CAMILLE) == 1
        first = source.row(ACCOUNTS, CAMILLE, CAMILLE)
        assert erase_all(source, table, CAMILLE) == 0
        assert source.row(ACCOUNTS, CAMILLE, CAMILLE) == first
        assert first is not None
        assert list(source.people_matching(PEOPLE, "camille@example.org")) == []
        assert (first["name"], first["born"], first["logins"]) == ("—", date(1990, 1, 1), 5)
        assert first["created_at"] == datetime(2025, 1, 1, tzinfo=UTC)
        assert (first["picture"], first["password_hash"]) == (None, None)
        assert first["order"] != "first"
        assert len(str(first["order"])) == len("first")
        assert cell(engine, "name", 2) == "Oliver"

    def test_the_same_everywhere_is_erased_in_one_statement_and_once(self, source: Source, engine: sa.Engine) -> None:
        fill(engine, devices=some_devices(["203.0.113.77", None, "x"]))
        table = mapped(
            service.devices, erase="columns", columns=(erased("ip", "null"), erased("label", "constant", "gone"))
        )
        assert erase_all(source, table, CAMILLE, limit=2) == 3
        assert erase_all(source, table, CAMILLE, limit=2) == 0
        assert {(row["ip"], row["label"]) for row in every_row(source, mapped(service.devices), CAMILLE)} == {
            (None, "gone")
        }

    def test_addresses_are_generalised_to_their_network(self, source: Source, engine: sa.Engine) -> None:
        fill(engine, devices=some_devices(["203.0.113.77", "2001:db8:1:2::3", "not an address", None]))
        table = mapped(service.devices, erase="columns", columns=(erased("ip", "generalise", None, 24),))
        assert erase_all(source, table, CAMILLE) == 3
        assert erase_all(source, table, CAMILLE) == 0
        found = [row["ip"] for row in every_row(source, mapped(service.devices), CAMILLE)]
        assert found == ["203.0.113.0", "2001:db8:1::", None, None]

    def test_a_method_that_does_not_fit_its_column_is_refused(self, source: Source, engine: sa.Engine) -> None:
        table = mapped(
            service.accounts, person=PersonLink(("id",)), erase="columns", columns=(erased("logins", "hash"),)
        )
        with pytest.raises(SourceRefused):
            erase_all(source, table, CAMILLE)
        assert cell(engine, "logins") == 7
