"""The account page tells who looked, on this portal and in the services together: by role, when, why and where, and no name."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from portal.config import Settings, SourceSettings
from portal.demo.service.rows import _EMPLOYEES
from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.data_map import People, TableName
from portal.services import side_by_side
from portal.sources.base import Access, AccessPage, Key
from tests.client import BASE, Page, Visitor
from tests.installation import EMILY, NOON, Built, an_installation
from tests.sources.rogue import hanging, misbehaving
from tests.sources.serving import SECRET, served

OLIVIER = "olivier.gagnon@example.org"
NOBODY_LOOKED = "aicha.diallo@example.org"
OLDER, NEWEST = "Next page", "First page"


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def signed_in(built: Built, address: str, language: str = "en") -> Visitor:
    visitor = Visitor(built, language)  # type: ignore[arg-type]  # fr or en
    visitor.sign_in(address, language)  # type: ignore[arg-type]
    return visitor


def looks_on(page: Page) -> list[list[str]]:
    """The cells of the table of looks, row by row."""
    for table in page.all("table"):
        if any("".join(cell.itertext()) in ("Where", "Où") for cell in table.iter("{http://www.w3.org/1999/xhtml}th")):
            rows = [row for row in table.iter("{http://www.w3.org/1999/xhtml}tr") if row.get("class") == "table__row"]
            return [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in rows]
    return []


def staff_looked(built: Built, address: str, *, days: int) -> None:
    """An agent opened the person's information on the portal so many days ago."""
    with built.installation.database.writing() as store:
        person, agent = store.people.by_address(address), store.staff.by_address("agent@example.org")
        assert person
        assert agent
        at = built.clock() - timedelta(days=days)
        line = AuditLine(at, AuditEvent.STAFF_VIEWED_PERSON, Actor.STAFF, agent.id, person_id=person.id)
        store.audit.record(line)


def view(built: Built, account: int, *, days: float, team: str = "SUP", reason: str | None = None) -> None:
    """An employee of the service looked so many days ago."""
    at = (NOON - timedelta(days=days)).strftime("%Y-%m-%d %H:%M:%S.000000")
    with closing(sqlite3.connect(built.folder / "service.db")) as service, service:
        service.execute(
            "INSERT INTO support_views (account_id, viewed_at, employee, team, reason) VALUES (?, ?, ?, ?, ?)",
            (account, at, "Nadia Bélanger", team, reason),
        )


def test_looks_of_staff_and_of_the_service_stand_together_newest_first(built: Built) -> None:
    visitor = signed_in(built, EMILY)
    staff_looked(built, EMILY, days=3)
    view(built, 2, days=2, reason="Ticket <b>77</b>")
    view(built, 2, days=4, team="ACC")
    rows = looks_on(visitor.visit("account"))
    assert [row[1:] for row in rows[:3]] == [
        ["The support team", "Ticket <b>77</b>", "The support tool"],
        ["Agent", "—", "This portal"],
        ["Accounting", "—", "The support tool"],
    ]
    assert rows[0][0] == "November 21, 2026 at 12:00 p.m."


def test_the_page_is_in_french_too(built: Built) -> None:
    visitor = signed_in(built, EMILY, "fr")
    view(built, 2, days=2, reason="Billet 77")
    assert looks_on(visitor.visit("account"))[0][1:] == ["L’équipe de soutien", "Billet 77", "L’outil de soutien"]


def test_no_employee_is_named_and_a_role_without_words_may_be_a_name(built: Built) -> None:
    visitor = signed_in(built, OLIVIER)
    view(built, 3, days=0.5, team="Nadia Bélanger")
    page = visitor.visit("account")
    assert looks_on(page)[0][1] == "A member of staff"
    while page:
        assert not [name for name, _ in _EMPLOYEES if name in page.html]
        assert "PARTNERS" not in page.html
        page = follow(visitor, page)  # type: ignore[assignment]  # None ends it


def follow(visitor: Visitor, page: Page) -> Page | None:
    """The page of older looks, if there is one."""
    href = page.links().get(OLDER)
    return visitor.open(href.split("#")[0]) if href else None


def test_older_looks_follow_page_by_page_each_once_and_back(built: Built) -> None:
    visitor = signed_in(built, OLIVIER)
    for days in range(30):
        staff_looked(built, OLIVIER, days=29 - days)
    page: Page | None = visitor.visit("account")
    found, sizes = [], []
    while page:
        rows = looks_on(page)
        found += rows
        sizes.append(len(rows))
        last, page = page, follow(visitor, page)
    assert sizes == [20, 20, 20, 16]
    assert sum(row[3] == "This portal" for row in found) == 30
    assert len({tuple(row) for row in found if row[3] == "The support tool"}) == 46
    assert last.links()[NEWEST].startswith("/en/account")
    assert looks_on(visitor.open("/en/account"))[0] == found[0]


@pytest.mark.parametrize("token", ["x", "AAAA", "é", "x" * 2_000])
def test_a_damaged_token_begins_with_the_newest(built: Built, token: str) -> None:
    visitor = signed_in(built, EMILY)
    page = visitor.open(f"/en/account?looks={token}")
    assert looks_on(page) == looks_on(visitor.visit("account"))


def test_who_was_never_looked_at_is_told_so(built: Built) -> None:
    page = signed_in(built, NOBODY_LOOKED).visit("account")
    assert "Nobody who works for us has looked at your information" in page.text()
    assert not looks_on(page)


def test_a_service_that_is_away_is_said_and_what_the_portal_knows_is_shown(built: Built) -> None:
    visitor = signed_in(built, EMILY)
    staff_looked(built, EMILY, days=3)
    with closing(sqlite3.connect(built.folder / "service.db")) as service:
        service.execute("ALTER TABLE support_views RENAME TO gone")
    page = visitor.visit("account")
    assert "The support tool does not answer just now: who looked there is not shown." in page.text()
    assert [row[1] for row in looks_on(page)] == ["Agent"]


def test_where_two_people_share_an_address_nobody_s_looks_are_shown(built: Built) -> None:
    visitor = signed_in(built, EMILY)
    with closing(sqlite3.connect(built.folder / "service.db")) as service, service:
        service.execute("UPDATE accounts SET email = 'Emily.Clarke@example.org' WHERE id = 5")
    page = visitor.visit("account")
    assert "The support tool: someone else has the same address there." in page.text()
    assert not looks_on(page)


# ── Several services ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def beside_another(tmp_path: Path) -> Iterator[Built]:
    """A second source, asked over HTTP: the reference service on the same database, which keeps its own record."""
    with served(f"sqlite:///{tmp_path / 'service.db'}") as service:
        yield an_installation(tmp_path, change=lambda settings: with_another(settings, service.server_port))


def with_another(settings: Settings, port: int) -> Settings:
    another = SourceSettings("desk", "http", f"http://127.0.0.1:{port}", secret=SECRET, allow_private=True)
    people = People(TableName("desk", "accounts"), ("id",), ("email",))
    data_map = replace(settings.data_map, people=(*settings.data_map.people, people))
    return replace(settings, sources=(*settings.sources, another), data_map=data_map)


def test_a_service_asked_over_http_tells_by_itself_who_looked(beside_another: Built) -> None:
    built = beside_another
    visitor = signed_in(built, EMILY)
    assert {row[3] for row in looks_on(visitor.visit("account"))} == {"The support tool"}, "it keeps none yet"
    with closing(sqlite3.connect(built.folder / "service.db")) as service, service:
        service.execute(
            "CREATE TABLE access_events (id INTEGER PRIMARY KEY, person TEXT, role TEXT, at TIMESTAMP, why TEXT)"
        )
        service.executemany(
            "INSERT INTO access_events (person, role, at, why) VALUES ('2', 'dispatcher', ?, ?)",
            [(f"2026-11-{day:02} 15:00:00", f"call {day}") for day in range(1, 23)],
        )
    page: Page | None = visitor.visit("account")
    found = []
    while page:
        found += looks_on(page)
        page = follow(visitor, page)
    assert [row[2] for row in found if row[3] == "desk"] == [f"call {day}" for day in range(22, 0, -1)]
    assert {row[1] for row in found if row[3] == "desk"} == {"dispatcher"}
    assert sum(row[3] == "The support tool" for row in found) == 1


def test_a_service_that_hangs_costs_the_page_no_more_than_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(side_by_side, "PATIENCE", 0.4)
    with misbehaving(hanging) as rogue:
        built = an_installation(tmp_path, change=lambda settings: with_another(settings, rogue.port))
        visitor = signed_in(built, EMILY)
        page = visitor.visit("account")
        assert "desk does not answer just now: who looked there is not shown." in page.text()
        assert [row[3] for row in looks_on(page)] == ["The support tool"]


def test_a_place_of_a_map_that_was_changed_begins_anew(built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token may be older than the map: what its source does not know any more begins with the newest."""
    visitor = signed_in(built, OLIVIER)
    href = visitor.visit("account").links()[OLDER].split("#")[0]
    source = built.installation.sources["service"]
    asked: list[Key | None] = []

    def refusing(*arguments: object, after: Key | None, limit: int) -> AccessPage:
        asked.append(after)
        if after is not None:
            raise ValueError(after)
        return AccessPage((Access("SUP", NOON, "again"),), None)

    monkeypatch.setattr(source, "accesses", refusing)
    assert looks_on(visitor.open(href))[0][2] == "again"
    assert asked[-1] is None


def test_nothing_of_a_place_can_be_read_in_its_address(built: Built) -> None:
    visitor = signed_in(built, OLIVIER)
    answer = visitor.client.get("/en/account", base_url=BASE)
    assert "2026-" not in answer.get_data(as_text=True).split("looks=")[1].split('"')[0]
