"""The person in charge, changed in one form: every page, letter and policy follows; nothing is lost or overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.app import install, site_of
from portal.config import load_settings
from portal.domain.languages import Language
from portal.domain.rights import Kind, Level
from portal.services.rights import Asked, open_request
from tests.client import Page, Visitor
from tests.installation import CAMILLE, Built, an_installation
from tests.web.settings_visits import SECOND, form_of, notice_at_once, officer, rows

PAGE = "staff_settings_contact"
NEW = {
    "title_fr": "Cheffe de la protection",
    "title_en": "Head of privacy",
    "name": "Ada Lavoie",
    "email": "ada@example.org",
}


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path, log_rows=6)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_page_letter_and_policy_follow_in_the_same_minute(built: Built, lang: Language) -> None:
    visitor, reader = officer(built, lang), Visitor(built, lang)
    assert "jp@atomescroch.us" in reader.visit("policy").text()
    visitor.send(PAGE, form_of(visitor, PAGE) | NEW | {"delegated_on": "2026-11-01"})
    notice_at_once(built)
    title = NEW[f"title_{lang}"]
    for endpoint in ("home", "contact", "policy", "rights"):
        html = reader.visit(endpoint).html
        assert title in html, endpoint
        assert "ada@example.org" in html, endpoint
        assert "jp@atomescroch.us" not in html, endpoint
    assert "Ada Lavoie" in reader.visit("contact").text()
    text = letter_to_person(built, lang)
    assert "Ada Lavoie\n" + title in text
    assert "ada@example.org" in text
    assert any(letter["to"] == "ada@example.org" for letter in built.mailbox())


def letter_to_person(built: Built, lang: Language) -> str:
    with built.installation.database.writing() as store:
        person = store.people.ensure(CAMILLE, language=lang, now=built.clock())
        asked = Asked(Kind.INFO, lang, Level.L2, "Une question")
        open_request(built.installation, store, person, asked, form_id=None, now=built.clock())
    return str(next(letter["text"] for letter in built.mailbox() if letter["to"] == CAMILLE))


def test_an_absence_gives_the_backups_address_on_those_days_only(built: Built) -> None:
    visitor, reader = officer(built, "en"), Visitor(built, "en")
    away = {"backup": "backup@example.org", "away_from": "2026-11-24", "away_to": "2026-11-25"}
    visitor.send(PAGE, form_of(visitor, PAGE) | away)
    for days, address in ((0, "jp@atomescroch.us"), (1, "backup@example.org"), (1, "backup@example.org"), (1, "jp@")):
        built.clock.advance(days=days)
        notice_at_once(built)
        assert address in reader.visit("contact").text()
    built.clock.advance(days=-2)
    notice_at_once(built)
    assert "until they are back on November 26, 2026" in reader.visit("contact").text()
    letter_to_person(built, "en")
    assert [letter["to"] for letter in built.mailbox() if letter["kind"] == "contact_new_request"] == [
        "backup@example.org"
    ]


WRONG = [
    ({"email": "nobody"}, ["email"]),
    ({"title_en": ""}, ["title_en"]),
    ({"title_fr": "", "title_en": "", "phone": "", "address": "", "email": "x"}, ["title_fr", "title_en", "email"]),
    ({"backup": "x@"}, ["backup"]),
    ({"away_from": "2026-12-24"}, ["away_to"]),
    ({"away_from": "2026-12-24", "away_to": "2026-12-20"}, ["away_to"]),
    ({"away_from": "2026-12-24", "away_to": "2026-12-28", "backup": ""}, ["backup"]),
    ({"delegated_on": "2026-13-01"}, ["delegated_on"]),
    ({"delegated_on": "2026-11-24"}, ["delegated_on"]),
    ({"name": "a\x00b"}, ["name"]),
    ({"name": "x" * 301}, ["name"]),
]


@pytest.mark.parametrize(("typed", "refused"), WRONG)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_everything_wrong_is_said_at_once_beside_its_field(
    built: Built, lang: Language, typed: dict[str, str], refused: list[str]
) -> None:
    visitor = officer(built, lang)
    before = rows(built, "contact")
    page = visitor.send(PAGE, form_of(visitor, PAGE) | {"phone": "418 555-0199"} | typed, status=422)
    assert isinstance(page, Page)
    shown = {field.get("id") for field in page.all("input") + page.all("textarea") if field.get("aria-invalid")}
    assert shown == set(refused)
    if "phone" not in typed:
        assert 'value="418 555-0199"' in page.html, "what was typed is kept"
    assert rows(built, "contact") == before


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_two_officers_the_second_sees_what_the_first_wrote_and_loses_nothing(built: Built, lang: Language) -> None:
    one, two = officer(built, lang), officer(built, lang, SECOND)
    typed = form_of(one, PAGE), form_of(two, PAGE)
    one.send(PAGE, typed[0] | {"phone": "111"})
    page = two.send(PAGE, typed[1] | {"phone": "222"}, status=409)
    assert isinstance(page, Page)
    assert "111" in page.text(), "the present state"
    again = page.form(two.address(PAGE))
    assert again["phone"] == "222", "what was typed"
    assert rows(built, "contact")[0].value["phone"] == "111"
    two.send(PAGE, again)
    assert rows(built, "contact")[0].value["phone"] == "222"


def test_undo_and_giving_back_to_the_file_write_new_rows(built: Built) -> None:
    visitor = officer(built, "en")
    for phone in ("111", "222"):
        visitor.send(PAGE, form_of(visitor, PAGE) | {"phone": phone})
    page = visitor.visit(PAGE)
    assert "officer@example.org" in page.text()
    assert "portal.toml" in page.text()
    older = rows(built, "contact")[1]
    undo = {"key": "contact", "row": str(older.id), "version": str(rows(built, "contact")[0].id)}
    visitor.send("staff_settings_undo", undo)
    assert [row.value["phone"] for row in rows(built, "contact")][:3] == ["111", "222", "111"]
    visitor.send("staff_settings_undo", undo, status=409)
    stale = {"key": "contact", "row": "file", "version": str(rows(built, "contact")[0].id)}
    visitor.send("staff_settings_undo", stale)
    assert rows(built, "contact")[0].origin == "file"
    assert rows(built, "contact")[0].value["phone"] == "418 555-0100"


@pytest.mark.parametrize(
    "sent", [{}, {"key": "contact"}, {"key": "nothing", "row": "1"}, {"key": "contact", "row": "99999"}]
)
def test_an_undo_of_nothing_is_not_found(built: Built, sent: dict[str, str]) -> None:
    officer(built).send("staff_settings_undo", sent, status=404)


def test_the_file_no_longer_overwrites_what_an_officer_wrote_and_does_once_given_back(built: Built) -> None:
    visitor = officer(built, "en")
    visitor.send(PAGE, form_of(visitor, PAGE) | {"phone": "111"})
    assert "Differs from the file" in visitor.visit("staff_settings").text()
    file = built.folder / "portal.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("418 555-0100", "418 555-0777"), encoding="utf-8")
    again = site_of(install(load_settings(file, {}), clock=built.clock))
    assert rows(built, "contact")[0].value["phone"] == "111"
    changed = Built(again.extensions["portal"], again, built.clock, built.service_url, built.folder)
    again.testing = True
    visitor = officer(changed, "en")
    assert "418 555-0777" in visitor.visit(PAGE).text()
    visitor.send("staff_settings_undo", {"key": "contact", "row": "file", "version": str(rows(built, "contact")[0].id)})
    assert "418 555-0777" in Visitor(changed, "en").visit("home").html
    assert "Follows the file" in visitor.visit("staff_settings").text()


def test_only_the_officer_may(built: Built) -> None:
    for address in ("agent@example.org", "auditor@example.org"):
        visitor = Visitor(built, "en")
        visitor.sign_in(address)
        for endpoint in ("staff_settings", PAGE):
            visitor.visit(endpoint, status=403)
        visitor.send("staff_settings_undo", {"key": "contact"}, status=403)


def test_a_change_is_in_the_audit_log_without_its_words(built: Built) -> None:
    visitor = officer(built, "en")
    visitor.send(PAGE, form_of(visitor, PAGE) | {"name": "Zoé Unique"})
    assert "jp@atomescroch.us" in visitor.visit("staff_settings").html.split("<footer")[1]
    page = visitor.visit("staff_audit")
    assert "Changed a setting" in page.text()
    assert "Zoé Unique" not in page.text().split("Audit log")[1].split("Atomes crochus")[0]
