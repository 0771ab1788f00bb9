"""The copy tells who looked too, here and in the services: every look once, by role, newest first, and no name."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile

import pytest

from portal.demo.service.rows import _EMPLOYEES
from portal.services import looks
from tests.installation import EMILY, Built, an_installation
from tests.web.test_copies import table, taken
from tests.web.test_who_looked import OLIVIER, signed_in, staff_looked, view


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def every_word(archive: ZipFile) -> str:
    return "".join(archive.read(name).decode() for name in archive.namelist())


def test_looks_of_staff_and_of_the_service_are_in_one_file_newest_first(built: Built) -> None:
    visitor = signed_in(built, EMILY, "fr")
    staff_looked(built, EMILY, days=3)
    view(built, 2, days=2, reason="Billet 77")
    view(built, 2, days=4, team="ACC")
    archive = taken(visitor)
    names, labels, *rows = table(archive, "portal-who_looked")
    assert names == ["at", "who", "why", "where"]
    assert labels == ["Quand", "Qui, selon son rôle", "Pourquoi", "Où"]
    assert rows[:3] == [
        ["2026-11-21T17:00:00Z", "L’équipe de soutien", "Billet 77", "L’outil de soutien"],
        ["2026-11-20T17:00:00Z", "Agent ou agente", "", "Ce portail"],
        ["2026-11-19T17:00:00Z", "La comptabilité", "", "L’outil de soutien"],
    ]
    data = json.loads(archive.read("data.json"))
    own = next(one for one in data["categories"] if one["id"] == "portal")
    described = next(one for one in own["tables"] if one["name"] == "portal.who_looked")
    assert described["count"] == len(described["rows"]) == len(rows)
    assert "Billet 77" in archive.read("index.html").decode()


def test_every_look_is_there_once_however_few_are_read_at_once(built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "READ_AT_ONCE", 7)
    visitor = signed_in(built, OLIVIER)
    for days in range(20):
        staff_looked(built, OLIVIER, days=19 - days)
    archive = taken(visitor)
    rows = table(archive, "portal-who_looked")[2:]
    assert len(rows) == 20 + 46
    assert [row[0] for row in rows] == sorted((row[0] for row in rows), reverse=True)
    assert not [name for name, _ in _EMPLOYEES if name in every_word(archive)]


def test_a_part_of_the_copy_has_the_looks_of_its_days(built: Built) -> None:
    visitor = signed_in(built, EMILY)
    for days in (1, 5, 9):
        staff_looked(built, EMILY, days=days)
    days = {"from": "2026-11-18", "to": "2026-11-20"}
    archive = taken(visitor, categories="portal", **days)
    assert [row[0] for row in table(archive, "portal-who_looked")[2:]] == ["2026-11-18T17:00:00Z"]


@pytest.mark.parametrize("address", [EMILY, OLIVIER])
def test_a_copy_that_could_not_tell_who_looked_is_not_begun(built: Built, address: str) -> None:
    # However much comes before: a long page is sent while its end is still to be read.
    visitor = signed_in(built, address)
    with closing(sqlite3.connect(built.folder / "service.db")) as service:
        service.execute("ALTER TABLE support_views RENAME TO gone")
    visitor.send("download", {}, status=503)


def test_somebody_else_s_looks_are_not_in_it(built: Built) -> None:
    view(built, 2, days=2, reason="about Emily alone")
    assert "about Emily alone" not in every_word(taken(signed_in(built, OLIVIER)))
