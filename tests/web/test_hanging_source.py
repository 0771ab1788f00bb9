"""A source that takes the question and never answers: the others answer within one time limit, and that part is marked."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from portal.config import Settings
from portal.config.settings import SourceSettings
from portal.demo.http_service.server import Service
from portal.domain.audit import AuditEvent
from portal.domain.data_map import Category, Table, TableName
from portal.services import side_by_side
from portal.sources.sql import SqlSource
from tests.client import Page, Visitor
from tests.installation import CAMILLE, Built, an_installation
from tests.sources.serving import SECRET, answering

LIMIT = 0.6
MOST = 5 * LIMIT
"""Whom they know, how much, then the rows: each within the limit; one source alone would be waited for five seconds."""

SECOND = "second"
AWAY = "This part cannot be read just now."
PEOPLE, ROWS = frozenset({"people_matching"}), frozenset({"page", "counts", "count", "dates", "chunks"})


class Sticking(SqlSource):
    """Answers as it should until it is stuck."""

    stuck: frozenset[str] = frozenset()

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.released = Event()

    def __getattribute__(self, name: str) -> Any:
        if name in PEOPLE | ROWS and name in super().__getattribute__("stuck"):
            super().__getattribute__("released").wait(30)
        return super().__getattribute__(name)


@dataclass
class Hung:
    """An installation with the service's sign-ins behind a second source, which can be stuck."""

    built: Built
    source: Sticking
    visitor: Visitor = field(init=False)

    def __post_init__(self) -> None:
        self.visitor = Visitor(self.built, "en")
        self.visitor.sign_in(CAMILLE)

    def stick(self, what: frozenset[str], monkeypatch: pytest.MonkeyPatch) -> None:
        """From now on it takes these questions and says nothing."""
        monkeypatch.setattr(side_by_side, "PATIENCE", LIMIT)
        self.source.stuck = what

    def timed(self, endpoint: str, **arguments: str) -> Page:
        """One page, in one language, answered in time."""
        begun = time.monotonic()
        answer = self.visitor.client.get(self.visitor.address(endpoint, **arguments), base_url="http://127.0.0.1:8000")
        assert time.monotonic() - begun < MOST
        assert answer.status_code == 200
        return Page(answer, "en")


def in_two_sources(url: str) -> Any:
    """The demo's settings, with the sign-ins of its technical data in another source that knows the same people."""

    def moved(table: Table) -> Table:
        return replace(table, name=TableName(SECOND, table.name.name)) if table.name.name == "sign_ins" else table

    def parted(category: Category) -> Category:
        return replace(category, tables=tuple(map(moved, category.tables)))

    def change(settings: Settings) -> Settings:
        data_map = settings.data_map
        people = tuple(replace(one, table=TableName(SECOND, one.table.name)) for one in data_map.people)
        return replace(
            settings,
            sources=(*settings.sources, SourceSettings(SECOND, "http", url, secret=SECRET, allow_private=True)),
            data_map=replace(
                data_map, people=(*data_map.people, *people), categories=tuple(map(parted, data_map.categories))
            ),
        )

    return change


@pytest.fixture
def hung(tmp_path: Path) -> Iterator[Hung]:
    source = Sticking("service", f"sqlite:///{tmp_path / 'service.db'}", hash_key=SECRET)
    with Service(source, SECRET) as service, answering(service):
        url = f"http://127.0.0.1:{service.server_port}"
        found = Hung(an_installation(tmp_path, change=in_two_sources(url)), source)
        yield found
        source.stuck = frozenset()
        source.released.set()
        found.built.installation.sources[SECOND].close()
    source.close()


def test_both_answer_while_nothing_is_stuck(hung: Hung) -> None:
    assert AWAY not in hung.timed("my_information").text()
    assert AWAY not in hung.timed("category", category="technical").text()


@pytest.mark.parametrize("what", [PEOPLE, ROWS], ids=["asked whom it knows", "asked for rows"])
def test_my_information_and_a_category_answer_with_the_others_and_mark_that_part(
    hung: Hung, monkeypatch: pytest.MonkeyPatch, what: frozenset[str]
) -> None:
    hung.stick(what, monkeypatch)
    overview = hung.timed("my_information").text()
    assert "A part of your information cannot be read just now. The rest is shown; nothing is lost." in overview
    assert overview.count(AWAY) == 1
    category = hung.timed("category", category="technical")
    assert category.text().count(AWAY) == 1
    assert "list 2 of 2" in category.text()
    assert category.all("th", scope="row"), "the devices, which the other source holds"
    chosen = hung.timed("category", category="technical", **{"from": "2020-01-01"})
    assert chosen.text().count(AWAY) == 1
    assert chosen.all("th", scope="row")


@pytest.mark.parametrize("what", [PEOPLE, ROWS], ids=["asked whom it knows", "asked for rows"])
@pytest.mark.parametrize("days", [{}, {"from": "2020-01-01"}], ids=["whole", "some days"])
def test_a_copy_is_refused_before_its_first_byte(
    hung: Hung, monkeypatch: pytest.MonkeyPatch, what: frozenset[str], days: dict[str, str]
) -> None:
    data = {**days, "csrf_token": hung.visitor.token()}
    hung.stick(what, monkeypatch)
    begun = time.monotonic()
    answer = hung.visitor.client.post(hung.visitor.address("download"), data=data, base_url="http://127.0.0.1:8000")
    assert time.monotonic() - begun < MOST
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "no copy was begun" in Page(answer, "en").text()
    with hung.built.installation.database.reading() as store:
        assert all(line.event is not AuditEvent.COPY_TAKEN for line in store.audit.newest(limit=50))
