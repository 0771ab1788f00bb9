"""The staff's desk: the queue, taking up, deciding, what a refusal always says, letters and the audit log."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from portal.domain.audit import Actor
from portal.domain.languages import Language
from portal.domain.outbox import DeliveryOutcome
from portal.domain.rights import Decision, Kind, Level, RequestEvent, RightsRequest, State, WhyNot
from portal.services.rights import Asked, open_request
from portal.wording.happenings import why_not_sentence
from tests.client import BASE, Page, Visitor
from tests.installation import CAMILLE, EMILY, MARGUERITE, Built, an_installation

OFFICER, AGENT, AUDITOR = "officer@example.org", "agent@example.org", "auditor@example.org"


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def a_request(
    built: Built,
    *,
    kind: Kind = Kind.ACCESS,
    address: str = CAMILLE,
    days_ago: int = 0,
    message: str = "Je veux savoir",
) -> RightsRequest:
    now = built.clock() - timedelta(days=days_ago)
    with built.installation.database.writing() as store:
        person = store.people.ensure(address, language="fr", now=now)
        return open_request(
            built.installation, store, person, Asked(kind, "fr", Level.L2, message), form_id=None, now=now
        )


def request_now(built: Built, reference: str) -> RightsRequest:
    with built.installation.database.reading() as store:
        found = store.requests.by_reference(reference)
    assert found
    return found


def signed_in(built: Built, address: str, lang: Language = "fr") -> Visitor:
    visitor = Visitor(built, lang)
    visitor.sign_in(address)
    return visitor


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_queue_is_by_due_date_and_says_late_in_words(built: Built, lang: Language) -> None:
    late = a_request(built, days_ago=35, address=EMILY)
    soon = a_request(built, days_ago=29)
    fresh = a_request(built)
    page = signed_in(built, AGENT, lang).visit("staff_requests")
    text = page.text()
    assert text.index(late.reference) < text.index(soon.reference) < text.index(fresh.reference)
    assert {"fr": "retard", "en": "late"}[lang] in text
    assert EMILY not in page.html
    assert CAMILLE not in page.html


def test_the_queue_goes_on_by_key(built: Built) -> None:
    references = {a_request(built, days_ago=number % 7).reference for number in range(60)}
    visitor = signed_in(built, AGENT)
    seen: set[str] = set()
    path = visitor.address("staff_requests")
    for _ in range(3):
        page = visitor.open(path)
        seen |= {reference for reference in references if reference in page.text()}
        following = [href for href in page.links().values() if "demandes?after=" in href and href != path]
        path = following[0] if following else path
    assert seen == references


@pytest.mark.parametrize("after", ["x", "2026-13-01_1", "2026-01-01_", "2026-01-01_999999999999999999", "%00", "'"])
def test_a_place_that_is_none_begins_at_the_first(built: Built, after: str) -> None:
    request = a_request(built)
    assert request.reference in signed_in(built, AGENT).visit("staff_requests", after=after).text()


def test_each_look_at_a_person_is_written_before_the_page_and_shown_to_them(built: Built) -> None:
    request = a_request(built)
    page = signed_in(built, AGENT).visit("staff_request", reference=request.reference)
    assert CAMILLE in page.text()
    assert "Je veux savoir" in page.text()
    person = signed_in(built, CAMILLE)
    assert request.reference in person.visit("account").text()


def test_the_auditor_sees_records_and_never_a_person(built: Built) -> None:
    request = a_request(built)
    auditor = signed_in(built, AUDITOR)
    page = auditor.visit("staff_request", reference=request.reference)
    assert CAMILLE not in page.html
    assert "Je veux savoir" not in page.html
    with built.installation.database.reading() as store:
        assert not [line for line in store.audit.newest() if line.event.value == "staff_viewed_person"]
    assert "<form" not in page.html.replace('class="nav__sign-out"', "").split("<main")[1]


def test_an_agent_takes_up_and_cannot_decide(built: Built) -> None:
    request = a_request(built)
    agent = signed_in(built, AGENT)
    agent.send("staff_take_up", {"version": str(request.version)}, reference=request.reference)
    taken = request_now(built, request.reference)
    assert taken.state is State.IN_PROGRESS
    agent.send(
        "staff_decision",
        {"decision": "granted", "version": str(taken.version)},
        reference=request.reference,
        status=403,
    )
    agent.send("staff_take_up", {"version": str(taken.version)}, reference=request.reference, status=409)


def test_a_grant_closes_what_needs_no_work_and_tells_both(built: Built) -> None:
    request = a_request(built)
    officer = signed_in(built, OFFICER)
    built.mailbox()
    officer.send(
        "staff_decision", {"decision": "granted", "version": str(request.version)}, reference=request.reference
    )
    closed = request_now(built, request.reference)
    assert (closed.state, closed.decision) == (State.CLOSED, Decision.GRANTED)
    letters = [letter for letter in built.mailbox() if letter["reference"] == request.reference]
    assert [letter["kind"] for letter in letters].count("outcome_granted") == 1
    assert [letter["kind"] for letter in letters].count("contact_closed") == 1


@pytest.mark.parametrize("decision", ["refused", "partially_granted"])
def test_a_refusal_needs_its_reason_and_provision_and_carries_the_recourse(built: Built, decision: str) -> None:
    request = a_request(built)
    officer = signed_in(built, OFFICER)
    form = {"decision": decision, "version": str(request.version)}
    page = officer.send("staff_decision", form | {"reason": "Parce que"}, reference=request.reference, status=422)
    assert isinstance(page, Page)
    assert page.form("/decision")["reason"] == "Parce que"
    assert request_now(built, request.reference).state is State.RECEIVED
    officer.send(
        "staff_decision",
        form | {"reason": "Ces renseignements concernent un tiers.", "provision": "P-39.1, art. 40"},
        reference=request.reference,
    )
    refused = request_now(built, request.reference)
    assert str(refused.recourse_until) == "2026-12-23"
    [letter] = [letter for letter in built.mailbox() if str(letter["kind"]).startswith("outcome_")]
    assert "Commission d’accès à l’information" in str(letter["text"])
    assert "23 décembre 2026" in str(letter["text"])
    assert "tiers" not in str(letter["text"])
    seen = signed_in(built, CAMILLE).visit("request_page", reference=request.reference).text()
    for said in ("Ces renseignements concernent un tiers.", "P-39.1, art. 40", "Commission", "23 décembre 2026"):
        assert said in seen


def test_a_ready_reason_fills_what_is_left_empty_in_the_persons_language(built: Built) -> None:
    request = a_request(built)
    officer = signed_in(built, OFFICER, "en")
    officer.send(
        "staff_decision",
        {"decision": "refused", "ground": "QC40_third_party", "version": str(request.version)},
        reference=request.reference,
    )
    refused = request_now(built, request.reference)
    [ground] = [ground for ground in built.installation.grounds if ground.code == "QC40_third_party"]
    assert (refused.reason, refused.provision) == (ground.reason.fr, ground.provision.fr)


@pytest.mark.parametrize("version", ["0", "99", "x", "", "1e3"])
def test_a_decision_on_a_stale_page_is_refused_with_what_is_true_now(built: Built, version: str) -> None:
    request = a_request(built)
    page = signed_in(built, OFFICER).send(
        "staff_decision", {"decision": "granted", "version": version}, reference=request.reference, status=409
    )
    assert isinstance(page, Page)
    assert request.reference in page.text()


def test_what_was_written_on_a_stale_page_is_given_back(built: Built) -> None:
    request = a_request(built)
    form = {"decision": "refused", "reason": "Un long motif <b>", "provision": "P-39.1, art. 40", "version": "7"}
    page = signed_in(built, OFFICER).send("staff_decision", form, reference=request.reference, status=409)
    assert isinstance(page, Page)
    assert "Un long motif <b>" in page.text()
    assert "P-39.1, art. 40" in page.text()


@pytest.mark.parametrize("sent", [{}, {"decision": ""}, {"decision": "deemed_refused"}, {"decision": "x"}])
def test_a_decision_that_is_none_is_asked_for_in_our_own_words(built: Built, sent: dict[str, str]) -> None:
    request = a_request(built)
    page = signed_in(built, OFFICER).send(
        "staff_decision", sent | {"version": str(request.version)}, reference=request.reference, status=422
    )
    assert isinstance(page, Page)
    assert "Choisissez une décision." in page.text()
    assert request_now(built, request.reference).state is State.RECEIVED


def test_deciding_twice_is_refused(built: Built) -> None:
    request = a_request(built)
    officer = signed_in(built, OFFICER)
    form = {"decision": "granted", "version": str(request.version)}
    officer.send("staff_decision", form, reference=request.reference)
    page = officer.send("staff_decision", form, reference=request.reference, status=409)
    assert isinstance(page, Page)
    assert OFFICER in page.text()


def test_two_officers_at_once_one_wins(built: Built) -> None:
    request = a_request(built)
    visitors = [signed_in(built, OFFICER) for _ in range(2)]
    tokens = [visitor.token() for visitor in visitors]
    statuses: list[int] = []

    def press(visitor: Visitor, token: str) -> None:
        answer = visitor.client.post(
            visitor.address("staff_decision", reference=request.reference),
            data={"decision": "granted", "version": str(request.version), "csrf_token": token},
            base_url="http://127.0.0.1:8000",
        )
        statuses.append(answer.status_code)

    threads = [threading.Thread(target=press, args=pair) for pair in zip(visitors, tokens, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [303, 409]


def test_nobody_handles_their_own_request(built: Built) -> None:
    request = a_request(built, address=OFFICER)
    officer = signed_in(built, OFFICER)
    form = {"decision": "granted", "version": str(request.version)}
    officer.send("staff_decision", form, reference=request.reference, status=409)
    officer.send("staff_take_up", form, reference=request.reference, status=409)
    assert request_now(built, request.reference).state is State.RECEIVED


def test_a_granted_deletion_erases_what_may_be_and_keeps_what_the_law_keeps(built: Built) -> None:
    request = a_request(built, kind=Kind.DELETION, address=MARGUERITE)
    officer = signed_in(built, OFFICER)
    page = officer.visit("staff_request", reference=request.reference)
    assert "72" in page.text()
    officer.send(
        "staff_decision", {"decision": "granted", "version": str(request.version)}, reference=request.reference
    )
    built.work()
    done = request_now(built, request.reference)
    assert done.state is State.CLOSED
    with built.installation.database.reading() as store:
        erasure = store.erasures.of_request(done.id)
        assert erasure
        steps = {step.table_name: step for step in store.erasures.steps(erasure.id)}
        kinds = [event.event.value for event in store.requests.history(done.id)]
    assert steps["service.invoices"].kept == 72
    assert steps["service.accounts"].erased == 1
    assert list(steps)[-1] == "service.accounts"
    assert kinds.count("closed") == 1
    assert [letter["kind"] for letter in built.mailbox()].count("erasure_done") == 1
    assert signed_in(built, MARGUERITE).visit("request_page", reference=request.reference).status == 200


def test_the_queue_may_be_narrowed_to_a_state(built: Built) -> None:
    taken, fresh = a_request(built), a_request(built)
    agent = signed_in(built, AGENT)
    agent.send("staff_take_up", {"version": str(taken.version)}, reference=taken.reference)
    text = agent.visit("staff_requests", state="in_progress").text()
    assert taken.reference in text
    assert fresh.reference not in text
    assert fresh.reference in agent.visit("staff_requests", state="nonsense").text()
    assert fresh.reference not in agent.visit("staff_requests", state="closed").text()


def test_a_refused_form_shows_the_person_too_so_it_is_written_down(built: Built) -> None:
    request = a_request(built)
    officer = signed_in(built, OFFICER)
    form = {"decision": "refused", "version": str(request.version)}
    officer.send("staff_decision", form, reference=request.reference, status=422)
    with built.installation.database.reading() as store:
        looks = [line for line in store.audit.newest() if line.event.value == "staff_viewed_person"]
    assert [line.reference for line in looks] == [request.reference]


@pytest.mark.parametrize("kind", [Kind.ACCESS, Kind.DELETION])
def test_what_no_table_holds_is_a_task_with_its_keeper(tmp_path: Path, kind: Kind) -> None:
    built = an_installation(tmp_path, by_hand=True)
    request = a_request(built, kind=kind)
    assert "support@example.org" in signed_in(built, AGENT).visit("staff_request", reference=request.reference).text()


def test_a_letter_refused_for_good_waits_for_the_officer_who_has_it_tried_again(built: Built) -> None:
    request = a_request(built)
    with built.installation.database.writing() as store:
        [acknowledgement, *_] = store.letters.of_request(request.id)
        store.letters.refused(acknowledgement.id, DeliveryOutcome.REFUSED_FOR_GOOD)
    officer = signed_in(built, OFFICER, "en")
    refused = officer.visit("staff_letters")
    assert "The mail server refused it for good." in refused.text()
    assert CAMILLE not in refused.html
    officer.send("staff_letters_retry", refused.form())
    kinds = [letter["kind"] for letter in built.mailbox() if letter["reference"] == request.reference]
    assert kinds.count("acknowledgement") == 1
    assert "refused it for good" not in officer.visit("staff_letters").text()


@pytest.mark.parametrize("why", list(WhyNot))
def test_staff_read_why_a_correction_still_waits(built: Built, why: WhyNot) -> None:
    request = a_request(built)
    with built.installation.database.writing() as store:
        store.requests.happened(
            request.id,
            RequestEvent.NOT_CARRIED_OUT,
            actor=Actor.SYSTEM,
            actor_id=None,
            now=built.clock(),
            detail=why,
        )
    page = signed_in(built, AGENT, "en").visit("staff_request", "en", reference=request.reference)
    assert why_not_sentence(why, "en") in page.text()


def test_staff_pages_exist_in_both_languages(built: Built) -> None:
    a_request(built)
    for lang in ("fr", "en"):
        officer = signed_in(built, OFFICER, lang)
        for endpoint in ("staff_requests", "staff_letters", "staff_audit"):
            officer.visit(endpoint)
        officer.visit("staff_requests", ended="1")
        for state in ("waiting", "sent", "refused", "nonsense"):
            officer.visit("staff_letters", state=state, before="x")
    signed_in(built, AUDITOR, "en").visit("staff_audit", before="5")


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_foot_of_every_page_leads_staff_back_to_their_requests(built: Built, lang: Language) -> None:
    officer = Visitor(built, lang)
    door = {"fr": "/fr/personnel", "en": "/en/staff"}[lang]
    assert door in officer.visit("policy").links().values()
    asked = officer.client.get(door, base_url=BASE)
    assert (asked.status_code, f"next={door}" in asked.location.replace("%2F", "/")) == (303, True)
    assert officer.sign_in(OFFICER, next_page=door).location == door
    assert officer.client.get(door, base_url=BASE).location == officer.address("staff_requests")
