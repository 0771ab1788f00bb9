"""My account: the language, the open sessions, the sign-ins and who on staff looked."""

from dataclasses import replace
from pathlib import Path

import pytest

from portal.config import Settings
from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.rights import Kind, Level
from portal.services.rights import Asked, open_request
from tests.client import BASE, Page, Visitor
from tests.installation import CAMILLE, EMILY, Built, an_installation


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def test_choosing_a_language_leads_to_the_page_in_it_and_changes_the_letters(built: Built) -> None:
    visitor = _person(built)
    form = visitor.visit("account").form("/language")
    assert form["language"] == "en"
    answer = visitor.send("account_language", form | {"language": "fr"})
    assert answer.location == "/fr/compte"  # type: ignore[union-attr]  # a redirect
    assert visitor.open("/fr/compte").form("/langue")["language"] == "fr"
    with built.installation.database.reading() as store:
        person = store.people.by_address(CAMILLE)
    assert person
    assert person.language == "fr"


@pytest.mark.parametrize("language", ["", "de", "fr\x00", "x" * 5000])
def test_what_is_no_language_of_ours_is_refused(built: Built, language: str) -> None:
    page = _person(built).send("account_language", {"language": language}, status=422)
    assert isinstance(page, Page)
    assert page.all("div", class_="error-summary")


def test_an_ended_session_is_out_at_once_and_the_other_stays(built: Built) -> None:
    first, second = _person(built), _person(built)
    form = first.visit("account").form("/end")
    [action] = [found.get("action", "") for found in first.visit("account").all("form", class_="form--inline")]
    first.client.post(action, data=form, base_url=BASE)
    assert second.client.get(second.address("account"), base_url=BASE).status_code == 303
    assert not first.visit("account").all("form", class_="form--inline")


def test_nobody_ends_another_person_s_session(built: Built) -> None:
    mine, theirs = _person(built), _person(built, EMILY)
    with built.installation.database.reading() as store:
        person = store.people.by_address(EMILY)
        assert person
        [session] = store.sessions.open_of(person_id=person.id)
    mine.send("end_session", {}, session_id=session.id, status=404)
    mine.send("end_session", {}, session_id=10**12, status=404)
    theirs.visit("account")


def test_each_look_of_staff_is_shown_with_its_role_its_date_and_its_request(tmp_path: Path) -> None:
    """Of services that keep no record of looks, nothing is said."""
    built = an_installation(tmp_path, change=_without_records)
    visitor = _person(built)
    assert "No member of staff has looked" in visitor.visit("account").text()
    portal = built.installation
    with portal.database.writing() as store:
        person, agent = store.people.by_address(CAMILLE), store.staff.by_address("agent@example.org")
        assert person
        assert agent
        asked = Asked(kind=Kind.ACCESS, language="en", level=Level.L2)
        request = open_request(portal, store, person, asked, form_id=None, now=built.clock())
        line = AuditLine(built.clock(), AuditEvent.STAFF_VIEWED_PERSON, Actor.STAFF, agent.id)
        store.audit.record(
            AuditLine(line.at, line.event, line.actor, agent.id, person_id=person.id, request_id=request.id)
        )
    page = visitor.visit("account")
    assert f"November 23, 2026 at 12:00\u00a0p.m. Agent {request.reference}" in page.text()
    assert visitor.address("request_page", reference=request.reference) in page.links().values()
    assert "agent@example.org" not in page.html
    assert "No member of staff has looked" in _person(built, EMILY).visit("account").text()


def test_what_the_portal_keeps_is_said_with_its_end(built: Built) -> None:
    words = _person(built).visit("account").text()
    assert "Kept until February 21, 2027, if nothing more happens" in words


def _without_records(settings: Settings) -> Settings:
    return replace(settings, data_map=replace(settings.data_map, accesses=()))


def _person(built: Built, address: str = CAMILLE) -> Visitor:
    visitor = Visitor(built, "en")
    visitor.sign_in(address, "en")
    return visitor
