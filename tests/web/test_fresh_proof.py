"""What lets somebody in, or says who is in charge, asks staff for a fresh proof; what they typed is given back (ASVS 7.5.3)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from portal.domain.languages import Language
from portal.domain.rights import Role
from portal.services import members
from tests.client import Page, Visitor
from tests.installation import CAMILLE, Built, an_installation
from tests.web.settings_visits import OFFICER, fields_of, form_of, officer, rows

AGENT, NEW = "agent@example.org", "nadia.benali@example.org"


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def role_of(built: Built, address: str) -> Role | None:
    with built.installation.database.reading() as store:
        found = store.staff.by_address(address)
    return found.role if found and found.active else None


def number_of(built: Built, address: str) -> str:
    with built.installation.database.reading() as store:
        found = store.staff.by_address(address)
    assert found
    return str(found.id)


ACTS: dict[str, dict[str, str]] = {
    "staff_colleagues": {"email": NEW, "role": "officer", "language": "fr", "form_id": "f" * 24},
    "staff_colleague_role": {"role": "officer"},
    "staff_colleague_link": {},
    "staff_colleague_leave": {"act": "remove", "heir": ""},
    "staff_colleague_enable": {},
    "staff_settings_contact": {"title_fr": "Responsable", "title_en": "Officer", "email": NEW, "version": "1"},
    "staff_settings_undo": {"key": "contact", "row": "1", "version": "1"},
}


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("endpoint", ACTS)
def test_after_a_quarter_of_an_hour_nothing_is_done_before_a_code(built: Built, endpoint: str, lang: Language) -> None:
    visitor = officer(built, lang)
    arguments = {"member": number_of(built, AGENT)} if endpoint.startswith("staff_colleague_") else {}
    built.clock.advance(minutes=16)
    answer = visitor.send(endpoint, ACTS[endpoint], **arguments)
    assert visitor.address("confirm") in answer.location  # type: ignore[union-attr]  # a redirect
    assert role_of(built, AGENT) is Role.AGENT
    assert role_of(built, NEW) is None
    assert all(row.staff_id is None for row in rows(built, "contact"))
    assert all(letter["kind"] != "staff_invitation" for letter in built.mailbox())


def test_pages_of_colleagues_are_read_without_a_code(built: Built) -> None:
    visitor = officer(built)
    built.clock.advance(minutes=16)
    visitor.visit("staff_colleagues")
    visitor.visit("staff_colleague", member=number_of(built, AGENT))
    visitor.visit("staff_settings_contact")


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_colleague_is_invited_once_the_code_is_given(built: Built, lang: Language) -> None:
    visitor = officer(built, lang)
    built.clock.advance(minutes=16)
    asked = visitor.send("staff_colleagues", ACTS["staff_colleagues"])
    fields = visitor.open(asked.location).form(visitor.address("confirm"))  # type: ignore[union-attr]  # a redirect
    visitor.send("confirm", fields, status=200)
    answer = visitor.send("confirm", {"code": visitor.code_for(OFFICER)})
    back = visitor.open(answer.location)  # type: ignore[union-attr]  # a redirect
    assert NEW in back.text()
    assert {"fr": "Personne responsable", "en": "Person in charge"}[lang] in back.text()
    assert role_of(built, NEW) is None
    action = visitor.address("staff_colleagues")
    done = visitor.send("staff_colleagues", back.form(action))
    assert visitor.address("staff_colleague", member=number_of(built, NEW)) == done.location  # type: ignore[union-attr]
    assert role_of(built, NEW) is Role.OFFICER


def test_the_person_in_charge_changes_once_the_code_is_given(built: Built) -> None:
    visitor = officer(built)
    form = form_of(visitor, "staff_settings_contact") | {"name": "Nadia Benali"}
    built.clock.advance(minutes=16)
    visitor.send("staff_settings_contact", form)
    assert len(rows(built, "contact")) == 1
    visitor.confirm(OFFICER)
    back = visitor.visit("resume")
    assert "Nadia Benali" in back.text()
    visitor.send("staff_settings_contact", fields_of(back, visitor.address("staff_settings_contact")))
    assert rows(built, "contact")[0].value["name"] == "Nadia Benali"


def test_other_settings_are_undone_without_a_code(built: Built) -> None:
    visitor = officer(built)
    form = form_of(visitor, "staff_settings_replies")
    built.clock.advance(minutes=16)
    first = {"name_fr": "Bonjour", "name_en": "Hello", "text_fr": "Bonjour", "text_en": "Hello"}
    visitor.send("staff_settings_replies", form | first)


def test_another_browser_of_the_same_officer_is_not_given_it(built: Built) -> None:
    visitor, other = officer(built), officer(built)
    built.clock.advance(minutes=16)
    visitor.send("staff_colleague_role", {"role": "officer"}, member=number_of(built, AGENT))
    other.visit("resume", status=404)


def test_a_code_asked_by_somebody_else_confirms_nothing(built: Built) -> None:
    visitor, person = officer(built), Visitor(built)
    built.clock.advance(minutes=16)
    person.sign_in(CAMILLE)
    person.send("confirm", {"send": "1"}, status=200)
    visitor.send("confirm", {"send": "1"}, status=200)
    visitor.send("confirm", {"code": person.code_for(CAMILLE)}, status=422)
    answer = visitor.send("staff_colleague_role", {"role": "officer"}, member=number_of(built, AGENT))
    assert visitor.address("confirm") in answer.location  # type: ignore[union-attr]  # a redirect


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_while_no_letter_leaves_a_link_counts_as_the_code(tmp_path: Path, lang: Language) -> None:
    built = an_installation(tmp_path, change=lambda settings: replace(settings, mail=replace(settings.mail, url=None)))
    visitor = Visitor(built, lang)
    _open_link(built, visitor)
    built.clock.advance(minutes=16)
    number = number_of(built, AGENT)
    token = visitor.token(path=visitor.address("staff_colleague", member=number))
    answer = visitor.send("staff_colleague_role", {"role": "officer", "csrf_token": token}, member=number)
    page = visitor.open(answer.location)  # type: ignore[union-attr]  # a redirect
    assert f"portal staff add {OFFICER} --role officer" in page.text()
    back = visitor.open(_open_link(built, visitor))
    assert role_of(built, AGENT) is Role.AGENT
    form = back.form(visitor.address("staff_colleague_role", member=number))
    visitor.send("staff_colleague_role", form, member=number)
    assert role_of(built, AGENT) is Role.OFFICER


def _open_link(built: Built, visitor: Visitor) -> str:
    with built.installation.database.writing() as store:
        token = members.add(built.installation, store, OFFICER, Role.OFFICER, language=visitor.language)
    form = visitor.visit("sign_in_link", token=token).form(token)
    answer: Any = visitor.send("sign_in_link", form, token=token)
    return str(answer.location)


def test_an_officer_whose_session_ended_comes_back_as_one_and_loses_nothing(built: Built) -> None:
    visitor = officer(built)
    form = form_of(visitor, "staff_settings_category", category="usage") | {"label_fr": "Journaux des appels"}
    assert isinstance(form["purposes"], list)
    built.clock.advance(minutes=31)
    refused = visitor.send("staff_settings_category", form, category="usage", status=401)
    assert isinstance(refused, Page)
    visitor.send("sign_in", refused.form("/connexion") | {"email": OFFICER})
    answer = visitor.send("sign_in_code", {"code": visitor.code_for(OFFICER)})
    back = visitor.open(answer.location)  # type: ignore[union-attr]  # a redirect
    again = fields_of(back, visitor.address("staff_settings_category", category="usage"))
    visitor.send("staff_settings_category", again, category="usage")
    value = rows(built, "cat:usage")[0].value
    assert value["label"]["fr"] == "Journaux des appels"
    assert value["purposes"] == form["purposes"]


def test_who_was_shut_out_is_kept_nothing_of(built: Built) -> None:
    second = officer(built, address="second.officer@example.org")
    visitor = officer(built)
    number = number_of(built, "second.officer@example.org")
    token = second.token()
    visitor.send("staff_colleague_leave", {"act": "remove", "heir": ""}, member=number)
    page = second.send("staff_colleague_role", {"role": "officer", "csrf_token": token}, member="2", status=401)
    assert isinstance(page, Page)
    with built.installation.database.reading() as store:
        assert not store.connection.exec_driver_sql("SELECT 1 FROM kept_texts").first()


def test_a_form_that_was_taken_is_not_given_back_again(built: Built) -> None:
    visitor = officer(built)
    built.clock.advance(minutes=16)
    number = number_of(built, AGENT)
    visitor.send("staff_colleague_role", {"role": "officer"}, member=number)
    visitor.confirm(OFFICER)
    visitor.send("staff_colleague_role", visitor.visit("resume").form("/role"), member=number)
    visitor.visit("resume", status=404)


def test_a_page_that_expired_gives_every_value_of_a_list_back(built: Built) -> None:
    visitor = officer(built)
    form = form_of(visitor, "staff_settings_category", category="usage") | {"label_fr": "Journaux des appels"}
    page = visitor.send("staff_settings_category", form | {"csrf_token": "stale"}, category="usage", status=400)
    assert isinstance(page, Page)
    again = fields_of(page, visitor.address("staff_settings_category", category="usage"))
    visitor.send("staff_settings_category", again, category="usage")
    assert rows(built, "cat:usage")[0].value["purposes"] == form["purposes"]
