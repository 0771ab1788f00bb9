"""Two more answers a request may get: nothing found, and not entitled; each lawful, each with what it must say."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from portal.domain.languages import Language
from portal.domain.rights import Decision, Kind, Level, RightsRequest, State
from portal.mail.samples import FOLLOW_CODE
from portal.services.decisions import ready_grounds
from portal.services.follow_codes import code_of
from portal.services.rights import Asked, open_request
from tests.client import Page, Visitor
from tests.installation import CAMILLE, NOBODY, Built, an_installation
from tests.web.test_staff import OFFICER, request_now, signed_in

EACH = pytest.mark.parametrize("lang", ["fr", "en"])


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def a_request(built: Built, address: str, lang: Language, kind: Kind = Kind.ACCESS) -> RightsRequest:
    now = built.clock()
    with built.installation.database.writing() as store:
        person = store.people.ensure(address, language=lang, now=now)
        return open_request(built.installation, store, person, Asked(kind, lang, Level.L1, "…?"), form_id=None, now=now)


def decide(built: Built, request: RightsRequest, decision: Decision, *, status: int = 303, **said: str) -> object:
    officer = signed_in(built, OFFICER, request.language)
    form = officer.visit("staff_request", reference=request.reference).form("/decision")
    data = form | {"decision": decision.value} | said
    return officer.send("staff_decision", data, reference=request.reference, status=status)


@EACH
def test_nothing_found_says_where_was_searched_and_what_can_be_done(built: Built, lang: Language) -> None:
    request = a_request(built, NOBODY, lang)
    decide(built, request, Decision.NO_INFORMATION_HELD)
    closed = request_now(built, request.reference)
    assert (closed.state, closed.decision) == (State.CLOSED, Decision.NO_INFORMATION_HELD)
    assert closed.recourse_until is not None, "it can be contested as a refusal can (P-39.1, s. 34)"
    person = Visitor(built, lang)
    person.sign_in(NOBODY)
    said = person.visit("request_page", reference=request.reference).text()
    for wanted in {
        "fr": ("Nous avons cherché ici", "Données d’utilisation", "demande d’examen de mésentente"),
        "en": ("We searched here", "Usage data", "examination of a disagreement"),
    }[lang]:
        assert wanted in said, wanted
    letter = next(one for one in built.mailbox() if one["kind"] == "outcome_nothing_found")
    assert letter["language"] == lang
    for wanted in {
        "fr": ("aucun renseignement vous concernant", "une autre adresse", "Commission d’accès à l’information"),
        "en": ("found no information about you", "another address", "Commission d’accès à l’information"),
    }[lang]:
        assert wanted in str(letter["text"]), wanted


@EACH
def test_nothing_found_cannot_be_said_of_somebody_we_know(built: Built, lang: Language) -> None:
    request = a_request(built, CAMILLE, lang)
    page = decide(built, request, Decision.NO_INFORMATION_HELD, status=422)
    assert isinstance(page, Page)
    assert {"fr": "Nous détenons des renseignements", "en": "Something was found"}[lang] in page.text()
    assert request_now(built, request.reference).state is State.RECEIVED


@EACH
def test_nothing_found_cannot_be_said_while_a_system_does_not_answer(built: Built, lang: Language) -> None:
    request = a_request(built, NOBODY, lang)
    shutil.move(built.folder / "service.db", built.folder / "elsewhere.db")
    page = decide(built, request, Decision.NO_INFORMATION_HELD, status=422)
    assert isinstance(page, Page)
    assert {"fr": "ne répond pas en ce moment", "en": "does not answer right now"}[lang] in page.text()


@EACH
def test_not_entitled_states_its_reason_and_provision_and_may_be_asked_again(built: Built, lang: Language) -> None:
    request = a_request(built, CAMILLE, lang)
    page = decide(built, request, Decision.NOT_ENTITLED, status=422)
    assert isinstance(page, Page)
    assert page.form("/decision")["decision"] == "not_entitled"
    decide(built, request, Decision.NOT_ENTITLED, ground="QC30_identity")
    closed = request_now(built, request.reference)
    assert (closed.state, closed.decision) == (State.CLOSED, Decision.NOT_ENTITLED)
    assert closed.reason
    assert "30" in (closed.provision or "")
    letter = next(one for one in built.mailbox() if one["kind"] == "outcome_not_entitled")
    for wanted in {
        "fr": ("agir pour elle", "présenter une nouvelle demande", "Commission d’accès à l’information"),
        "en": ("act for them", "ask again", "Commission d’accès à l’information"),
    }[lang]:
        assert wanted in str(letter["text"]), wanted


def test_a_deletion_that_is_not_granted_erases_nothing(built: Built) -> None:
    request = a_request(built, CAMILLE, "fr", Kind.DELETION)
    decide(built, request, Decision.NOT_ENTITLED, ground="QC30_identity")
    built.clock.advance(days=10)
    built.work()
    with built.installation.database.reading() as store:
        assert store.erasures.of_request(request.id) is None


def test_a_correction_is_never_answered_by_having_found_nothing(built: Built) -> None:
    officer = signed_in(built, OFFICER, "en")
    request = a_request(built, CAMILLE, "en", Kind.WITHDRAW)
    page = officer.visit("staff_request", reference=request.reference)
    assert not page.all("input", name="decision", value="no_information_held")
    assert page.all("input", name="decision", value="not_entitled")


# --- the answer read before it goes ----------------------------------------------------------------------------------


@EACH
@pytest.mark.parametrize(
    ("kind", "decision"),
    [
        (Kind.ACCESS, Decision.GRANTED),
        (Kind.ACCESS, Decision.REFUSED),
        (Kind.DELETION, Decision.PARTIALLY_GRANTED),
        (Kind.ACCESS, Decision.NOT_ENTITLED),
    ],
)
def test_what_is_read_first_is_what_then_leaves(built: Built, lang: Language, kind: Kind, decision: Decision) -> None:
    request = a_request(built, CAMILLE, lang, kind)
    said = {"reason": "Une raison précise.", "provision": "P-39.1, art. 40"}
    if kind is Kind.DELETION:
        said |= {"leave_out_technical": _first_ground(built, request)}
    page = decide(built, request, decision, status=200, do="read", **said)
    assert isinstance(page, Page)
    assert request_now(built, request.reference).version == request.version, "nothing is decided"
    assert not [
        one for one in built.mailbox() if one["kind"] not in {"acknowledgement", "contact_new_request", "sign_in_code"}
    ]
    shown = page.text()
    assert said["reason"] in shown
    officer = signed_in(built, OFFICER, lang)
    form = page.form("/decision")
    officer.send("staff_decision", form | {"csrf_token": officer.token()}, reference=request.reference)
    assert request_now(built, request.reference).decision is decision
    letter = next(
        one
        for one in built.mailbox()
        if one["to"] == CAMILLE and one["kind"] not in {"acknowledgement", "sign_in_code"}
    )
    left = str(letter["text"]).replace(code_of(built.installation, request), FOLLOW_CODE)
    for line in left.splitlines():
        assert " ".join(line.split()) in " ".join(shown.split()), line


def _first_ground(built: Built, request: RightsRequest) -> str:
    with built.installation.database.reading() as store:
        return ready_grounds(built.installation, store, request)[0].code


def test_words_for_the_person_are_marked_as_theirs_and_labels_are_the_officer_s(built: Built) -> None:
    request = a_request(built, CAMILLE, "en")
    officer = signed_in(built, OFFICER, "fr")
    form = officer.visit("staff_request", reference=request.reference).form("/decision")
    typed = {"decision": "refused", "reason": "Because of it.", "provision": "s. 40", "do": "read"}
    page = officer.send("staff_decision", form | typed, reference=request.reference, status=200)
    assert isinstance(page, Page)
    theirs = ["".join(one.itertext()) for one in page.all("span", lang="en-CA")]
    assert {"Refused", "Because of it.", "s. 40"} <= set(theirs)
    assert not {"Décision", "Motif"} & set(theirs)


def test_going_back_keeps_what_was_typed(built: Built) -> None:
    request = a_request(built, CAMILLE, "en")
    page = decide(built, request, Decision.REFUSED, status=200, do="read", reason="Because.", provision="P-39.1, s. 40")
    assert isinstance(page, Page)
    officer = signed_in(built, OFFICER, "en")
    form = page.form("/decision") | {"csrf_token": officer.token(), "do": "change"}
    back = officer.send("staff_decision", form, reference=request.reference, status=200)
    assert isinstance(back, Page)
    assert back.form("/decision")["reason"] == "Because."
    assert request_now(built, request.reference).decision is None


@EACH
def test_what_could_not_be_decided_is_not_shown_as_if_it_could(built: Built, lang: Language) -> None:
    request = a_request(built, CAMILLE, lang)
    page = decide(built, request, Decision.REFUSED, status=422, do="read", reason="Because.")
    assert isinstance(page, Page)
    assert page.form("/decision")["reason"] == "Because."
