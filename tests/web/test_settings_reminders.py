"""The days of reminders: set by the officer, bounded, audited, and true from the next morning for open requests too."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from portal.domain.audit import AuditEvent
from portal.domain.jobs import Job, JobKind
from portal.domain.languages import Language
from portal.domain.rights import Kind, Level, RightsRequest
from portal.services.rights import Asked, open_request
from tests.client import Page, Visitor
from tests.installation import CAMILLE, Built, an_installation
from tests.web.settings_visits import fields_of, form_of, officer, rows

PAGE = "staff_settings_reminders"


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path, log_rows=6)


def asked(built: Built) -> RightsRequest:
    now = built.clock()
    with built.installation.database.writing() as store:
        person = store.people.ensure(CAMILLE, language="fr", now=now)
        return open_request(
            built.installation, store, person, Asked(Kind.ACCESS, "fr", Level.L2, "…"), form_id=None, now=now
        )


def mornings(built: Built, request: RightsRequest, *, until: int = 0) -> set[int]:
    """Each morning until so many days are left: on how many days left a reminder went to the contact."""
    reminded = set()
    while (today := built.installation.today(built.clock())) < request.due - timedelta(days=until):
        built.clock.advance(days=1)
        before = _reminders(built)
        with built.installation.database.writing() as store:
            store.promise(Job(JobKind.WATCH_CLOCKS, 0))
        built.work()
        if _reminders(built) > before:
            reminded.add((request.due - today).days - 1)
    return reminded


def _reminders(built: Built) -> int:
    return sum(one["kind"] == "contact_reminder" for one in built.mailbox())


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_officer_reads_the_usual_days_and_sets_others_with_a_line_for_it(built: Built, lang: Language) -> None:
    visitor = officer(built, lang)
    form = form_of(visitor, PAGE)
    assert (form["days"], form["backup"], form["unopened"], form["half_time"]) == ("10, 5, 2, 0", "5, 0", "3", "y")
    del form["half_time"]
    visitor.send(PAGE, form | {"days": "1 ; 7", "backup": "", "unopened": "15"})
    assert rows(built, "reminders")[0].value == {"days": [7, 1], "half_time": False, "backup": [], "unopened": 15}
    page = visitor.visit(PAGE)
    assert fields_of(page, visitor.address(PAGE))["days"] == "7, 1"
    assert "officer@example.org" in page.text()
    said = {"fr": "7, 1\u00a0jours avant le dernier jour", "en": "7, 1 days before the last day"}[lang]
    assert said in visitor.visit("staff_settings").text()
    with built.installation.database.reading() as store:
        [line] = [one for one in store.audit.newest() if one.event is AuditEvent.SETTING_CHANGED]
    assert line.detail == "reminders"


def test_a_change_counts_from_the_next_morning_for_requests_that_are_open(built: Built) -> None:
    request = asked(built)
    assert mornings(built, request, until=24) == set(), "half time comes first, on the fifteenth day"
    visitor = officer(built, "en")
    form = form_of(visitor, PAGE)
    del form["half_time"]
    visitor.send(PAGE, form | {"days": "23, 7, 1", "backup": ""})
    assert mornings(built, request) == {23, 7, 1}


def test_what_is_late_is_reminded_every_day_whatever_is_set(built: Built) -> None:
    request = asked(built)
    visitor = officer(built, "en")
    visitor.send(PAGE, form_of(visitor, PAGE) | {"days": "60", "backup": ""})
    mornings(built, request)
    before = _reminders(built)
    late = timedelta(days=3)
    for _ in range(late.days):
        built.clock.advance(days=1)
        with built.installation.database.writing() as store:
            store.promise(Job(JobKind.WATCH_CLOCKS, 0))
        built.work()
    assert _reminders(built) >= before + 2, "the first of the late days has a letter of its own"


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"days": ""}, "days"),
        ({"days": "61"}, "days"),
        ({"days": "-1"}, "days"),
        ({"days": "5, 5", "backup": ""}, "days"),
        ({"days": "5, soon", "backup": ""}, "days"),
        ({"days": "１０", "backup": ""}, "days"),
        ({"days": "1 2 3 4 5 6 7 8 9", "backup": ""}, "days"),
        ({"days": "9" * 400, "backup": ""}, "days"),
        ({"backup": "3"}, "backup"),
        ({"backup": "x"}, "backup"),
        ({"unopened": "0"}, "unopened"),
        ({"unopened": "16"}, "unopened"),
        ({"unopened": ""}, "unopened"),
        ({"unopened": "2.5"}, "unopened"),
    ],
)
def test_what_is_no_day_is_refused_beside_its_field_and_kept_as_typed(
    built: Built, lang: Language, typed: dict[str, str], field: str
) -> None:
    visitor = officer(built, lang)
    page = visitor.send(PAGE, form_of(visitor, PAGE) | typed, status=422)
    assert isinstance(page, Page)
    assert {one.get("id") for one in page.all("input") if one.get("aria-invalid")} == {field}
    assert fields_of(page, visitor.address(PAGE))[field] == typed[field]
    assert rows(built, "reminders") == []


def test_an_older_row_and_the_file_are_said_again(built: Built) -> None:
    visitor = officer(built, "en")
    visitor.send(PAGE, form_of(visitor, PAGE) | {"days": "7", "backup": ""})
    visitor.send(PAGE, form_of(visitor, PAGE) | {"days": "3", "backup": ""})
    first = rows(built, "reminders")[1]
    now = rows(built, "reminders")[0]
    visitor.send("staff_settings_undo", {"key": "reminders", "row": str(first.id), "version": str(now.id)})
    assert form_of(visitor, PAGE)["days"] == "7"
    visitor.send(
        "staff_settings_undo", {"key": "reminders", "row": "file", "version": str(rows(built, "reminders")[0].id)}
    )
    assert form_of(visitor, PAGE)["days"] == "10, 5, 2, 0"


@pytest.mark.parametrize("who", ["agent@example.org", "auditor@example.org"])
def test_only_an_officer_sets_them(built: Built, who: str) -> None:
    visitor = Visitor(built, "en")
    visitor.sign_in(who)
    visitor.visit(PAGE, status=403)
