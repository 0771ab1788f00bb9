"""What every source must do when it is asked who looked at a person's data."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from portal.domain.data_map import PersonLink, Step, TableName
from portal.sources.base import Access, AccessPage, Key, Source, SourceUnavailable
from tests.sources.bench import Bench, two_orders
from tests.sources.invented_service import CAMILLE, LOG, OLIVER, PEOPLE, fill, some_views

START = datetime(2026, 1, 1, tzinfo=UTC)


def looked(source: Source, person: Key = CAMILLE, limit: int = 5, after: Key | None = None) -> AccessPage:
    """A page of a source that keeps looks."""
    page = source.accesses(PEOPLE, person, LOG, after=after, limit=limit)
    assert page is not None
    assert len(page.accesses) <= limit
    return page


class LookingContract(Bench):
    """Who looked: in which role, when and why."""

    def test_looks_are_told_newest_first_each_once_and_to_their_person_alone(
        self, source: Source, engine: sa.Engine
    ) -> None:
        fill(engine, support_views=[*some_views(12), *some_views(3, account_id=2, first=50)])
        found: list[Access] = []
        after = None
        while True:
            page = looked(source, after=after)
            found += page.accesses
            after = page.next_after
            if after is None:
                break
        assert [(one.at, one.why) for one in found] == [
            (START + timedelta(hours=index), f"ticket {index + 1}") for index in reversed(range(12))
        ]
        assert {one.role for one in found} == {"SUP"}
        assert [one.why for one in looked(source, OLIVER).accesses] == ["ticket 52", "ticket 51", "ticket 50"]
        assert looked(source, (99,)) == AccessPage((), None)

    def test_looks_of_one_instant_are_parted_by_a_page_and_none_is_lost(
        self, source: Source, engine: sa.Engine
    ) -> None:
        fill(engine, support_views=some_views(9, hours=0))
        first = looked(source)
        rest = looked(source, after=first.next_after)
        assert len({one.why for one in (*first.accesses, *rest.accesses)}) == 9

    def test_no_other_column_of_the_record_is_told(self, source: Source, engine: sa.Engine) -> None:
        fill(engine, support_views=some_views(1))
        assert "Bélanger" not in repr(looked(source))

    def test_a_look_without_date_role_or_reason_is_told_after_the_others(
        self, source: Source, engine: sa.Engine
    ) -> None:
        nothing = {"viewed_at": None, "team": None, "reason": None}
        fill(engine, support_views=[some_views(1)[0] | nothing, *some_views(1, first=2)])
        assert looked(source).accesses[1] == Access("", None, "")

    def test_a_long_reason_hides_no_other_look(self, source: Source, engine: sa.Engine) -> None:
        long = some_views(2)
        long[1]["reason"] = "why " * 1_000
        fill(engine, support_views=long)
        first, second = looked(source).accesses
        assert (first.why[:1_500], second.why) == (("why " * 1_000)[:1_500], "ticket 1")

    def test_looks_may_lead_to_their_person_through_another_table(self, source: Source, engine: sa.Engine) -> None:
        """Their `id` is that of an order here."""
        fill(engine, orders=two_orders(), support_views=some_views(1, first=10) + some_views(1, first=20))
        way = PersonLink(("account_id",), (Step("id", TableName("service", "orders"), "id"),))
        page = source.accesses(PEOPLE, OLIVER, replace(LOG, person=way), after=None, limit=5)
        assert page is not None
        assert [one.why for one in page.accesses] == ["ticket 20"]

    def test_without_a_record_there_is_none(self, source: Source, engine: sa.Engine) -> None:
        assert source.accesses(PEOPLE, CAMILLE, None, after=None, limit=5) is None

    def test_a_place_of_another_list_is_refused(self, source: Source, engine: sa.Engine) -> None:
        fill(engine, support_views=some_views(1))
        with pytest.raises(ValueError, match=r"after|no place"):
            looked(source, after=("no place",) * 9)

    def test_a_record_that_is_gone_makes_the_source_unavailable(self, source: Source, engine: sa.Engine) -> None:
        with pytest.raises(SourceUnavailable):
            source.accesses(PEOPLE, CAMILLE, replace(LOG, table=TableName("service", "gone")), after=None, limit=5)

    def test_who_looked_is_not_known_of_a_source_that_is_down(self, url: str, engine: sa.Engine) -> None:
        source = self.down(url)
        with pytest.raises(SourceUnavailable):
            looked(source)
        source.close()
