"""The officer's road through a notice, on pages: counted, read, proved, counted down, stopped, resumed, over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from portal.domain.notices import LONGEST_CHOSEN, MOST_CHOSEN, NoticeState
from portal.domain.rights import Role
from portal.services import notices, policies
from portal.services.notice_letters import CHANGES_PATHS, CONTACT_PATHS, POLICY_PATHS, RIGHTS_PATHS
from portal.services.subscriptions import UNSUBSCRIBE_PATH
from portal.web.languages import ADDRESSES, PREFIXES
from tests.client import Page, Visitor
from tests.installation import CAMILLE, Built, an_installation
from tests.services.telling import a_change, again, people_of, worked_out

OFFICER, AGENT = "officer@example.org", "agent@example.org"


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


@pytest.mark.parametrize(("lang", "counted"), [("en", "People to tell"), ("fr", "Personnes à aviser")])
def test_the_whole_road_in_the_browser(built: Built, lang: str, counted: str) -> None:
    officer = signed_in(built, lang=lang)
    number = prepared(built, officer)
    built.work()
    page = officer.visit("staff_notice", number=number)
    assert counted in page.text()
    assert str(len(people_of(built))) in page.text()
    act(officer, number, "proof")
    built.work()
    page = officer.visit("staff_notice", number=number)
    act(officer, number, "begin", countdown="60")
    officer.visit("staff_notice", number=number)
    built.clock.advance(minutes=20)
    act(officer, number, "stop")
    officer.visit("staff_notice", number=number)
    act(officer, number, "resume", countdown="5")
    built.clock.advance(minutes=5)
    done = worked_out(built, again(built.installation, int(number)))
    assert done.state is NoticeState.DONE
    page = officer.visit("staff_notice", number=number)
    assert "portal mail bounce" in page.text()
    for word in ("delivered", "livré"):
        assert word not in page.text().lower()
    officer.visit("staff_notices")


def test_the_countdown_is_not_offered_before_a_proof(built: Built) -> None:
    officer = signed_in(built)
    number = prepared(built, officer)
    built.work()
    assert "Begin the countdown" not in officer.visit("staff_notice", number=number).text()
    page = act(officer, number, "begin", status=409)
    assert isinstance(page, Page)
    assert "Nothing was done" in page.text()
    assert again(built.installation, int(number)).state is NoticeState.DRAFTED


def test_a_notice_that_would_come_too_late_says_so(built: Built) -> None:
    tomorrow = built.installation.today(built.clock()).replace(day=24)
    officer = signed_in(built)
    number = prepared(built, officer, a_change(built.installation, day=tomorrow))
    built.work()
    built.clock.advance(hours=12)
    officer.sign_in(OFFICER)
    assert "People must be told before" in officer.visit("staff_notice", number=number).text()


def test_a_change_of_wording_is_not_offered_and_cannot_be_told(built: Built) -> None:
    version_id = a_change(built.installation, kind="wording")
    officer = signed_in(built)
    assert version_id not in officer.visit("staff_notices").html
    page = officer.send("staff_notices", {"kind": "policy_change", "version_id": version_id}, status=422)
    assert isinstance(page, Page)
    assert "none to tell" in page.text()


def test_an_incident_is_written_to_those_chosen(built: Built) -> None:
    officer = signed_in(built)
    officer.send("staff_notices", {"kind": "confidentiality_incident"})
    number = newest(built)
    fields = {
        f"{name}_{language}": f"{name} {language}"
        for name in ("information", "circumstances", "period", "measures", "advice")
        for language in ("fr", "en")
    }
    form = officer.visit("staff_notice", number=number).form(f"/{number}")
    page = officer.send(
        "staff_notice", form | fields | {"chosen": f"{CAMILLE}\nnobody", "do": "save"}, status=422, number=number
    )
    assert isinstance(page, Page)
    assert "line 2: nobody" in page.text()
    assert "circumstances fr" in page.html, "what was typed is still there"
    assert again(built.installation, int(number)).missing, "nothing was kept of what was refused"
    officer.send("staff_notice", form | fields | {"chosen": CAMILLE, "do": "save"}, number=number)
    built.work()
    assert again(built.installation, int(number)).counters.people == 1
    assert "information en" in officer.visit("staff_notice", number=number).text()


def test_too_many_people_to_choose_one_by_one_are_refused_in_words(built: Built) -> None:
    officer = signed_in(built)
    officer.send("staff_notices", {"kind": "confidentiality_incident"})
    number = newest(built)
    form = officer.visit("staff_notice", number=number).form(f"/{number}")
    many = "\n".join(f"r{one}" for one in range(MOST_CHOSEN + 1))
    for chosen, said in ((many, "too many people"), ("x" * (LONGEST_CHOSEN + 1), "The limit is")):
        page = officer.send("staff_notice", form | {"chosen": chosen, "do": "save"}, status=422, number=number)
        assert isinstance(page, Page)
        assert said in page.text()


def test_a_second_press_of_the_same_button_finds_the_first_notice(built: Built) -> None:
    officer = signed_in(built)
    form = officer.visit("staff_notices").form("/notices")
    assert form["kind"] == "business_transfer"
    for _ in range(2):
        officer.send("staff_notices", form)
    assert newest(built) == "1"


def test_the_proof_is_said_to_go_to_who_asked_for_it(built: Built) -> None:
    officer = signed_in(built)
    number = prepared(built, officer)
    with built.installation.database.writing() as store:
        store.staff.add("second@example.org", Role.OFFICER, language="en", now=built.clock())
    second = signed_in(built, "second@example.org")
    act(officer, number, "proof")
    page = second.visit("staff_notice", number=number)
    assert f"on its way to {OFFICER}" in page.text()


def test_a_notice_whose_version_was_overtaken_says_so(built: Built) -> None:
    soon = built.installation.today(built.clock()) + timedelta(days=1)
    officer = signed_in(built)
    number = prepared(built, officer, a_change(built.installation, day=soon))
    built.work()
    act(officer, number, "proof")
    built.work()
    a_change(built.installation, day=soon + timedelta(days=1))
    built.clock.advance(days=3)
    officer.sign_in(OFFICER)
    page = act(officer, number, "begin", status=409)
    assert isinstance(page, Page)
    assert "has taken the place" in page.text()
    assert "goes by itself on February" in page.text()


def test_two_versions_of_one_day_are_told_apart(built: Built) -> None:
    portal = built.installation
    first = a_change(portal)
    with portal.database.writing() as store:
        newest_version = policies.versions(store)[0]
        second = replace(newest_version, id=f"{first}-2")
        policies.publish(portal, store, second, staff_id=None, now=portal.clock())
    assert "number 2" in signed_in(built).visit("staff_notices").text()


def test_half_a_paragraph_is_refused(built: Built) -> None:
    officer = signed_in(built)
    number = prepared(built, officer)
    form = officer.visit("staff_notice", number=number).form(f"/{number}")
    officer.send("staff_notice", form | {"paragraph_fr": "Bonjour", "do": "save"}, status=422, number=number)
    officer.send("staff_notice", form | {"paragraph_fr": "x" * 5_000, "do": "save"}, status=422, number=number)


def test_who_saw_an_older_page_changes_nothing(built: Built) -> None:
    officer = signed_in(built)
    number = prepared(built, officer)
    seen = officer.visit("staff_notice", number=number).form(f"/{number}")
    officer.send("staff_notice", seen | {"paragraph_fr": "Un", "paragraph_en": "One", "do": "save"}, number=number)
    officer.send(
        "staff_notice", seen | {"paragraph_fr": "Deux", "paragraph_en": "Two", "do": "save"}, status=409, number=number
    )
    assert again(built.installation, int(number)).paragraph.en == "One"


@pytest.mark.parametrize("number", ["0", "999", "x", "9" * 30, "1e3"])
def test_a_notice_that_is_not_there_is_not_found(built: Built, number: str) -> None:
    signed_in(built).visit("staff_notice", status=404, number=number)


@pytest.mark.parametrize("do", ["", "delete", "proof\x00"])
def test_an_act_that_is_none_is_refused(built: Built, do: str) -> None:
    officer = signed_in(built)
    number = prepared(built, officer)
    officer.send("staff_notice", {"do": do, "version": "1"}, status=422, number=number)


def test_only_the_officer_tells(built: Built) -> None:
    prepared(built, signed_in(built))
    agent = signed_in(built, AGENT)
    agent.visit("staff_notices", status=403)
    agent.visit("staff_notice", status=403, number="1")


def test_a_discarded_notice_can_be_prepared_anew(built: Built) -> None:
    officer = signed_in(built)
    version_id = a_change(built.installation)
    number = prepared(built, officer, version_id)
    built.work()
    act(officer, number, "discard")
    assert prepared(built, officer, version_id)


def test_paths_in_letters_are_the_sites_own(built: Built) -> None:
    for place, language in enumerate(("en", "fr")):
        prefix = PREFIXES[language]  # type: ignore[index]  # the two languages there are
        for paths, endpoint in (
            (CHANGES_PATHS, "policy_changes"),
            (RIGHTS_PATHS, "rights"),
            (CONTACT_PATHS, "contact"),
        ):
            assert paths[language] == prefix + ADDRESSES[endpoint][place]  # type: ignore[index]  # the same
        assert POLICY_PATHS[language] + "<version_id>" == prefix + ADDRESSES["policy_version"][place]  # type: ignore[index]  # the same
    assert any(rule.rule == f"{UNSUBSCRIBE_PATH}<token>" for rule in built.app.url_map.iter_rules())


def signed_in(built: Built, address: str = OFFICER, lang: str = "en") -> Visitor:
    visitor = Visitor(built, lang)  # type: ignore[arg-type]  # one of the two
    visitor.sign_in(address)
    return visitor


def prepared(built: Built, officer: Visitor, version_id: str | None = None) -> str:
    version_id = version_id or a_change(built.installation)
    officer.visit("staff_notices")
    officer.send("staff_notices", {"kind": "policy_change", "version_id": version_id})
    return newest(built)


def newest(built: Built) -> str:
    with built.installation.database.reading() as store:
        return str(notices.newest(store)[0].id)


def act(officer: Visitor, number: str, do: str, *, status: int = 303, **fields: str) -> object:
    form = officer.visit("staff_notice", number=number).form(f"/{number}")
    sent = {"version": form["version"], "do": do, **fields}
    return officer.send("staff_notice", sent, status=status, number=number)
