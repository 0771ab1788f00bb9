"""Following a request with the reference and the code of a letter: reading alone, no account, and no guessing."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from portal.domain.audit import AuditEvent
from portal.domain.languages import Language
from portal.domain.letters import FACTS, STAFF_LETTERS
from portal.domain.rights import CorrectionAsked, Decision, Kind, Level, RightsRequest
from portal.services.follow_codes import code_of
from portal.services.rights import Asked, open_request
from tests.client import BASE, Page, Visitor
from tests.installation import CAMILLE, NOBODY, Built, an_installation
from tests.web.paper_visits import AGENT, OFFICER, decide, entered, letters_to_person, now_of, signed_in

WRONG = {"fr": "ne vont pas ensemble", "en": "do not go together"}


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def a_request(built: Built, lang: Language = "fr", kind: Kind = Kind.ACCESS, address: str = CAMILLE) -> RightsRequest:
    now = built.clock()
    with built.installation.database.writing() as store:
        person = store.people.ensure(address, language=lang, now=now)
        asked = Asked(kind, lang, Level.L2, "Le secret de mon message")
        return open_request(built.installation, store, person, asked, form_id=None, now=now)


def letter_code(built: Built, request: RightsRequest) -> str:
    """The code as the newest letter about the request gives it."""
    letter = next(one for one in built.mailbox() if one["reference"] == request.reference and one["to"] == CAMILLE)
    found = re.findall(r"(?:Code de suivi\s:|Follow code:) ([0-9A-Z]{4}-[0-9A-Z]{4})", str(letter["text"]))
    assert len(found) == 1, letter["text"]
    assert found[0] in str(letter["html"])
    return str(found[0])


def follow(visitor: Visitor, reference: str, code: str, *, status: int = 200) -> Page:
    page = visitor.send("follow", {"reference": reference, "code": code}, status=status)
    assert isinstance(page, Page)
    return page


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_request_is_followed_from_its_letter_to_its_answer_without_an_account(built: Built, lang: Language) -> None:
    request = a_request(built, lang)
    code = letter_code(built, request)
    visitor = Visitor(built, lang)
    page = follow(visitor, request.reference.lower().replace("-", " "), code.lower().replace("-", ""))
    assert {"fr": "au plus tard le 23 décembre 2026", "en": "by December 23, 2026 at the latest"}[lang] in page.text()
    assert "secret" not in page.html
    assert page.response.headers["Cache-Control"] == "no-store"
    assert page.all("meta", name="robots", content="noindex")
    decide(
        signed_in(built, OFFICER),
        request,
        decision="refused",
        reason="Ces renseignements concernent un tiers.",
        provision="P-39.1, art. 40",
    )
    assert letter_code(built, request) == code, "the closing letter carries the same"
    page = follow(visitor, request.reference, code)
    for said in ("Ces renseignements concernent un tiers.", "P-39.1, art. 40", "Commission d’accès à l’information"):
        assert said in page.text()
    assert visitor.client.get(f"/{lang}/requests", base_url=BASE).status_code in {303, 404}
    visitor.visit("follow")


def test_it_opens_no_session_and_gives_no_rows_nor_files(built: Built) -> None:
    now = built.clock()
    correction = CorrectionAsked("account", "service.accounts", ("x",), "name", "Camille Tremblay", "Camille T.")
    with built.installation.database.writing() as store:
        person = store.people.ensure(CAMILLE, language="fr", now=now)
        asked = Asked(Kind.RECTIFICATION, "fr", Level.L2, "…", correction=correction)
        request = open_request(built.installation, store, person, asked, form_id=None, now=now)
    visitor = Visitor(built, "fr")
    page = follow(visitor, request.reference, code_of(built.installation, request))
    assert "Camille" not in page.html
    for endpoint in ("my_information", "requests", "download"):
        answer = visitor.client.get(visitor.address(endpoint), base_url=BASE)
        assert answer.status_code == 303, endpoint
    with built.installation.database.reading() as store:
        lines = [one for one in store.audit.newest() if one.event is AuditEvent.FOLLOWED]
    assert [(one.person_id, one.request_id) for one in lines] == [(request.person_id, request.id)]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_wrong_pair_is_told_in_one_sentence_whatever_is_wrong(built: Built, lang: Language) -> None:
    request = a_request(built)
    other = a_request(built, address=NOBODY)
    visitor = Visitor(built, lang)
    pairs = (
        (request.reference, "K7Q2-M4XZ"),
        (request.reference, code_of(built.installation, other)),
        ("R-0000-0000-0000", code_of(built.installation, replace(request, reference="R-0000-0000-0000"))),
        ("R-0000-0000-0000", "K7Q2-M4XZ"),
        (request.reference, "123456"),
        (request.reference, ""),
        ("", ""),
        ("<script>", "' OR 1=1"),
    )
    words = set()
    for reference, code in pairs:
        page = follow(visitor, reference, code, status=422)
        assert WRONG[lang] in page.text()
        typed = page.form(page.response.request.path)
        assert (typed["reference"], typed["code"]) == (reference, code), "nothing typed is lost"
        words.add(page.text())
    assert len(words) == 1


@pytest.mark.parametrize(
    "typed", [{"reference": "x" * 10_000}, {"code": "x" * 10_000}, {"code": "a\x00b"}, {"reference": "R\r\nBcc: x"}]
)
def test_what_is_no_pair_at_all_is_refused(built: Built, typed: dict[str, str]) -> None:
    page = Visitor(built, "fr").send("follow", {"reference": "R-1", "code": "x"} | typed, status=422)
    assert isinstance(page, Page)


@pytest.mark.parametrize("exists", [True, False])
def test_guessing_is_counted_for_every_browser_alike_whether_or_not_the_reference_exists(
    built: Built, exists: bool
) -> None:
    request = a_request(built) if exists else replace(a_request(built), reference="R-0000-0000-0000")
    reference = request.reference
    for _ in range(10):
        follow(Visitor(built, "fr"), reference, "K7Q2-M4XZ", status=422)
    right = code_of(built.installation, request)
    page = follow(Visitor(built, "fr"), reference, right, status=429)
    assert int(page.response.headers["Retry-After"]) > 0
    built.clock.advance(minutes=16)
    follow(Visitor(built, "fr"), reference, right, status=200 if exists else 422)


def the_button(visitor: Visitor, endpoint: str, request: RightsRequest) -> dict[str, str]:
    return visitor.visit(endpoint, reference=request.reference).form(
        "/code-de-suivi" if visitor.language == "fr" else "/follow-code"
    )


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("who", ["person", "staff"])
def test_a_code_is_replaced_and_the_old_one_is_then_unknown_like_any_other(
    built: Built, lang: Language, who: str
) -> None:
    request = a_request(built, lang)
    old = letter_code(built, request)
    page, act = ("request_page", "follow_code") if who == "person" else ("staff_request", "staff_follow_code")
    visitor = signed_in(built, CAMILLE if who == "person" else AGENT, lang)
    pressed = the_button(visitor, page, request)
    visitor.send(act, pressed, reference=request.reference)
    visitor.send(act, pressed, reference=request.reference)
    new = letter_code(built, request)
    assert new != old
    about = [one for one in built.mailbox() if one["to"] == CAMILLE and one["reference"] == request.reference]
    assert len(about) == 2, "a second press of the same button replaces nothing"
    never = follow(Visitor(built, lang), request.reference, "K7Q2-M4XZ", status=422).text()
    assert follow(Visitor(built, lang), request.reference, old, status=422).text() == never
    follow(Visitor(built, lang), request.reference, new)
    said = {"fr": "Le code de suivi a été remplacé.", "en": "The follow code was replaced."}[lang]
    assert said in visitor.visit(page, reference=request.reference).text()
    with built.installation.database.reading() as store:
        [line] = [one for one in store.audit.newest() if one.event is AuditEvent.FOLLOW_CODE_REPLACED]
    assert (line.actor.value, line.request_id, line.detail) == (who, request.id, None)


def test_staff_replace_a_code_without_reading_either(built: Built) -> None:
    request = a_request(built)
    agent = signed_in(built, AGENT)
    agent.send("staff_follow_code", the_button(agent, "staff_request", request), reference=request.reference)
    page = agent.visit("staff_request", reference=request.reference).html
    for one in (request, now_of(built, request)):
        assert code_of(built.installation, one) not in page
    assert 'action="/fr/personnel/demandes' in page
    auditor = signed_in(built, "auditor@example.org")
    auditor.send("staff_follow_code", {"number": "1"}, reference=request.reference, status=403)


@pytest.mark.parametrize("number", ["", "-1", "x", "9" * 400, "7", "１"])
def test_a_number_that_is_not_the_present_codes_replaces_nothing(built: Built, number: str) -> None:
    request = a_request(built)
    old = letter_code(built, request)
    signed_in(built, CAMILLE).send("follow_code", {"number": number}, reference=request.reference)
    follow(Visitor(built, "fr"), request.reference, old)


def test_nobody_replaces_the_code_of_somebody_else_nor_without_end(built: Built) -> None:
    request = a_request(built)
    signed_in(built, NOBODY).send("follow_code", {"number": "0"}, reference=request.reference, status=404)
    camille = signed_in(built, CAMILLE)
    for number in range(5):
        camille.send("follow_code", {"number": str(number)}, reference=request.reference)
    page = camille.send("follow_code", {"number": "5"}, reference=request.reference, status=429)
    assert isinstance(page, Page)
    assert int(page.response.headers["Retry-After"]) > 0
    assert now_of(built, request).follow_number == 5


def test_a_new_code_on_paper_is_printed_for_who_has_no_address(built: Built) -> None:
    request = entered(built)
    agent = signed_in(built, AGENT)
    agent.send("staff_follow_code", the_button(agent, "staff_request", request), reference=request.reference)
    letter = letters_to_person(built, request)[-1]
    sheet = agent.visit("staff_letter_paper", letter_id=letter.id).text()
    assert code_of(built.installation, now_of(built, request)) in sheet
    assert code_of(built.installation, request) not in sheet


def test_a_code_of_the_key_before_still_opens(tmp_path: Path) -> None:
    built = an_installation(tmp_path)
    request = a_request(built)
    code = code_of(built.installation, request)

    def rotated(settings: object) -> object:
        secrets = settings.secrets  # type: ignore[attr-defined]  # settings of an installation
        return replace(settings, secrets=replace(secrets, key=b"n" * 48, previous=(secrets.key,)))  # type: ignore[type-var]  # the same

    from portal.app import install, site_of
    from portal.config import load_settings

    again = install(rotated(load_settings(tmp_path / "portal.toml", {})), clock=built.clock)  # type: ignore[arg-type]  # the same
    assert code_of(again, request) != code
    app = site_of(again)
    app.testing = True
    follow(Visitor(replace(built, installation=again, app=app), "fr"), request.reference, code)


def test_every_letter_to_a_person_about_a_request_carries_the_code() -> None:
    about = {kind for kind, facts in FACTS.items() if "reference" in facts and kind not in STAFF_LETTERS}
    assert len(about) > 10
    assert all({"follow_code", "follow_page"} <= FACTS[kind] for kind in about)
    assert not any("follow_code" in FACTS[kind] for kind in STAFF_LETTERS)


def test_a_letter_on_paper_carries_it_and_it_works_for_who_has_no_address(built: Built) -> None:
    request = entered(built)
    [letter] = letters_to_person(built, request)
    sheet = signed_in(built, AGENT).visit("staff_letter_paper", letter_id=letter.id).text()
    code = code_of(built.installation, request)
    assert code in sheet
    assert "/fr/suivi" in sheet
    decide(signed_in(built, OFFICER), now_of(built, request), decision="granted", reason="Voici vos factures.")
    assert "Voici vos factures." in follow(Visitor(built, "fr"), request.reference, code).text()


def test_it_works_once_the_account_and_the_address_are_gone(built: Built) -> None:
    """The service forgot the person, and nobody reads that mailbox any more: the closing letter is enough."""
    request = a_request(built, kind=Kind.DELETION)
    decide(signed_in(built, OFFICER), request, decision="granted")
    built.clock.advance(days=4)
    built.work()
    closed = now_of(built, request)
    assert closed.decision is Decision.GRANTED
    code = letter_code(built, closed)
    page = follow(Visitor(built, "fr"), closed.reference, code)
    assert "Acceptée" in page.text()


def test_a_reference_in_the_address_is_filled_in_and_leads_nowhere_else(built: Built) -> None:
    page = Visitor(built, "en").visit("follow", reference="R-7F3K-9QXM-2T4W", next="//x.example")
    assert page.form("/follow")["reference"] == "R-7F3K-9QXM-2T4W"
    assert "x.example" not in "".join(link.get("href", "") for link in page.all("a") if link.get("class") != "language")
    assert Visitor(built, "fr").visit("sign_in").links()["Suivre une demande avec le numéro et le code de notre lettre"]
