"""My information at a million log rows beside the same at a thousand: how much there is, pages, the deepest, some days.

On a service's SQLite file and on PostgreSQL, through the portal's own pages, in process.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from portal.domain.data_map import Table
from portal.services.information import PAGE_ROWS, sealed_place
from tests.bench import ground
from tests.bench.figures import Row, Skipped, budget, times
from tests.bench.statements import heard
from tests.bench.timing import interleaved, seconds_of
from tests.client import BASE, Visitor
from tests.installation import Built, an_installation
from tests.services import fresh_postgresql

FEW, MANY = 1_000, 1_000_000
PAGING, FILTERING, MOST_STATEMENTS = 2.0, 5.0, 15
ROUNDS, LEFT = 15, 5
FIRST, APART = datetime.fromtimestamp(1_762_000_017, UTC), timedelta(seconds=17)
"""When the first row `ground` makes was asked for, and the time from one to the next."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One page somebody asks for. `days`: how many are chosen, up to one in the middle of the log. `deep`: their last page, or that of all."""

    name: str
    goal: float
    days: int = 0
    deep: bool = False
    endpoint: str = "category"
    beside: Mapping[str, str] = field(default_factory=dict)


ASKED = (
    Asked("how much there is of everything", PAGING, endpoint="my_information"),
    Asked("first page of the log", PAGING),
    Asked("deepest page of the log", PAGING, deep=True),
    Asked("first page of a day", FILTERING, days=1),
    Asked("deepest page of a day", FILTERING, days=1, deep=True),
    Asked("first page of 90 days", FILTERING, days=90),
    Asked("deepest page of 90 days", FILTERING, days=90, deep=True),
    Asked("days on which there is nothing", FILTERING, beside={"from": "2001-01-01", "to": "2001-01-31"}),
)


@dataclass(frozen=True, slots=True)
class Side:
    """One person's log of so many rows, and the person at their page."""

    built: Built
    visitor: Visitor
    rows: int

    def act(self, asked: Asked) -> Any:
        """What a browser sends."""
        arguments: dict[str, Any] = (
            {} if asked.endpoint == "my_information" else {"category": "usage"} | self._query(asked)
        )
        path = self.visitor.address(asked.endpoint, **arguments)
        return lambda: _answered(self.visitor.client.get(path, base_url=BASE), asked)

    def _query(self, asked: Asked) -> dict[str, str]:
        last = self.built.installation.today(self._moment(self.rows // 2))
        days = {"from": str(last - timedelta(days=asked.days - 1)), "to": str(last)} if asked.days else {}
        return {**asked.beside, **days, **(self._deepest(days.get("from")) if asked.deep else {})}

    def _deepest(self, day: str | None) -> dict[str, str]:
        """The place a few rows after the oldest of the days, or of all: what is left to show is a short page."""
        oldest = 1
        if day:
            zone = self.built.installation.settings.zone
            begins = datetime.fromisoformat(day).replace(tzinfo=zone)
            oldest = max(1, -(-(begins - self._moment(1)) // APART) + 1)
        number = oldest + LEFT
        place = (self._as_kept(number), number, 1)
        return {"table": "service.api_requests", "after": sealed_place(self.built.installation, self._table(), place)}

    def _moment(self, number: int) -> datetime:
        return FIRST + (number - 1) * APART + timedelta(microseconds=number * 7919 % 1_000_000)

    def _as_kept(self, number: int) -> str:
        """The moment as the service keeps it, which is how a place names it."""
        naive = self._moment(number).replace(tzinfo=None)
        is_file = self.built.service_url.startswith("sqlite")
        return naive.isoformat(sep=" " if is_file else "T", timespec="microseconds")

    def _table(self) -> Table:
        category = self.built.installation.data_map.category("usage")
        assert category is not None
        return category.tables[0]


def measure(size: int | None) -> list[Row]:
    """`size`: how many rows the longer log holds."""
    rows: list[Row] = []
    with ground.a_folder() as folder:
        files = {name: ground.fill_service(folder / f"{name}.db", calls=number) for name, number in _sizes(size)}
        for engine, opened in (("sqlite", _on_files), ("postgresql", _on_a_server)):
            try:
                with opened(folder / engine, files) as urls:
                    rows += _on(engine, folder / engine, urls, dict(_sizes(size)))
            except pytest.skip.Exception as why:
                rows.append(Skipped(f"the person's log on {engine}", str(why)))
    return rows


def _sizes(size: int | None) -> list[tuple[str, int]]:
    return [("few", FEW), ("many", size or MANY)]


@contextmanager
def _on_files(_folder: Path, files: Mapping[str, Path]) -> Iterator[dict[str, str]]:
    yield {name: f"sqlite:///{path}" for name, path in files.items()}


@contextmanager
def _on_a_server(_folder: Path, files: Mapping[str, Path]) -> Iterator[dict[str, str]]:
    with ExitStack() as stack:
        urls = {name: stack.enter_context(fresh_postgresql()) for name in files}
        for name, path in files.items():
            ground.copy_to_server(path, urls[name])
        yield {name: url.render_as_string(hide_password=False) for name, url in urls.items()}


def _on(engine: str, folder: Path, urls: Mapping[str, str], sizes: Mapping[str, int]) -> list[Row]:
    sides = {name: _side(folder / name, url, sizes[name]) for name, url in urls.items()}
    rows: list[Row] = []
    statements: dict[str, int] = {}
    for asked in ASKED:
        acts = {name: side.act(asked) for name, side in sides.items()}
        taken = interleaved({name: seconds_of(act) for name, act in acts.items()}, rounds=ROUNDS, warm=3)
        what = f"{engine}: {asked.name}, {sizes['many']:,} rows"
        rows.append(times(what, taken["many"], taken["few"], asked.goal, peer=f"with {sizes['few']:,}"))
        statements[asked.name] = max(_statements(sides[name].built, act) for name, act in acts.items())
    for side in sides.values():
        side.built.installation.sources["service"].close()
        side.built.installation.database.close()
    most = max(statements.values())
    note = ", ".join(f"{name} {count}" for name, count in statements.items())
    rows.append(budget(f"{engine}: statements of the busiest page of a log", most, MOST_STATEMENTS, note=note))
    return rows


def _side(folder: Path, url: str, rows: int) -> Side:
    built = an_installation(folder, service_url=url, now=datetime.now(UTC))
    return Side(built, ground.signed_in(built), rows)


def _statements(built: Built, act: Any) -> int:
    with heard(built.installation.database.engine) as found:
        act()
    return found.all


def _answered(answer: Any, asked: Asked) -> None:
    """What was asked for is there: a whole page, or the few rows of the last one."""
    assert answer.status_code == 200, answer.status_code
    if asked.endpoint == "category":
        rows = 0 if asked.beside else LEFT if asked.deep else PAGE_ROWS
        assert answer.get_data().count(b'class="table__row"') == rows, asked.name
