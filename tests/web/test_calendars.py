"""The days of a request as a calendar file: what it names, what it never says, and how RFC 5545 wants it written."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from portal.domain.languages import Language
from portal.domain.rights import Decision
from portal.web.icalendar import LONGEST_LINE, Day, calendar_file
from tests.client import BASE, Visitor
from tests.installation import CAMILLE, EMILY, Built, an_installation
from tests.web.test_decisions import a_request, decide
from tests.web.test_staff import AUDITOR, OFFICER, signed_in

EACH = pytest.mark.parametrize("lang", ["fr", "en"])


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def file_of(visitor: Visitor, endpoint: str, reference: str, *, status: int = 200) -> dict[str, str]:
    """The lines of the file, unfolded, by their names."""
    answer = visitor.client.get(visitor.address(endpoint, reference=reference), base_url=BASE)
    assert answer.status_code == status
    if status != 200:
        return {}
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f"attachment; filename={reference}.ics"
    unfolded = answer.get_data(as_text=True).replace("\r\n ", "")
    return dict(line.partition(":")[::2] for line in unfolded.split("\r\n") if line)


@EACH
def test_the_person_s_file_names_the_last_day_and_nothing_personal(built: Built, lang: Language) -> None:
    request = a_request(built, CAMILLE, lang)
    person = signed_in(built, CAMILLE, lang)
    said = file_of(person, "request_calendar", request.reference)
    assert said["DTSTART;VALUE=DATE"] == "20261223"
    assert said["DTEND;VALUE=DATE"] == "20261224"
    assert request.reference in said["SUMMARY"]
    assert {"fr": "Dernier jour", "en": "Last day"}[lang] in said["SUMMARY"]
    assert CAMILLE not in str(said)


@EACH
def test_after_a_refusal_it_names_the_last_day_to_turn_to_the_commission(built: Built, lang: Language) -> None:
    request = a_request(built, CAMILLE, lang)
    decide(built, request, Decision.REFUSED, reason="…a", provision="P-39.1, art. 40")
    said = file_of(signed_in(built, CAMILLE, lang), "request_calendar", request.reference)
    assert said["DTSTART;VALUE=DATE"] == "20261223"
    assert "CAI" in said["SUMMARY"]
    held = file_of(signed_in(built, OFFICER, lang), "staff_request_calendar", request.reference)
    assert held["DTSTART;VALUE=DATE"] == "20270323"


@EACH
def test_staff_have_theirs_and_nobody_has_another_person_s(built: Built, lang: Language) -> None:
    request = a_request(built, CAMILLE, lang)
    leads_to = file_of(signed_in(built, AUDITOR, lang), "staff_request_calendar", request.reference)["URL"]
    assert leads_to.startswith(f"{built.installation.settings.site.url}/{lang}/"), "a calendar knows no other address"
    assert leads_to.endswith(request.reference)
    file_of(signed_in(built, EMILY, lang), "request_calendar", request.reference, status=404)
    file_of(signed_in(built, EMILY, lang), "staff_request_calendar", request.reference, status=404)


@given(st.lists(st.text(min_size=1, max_size=200), max_size=4))
def test_no_line_is_too_long_and_no_character_is_cut(titles: list[str]) -> None:
    days = [Day(f"{n}@x", date(2026, 12, 23), title, "http://127.0.0.1/") for n, title in enumerate(titles)]
    written = calendar_file(days, made_by="Coopérative; Les Érables, inc.", now=datetime(2026, 11, 23, tzinfo=UTC))
    lines = written.split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= LONGEST_LINE for line in lines)
    for line in lines:
        line.decode()
    unfolded = written.replace(b"\r\n ", b"").decode()
    assert unfolded.count("BEGIN:VEVENT") - sum(title.count("BEGIN:VEVENT") for title in titles) == len(titles)


@EACH
def test_a_private_address_gives_staff_their_last_days_by_reference_alone(built: Built, lang: Language) -> None:
    request = a_request(built, CAMILLE, lang)
    agent = signed_in(built, "agent@example.org", lang)
    agent.send("staff_take_up", {"version": str(request.version)}, reference=request.reference)
    agent.send("staff_due_dates", {"do": "make"})
    shown = agent.visit("staff_due_dates").text()
    token = re.search(r"/(?:due-dates|echeances)/([\w-]{43})\.ics", shown)
    assert token, "shown once"
    assert token[1] not in agent.visit("staff_due_dates").text()
    program = Visitor(built, lang)
    path = program.address("staff_due_calendar", token=token[1])
    answer = program.client.get(path, base_url=BASE)
    assert answer.mimetype == "text/calendar"
    said = answer.get_data(as_text=True)
    assert f"{request.due:%Y%m%d}" in said
    assert request.reference in said.replace("\r\n ", "")
    assert "camille" not in said
    agent.send("staff_due_dates", {"do": "stop"})
    assert program.client.get(path, base_url=BASE).status_code == 404


def test_a_guessed_address_or_one_of_somebody_shut_out_is_no_page(built: Built) -> None:
    agent = signed_in(built, "agent@example.org", "en")
    agent.send("staff_due_dates", {"do": "make"})
    token = re.search(r"/due-dates/([\w-]{43})\.ics", agent.visit("staff_due_dates").text())
    assert token
    program = Visitor(built, "en")
    guessed = program.client.get(program.address("staff_due_calendar", token="x" * 43), base_url=BASE)
    assert guessed.status_code == 404
    with built.installation.database.writing() as store:
        member = store.staff.by_address("agent@example.org")
        assert member
        store.staff.disable(member.id, built.clock())
    gone = program.client.get(program.address("staff_due_calendar", token=token[1]), base_url=BASE)
    assert gone.status_code == 404
    with built.installation.database.reading() as store:
        assert token[1] not in repr(store.connection.execute(text("SELECT * FROM staff")).all())
