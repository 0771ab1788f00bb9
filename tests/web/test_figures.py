"""Figures through their pages: for staff, and for everybody once the officer turns them on, in both languages."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal.domain.languages import Language
from portal.domain.rights import Decision, Kind, Level, State
from portal.services.rights import Asked, open_request
from tests.client import BASE, Page, Visitor
from tests.installation import CAMILLE, Built, an_installation

OFFICER, AUDITOR = "officer@example.org", "auditor@example.org"
MAY = datetime(2026, 5, 4, 15, tzinfo=UTC)


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def answered(built: Built, kind: Kind, number: int, *, days: int, decision: Decision = Decision.GRANTED) -> None:
    """So many requests of May, each answered after so many days."""
    with built.installation.database.writing() as store:
        person = store.people.ensure(CAMILLE, language="fr", now=MAY)
        for _ in range(number):
            asked = Asked(kind, "fr", Level.L2, "Bonjour")
            found = open_request(built.installation, store, person, asked, form_id=None, now=MAY)
            at = MAY + timedelta(days=days)
            closed = replace(found, state=State.CLOSED, decision=decision, decided_at=at, closed_at=at)
            store.requests.save(closed, seen_version=found.version)


def may(built: Built) -> None:
    """A year in May: nothing of it is too small to be read but two kinds and the refusals."""
    answered(built, Kind.ACCESS, 12, days=4)
    answered(built, Kind.DELETION, 9, days=40)
    answered(built, Kind.COMPLAINT, 3, days=10, decision=Decision.REFUSED)
    answered(built, Kind.INFO, 2, days=10)


def somebody(built: Built, address: str, language: Language = "en") -> Visitor:
    visitor = Visitor(built, language)
    visitor.sign_in(address)
    return visitor


def turn(officer: Visitor, way: str) -> None:
    form = officer.visit("staff_transparency").form("public" if officer.language == "en" else "publiques")
    officer.send("staff_transparency", form | {"do": way})


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["May 2026", "Answered after the last day", "10 days", "40 days", "Refused"]),
        ("fr", ["mai 2026", "Réponses après la date limite", "10\N{NO-BREAK SPACE}jours", "Refusée"]),
    ],
)
def test_staff_read_twelve_months(built: Built, language: Language, words: list[str]) -> None:
    may(built)
    page = somebody(built, AUDITOR, language).visit("staff_figures")
    for word in words:
        assert word in page.text()
    numbers = [int("".join(cell.itertext())) for cell in page.all("span", class_="bar__number")]
    assert numbers[:12] == [0, 0, 0, 0, 0, 26, 0, 0, 0, 0, 0, 0][:12]
    assert sum(numbers) == 26 * 3
    drawn = page.all("rect", class_="bar__length") or [
        one for one in page.tree.iter("{http://www.w3.org/2000/svg}rect") if one.get("class") == "bar__length"
    ]
    assert [one.get("width") for one in drawn][5] == "100"


def test_earlier_months_are_a_link_away_and_addresses_made_up_do_no_harm(built: Built) -> None:
    may(built)
    officer = somebody(built, OFFICER)
    assert "Previous page" not in officer.visit("staff_figures").links()
    built.clock.advance(days=365)
    officer = somebody(built, OFFICER)
    earlier = officer.open(officer.visit("staff_figures").links()["Previous page"])
    assert "May 2026" in earlier.text()
    assert "Next page" in earlier.links()
    for made_up in ("2026-13", "x", "0000-01", "2026-1", "9999-12", "\x00"):
        assert (
            officer.client.get("/en/staff/figures", base_url=BASE, query_string={"until": made_up}).status_code == 200
        )


@pytest.mark.parametrize("language", ["en", "fr"])
def test_nobody_reads_figures_until_the_officer_turns_them_on(built: Built, language: Language) -> None:
    may(built)
    nobody, officer = Visitor(built, language), somebody(built, OFFICER, language)
    for endpoint in ("transparency", "transparency_csv", "transparency_data"):
        assert nobody.client.get(nobody.address(endpoint), base_url=BASE).status_code == 404
    assert nobody.address("transparency") not in _home(nobody).links().values()
    preview = officer.visit("staff_transparency").text()
    turn(officer, "on")
    page = nobody.visit("transparency")
    assert page.response.headers["Cache-Control"] == "public, max-age=60, must-revalidate"
    assert "Set-Cookie" not in page.response.headers
    assert nobody.address("transparency") in _home(nobody).links().values()
    [counted] = [word for word in page.text().split() if word == "26"][:1]
    assert counted in preview
    assert "<h" not in preview, "a heading is one, and no words"
    turn(officer, "off")
    nobody.open(nobody.address("transparency", after="off"), status=404)
    assert nobody.address("transparency") not in _home(nobody).links().values()


def _home(nobody: Visitor) -> Page:
    """The home page as it is now: with a query it is made anew."""
    return nobody.open(nobody.address("home", now="1"))


def test_counts_under_five_are_read_nowhere(built: Built) -> None:
    may(built)
    turn(somebody(built, OFFICER), "on")
    nobody = Visitor(built, "en")
    data = json.loads(nobody.client.get(nobody.address("transparency_data"), base_url=BASE).data)
    rows = {(row["breakdown"], *row["items"]): row["number"] for row in data["rows"]}
    assert rows["received",] == 26
    assert rows["late",] == 9
    assert (rows["median_days",], rows["slowest_tenth_days",]) == (10, 40)
    assert rows["kind", "access"] == 12
    assert rows["kind", "deletion"] == 9
    together = [row for row in data["rows"] if row["breakdown"] == "kind" and len(row["items"]) > 1]
    assert [row["number"] for row in together] == [5]
    assert {"complaint", "info", "portability"} <= set(together[0]["items"])
    assert all(row["number"] is None or row["number"] >= 5 for row in data["rows"])
    assert {row["until"] for row in data["rows"]} == {"2026-09-30"}
    answer = nobody.client.get(nobody.address("transparency_csv", "fr"), base_url=BASE)
    keys, labels, *lines = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert keys == ["year", "until", "breakdown", "items", "number"]
    assert labels[0] == "Année"
    assert len(lines) == len(data["rows"])
    assert ["2026", "2026-09-30", "Selon ce qui a été demandé", "Accès", "12"] in lines


def test_the_present_quarter_and_a_year_of_few_are_not_told(built: Built) -> None:
    answered(built, Kind.ACCESS, 4, days=3)
    officer = somebody(built, OFFICER)
    turn(officer, "on")
    page = Visitor(built, "en").visit("transparency").text()
    assert "fewer than five requests" in page
    with built.installation.database.writing() as store:
        person = store.people.ensure(CAMILLE, language="fr", now=built.clock())
        for _ in range(9):
            asked = Asked(Kind.ACCESS, "fr", Level.L2, "Bonjour")
            open_request(built.installation, store, person, asked, form_id=None, now=built.clock())
    turn(officer, "off")
    turn(officer, "on")
    nobody = Visitor(built, "en")
    assert "fewer than five requests" in nobody.open(nobody.address("transparency", now="1")).text()


def test_a_colleagues_decision_is_not_overturned_unseen(built: Built) -> None:
    officer = somebody(built, OFFICER)
    form = officer.visit("staff_transparency").form("public")
    officer.send("staff_transparency", form | {"do": "on"})
    page = officer.send("staff_transparency", form | {"do": "off"}, status=409)
    assert isinstance(page, Page)
    assert "A colleague decided meanwhile." in page.text()
    assert "Everybody may read these figures" in page.text()
    officer.send("staff_transparency", form | {"do": "perhaps"}, status=422)
