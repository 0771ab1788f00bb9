"""Asking for another: whom, in which capacity, checked first; never the rows of whoever asks, never erased by the portal."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.domain.asking import Capacity, Form, ForWhom, OnBehalf
from portal.domain.languages import LANGUAGES, Language
from portal.domain.rights import Kind
from portal.services.follow_codes import code_of
from portal.wording.labels import kind_label
from tests.client import Page, Visitor
from tests.installation import CAMILLE, EMILY, NOBODY, Built, an_installation
from tests.web.asking_visits import FOR_A_CHILD
from tests.web.paper_visits import AGENT, OFFICER, decide, signed_in, the_request


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def test_a_form_with_a_kind_and_a_message_is_for_whoever_asks(built: Built) -> None:
    visitor = signed_in(built, CAMILLE, "en")
    request = the_request(built, visitor.send("new_request", {"kind": "access", "message": "Mine."}).location or "")
    assert (request.behalf, request.wanted_form, request.language) == (None, None, "en")


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_first_question_is_for_whom_and_four_kinds_stand_before_the_rest(built: Built, lang: Language) -> None:
    page = Visitor(built, lang).visit("new_request")
    radios = [one.get("name") for one in page.all("input", type="radio")]
    assert radios[0] == "for_whom"
    assert radios.index("for_whom") < radios.index("kind")
    inside = [one for details in page.all("details") for one in details.iter() if one.get("name") == "kind"]
    first = [one for one in page.all("input", name="kind") if one not in inside]
    assert [one.get("value") for one in first] == ["access", "rectification", "deletion", "withdraw"]
    assert len(inside) == len(Kind) - 4
    assert page.form(page.response.request.path)["for_whom"] == "me"
    assert {"fr": "À partir de 14\N{NO-BREAK SPACE}ans", "en": "From the age of 14"}[lang] in page.text()
    assert not page.all("input", type="date"), "no date of birth"
    assert not page.all("input", type="file"), "no document"


@pytest.mark.parametrize("whom", ["child", "represented", "deceased"])
def test_the_page_of_rights_leads_to_the_form_with_its_first_question_answered(built: Built, whom: str) -> None:
    visitor = Visitor(built, "fr")
    [href] = [one for one in visitor.visit("rights").links().values() if one.endswith(f"for={whom}")]
    assert visitor.open(href).form("/nouvelle")["for_whom"] == whom
    assert visitor.visit("new_request", **{"for": "//x.example"}).form("/nouvelle")["for_whom"] == "me"


ASKS_ACCESS = {
    "me": {"fr": "Accéder à mes renseignements", "en": "Access my information"},
    "child": {"fr": "Accéder aux renseignements de mon enfant", "en": "Access my child’s information"},
    "represented": {
        "fr": "Accéder aux renseignements de la personne que je représente",
        "en": "Access the information of the person I represent",
    },
    "deceased": {
        "fr": "Accéder aux renseignements d’une personne décédée",
        "en": "Access the information of someone who has died",
    },
}


def read_beside(page: Page, kind: str) -> list[str]:
    """What the label of a kind says where nothing of the style sheet is known."""
    field = next(one for one in page.all("input", name="kind") if one.get("value") == kind)
    label = next(one for one in page.all("label") if one.get("for") == field.get("id"))
    words = [one for one in label.iter() if one.get("class", "").startswith("said ")]
    return ["".join(one.itertext()) for one in words if one.get("hidden") is None]


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("whom", ["me", "child", "represented", "deceased"])
def test_kinds_are_said_of_whoever_the_request_is_for(built: Built, whom: str, lang: Language) -> None:
    visitor = Visitor(built, lang)
    page = visitor.open(f"{visitor.address('new_request')}?for={whom}")
    assert read_beside(page, "access") == [ASKS_ACCESS[whom][lang]]
    refused = visitor.send("new_request", {"for_whom": whom, "kind": "access", "message": ""}, status=422)
    assert isinstance(refused, Page)
    assert read_beside(refused, "access") == [ASKS_ACCESS[whom][lang]]
    for kind in ("comment", "complaint", "other"):
        assert read_beside(page, kind) == [], "said alike for all"


def test_every_kind_that_says_my_is_said_otherwise_of_another() -> None:
    mine = {kind for kind in Kind if {"my", "me"} & set(kind_label(kind, "en").split())} - {Kind.COMMENT}
    for lang in LANGUAGES:
        for kind in Kind:
            said = {kind_label(kind, lang, whom) for whom in ForWhom}
            assert len(said) == (len(ForWhom) if kind in mine else 1), kind


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_pages_of_a_request_for_a_child_say_so_and_letters_and_follow_codes_do_not(
    built: Built, lang: Language
) -> None:
    visitor = signed_in(built, CAMILLE, lang)
    request = the_request(built, visitor.send("new_request", FOR_A_CHILD | {"answer_in": lang}).location or "")
    theirs, mine = ASKS_ACCESS["child"][lang], ASKS_ACCESS["me"][lang]
    for endpoint, place in (("request_page", {"reference": request.reference}), ("requests", {})):
        page = visitor.visit(endpoint, **place).text()
        assert theirs in page
        assert mine not in page
    letter = next(one for one in built.mailbox() if one["kind"] == "acknowledgement")
    assert theirs not in str(letter["text"])
    assert mine not in str(letter["text"])
    follower = Visitor(built, lang)
    code = code_of(built.installation, request)
    followed = follower.send("follow", {"reference": request.reference, "code": code}, status=200)
    assert isinstance(followed, Page)
    assert theirs not in followed.text()
    assert mine not in followed.text()


def test_the_kind_chosen_behind_something_else_is_not_hidden(built: Built) -> None:
    page = Visitor(built, "fr").visit("new_request", kind="comment")
    [details] = [one for one in page.all("details") if any(part.get("name") == "kind" for part in one.iter())]
    assert details.get("open") is not None


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_parent_asks_and_the_page_says_what_is_checked(built: Built, lang: Language) -> None:
    visitor = signed_in(built, CAMILLE, lang)
    answer = visitor.send("new_request", FOR_A_CHILD)
    request = the_request(built, answer.location or "")
    assert request.behalf == OnBehalf(ForWhom.CHILD, Capacity.PARENT, FOR_A_CHILD["concerned"])
    page = visitor.open(answer.location or "").text()
    assert "Léo Tremblay" in page
    assert {"fr": "nous assurer que vous pouvez agir", "en": "make sure that you may act"}[lang] in page


@pytest.mark.parametrize(
    ("changed", "lacking"),
    [
        ({"for_whom": "everybody"}, "for_whom"),
        ({"child_capacity": ""}, "child_capacity"),
        ({"child_capacity": "heir"}, "child_capacity"),
        ({"for_whom": "represented"}, "represented_capacity"),
        ({"for_whom": "deceased", "deceased_capacity": "mandatary"}, "deceased_capacity"),
        ({"concerned": " \u200b"}, "concerned"),
        ({"concerned": "x" * 301}, "concerned"),
        ({"concerned": "x" * 10_000}, "concerned"),
        ({"concerned": "Léo\x00"}, "concerned"),
        ({"concerned": "Léo \u202eyoR"}, "concerned"),
        ({"wanted_form": "pigeon"}, "wanted_form"),
        ({"wanted_form": "phone"}, "form_words"),
        ({"wanted_form": "post", "form_words": "x" * 10_000}, "form_words"),
        ({"answer_in": "de"}, "answer_in"),
    ],
)
def test_what_cannot_be_asked_is_said_beside_its_field_and_nothing_is_lost(
    built: Built, changed: dict[str, str], lacking: str
) -> None:
    visitor = signed_in(built, CAMILLE)
    page = visitor.send("new_request", FOR_A_CHILD | changed, status=422)
    assert isinstance(page, Page)
    refused = [one for one in page.all("fieldset") + page.all("div") if "field--refused" in (one.get("class") or "")]
    named = {control.get("name") for one in refused for control in one.iter() if control.get("name")}
    assert named == {lacking}
    assert page.form("/nouvelle")["message"] == FOR_A_CHILD["message"]
    with built.installation.database.reading() as store:
        assert list(store.requests.all()) == []


def test_a_capacity_of_another_whom_is_not_looked_at(built: Built) -> None:
    visitor = signed_in(built, CAMILLE)
    typed = FOR_A_CHILD | {"for_whom": "me", "child_capacity": "nonsense", "concerned": ""}
    assert the_request(built, visitor.send("new_request", typed).location or "").behalf is None


def test_a_visitor_proves_their_address_and_what_they_said_of_the_other_is_kept(built: Built) -> None:
    visitor = Visitor(built, "fr")
    typed = FOR_A_CHILD | {"wanted_form": "phone", "form_words": "819 555-0100", "answer_in": "en", "email": NOBODY}
    visitor.send("new_request", typed)
    visitor.send("sign_in_code", {"code": visitor.code_for(NOBODY)})
    page = visitor.visit("resume")
    for said in (
        "Pour mon enfant de moins de 14\N{NO-BREAK SPACE}ans",
        "Parent",
        "Léo Tremblay",
        "Par téléphone",
        "819 555-0100",
    ):
        assert said in page.text()
    request = the_request(built, visitor.send("new_request", page.form("/nouvelle")).location or "")
    assert request.behalf
    assert (request.behalf.about, request.language) == (FOR_A_CHILD["concerned"], "en")
    assert request.wanted_form
    assert (request.wanted_form.form, request.wanted_form.words) == (Form.PHONE, "819 555-0100")


def test_the_answer_comes_in_the_language_asked_for_whatever_the_page_and_the_account(built: Built) -> None:
    visitor = signed_in(built, CAMILLE, "fr")
    answer = visitor.send("new_request", {"kind": "info", "message": "Bonjour", "answer_in": "en"})
    request = the_request(built, answer.location or "")
    decide(signed_in(built, OFFICER), request, decision="refused", reason="No.", provision="P-39.1, s. 40", ground="")
    letters = [one for one in built.mailbox() if one["reference"] == request.reference and one["to"] == CAMILLE]
    assert {one["language"] for one in letters} == {"en"}
    assert len(letters) == 2
    person = signed_in(built, EMILY)
    assert person.visit("account"), "the account keeps its own language"
    with built.installation.database.reading() as store:
        found = store.people.by_address(CAMILLE)
        assert found
        assert found.language == "fr"


def test_the_form_wanted_is_read_by_its_person_and_by_staff(built: Built) -> None:
    visitor = signed_in(built, CAMILLE)
    typed = {"kind": "info", "message": "Bonjour", "wanted_form": "large_print"}
    request = the_request(built, visitor.send("new_request", typed).location or "")
    for page in (
        visitor.visit("request_page", reference=request.reference),
        signed_in(built, AGENT).visit("staff_request", reference=request.reference),
    ):
        assert "En gros caractères" in page.text()
