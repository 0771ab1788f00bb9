"""How a request came that staff enter: by which way, for whom, in which form; and that what was said was written down."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.domain.asking import Capacity, Channel, Form, ForWhom
from portal.domain.languages import Language
from tests.client import Page
from tests.installation import CAMILLE, Built, an_installation
from tests.web.paper_visits import AGENT, TYPED, letters_to_person, signed_in, the_request, warnings

SAID = {"fr": "Nous avons noté ce que vous nous avez dit", "en": "We wrote down what you told us"}


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


@pytest.mark.parametrize("channel", ["post", "email", "phone", "in_person"])
def test_the_way_it_came_is_written_and_shown(built: Built, channel: str) -> None:
    agent = signed_in(built, AGENT)
    request = the_request(built, agent.send("staff_request_new", TYPED | {"channel": channel}).location or "")
    assert request.channel is Channel(channel)
    page = agent.visit("staff_request", reference=request.reference).text()
    shown = {"post": "Par la poste", "email": "Par courriel", "phone": "Par téléphone", "in_person": "En personne"}
    assert f"Reçue{shown[channel]}" in page.replace(" ", " ").replace("Reçue ", "Reçue")


@pytest.mark.parametrize("channel", ["", "portal", "pigeon"])
def test_the_way_it_came_is_one_of_four(built: Built, channel: str) -> None:
    page = signed_in(built, AGENT).send("staff_request_new", TYPED | {"channel": channel}, status=422)
    assert isinstance(page, Page)
    assert "Choisissez comment la demande est arrivée." in page.text()


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("channel", ["phone", "in_person"])
def test_what_was_said_is_sent_back_to_be_corrected(built: Built, lang: Language, channel: str) -> None:
    agent = signed_in(built, AGENT)
    typed = TYPED | {"channel": channel, "language": lang, "message": "Mes factures.\n\nDepuis mars."}
    request = the_request(built, agent.send("staff_request_new", typed).location or "")
    [letter] = letters_to_person(built, request)
    sheet = agent.visit("staff_letter_paper", letter_id=letter.id)
    assert SAID[lang] in sheet.text()
    assert "Mes factures." in sheet.text()
    assert "Depuis mars." in sheet.text()
    page = agent.visit("staff_request", reference=request.reference).text()
    assert "Ce que la personne a dit, tel que nous l’avons noté" in page


def test_what_was_written_is_not_written_down_again(built: Built) -> None:
    agent = signed_in(built, AGENT)
    request = the_request(built, agent.send("staff_request_new", TYPED).location or "")
    [letter] = letters_to_person(built, request)
    sheet = agent.visit("staff_letter_paper", letter_id=letter.id).text()
    assert SAID["fr"] not in sheet
    assert TYPED["message"] not in sheet


def test_by_e_mail_the_words_stay_on_the_page_of_the_request(built: Built) -> None:
    agent = signed_in(built, AGENT)
    typed = TYPED | {"channel": "phone", "email": CAMILLE, "name": "", "postal": "", "message": "Mes factures."}
    request = the_request(built, agent.send("staff_request_new", typed).location or "")
    letter = next(one for one in built.mailbox() if one["to"] == CAMILLE and one["reference"] == request.reference)
    assert SAID["fr"] in str(letter["text"])
    assert SAID["fr"] in str(letter["html"])
    assert "Mes factures" not in str(letter["text"]) + str(letter["html"])
    page = signed_in(built, CAMILLE).visit("request_page", reference=request.reference).text()
    assert "Ce que vous nous avez dit, tel que nous l’avons noté" in page
    assert "Mes factures." in page


def test_that_it_was_checked_who_asks_is_told_to_the_person(built: Built) -> None:
    agent = signed_in(built, AGENT)
    typed = TYPED | {"channel": "email", "email": CAMILLE, "name": "", "postal": "", "identity": ""}
    request = the_request(built, agent.send("staff_request_new", typed).location or "")
    form = agent.visit("staff_identity", reference=request.reference).form("/identite")
    agent.send("staff_identity", form | {"identity": "Rappel au numéro du dossier."}, reference=request.reference)
    page = signed_in(built, CAMILLE).visit("request_page", reference=request.reference).text()
    assert "Nous avons vérifié votre identité." in page
    assert "Rappel au numéro" not in page


def test_a_letter_for_somebody_else_is_entered_with_the_form_they_need(built: Built) -> None:
    agent = signed_in(built, AGENT)
    typed = TYPED | {
        "for_whom": "deceased",
        "deceased_capacity": "liquidator",
        "concerned": "Feu Paul Lavigne",
        "wanted_form": "phone",
        "form_words": "819 555-0100, le matin",
    }
    request = the_request(built, agent.send("staff_request_new", typed).location or "")
    assert request.behalf
    assert (request.behalf.whom, request.behalf.capacity) == (ForWhom.DECEASED, Capacity.LIQUIDATOR)
    assert request.wanted_form
    assert request.wanted_form.form is Form.PHONE
    page = agent.visit("staff_request", reference=request.reference)
    assert "Vérifiez d’abord la qualité" in warnings(page)
    for said in ("Feu Paul Lavigne", "Liquidateur, liquidatrice", "819 555-0100, le matin"):
        assert said in page.text()


@pytest.mark.parametrize(
    ("field", "typed"),
    [("concerned", ""), ("deceased_capacity", ""), ("deceased_capacity", "parent_of"), ("received_on", "2026-11-24")],
)
def test_what_lacks_is_said_and_the_rest_is_kept(built: Built, field: str, typed: str) -> None:
    whole = TYPED | {"for_whom": "deceased", "deceased_capacity": "heir", "concerned": "Paul Lavigne"}
    page = signed_in(built, AGENT).send("staff_request_new", whole | {field: typed}, status=422)
    assert isinstance(page, Page)
    refused = [one for one in page.all("fieldset") + page.all("div") if "field--refused" in (one.get("class") or "")]
    assert len(refused) == 1
    assert page.form("/nouvelle")["message"] == TYPED["message"]
