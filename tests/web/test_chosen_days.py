"""My information on the days somebody chose: what is shown, counted and said, and what no days can mean."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from portal.domain.languages import Language
from tests.client import Page, Visitor
from tests.installation import CAMILLE, Built, an_installation
from tests.journeys import story

MONTREAL = ZoneInfo("America/Toronto")
DAY = {"from": "2026-11-10", "to": "2026-11-10"}
NOBODYS = {"from": "2001-01-01", "to": "2001-01-02"}
BORDERS = ("2026-11-10 04:59:59.999999", "2026-11-10 05:00:00", "2026-11-11 04:59:59.999999", "2026-11-11 05:00:00")


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def shown(built: Built, category: str = "usage", *, lang: Language = "en", status: int = 200, **days: str) -> Page:
    visitor = Visitor(built, lang)
    visitor.sign_in(CAMILLE)
    return visitor.visit("category", category=category, status=status, **days)


def calls(built: Built, *moments: str) -> None:
    """Leave these moments alone in the person's log."""
    account = story.account_of(built, CAMILLE)
    with closing(sqlite3.connect(built.folder / "service.db")) as service:
        service.execute("DELETE FROM api_requests WHERE account_id = ?", [account])
        service.executemany(
            "INSERT INTO api_requests (account_id, requested_at, method, path, status, ip) VALUES (?, ?, 'GET', ?, 200, '')",
            [(account, moment, f"/at/{number}") for number, moment in enumerate(moments)],
        )
        service.commit()


def test_a_day_is_shown_from_midnight_to_midnight_of_the_organization(built: Built) -> None:
    calls(built, *BORDERS)
    said = shown(built, **DAY).text()
    assert [f"/at/{number}" in said for number in range(4)] == [False, True, True, False]
    assert "2 entries on the days you chose" in said
    assert "Dates: from November 9, 2026 to November 11, 2026" in said


@pytest.mark.parametrize(
    ("lang", "sentences"),
    [
        ("en", ("4 entries", "Dates: from November 9, 2026 to today")),
        ("fr", ("4\u00a0éléments", "Dates\u00a0: du 9 novembre 2026 à aujourd’hui")),
    ],
)
def test_the_newest_and_the_oldest_are_said_of_each_list(
    built: Built, lang: Language, sentences: tuple[str, str]
) -> None:
    today = built.clock().astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
    calls(built, *BORDERS[:3], today.isoformat(sep=" "))
    said = shown(built, lang=lang).html
    for sentence in sentences:
        assert sentence in said


def test_the_days_stay_chosen_from_page_to_page_and_are_left_by_one_link(built: Built) -> None:
    start = datetime(2026, 11, 10, 12, tzinfo=MONTREAL).astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
    calls(built, *(str(start + timedelta(seconds=number)) for number in range(60)), "2026-11-01 12:00:00")
    visitor = Visitor(built, "en")
    visitor.sign_in(CAMILLE)
    page = visitor.visit("category", category="usage", **DAY)
    seen, pages = len(page.all("th", scope="row")), 1
    while following := page.all("a", rel="next"):
        page = visitor.open(following[0].get("href", ""))
        assert [field.get("value") for field in page.all("input", type="date")] == ["2026-11-10", "2026-11-10"]
        assert "60 entries on the days you chose" in page.text()
        seen, pages = seen + len(page.all("th", scope="row")), pages + 1
    assert (seen, pages) == (60, 3)
    (whole,) = [href for words, href in page.links().items() if words == "Show all days"]
    assert "61 entries" in visitor.open(whole).text()


def test_what_the_form_sends_is_what_the_address_says(built: Built) -> None:
    page = shown(built, table="service.api_requests", **DAY)
    (form,) = [form for form in page.all("form", method="get") if form.get("action", "").endswith("/usage")]
    named = [field.get("name") for field in form.iter() if field.get("name")]
    assert named == ["table", "from", "to"]


def test_days_on_which_there_is_nothing_say_so_and_leave_a_way_back(built: Built) -> None:
    page = shown(built, **NOBODYS)
    assert "Nothing here about you on the days you chose." in page.text()
    assert "0 entries on the days you chose" in page.text()
    assert "Show all days" in page.links()


def test_entries_without_a_date_are_left_out_and_counted(built: Built) -> None:
    calls(built, *BORDERS, "unknown", "")
    said = shown(built, **DAY).text()
    assert "2 entries have no date, so no choice of days shows them." in said
    assert "/at/4" not in said
    assert "have no date" not in shown(built).text()


def test_a_list_without_dates_stays_whole_and_says_so(built: Built) -> None:
    said = shown(built, "account", **NOBODYS).text()
    assert "The entries of this list have no date: it is here whole." in said
    assert CAMILLE in said


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ({"from": "10/11/2026"}, "Write the day as in 2025-02-25: year, month, day."),
        ({"from": "2026-02-30"}, "Write the day as in 2025-02-25: year, month, day."),
        ({"to": "\u202e2026\x00-11-10"}, "Write the day as in 2025-02-25: year, month, day."),
        ({"to": "9" * 5_000}, "Write the day as in 2025-02-25: year, month, day."),
        ({"from": "2026-11-11", "to": "2026-11-10"}, "The last day is before the first. Exchange them."),
    ],
)
def test_days_that_mean_nothing_are_refused_in_a_sentence_and_choose_nothing(
    built: Built, days: dict[str, str], sentence: str
) -> None:
    page = shown(built, status=422, **days)
    assert sentence in page.text()
    assert len(page.all("th", scope="row")) == 25


@pytest.mark.parametrize(
    "days", [{"from": "0001-01-01"}, {"to": "9999-12-31"}, {"from": "0001-01-01", "to": "9999-12-31"}]
)
def test_the_ends_of_the_calendar_are_days_like_others(built: Built, days: dict[str, str]) -> None:
    calls(built, *BORDERS)
    assert "4 entries on the days you chose" in shown(built, **days).text()


def test_days_mean_nothing_where_there_is_no_list_to_choose_from(tmp_path: Path) -> None:
    page = shown(an_installation(tmp_path, by_hand=True), "paper", **{"from": "yesterday"})
    assert not page.all("input", type="date")
    assert "Write the day" not in page.text()
