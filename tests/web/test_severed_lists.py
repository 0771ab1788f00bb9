"""A list of which an answer leaves something out, page by page and on chosen days: the rest is given, and nothing is told."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from portal.domain.languages import Language
from tests.client import Page, Visitor
from tests.installation import CAMILLE, Built, an_installation
from tests.web.act_visits import EACH, OFFICER, asked, signed_in
from tests.web.severing_visits import (
    CALLS,
    DEVICES,
    answered,
    copy_of,
    csv_of,
    data_of,
    decided,
    left_out,
    list_opened,
)

NOBODYS_DAY = {"from": "2001-01-01", "to": "2001-01-01"}


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def rows_of(page: Page) -> int:
    return len(page.all("th", scope="row"))


def rows_on_all_pages(person: Visitor) -> int:
    """How many calls are shown from the first page to the last."""
    page = person.visit("category", category="usage")
    number = rows_of(page)
    while following := page.all("a", rel="next"):
        assert "Nothing here about you" not in page.text()
        page = person.open(following[0].get("href", ""))
        number += rows_of(page)
    return number


def test_a_page_of_which_every_entry_is_left_out_leads_on_to_the_rest(built: Built) -> None:
    request, officer = asked(built, "en"), signed_in(built, OFFICER, "en")
    newest = [box.get("value", "") for box in list_opened(officer, request, CALLS).all("input", name="row")]
    person = signed_in(built, CAMILLE, "en")
    whole = rows_on_all_pages(person)
    decided(officer, request, left_out(officer, request, CALLS, row=newest))
    assert rows_on_all_pages(person) == whole - len(newest) > 0


@EACH
def test_where_dates_are_left_out_days_choose_nothing_and_that_is_said(built: Built, lang: Language) -> None:
    answered(built, lang, CALLS, field="requested_at")
    person = signed_in(built, CAMILLE, lang)
    page = person.visit("category", category="usage", **NOBODYS_DAY)
    said = {"fr": "exclut les dates de cette liste", "en": "leaves out the dates of this list"}[lang]
    without = {"fr": "elle est ici en entier", "en": "it is here whole"}[lang]
    assert rows_of(page) == 25
    assert said in page.text()
    assert without not in page.text()
    assert not page.all("input", type="date")
    archive = copy_of(person, categories="usage", **NOBODYS_DAY)
    assert data_of(archive)["usage"]["tables"][0]["days"] is None
    assert len(csv_of(archive, "usage-api_requests")) > 25
    readable = archive.read("index.html").decode()
    assert said in readable
    assert readable.count(without) == 0


def test_a_list_left_out_is_not_asked_for_its_dates_either(built: Built) -> None:
    answered(built, "en", DEVICES, whole="y", ground_of_part="QC39_1_inquiry")
    with sqlite3.connect(built.folder / "service.db") as service:
        service.execute("ALTER TABLE devices RENAME TO gone")
    archive = copy_of(signed_in(built, CAMILLE, "en"), **NOBODYS_DAY)
    assert [table["name"] for table in data_of(archive)["technical"]["tables"]] == ["service.sign_ins"]
