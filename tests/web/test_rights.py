"""Requests on their pages: asked once whoever asks, followed to the end, taken back in time, and nobody else's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from portal.domain.audit import Actor
from portal.domain.letters import LetterKind
from portal.domain.outbox import DeliveryOutcome
from portal.domain.people import Person
from portal.domain.rights import Decision, Kind, Level, RightsRequest, State
from portal.services import rights
from portal.services.rights import Asked
from portal.storage.erasures import StepPlan
from portal.storage.rights import RequestEvent
from tests.client import BASE, Page, Visitor
from tests.installation import CAMILLE, EMILY, NOBODY, Built, an_installation


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def signed_in(built: Built, address: str = CAMILLE) -> Visitor:
    visitor = Visitor(built, "en")
    visitor.sign_in(address)
    return visitor


def person(built: Built, address: str = CAMILLE) -> Person:
    with built.installation.database.writing() as store:
        return store.people.ensure(address, language="en", now=built.clock())


def asked(built: Built, kind: Kind = Kind.ACCESS, address: str = CAMILLE) -> RightsRequest:
    whose = person(built, address)
    with built.installation.database.writing() as store:
        return rights.open_request(
            built.installation, store, whose, Asked(kind, "en", Level.L2, "Please."), form_id=None, now=built.clock()
        )


def decided(built: Built, request: RightsRequest, decision: Decision, **changed: object) -> RightsRequest:
    """The request once staff decided and began to carry it out."""
    now = built.clock()
    with built.installation.database.writing() as store:
        moved = replace(request, decision=decision, decided_at=now, **changed)  # type: ignore[arg-type]  # named fields
        for target, event in ((State.DECIDED, RequestEvent.DECIDED), (State.FULFILLING, RequestEvent.CARRYING_OUT)):
            moved = rights.move(store, moved, target, event, actor=Actor.STAFF, actor_id=1, now=now)
        return moved


def closed(built: Built, request: RightsRequest, outcome: LetterKind) -> RightsRequest:
    with built.installation.database.writing() as store:
        return rights.close(
            built.installation, store, request, outcome=outcome, actor=Actor.SYSTEM, actor_id=None, now=built.clock()
        )


def requests_of(built: Built, address: str = CAMILLE) -> list[RightsRequest]:
    whose = person(built, address)
    with built.installation.database.reading() as store:
        return list(store.requests.of_person(whose.id))


def sent(visitor: Visitor, **fields: str) -> str:
    answer = visitor.send("new_request", fields)
    assert isinstance(answer, TestResponse)
    return answer.location


def test_a_request_is_received_with_its_last_day_and_its_letters(built: Built) -> None:
    visitor = signed_in(built)
    page = visitor.open(sent(visitor, kind="info", message="Where does it come from?"))
    assert "We will answer by December 23, 2026 at the latest." in page.text()
    assert "Where does it come from?" in page.text()
    [request] = requests_of(built)
    letters = [letter for letter in built.mailbox() if letter["reference"] == request.reference]
    assert {str(letter["kind"]) for letter in letters} == {"acknowledgement", "contact_new_request"}
    assert "sent on November 23, 2026" in visitor.visit("request_page", reference=request.reference).text()


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_can_be_asked_and_shown(built: Built, kind: Kind) -> None:
    visitor = signed_in(built)
    page = visitor.open(sent(visitor, kind=kind.value, message="Please.", machine_which="A loan refused in May"))
    assert page.status == 200
    assert [request.kind for request in requests_of(built)] == [kind]


def test_the_kind_in_the_address_is_chosen_already(built: Built) -> None:
    page = Visitor(built, "en").visit("new_request", kind="portability")
    assert page.form("/requests/new")["kind"] == "portability"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"message": "Please."}, "Choose what you ask."),
        ({"kind": "everything", "message": "Please."}, "Choose what you ask."),
        ({"kind": "access"}, "Tell us what you ask, in a few words."),
        ({"kind": "access", "message": " \u200b\u00a0\n"}, "Tell us what you ask, in a few words."),
        ({"kind": "access", "message": "x" * 4_001}, "This text has 4,001 characters."),
        ({"kind": "access", "message": "a\x00b"}, "This text holds a character that cannot be kept."),
    ],
)
def test_what_cannot_be_taken_is_refused_and_nothing_typed_is_lost(
    built: Built, fields: dict[str, str], sentence: str
) -> None:
    page = signed_in(built).send("new_request", fields, status=422)
    assert isinstance(page, Page)
    assert sentence in page.text()
    kept = page.form("/requests/new")["message"]
    assert kept == fields.get("message", "").strip(" \u00a0\n").replace("\x00", "") or "\u200b" in kept
    assert not requests_of(built)


def test_four_thousand_characters_of_any_kind_fit(built: Built) -> None:
    visitor = signed_in(built)
    sent(visitor, kind="other", message="🙂é" * 2_000)
    assert len(requests_of(built)[0].message) == 4_000


@pytest.mark.parametrize("address", [CAMILLE, NOBODY])
def test_a_visitor_proves_an_address_and_loses_nothing(built: Built, address: str) -> None:
    visitor = Visitor(built, "en")
    assert sent(visitor, kind="complaint", message="<b>It is late</b>", email=address.upper()) == "/en/sign-in/code"
    assert not requests_of(built, address)
    answer = visitor.send("sign_in_code", {"code": visitor.code_for(address)})
    assert isinstance(answer, TestResponse)
    assert answer.location == "/en/resume"
    page = visitor.open(answer.location)
    assert "<b>It is late</b>" in page.text()
    again = visitor.send("new_request", page.form("/requests/new"))
    assert isinstance(again, TestResponse)
    assert "<b>It is late</b>" in visitor.open(again.location).text()
    [request] = requests_of(built, address)
    assert request.level is (Level.L2 if address == CAMILLE else Level.L1)
    visitor.visit("resume", status=404)


def test_a_visitors_refused_form_keeps_what_was_typed(built: Built) -> None:
    page = Visitor(built, "en").send("new_request", {"kind": "info", "message": "Hello", "email": "a@b"}, status=422)
    assert isinstance(page, Page)
    assert "Enter one e-mail address" in page.text()
    assert page.form("/requests/new")["message"] == "Hello"
    assert page.form("/requests/new")["email"] == "a@b"


def test_too_many_codes_are_refused_and_nothing_typed_is_lost(built: Built) -> None:
    visitor = Visitor(built, "en")
    for _ in range(20):
        sent(visitor, kind="info", message="Hello", email=CAMILLE)
    page = visitor.send("new_request", {"kind": "info", "message": "Hello", "email": CAMILLE}, status=429)
    assert isinstance(page, Page)
    assert page.response.headers["Retry-After"]
    assert page.form("/requests/new")["message"] == "Hello"


def test_staff_who_ask_are_asked_for_an_address_like_anybody(built: Built) -> None:
    visitor = Visitor(built, "en")
    visitor.sign_in("agent@example.org")
    assert "email" in visitor.visit("new_request").form("/requests/new")


def test_twenty_presses_at_once_are_one_request(built: Built) -> None:
    visitor = signed_in(built)
    fields = visitor.visit("new_request").form("/requests/new") | {"kind": "info", "message": "Once."}
    cookie = visitor.client.get_cookie("portal", domain="127.0.0.1")
    assert cookie is not None

    def press(_number: int) -> str | None:
        client = built.app.test_client()
        client.set_cookie("portal", cookie.value, domain="127.0.0.1")
        return client.post("/en/requests/new", data=fields, base_url=BASE).location

    with ThreadPoolExecutor(5) as pool:
        assert len(set(pool.map(press, range(20)))) == 1
    assert len(requests_of(built)) == 1


def test_the_list_is_newest_first_and_paged(built: Built) -> None:
    references = [asked(built).reference for _ in range(60)][::-1]
    visitor = signed_in(built)
    shown: list[str] = []
    page = visitor.visit("requests")
    while True:
        shown += [
            link.get("href", "").rsplit("/", 1)[1] for link in page.all("a") if "/requests/R-" in link.get("href", "")
        ]
        after = page.links().get("Next page")
        if after is None:
            break
        page = visitor.open(after)
    assert shown == references


@pytest.mark.parametrize("before", ["x", "-1", "0", "9" * 40, "１２"])
def test_a_damaged_place_in_the_list_breaks_nothing(built: Built, before: str) -> None:
    asked(built)
    signed_in(built).visit("requests", before=before)


def test_nobody_reads_anybody_elses_request(built: Built) -> None:
    request = asked(built, address=EMILY)
    visitor = signed_in(built)
    for reference in (request.reference, "R-0000-0000-0000", "R-" + "Z" * 500, "..", "💥"):
        visitor.visit("request_page", reference=reference, status=404)
        visitor.send("take_back", {}, reference=reference, status=404)
    assert requests_of(built, EMILY)[0].state is State.RECEIVED


def test_a_reference_typed_otherwise_leads_to_its_own_address(built: Built) -> None:
    request = asked(built)
    visitor = signed_in(built)
    answer = visitor.client.get(
        visitor.address("request_page", reference=request.reference.lower().replace("-", "")), base_url=BASE
    )
    assert (answer.status_code, answer.location) == (302, f"/en/requests/{request.reference}")


def test_a_request_is_taken_back_once(built: Built) -> None:
    request = asked(built)
    visitor = signed_in(built)
    visitor.send("take_back", {}, reference=request.reference)
    page = visitor.send("take_back", {}, reference=request.reference, status=409)
    assert isinstance(page, Page)
    assert "It is too late to take this request back." in page.text()
    assert "You took it back on November 23, 2026." in page.text()
    letters = [letter for letter in built.mailbox() if letter["kind"] == "taken_back"]
    assert len(letters) == 1


def test_a_decided_request_is_taken_back_only_while_it_waits(built: Built) -> None:
    waiting = decided(
        built, asked(built, Kind.DELETION), Decision.GRANTED, wait_until=built.clock() + timedelta(days=3)
    )
    at_once = decided(built, asked(built, Kind.DELETION), Decision.GRANTED)
    visitor = signed_in(built)
    assert "Until then, you can take it back." in visitor.visit("request_page", reference=waiting.reference).text()
    visitor.send("take_back", {}, reference=waiting.reference)
    page = visitor.visit("request_page", reference=at_once.reference)
    assert "Take the request back" not in page.text()
    visitor.send("take_back", {}, reference=at_once.reference, status=409)


def test_a_refusal_says_why_on_what_ground_where_to_turn_and_until_when(built: Built) -> None:
    until = built.installation.today(built.clock()) + timedelta(days=30)
    request = decided(
        built,
        asked(built),
        Decision.REFUSED,
        reason="<b>Another</b> person is named.",
        provision="P-39.1, s. 40",
        recourse_until=until,
    )
    closed(built, request, LetterKind.OUTCOME_REFUSED)
    text = signed_in(built).visit("request_page", reference=request.reference).text()
    for part in (
        "Refused",
        "<b>Another</b> person is named.",
        "P-39.1, s. 40",
        built.installation.body.name.fr,
        built.installation.body.toll_free,
        "December 23, 2026",
        "Do you need help to understand this answer?",
    ):
        assert part in text


def test_a_grant_names_no_recourse(built: Built) -> None:
    request = closed(built, decided(built, asked(built), Decision.GRANTED), LetterKind.OUTCOME_GRANTED)
    text = signed_in(built).visit("request_page", reference=request.reference).text()
    assert "We answered on November 23, 2026. There is nothing more to do." in text
    assert "If you disagree" not in text


def test_silence_past_the_last_day_is_admitted_with_the_recourse(built: Built) -> None:
    request = asked(built)
    built.clock.advance(days=30)
    visitor = signed_in(built)
    assert "We are late" not in visitor.visit("request_page", reference=request.reference).text()
    built.clock.advance(days=1)
    visitor = signed_in(built)
    text = visitor.visit("request_page", reference=request.reference).text()
    assert "We are late, and we are sorry. Our answer was due on December 23, 2026." in text
    assert "Until January 22, 2027" in text
    assert "We are late" in visitor.visit("requests").text()


def test_a_letter_that_waits_more_than_a_day_is_admitted(built: Built) -> None:
    request = asked(built)
    built.clock.advance(hours=23)
    visitor = signed_in(built)
    as_if_never_sent(built, request)
    assert "Our letter is delayed." not in visitor.visit("request_page", reference=request.reference).text()
    built.clock.advance(hours=1, minutes=59)
    text = visitor.visit("request_page", reference=request.reference).text()
    assert "We received your request on November 23, 2026. Our letter is delayed. You need do nothing." in text


def as_if_never_sent(built: Built, request: RightsRequest) -> None:
    """The request's letters wait again, as when the mail server has been away since."""
    with built.installation.database.writing() as store:
        for letter in store.letters.of_request(request.id):
            store.letters.refused(letter.id, DeliveryOutcome.TEMPORARILY_REFUSED)
        store.letters.retry_refused(built.clock())


def test_a_deletion_that_is_over_attests_what_went_and_what_stays(built: Built) -> None:
    request = decided(built, asked(built, Kind.DELETION), Decision.GRANTED)
    now = built.clock()
    with built.installation.database.writing() as store:
        erasure_id = store.erasures.add(request.id, not_before=now)
        store.erasures.start(
            erasure_id,
            [
                StepPlan("usage", "service.api_requests", (1,), "delete"),
                StepPlan("billing", "service.invoices", (1,), "delete"),
            ],
            now,
        )
        usage, billing = store.erasures.steps(erasure_id)
        store.erasures.record_batch(usage.id, first=(1,), last=(9,), found=48_120, now=now)
        batch = store.erasures.last_batch(usage.id)
        assert batch is not None
        store.erasures.batch_done(batch, now)
        store.erasures.step_done(usage.id, kept=0, kept_until=None, remaining=0, now=now)
        store.erasures.step_done(billing.id, kept=12, kept_until=now + timedelta(days=2_000), remaining=0, now=now)
        store.erasures.finish(erasure_id, now)
    closed(built, request, LetterKind.ERASURE_DONE)
    page = signed_in(built).visit("request_page", reference=request.reference)
    text = page.text()
    assert "Attestation of deletion" in text
    assert "48,120" in text
    assert "12 kept until May 15, 2032" in text
    assert "The Tax Administration Act requires us to keep invoices for six years." in text


def test_the_message_appears_in_no_letter(built: Built) -> None:
    visitor = signed_in(built)
    sent(visitor, kind="other", message="My password is hunter2")
    assert not any("hunter2" in str(letter) for letter in built.mailbox())
