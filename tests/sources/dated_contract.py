"""What every source must do when some days are chosen: the same rows in pages, in counts and in copies."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from portal.domain.data_map import PersonLink, Retention, Table
from portal.domain.days import Days, days_between
from portal.domain.periods import period
from portal.sources.base import Dates, Key, Source
from tests.sources import invented_service as service
from tests.sources.bench import Bench, every_row, membership, pages, their_lines, two_orders
from tests.sources.invented_service import CAMILLE, MEMBERSHIPS, OLIVER, ORDER_LINES, REQUESTS, camille, fill, mapped

MONTREAL = ZoneInfo("America/Toronto")
BORDER = datetime(2026, 1, 2, 5, tzinfo=UTC)
"""Midnight in Montréal."""
ALIKE: Key = ("oui",)
BY_SURVEY = PersonLink(("survey",))
OPENED = mapped(service.accounts, person=BY_SURVEY, order="created_at")
LOGINS = mapped(
    service.accounts, person=BY_SURVEY, order="logins", retention=Retention("logins", period("P1Y"))
)  # fmt: skip
LONG = 100


def days(first: str | None, last: str | None) -> Days:
    """Days as they fall in Montréal."""
    chosen = days_between(
        date.fromisoformat(first) if first else None, date.fromisoformat(last) if last else None, MONTREAL
    )
    assert chosen is not None
    return chosen


def on(source: Source, table: Table, chosen: Days, person: Key = CAMILLE) -> list[Any]:
    """The keys of the rows of those days, which pages, copies and counts agree on, in the order of pages."""
    paged = [row[table.key[0]] for row in pages(source, table, person, 3, within=chosen)]
    copied = [row[table.key[0]] for row in every_row(source, table, person, within=chosen)]
    assert sorted(copied) == sorted(paged)
    assert len(set(paged)) == len(paged) == source.count(table, person, bound=LONG, within=chosen)
    return paged


def calls(*moments: datetime | None, account_id: int = 1, first: int = 1) -> list[dict[str, Any]]:
    """Log rows of those moments, as a service that keeps UTC without saying so."""
    return [
        {
            "id": first + index,
            "account_id": account_id,
            "requested_at": moment and moment.astimezone(UTC).replace(tzinfo=None),
            "ip": "203.0.113.1",
            "path": "/",
        }
        for index, moment in enumerate(moments)
    ]


def opened(*moments: datetime | None, **column: Any) -> list[dict[str, Any]]:
    """Accounts opened at those moments."""
    return [
        camille(**({"id": number, "nickname": f"n{number}", "created_at": moment} | column))
        for number, moment in enumerate(moments, 1)
    ]


class DatedContract(Bench):
    """Days chosen in pages, counts and copies; the oldest and the newest."""

    def test_a_day_lasts_from_midnight_to_midnight_there_in_moments_without_zone(
        self, source: Source, engine: sa.Engine
    ) -> None:
        tick, day = timedelta(microseconds=1), timedelta(days=1)
        fill(engine, api_requests=calls(BORDER - tick, BORDER, BORDER + day - tick, BORDER + day, None))
        assert on(source, REQUESTS, days("2026-01-02", "2026-01-02")) == [3, 2]
        assert on(source, REQUESTS, days("2026-01-02", None)) == [4, 3, 2]
        assert on(source, REQUESTS, days(None, "2026-01-01")) == [1]
        assert on(source, REQUESTS, days("0001-01-01", "9999-12-31")) == [4, 3, 2, 1]
        assert on(source, REQUESTS, days("2026-01-04", "2026-01-05")) == []

    def test_a_day_lasts_from_midnight_to_midnight_there_in_moments_with_a_zone(
        self, source: Source, engine: sa.Engine
    ) -> None:
        tick, day = timedelta(microseconds=1), timedelta(days=1)
        fill(engine, accounts=opened(BORDER - tick, BORDER, BORDER + day - tick, BORDER + day, None))
        assert on(source, OPENED, days("2026-01-02", "2026-01-02"), ALIKE) == [3, 2]
        assert on(source, OPENED, days(None, "2026-01-01"), ALIKE) == [1]

    def test_dates_are_chosen_by_their_day(self, source: Source, engine: sa.Engine) -> None:
        clubs = ("chess", "tea", "trees", "words")
        since: tuple[date | None, ...] = (date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3), None)
        members = [membership(club) | {"since": day} for club, day in zip(clubs, since, strict=True)]
        fill(engine, memberships=members)
        assert on(source, MEMBERSHIPS, days("2026-01-02", "2026-01-02")) == ["tea"]
        assert on(source, MEMBERSHIPS, days("2026-01-02", None)) == ["trees", "tea"]
        assert on(source, MEMBERSHIPS, days(None, "2026-01-02")) == ["tea", "chess"]
        assert source.dates(MEMBERSHIPS, CAMILLE, bound=9) == Dates(date(2026, 1, 1), date(2026, 1, 3), 1)

    def test_seconds_are_dates_where_the_map_counts_from_them_and_numbers_elsewhere(
        self, source: Source, engine: sa.Engine
    ) -> None:
        border = int(BORDER.timestamp())
        accounts = opened(None, None, None, None)
        for row, seconds in zip(accounts, (border - 1, border, border + 86_399, None), strict=True):
            row["logins"] = seconds
        fill(engine, accounts=accounts)
        assert on(source, LOGINS, days("2026-01-02", "2026-01-02"), ALIKE) == [3, 2]
        oldest = BORDER - timedelta(seconds=1)
        assert source.dates(LOGINS, ALIKE, bound=9) == Dates(oldest, oldest + timedelta(days=1), 1)
        counted = replace(LOGINS, retention=None)
        assert source.dates(counted, ALIKE, bound=9) is None
        assert len(on(source, counted, days("2026-01-02", "2026-01-02"), ALIKE)) == 4

    def test_a_table_without_dates_is_given_whole(self, source: Source, engine: sa.Engine) -> None:
        fill(engine, orders=two_orders(), order_lines=their_lines())
        for table in (ORDER_LINES, replace(ORDER_LINES, order="article")):
            assert source.dates(table, CAMILLE, bound=9) is None
            assert sorted(on(source, table, days("2026-01-02", "2026-01-02"))) == [1, 2]

    def test_the_oldest_and_the_newest_are_the_person_s_own(self, source: Source, engine: sa.Engine) -> None:
        hour = timedelta(hours=1)
        theirs = calls(BORDER - 9 * hour, BORDER + 9 * hour, account_id=2, first=50)
        fill(engine, api_requests=calls(BORDER + hour, None, BORDER, None, BORDER - hour) + theirs)
        assert source.dates(REQUESTS, CAMILLE, bound=9) == Dates(BORDER - hour, BORDER + hour, 2)
        undated = source.dates(REQUESTS, CAMILLE, bound=1)
        assert undated is not None
        assert undated.undated == 1
        assert source.dates(REQUESTS, (99,), bound=9) == Dates(None, None, 0)
        assert on(source, REQUESTS, days("2026-01-01", "2026-01-02"), OLIVER) == [51, 50]

    def test_several_tables_are_counted_for_the_same_days(self, source: Source, engine: sa.Engine) -> None:
        fill(engine, api_requests=calls(BORDER, BORDER - timedelta(days=9)), memberships=[membership("chess")])
        chosen = days("2026-01-02", "2026-01-02")
        tables = [REQUESTS, MEMBERSHIPS, ORDER_LINES]
        assert list(source.counts(tables, CAMILLE, bound=9, within=chosen)) == [1, 0, 0]
        assert list(source.counts(tables, CAMILLE, bound=9)) == [2, 1, 0]

    def test_a_long_log_is_walked_within_its_days_and_no_further(self, source: Source, engine: sa.Engine) -> None:
        moments = [BORDER + timedelta(minutes=number // 3) for number in range(6_000)]
        fill(engine, api_requests=calls(*moments))
        chosen = days("2026-01-03", "2026-01-03")
        expected = [number + 1 for number, moment in enumerate(moments) if chosen.hold(moment)]
        rows = [row["id"] for row in every_row(source, REQUESTS, CAMILLE, within=chosen)]
        assert 0 < len(rows) < 6_000
        assert rows == expected[::-1]
        assert source.count(REQUESTS, CAMILLE, bound=50, within=chosen) == 50

    @pytest.mark.parametrize("after", [(1,), ("2026-01-01", 1, "x"), ()])
    def test_a_place_that_is_none_is_said_to_be_wrong_within_days_too(self, source: Source, after: Key) -> None:
        with pytest.raises(ValueError):  # noqa: PT011 – whatever the words
            source.page(REQUESTS, CAMILLE, after=after, limit=5, within=days("2026-01-02", None))

    def test_what_cannot_be_read_ends_no_choice_of_days(self, source: Source, engine: sa.Engine) -> None:
        fill(engine, api_requests=calls(BORDER, BORDER, BORDER))
        self.spoil(engine)
        found = on(source, REQUESTS, days("2026-01-02", None))
        assert {1, 3} <= set(found)
        dates = source.dates(REQUESTS, CAMILLE, bound=9)
        assert dates is not None
        assert (dates.oldest, dates.newest) == (BORDER, BORDER)
        assert dates.undated + len(found) == 3
