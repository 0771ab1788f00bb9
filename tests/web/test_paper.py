"""Requests that came on paper: entered by staff, counted by the law, answered by letters that are printed and posted."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from portal.domain.answer_parts import MachineDecision, Part, Wanted
from portal.domain.audit import Actor
from portal.domain.languages import Language
from portal.domain.outbox import LetterState, PromisedLetter
from portal.domain.rights import Decision, Kind, Level, RequestEvent, State
from tests.client import Page, Visitor
from tests.installation import Built, an_installation
from tests.web.paper_visits import (
    AGENT,
    AUDITOR,
    OFFICER,
    TYPED,
    decide,
    entered,
    letters_to_person,
    now_of,
    signed_in,
    the_request,
)


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_request_on_paper_from_its_entry_to_its_posted_answer(built: Built, lang: Language) -> None:
    agent, officer = signed_in(built, AGENT, lang), signed_in(built, OFFICER, lang)
    assert agent.address("staff_request_new") in agent.visit("staff_requests").links().values()
    form = agent.visit("staff_request_new").form(agent.address("staff_request_new"))
    answer = agent.send("staff_request_new", TYPED | {"form_id": form["form_id"]})
    request = the_request(built, answer.location or "")
    assert (request.received_on, request.due) == (date(2026, 11, 20), date(2026, 12, 20))
    assert (request.level, request.state, request.language) == (Level.L3, State.RECEIVED, "fr")
    page = agent.visit("staff_request", reference=request.reference)
    for said in ("Rose Lavigne", "8, rang du Lac", "Rappel au numéro", "Je veux savoir"):
        assert said in page.text()
    built.work()
    [acknowledgement] = letters_to_person(built, request)
    assert acknowledgement.state is LetterState.TO_POST
    assert [letter["to"] for letter in built.mailbox() if letter["reference"] == request.reference] == [
        built.installation.settings.privacy_contact.email
    ]
    _print_and_post(built, agent, acknowledgement, "20 décembre 2026")
    built.clock.advance(days=2)
    officer = signed_in(built, OFFICER, lang)
    decide(
        officer,
        now_of(built, request),
        decision="refused",
        reason="Ces renseignements concernent un tiers.\n\nNous en avons retiré ce qui le nomme.",
        provision="P-39.1, art. 40",
    )
    closed = now_of(built, request)
    assert (closed.state, closed.decision) == (State.CLOSED, Decision.REFUSED)
    [_, outcome] = letters_to_person(built, closed)
    sheet = officer.visit("staff_letter_paper", letter_id=outcome.id).text()
    for said in (
        "Rose Lavigne",
        "Ces renseignements concernent un tiers.",
        "Nous en avons retiré ce qui le nomme.",
        "P-39.1, art. 40",
        "Commission d’accès à l’information",
        "25 décembre 2026",
        "aiderons à comprendre",
    ):
        assert said in sheet
    assert "page de votre demande" not in sheet
    officer.send("staff_letter", {"posted_on": "2026-11-25"}, letter_id=outcome.id)
    assert [one.state for one in letters_to_person(built, closed)] == [LetterState.SENT, LetterState.SENT]
    history = officer.visit("staff_request", reference=request.reference).text()
    assert history.count({"fr": "Une lettre a été postée.", "en": "A letter was posted."}[lang]) == 2


def _print_and_post(built: Built, agent: Visitor, letter: PromisedLetter, due: str) -> None:
    queue = agent.visit("staff_requests")
    assert agent.address("staff_letters_to_post") in queue.links().values()
    waiting = agent.visit("staff_letters_to_post")
    assert "Rose Lavigne" not in waiting.text()
    assert agent.address("staff_letter", letter_id=letter.id) in waiting.links().values()
    sheet = agent.visit("staff_letter_paper", letter_id=letter.id)
    assert "Rose Lavigne" in sheet.text()
    assert due in sheet.text()
    assert "fr-CA" in {article.get("lang") for article in sheet.all("article")}
    agent.send("staff_letter", {"posted_on": "2026-11-23"}, letter_id=letter.id)
    page = agent.visit("staff_letter", letter_id=letter.id)
    assert {"fr": "23 novembre 2026", "en": "November 23, 2026"}[agent.language] in page.text()
    assert agent.address("staff_letters_to_post") not in agent.visit("staff_requests").links().values()
    with built.installation.database.reading() as store:
        events = [line.event for line in store.requests.history(letter.request_id or 0)]
    assert events == [RequestEvent.OPENED, RequestEvent.POSTED]


def test_a_second_press_opens_nothing_more(built: Built) -> None:
    agent = signed_in(built, AGENT)
    first = agent.send("staff_request_new", TYPED)
    assert agent.send("staff_request_new", TYPED).location == first.location
    other = agent.send("staff_request_new", TYPED | {"form_id": "papier-ffffffffffffffff"})
    assert other.location != first.location


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name", "\u200b"),
        ("name", "R" * 61),
        ("name", "Rose \u202eenoR"),
        ("name", "Rose\x00"),
        ("postal", ""),
        ("postal", "8, rang du Lac"),
        ("postal", "1\n2\n3\n4\n5\n6"),
        ("postal", "8, rang du Lac\n" + "x" * 46),
        ("language", ""),
        ("language", "de"),
        ("kind", ""),
        ("kind", "x"),
        ("message", "  "),
        ("message", "x" * 4_001),
        ("received_on", ""),
        ("received_on", "20 novembre"),
        ("received_on", "2026-11-24"),
        ("received_on", "2023-11-22"),
        ("received_on", "0001-01-01"),
        ("received_on", "9999-12-31"),
        ("email", "rose"),
        ("email", "rose@example.org, lea@example.org"),
        ("email", "ro\u200bse@example.org"),
        ("identity", "x" * 301),
    ],
)
def test_what_cannot_be_entered_is_said_beside_its_field_and_nothing_is_lost(
    built: Built, field: str, typed: str
) -> None:
    agent = signed_in(built, AGENT)
    page = agent.send("staff_request_new", TYPED | {field: typed}, status=422)
    assert isinstance(page, Page)
    kept = page.form("/nouvelle")
    others = {name: value for name, value in TYPED.items() if name not in {field, "language", "kind"}}
    assert {name: kept[name] for name in others} == others
    refused = [one for one in page.all("fieldset") + page.all("div") if "field--refused" in (one.get("class") or "")]
    assert len(refused) == 1
    with built.installation.database.reading() as store:
        assert list(store.requests.all()) == []


def test_the_last_day_of_three_years_may_be_entered(built: Built) -> None:
    signed_in(built, AGENT).send("staff_request_new", TYPED | {"received_on": "2023-11-23"})


def test_today_is_the_organizations_own(built: Built) -> None:
    """Late in the evening in Montréal, when it is tomorrow in UTC: tomorrow is refused, and today is counted from."""
    built.clock.now = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
    agent = signed_in(built, AGENT)
    agent.send("staff_request_new", TYPED | {"received_on": "2026-11-24"}, status=422)
    answer = agent.send("staff_request_new", TYPED | {"received_on": "2026-11-23"})
    assert the_request(built, answer.location or "").due == date(2026, 12, 23)


@pytest.mark.parametrize("endpoint", ["staff_request_new", "staff_letters_to_post"])
def test_the_auditor_enters_and_posts_nothing(built: Built, endpoint: str) -> None:
    request = entered(built)
    auditor = signed_in(built, AUDITOR)
    auditor.open(auditor.address(endpoint), status=403)
    queue = auditor.visit("staff_requests")
    assert auditor.address(endpoint) not in queue.links().values()
    page = auditor.visit("staff_request", reference=request.reference)
    for hidden in ("Rose", "rang du Lac", "Rappel au numéro"):
        assert hidden not in page.html
    [letter] = letters_to_person(built, request)
    auditor.open(auditor.address("staff_letter_paper", letter_id=letter.id), status=403)


def test_who_looked_at_a_sheet_is_written_before_it_is_shown(built: Built) -> None:
    [letter] = letters_to_person(built, entered(built))
    signed_in(built, AGENT).visit("staff_letter_paper", letter_id=letter.id)
    with built.installation.database.reading() as store:
        assert [line for line in store.audit.newest() if line.event.value == "staff_viewed_person"]


@pytest.mark.parametrize("typed", ["", "hier", "2026-11-24", "2026-11-22", "9999-12-31"])
def test_a_day_on_which_a_letter_cannot_have_been_posted_is_refused(built: Built, typed: str) -> None:
    [letter] = letters_to_person(built, entered(built))
    agent = signed_in(built, AGENT)
    page = agent.send("staff_letter", {"posted_on": typed}, letter_id=letter.id, status=422)
    assert isinstance(page, Page)
    assert page.form(f"/{letter.id}")["posted_on"] == typed
    assert letters_to_person(built, entered(built, message="autre"))[0].state is LetterState.TO_POST


def test_a_wrong_day_is_corrected_once_and_both_days_stay_written(built: Built) -> None:
    request = entered(built)
    [letter] = letters_to_person(built, request)
    built.clock.advance(days=3)
    agent = signed_in(built, AGENT)
    agent.send("staff_letter", {"posted_on": "2026-11-26"}, letter_id=letter.id)
    agent.send("staff_letter", {"posted_on": "2026-11-25"}, letter_id=letter.id)
    page = agent.send("staff_letter", {"posted_on": "2026-11-24"}, letter_id=letter.id, status=409)
    assert isinstance(page, Page)
    for day in ("25 novembre 2026", "26 novembre 2026"):
        assert day in page.text()
    assert "24 novembre 2026" not in page.text()
    assert not [form for form in page.all("form") if form.get("action", "").endswith(f"/{letter.id}")]
    with built.installation.database.reading() as store:
        history = store.requests.history(request.id)
    assert [line.event for line in history][1:] == [RequestEvent.POSTED, RequestEvent.POSTING_CORRECTED]
    assert {line.actor for line in history} == {Actor.STAFF}
    assert "25 novembre 2026" in agent.visit("staff_request", reference=request.reference).text()


def test_a_letter_by_mail_is_no_letter_to_post(built: Built) -> None:
    agent = signed_in(built, AGENT)
    with built.installation.database.reading() as store:
        sent = store.letters.newest(LetterState.SENT)[0]
    for endpoint in ("staff_letter", "staff_letter_paper"):
        agent.open(agent.address(endpoint, letter_id=sent.id), status=404)
        agent.open(agent.address(endpoint, letter_id=10**14), status=404)


def test_a_grant_on_paper_needs_its_answer(built: Built) -> None:
    request = entered(built)
    officer = signed_in(built, OFFICER)
    page = decide(officer, request, decision="granted", status=422)
    assert isinstance(page, Page)
    decide(officer, request, decision="granted", reason="Vous trouverez ci-joint une copie de vos factures.")
    [_, outcome] = letters_to_person(built, request)
    sheet = officer.visit("staff_letter_paper", letter_id=outcome.id).text()
    assert "Vous trouverez ci-joint une copie de vos factures." in sheet


def test_a_deletion_done_by_hand_is_attested_on_paper_and_asks_no_system(built: Built) -> None:
    request = entered(built, kind=Kind.DELETION, message="Effacez tout.")
    officer = signed_in(built, OFFICER)
    page = officer.visit("staff_request", reference=request.reference).text()
    assert "aucun de nos systèmes n’a été interrogé" in page
    decide(officer, request, decision="granted", reason="Votre dossier papier a été déchiqueté.")
    built.work()
    assert now_of(built, request).state is State.CLOSED
    [_, attestation] = letters_to_person(built, request)
    assert attestation.kind.value == "erasure_done"
    sheet = officer.visit("staff_letter_paper", letter_id=attestation.id).text()
    assert "Nous attestons" in sheet
    assert "Votre dossier papier a été déchiqueté." in sheet
    with built.installation.database.reading() as store:
        assert store.erasures.of_request(request.id) is None


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in {Kind.ACCESS, Kind.DELETION}])
def test_every_kind_of_request_may_come_on_paper(built: Built, kind: Kind) -> None:
    request = entered(built, kind=kind)
    officer = signed_in(built, OFFICER)
    officer.visit("staff_request", reference=request.reference)
    parts = {part.value: "C’est fait." for part in Part}  # of a complaint, or of a machine's decision
    decide(officer, request, decision="granted", reason="C’est fait.", **parts)
    assert now_of(built, request).state is State.CLOSED


def test_markup_on_paper_is_printed_as_it_was_typed(built: Built) -> None:
    request = entered(built)
    officer = signed_in(built, OFFICER)
    decide(officer, request, decision="granted", reason="<b>gras</b> {{ 7*7 }} \ue000recourse\ue001x\ue002")
    [_, outcome] = letters_to_person(built, request)
    page = officer.visit("staff_letter_paper", letter_id=outcome.id)
    assert "<b>gras</b> {{ 7*7 }}" in page.text()
    assert not page.all("b")


@pytest.mark.parametrize(
    "kind", ["acknowledgement", "outcome_granted", "outcome_partially_granted", "outcome_refused", "erasure_done"]
)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_letter_that_may_be_posted_shows_itself_on_paper(built: Built, kind: str, lang: Language) -> None:
    officer = signed_in(built, OFFICER, lang)
    sample = officer.address("staff_letter_sample", kind=kind)
    assert sample in officer.visit("staff_letter_kind", kind=kind).links().values()
    page = officer.visit("staff_letter_sample", kind=kind)
    assert "Jo Exemple" in page.text()
    assert re.search(r"R-[0-9A-Z]{4}-", page.text())


def test_a_letter_that_is_never_posted_has_no_sheet(built: Built) -> None:
    officer = signed_in(built, OFFICER)
    officer.open("/fr/personnel/lettres/modeles/sign_in_code/papier", status=404)
    officer.open("/fr/personnel/lettres/modeles/x/papier", status=404)


@pytest.mark.parametrize(("kind", "says_refusal"), [(Kind.ACCESS, True), (Kind.COMPLAINT, False), (Kind.INFO, False)])
def test_paper_speaks_of_silence_only_where_the_law_does(built: Built, kind: Kind, says_refusal: bool) -> None:
    request = entered(built, kind=kind)
    [acknowledgement] = letters_to_person(built, request)
    sheet = signed_in(built, AGENT).visit("staff_letter_paper", letter_id=acknowledgement.id).text()
    assert ("ce silence équivaut à un refus" in sheet) is says_refusal


def test_a_machine_s_decision_is_named_when_staff_enter_a_request_about_one(built: Built) -> None:
    agent = signed_in(built, AGENT)
    about = TYPED | {"kind": "automated"}
    agent.send("staff_request_new", about | {"machine_which": "", "machine_wanted": "both"}, status=422)
    said = {"machine_which": "Le crédit refusé en mai", "machine_wanted": "review"}
    made = agent.send("staff_request_new", about | said)
    asked = the_request(built, made.location or "").machine_decision
    assert asked == MachineDecision("Le crédit refusé en mai", Wanted.REVIEW)
