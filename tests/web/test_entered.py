"""Requests that staff enter, however they came: whom our letters go to, who asks, and what is still to post."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from portal.config.settings import Settings
from portal.domain.languages import Language
from portal.domain.rights import Level, State
from tests.client import Page
from tests.installation import CAMILLE, Built, an_installation
from tests.web.paper_visits import (
    AGENT,
    OFFICER,
    TYPED,
    decide,
    entered,
    letters_to_person,
    now_of,
    signed_in,
    the_request,
    warnings,
)


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def test_errors_are_listed_in_the_order_of_the_form(built: Built) -> None:
    page = signed_in(built, AGENT).send("staff_request_new", {"form_id": TYPED["form_id"]}, status=422)
    assert isinstance(page, Page)
    [summary] = page.all("ul", class_="error-summary__list")
    named = [link.get("href", "").removeprefix("#").removesuffix("-0") for link in summary.iter() if link.get("href")]
    fields = [one.get("id") for one in page.tree.iter() if one.get("id") in named]
    assert named == fields
    assert len(named) == 6


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_what_came_by_e_mail_is_opened_like_any_other_request_of_that_person(built: Built, lang: Language) -> None:
    agent, officer = signed_in(built, AGENT, lang), signed_in(built, OFFICER, lang)
    typed = TYPED | {"name": "", "postal": "", "email": " Camille.Tremblay@example.org", "identity": ""}
    request = the_request(built, agent.send("staff_request_new", typed).location or "")
    assert (request.level, request.received_on, request.due) == (Level.L1, date(2026, 11, 20), date(2026, 12, 20))
    page = officer.visit("staff_request", reference=request.reference)
    assert {"fr": "adresse courriel pour cette personne", "en": "no e-mail address"}[lang] not in page.text()
    assert {"fr": "Pas encore vérifiée", "en": "Not checked yet"}[lang] in page.text()
    assert {"fr": "Vérifiez qui fait la demande", "en": "Check who asks before"}[lang] in warnings(page)
    assert "acknowledgement" in {one["kind"] for one in built.mailbox() if one["to"] == CAMILLE}
    person = signed_in(built, CAMILLE)
    assert request.reference in person.visit("requests").text()
    form = agent.visit("staff_identity", reference=request.reference).form(
        request.reference + {"fr": "/identite", "en": "/identity"}[lang]
    )
    refused = agent.send("staff_identity", form | {"identity": " "}, reference=request.reference, status=422)
    assert isinstance(refused, Page)
    agent.send("staff_identity", form | {"identity": "Rappel au numéro du dossier."}, reference=request.reference)
    agent.send("staff_identity", form | {"identity": "Encore."}, reference=request.reference, status=409)
    checked = now_of(built, request)
    assert (checked.level, checked.identity_check) == (Level.L3, "Rappel au numéro du dossier.")
    page = officer.visit("staff_request", reference=request.reference)
    assert "Rappel au numéro du dossier." in page.text()
    assert warnings(page) == ""
    decide(officer, checked, decision="granted")
    assert now_of(built, request).state is State.CLOSED


def test_a_request_by_post_may_be_entered_before_anybody_is_known(built: Built) -> None:
    agent = signed_in(built, AGENT)
    request = the_request(built, agent.send("staff_request_new", TYPED | {"identity": ""}).location or "")
    assert (request.level, request.identity_check) == (Level.L1, None)
    assert "Vérifiez qui fait la demande" in warnings(agent.visit("staff_request", reference=request.reference))
    decide(
        signed_in(built, OFFICER),
        request,
        decision="refused",
        reason="Nous ne savons pas qui demande.",
        provision="P-39.1, art. 30",
    )
    page = agent.visit("staff_request", reference=request.reference)
    assert "Vérifiez qui fait la demande" not in warnings(page)
    assert "Non vérifiée" in page.text()


def test_nobody_says_that_their_own_identity_was_checked(built: Built) -> None:
    agent = signed_in(built, AGENT)
    typed = TYPED | {"name": "", "postal": "", "email": AGENT, "identity": ""}
    request = the_request(built, agent.send("staff_request_new", typed).location or "")
    form = agent.visit("staff_identity", reference=request.reference).form("/identite")
    agent.send("staff_identity", form | {"identity": "C’est moi."}, reference=request.reference, status=409)
    assert now_of(built, request).level is Level.L1


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_request_says_first_that_its_letter_is_still_to_print_and_post(built: Built, lang: Language) -> None:
    request = entered(built)
    officer = signed_in(built, OFFICER, lang)
    nothing_yet = {"fr": "La personne n’a encore rien reçu", "en": "The person has received nothing yet"}[lang]
    no_answer = {"fr": "La personne n’a pas encore la réponse", "en": "The person does not have the answer yet"}[lang]
    [acknowledgement] = letters_to_person(built, request)
    page = officer.visit("staff_request", reference=request.reference)
    assert nothing_yet in warnings(page)
    assert lang == "en" or "postez\N{NON-BREAKING HYPHEN}le" in warnings(page), "no line ends between the two"
    assert {"fr": "25 novembre 2026", "en": "November 25, 2026"}[lang] in warnings(page)
    assert officer.address("staff_letter", letter_id=acknowledgement.id) in page.links().values()
    assert warnings(officer.visit("staff_requests")), "the list warns too"
    officer.send("staff_letter", {"posted_on": "2026-11-23"}, letter_id=acknowledgement.id)
    decide(officer, request, decision="granted", reason="Voici vos factures.")
    page = officer.visit("staff_request", reference=request.reference)
    assert no_answer in warnings(page)
    assert nothing_yet not in warnings(page)
    assert {"fr": "23 décembre 2026", "en": "December 23, 2026"}[lang] in warnings(page)
    [_, answer] = letters_to_person(built, request)
    officer.send("staff_letter", {"posted_on": "2026-11-23"}, letter_id=answer.id)
    assert warnings(officer.visit("staff_request", reference=request.reference)) == ""


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_letter_is_not_printed_before_it_has_a_return_address(tmp_path: Path, lang: Language) -> None:
    def nowhere(settings: Settings) -> Settings:
        return replace(settings, privacy_contact=replace(settings.privacy_contact, address=""))

    built = an_installation(tmp_path, change=nowhere)
    [letter] = letters_to_person(built, entered(built))
    officer, agent = signed_in(built, OFFICER, lang), signed_in(built, AGENT, lang)
    page = officer.visit("staff_letter", letter_id=letter.id)
    assert officer.address("staff_letter_paper", letter_id=letter.id) not in page.links().values()
    assert officer.address("staff_settings_contact") in page.links().values()
    assert {"fr": "Demandez à une personne responsable", "en": "Ask an officer"}[lang] in agent.visit(
        "staff_letter", letter_id=letter.id
    ).text()
    officer.visit("staff_letter_paper", letter_id=letter.id, status=409)


def test_a_letter_gives_the_address_it_comes_back_to(built: Built) -> None:
    [letter] = letters_to_person(built, entered(built))
    sheet = signed_in(built, OFFICER).visit("staff_letter_paper", letter_id=letter.id)
    assert "12, rue des Affinités" in "".join(sheet.all("p", class_="sheet__from")[0].itertext())


def test_days_are_picked_and_the_day_of_posting_is_today_unless_changed(built: Built) -> None:
    agent = signed_in(built, AGENT)
    [letter] = letters_to_person(built, entered(built))
    for page in (agent.visit("staff_request_new"), agent.visit("staff_letter", letter_id=letter.id)):
        assert page.all("input", type="date")
    assert agent.visit("staff_letter", letter_id=letter.id).form(f"/{letter.id}")["posted_on"] == "2026-11-23"
