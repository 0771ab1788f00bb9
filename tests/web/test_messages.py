"""A person and staff write to each other about a request: both kept, told by letters that say nothing, files guarded."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portal.domain.audit import AuditEvent
from portal.domain.languages import Language
from portal.domain.messages import MOST_A_DAY, Author, MessageKind
from portal.domain.outbox import DeliveryOutcome
from portal.domain.rights import RequestEvent, State
from tests.client import BASE, Page, Visitor
from tests.installation import CAMILLE, Built, an_installation, an_installation_on
from tests.keepers import (
    AGENT,
    AUDITOR,
    OFFICER,
    a_request,
    decide,
    now_is,
    post,
    signed_in,
)
from tests.talking import SECRET, ask, events, letters_to, person_writes, said, staff_write


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_both_sides_write_and_each_reads_the_other_in_its_own_words(built: Built, lang: Language) -> None:
    request = a_request(built)
    person, agent = signed_in(built, CAMILLE, lang), signed_in(built, AGENT, lang)
    assert person_writes(built, request, "Je cherche 2019.", visitor=person).status_code == 303
    answered = staff_write(built, request, text="Nous regardons.", visitor=agent)
    assert answered.location.endswith("#messages")
    mine = person.visit("request_page", reference=request.reference)
    assert mine.text().index("Je cherche 2019.") < mine.text().index("Nous regardons.")
    assert AGENT not in mine.html, "a member of staff is the organization to a person"
    theirs = agent.visit("staff_request", reference=request.reference)
    assert "Je cherche 2019." in theirs.text()
    assert "Nous regardons." in theirs.text()
    [ours] = [one for one in theirs.all("p", class_="message__text") if "regardons" in "".join(one.itertext())]
    assert ours.get("lang") == "fr-CA", "staff write in the language of the request"


def test_a_letter_is_a_nudge_and_says_nothing_of_the_message(built: Built) -> None:
    request = a_request(built)
    staff_write(built, request, text=SECRET)
    person_writes(built, request, SECRET)
    [newest, *_] = letters_to(built, CAMILLE, request.reference)
    assert "Un message vous attend" in str(newest["subject"])
    assert f"/fr/demandes/{request.reference}" in str(newest["text"])
    to_contact = next(one for one in built.mailbox() if "a écrit" in str(one["subject"]))
    assert to_contact["to"] == built.installation.settings.privacy_contact.email
    for letter in built.mailbox():
        assert "4471" not in f"{letter['subject']}{letter['text']}{letter['html']}"


def test_who_has_the_request_in_hand_is_told_and_the_contact_when_they_left(built: Built) -> None:
    request = a_request(built)
    ask(built, request)
    person_writes(built, request)
    assert len(letters_to(built, AGENT, request.reference)) == 1
    with built.installation.database.writing() as store:
        agent = store.staff.by_address(AGENT)
        assert agent
        store.staff.disable(agent.id, built.clock())
    person_writes(built, request)
    assert len(letters_to(built, AGENT, request.reference)) == 1
    assert len([one for one in built.mailbox() if "a écrit" in str(one["subject"])]) == 2


def test_a_second_press_writes_nothing_twice(built: Built) -> None:
    request, person, agent = a_request(built), signed_in(built, CAMILLE), signed_in(built, AGENT)
    mine = person.visit("request_page", reference=request.reference).form("/messages") | {"text": "Une fois"}
    theirs = agent.visit("staff_messages", reference=request.reference).form("/messages") | {"text": "Aussi"}
    for _ in range(2):
        assert post(person, "request_messages", mine, reference=request.reference).status_code == 303
        assert post(agent, "staff_messages", theirs, reference=request.reference).status_code == 303
    assert [one.text for one in said(built, request)] == ["Une fois", "Aussi"]


def test_asking_makes_the_request_wait_and_the_answer_makes_it_go_on(built: Built) -> None:
    request = a_request(built)
    assert ask(built, request).status_code == 303
    waiting = now_is(built, request.reference)
    assert (waiting.state, waiting.due) == (State.AWAITING_REQUESTER, request.due), "the clock runs on"
    person = signed_in(built, CAMILLE, "en")
    page = person.visit("request_page", reference=request.reference).text()
    for words in (
        "Waiting for you",
        "Quelle année?",
        "Pour trouver le dossier.",
        "Please answer by",
        "December 3, 2026",
    ):
        assert words in page, words
    [letter, *_] = letters_to(built, CAMILLE, request.reference)
    for words in ("L’échéance demeure le 23 décembre 2026", "vous aiderons", "rien de plus", "3 décembre 2026"):
        assert words in str(letter["text"]).replace("\n", " "), words
    assert "Quelle année" not in str(letter["text"]) + str(letter["html"])
    assert person_writes(built, request, "2019", visitor=person).status_code == 303
    assert now_is(built, request.reference).state is State.IN_PROGRESS
    assert events(built, request) == [
        RequestEvent.OPENED,
        RequestEvent.TAKEN_UP,
        RequestEvent.ASKED,
        RequestEvent.ANSWERED_BY_PERSON,
    ]
    assert "Please answer by" not in person.visit("request_page", reference=request.reference).text()
    assert len(letters_to(built, AGENT, request.reference)) == 1, "whoever asked is told"


def test_a_question_lacks_nothing_the_law_wants_said(built: Built) -> None:
    request = a_request(built)
    refused = ask(built, request, need="", why=" ", answer_by="2026-12-24")
    assert refused.status_code == 422
    page = Page(refused, "fr")
    for words in ("Indiquez ce qu’il vous faut.", "la personne lit le motif", "Choisissez un jour", "Quelle année?"):
        assert words in page.html, words
    assert now_is(built, request.reference).state is State.RECEIVED
    assert ask(built, request, answer_by="demain").status_code == 422
    assert said(built, request) == []


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_staff_go_on_without_an_answer_or_with_one_that_came_otherwise(built: Built, lang: Language) -> None:
    request = a_request(built)
    agent = signed_in(built, AGENT, lang)
    for do, event in (("go_on", RequestEvent.WENT_ON), ("answered", RequestEvent.ANSWERED_BY_PERSON)):
        ask(built, request)
        form = agent.visit("staff_request", reference=request.reference).form(
            "/poursuivre" if lang == "fr" else "/go-on"
        )
        agent.send("staff_go_on", form | {"do": do}, reference=request.reference)
        assert now_is(built, request.reference).state is State.IN_PROGRESS
        assert events(built, request)[-1] is event
    late = agent.send("staff_go_on", form, reference=request.reference, status=409)
    assert isinstance(late, Page)


def test_the_day_that_passed_is_said_to_staff(built: Built) -> None:
    request = a_request(built)
    ask(built, request)
    built.clock.advance(days=11)
    assert (
        "est passé sans réponse" in signed_in(built, AGENT).visit("staff_request", reference=request.reference).text()
    )


def test_notes_stand_apart_and_never_reach_the_person(built: Built) -> None:
    request = a_request(built)
    agent = signed_in(built, AGENT)
    form = agent.open(agent.address("staff_messages", reference=request.reference) + "?write=note")
    assert "pouvait demander à la lire" in form.text()
    staff_write(built, request, "note", text="Note: appeler la comptabilité", visitor=agent)
    page = agent.visit("staff_request", reference=request.reference)
    assert "appeler la comptabilité" in page.text()
    assert page.all("div", class_="messages__notes")
    person = signed_in(built, CAMILLE)
    for endpoint in ("request_page", "request_messages"):
        assert "comptabilité" not in person.visit(endpoint, reference=request.reference).html
    assert not [one for one in built.mailbox() if "Un message vous attend" in str(one["subject"])]


def test_a_ready_paragraph_is_put_in_the_language_of_the_person(built: Built) -> None:
    officer = signed_in(built, OFFICER, "en")
    settings = officer.visit("staff_settings_replies").form("/ready-paragraphs")
    ready = {"name_fr": "Aide", "name_en": "Help", "text_fr": "Nous vous aidons.", "text_en": "We help you."}
    whole = {f"{name}_0": value for name, value in ready.items()}
    refused = officer.send("staff_settings_replies", settings | whole | {"text_en_0": ""}, status=422)
    assert isinstance(refused, Page), "both languages or none"
    officer.send("staff_settings_replies", settings | whole)
    request = a_request(built)
    form = officer.visit("staff_messages", reference=request.reference).form("/messages")
    read = post(
        officer,
        "staff_messages",
        form | {"text": "Bonjour.", "paragraph": "Aide", "do": "insert"},
        reference=request.reference,
    )
    assert read.status_code == 200
    shown = Page(read, "en").form("/messages")
    assert shown["text"] == "Bonjour.\n\nNous vous aidons."
    assert said(built, request) == [], "nothing goes before it was read"
    assert post(officer, "staff_messages", shown, reference=request.reference).status_code == 303
    assert staff_write(built, request, text="", paragraph="Aide").status_code == 303
    assert [one.text for one in said(built, request)] == ["Bonjour.\n\nNous vous aidons.", "Nous vous aidons."]


def test_help_to_understand_the_answer_may_be_asked_until_its_files_go(built: Built) -> None:
    request, person = a_request(built), signed_in(built, CAMILLE)
    form = person.visit("request_page", reference=request.reference).form("/messages") | {"text": "Pourquoi?"}
    decide(built, request.reference)
    assert post(person, "request_messages", form, reference=request.reference).status_code == 303
    again = person.visit("request_page", reference=request.reference).form("/messages") | {"text": "Encore une chose"}
    built.clock.advance(days=40)
    person = signed_in(built, CAMILLE)
    over = post(person, "request_messages", again | {"csrf_token": person.token()}, reference=request.reference)
    assert over.status_code == 409
    assert "Encore une chose" in Page(over, "fr").text(), "what was written is shown, to be copied"
    assert len(said(built, request)) == 1


def test_a_request_taken_back_is_written_about_no_more(built: Built) -> None:
    request, person, agent = a_request(built), signed_in(built, CAMILLE), signed_in(built, AGENT)
    open_form = agent.visit("staff_messages", reference=request.reference).form("/messages") | {"text": "Trop tard"}
    person.send("take_back", {}, reference=request.reference)
    late = post(agent, "staff_messages", open_form, reference=request.reference)
    assert late.status_code == 409
    assert "Trop tard" in Page(late, "fr").form("/messages")["text"]
    assert "Messages" not in [h.text for h in person.visit("request_page", reference=request.reference).all("h2")]


def test_nothing_is_asked_once_the_request_is_decided(built: Built) -> None:
    request, agent = a_request(built), signed_in(built, AGENT)
    path = agent.address("staff_messages", reference=request.reference) + "?write=question"
    form = agent.open(path).form("/messages") | {"need": "other", "text": "Quoi?", "why": "Parce que."}
    decide(built, request.reference)
    late = post(agent, "staff_messages", form, reference=request.reference)
    assert late.status_code == 409
    assert now_is(built, request.reference).state is State.CLOSED
    assert (
        "Demander à la personne ce qui manque" not in agent.visit("staff_request", reference=request.reference).text()
    )


def test_nobody_decides_over_words_they_have_not_seen(built: Built) -> None:
    request, officer = a_request(built), signed_in(built, OFFICER)
    form = officer.visit("staff_request", reference=request.reference).form("/decision")
    person_writes(built, request, "Une dernière chose.")
    verdict = form | {"decision": "granted", "reason": "Voici."}
    refused = officer.send("staff_decision", verdict, reference=request.reference, status=409)
    assert isinstance(refused, Page)
    assert "La personne a écrit un message." in refused.text()
    assert "Voici." in refused.text(), "what was written is shown, to be copied"
    assert now_is(built, request.reference).state is State.RECEIVED
    assert "Vous nous avez écrit" in signed_in(built, CAMILLE).visit("request_page", reference=request.reference).text()
    decide(built, request.reference)


def test_nobody_handles_the_messages_of_their_own_request(built: Built) -> None:
    request = a_request(built, address=AGENT)
    for write in ("message", "question", "note"):
        answered = staff_write(built, request, write, need="other", why="x")
        assert answered.status_code == 409, write
    assert said(built, request) == []


def test_the_auditor_reads_no_message(built: Built) -> None:
    request = a_request(built)
    person_writes(built, request)
    auditor = signed_in(built, AUDITOR)
    assert "4471" not in auditor.visit("staff_request", reference=request.reference).html
    auditor.visit("staff_messages", reference=request.reference, status=403)


def test_what_a_person_writes_is_guarded(built: Built) -> None:
    request, person = a_request(built), signed_in(built, CAMILLE)
    for text, words in (("", "Écrivez votre message"), ("\u200b ", "Écrivez"), ("x" * 4_001, "4\N{NO-BREAK SPACE}000")):
        refused = person_writes(built, request, text, visitor=person)
        assert refused.status_code == 422
        assert words in Page(refused, "fr").html
    hostile = "<script>alert(1)</script> {{ 7*7 }} \u202eabc"
    assert person_writes(built, request, hostile, visitor=person).status_code == 303
    for visitor, page in ((person, "request_page"), (signed_in(built, OFFICER), "staff_request")):
        html = visitor.visit(page, reference=request.reference).html
        assert "<script>alert" not in html
        assert "{{ 7*7 }}" in html


def test_a_program_that_writes_without_end_is_stopped_and_its_text_kept(built: Built) -> None:
    request, person = a_request(built), signed_in(built, CAMILLE)
    for number in range(MOST_A_DAY):
        assert person_writes(built, request, f"no {number}", visitor=person).status_code == 303
    stopped = person_writes(built, request, "un de trop", visitor=person)
    assert stopped.status_code == 429
    assert "Retry-After" in stopped.headers
    assert "un de trop" in Page(stopped, "fr").form("/messages")["text"]
    assert len(said(built, request)) == MOST_A_DAY


def test_what_was_typed_is_kept_when_the_session_ended(built: Built) -> None:
    request, person = a_request(built), signed_in(built, CAMILLE)
    form = person.visit("request_page", reference=request.reference).form("/messages") | {"text": "Un long message"}
    built.clock.advance(days=2)
    assert post(person, "request_messages", form, reference=request.reference).status_code == 401
    person.sign_in(CAMILLE)
    assert "Un long message" in person.visit("resume").html


def test_a_nudge_that_is_refused_is_no_reply_and_staff_are_told(built: Built) -> None:
    request = a_request(built)
    ask(built, request)
    with built.installation.database.writing() as store:
        [asked] = store.messages.of_request(request.id, notes=True)
        assert asked.letter_id
        store.letters.refused(asked.letter_id, DeliveryOutcome.REFUSED_FOR_GOOD)
    page = signed_in(built, AGENT).visit("staff_request", reference=request.reference)
    assert page.html.count("Le serveur de courriel a refusé la lettre qui annonce un message") == 2
    assert "La lettre qui l’annonce a été refusée" in page.text()
    assert now_is(built, request.reference).state is State.AWAITING_REQUESTER


def test_a_message_is_in_the_audit_trail_by_its_kind_alone(built: Built) -> None:
    request = a_request(built)
    person_writes(built, request)
    staff_write(built, request, "note")
    with built.installation.database.reading() as store:
        lines = [one for one in store.audit.newest(limit=50) if one.event is AuditEvent.MESSAGE_WRITTEN]
    assert [one.detail for one in lines] == [MessageKind.NOTE, MessageKind.MESSAGE]


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_what_both_sides_write_at_once_is_kept(tmp_path: Path, engine: str) -> None:
    with an_installation_on(engine, tmp_path) as built:
        request = a_request(built)
        ask(built, request)
        person, agent = signed_in(built, CAMILLE), signed_in(built, AGENT)
        mine = person.visit("request_page", reference=request.reference).form("/messages")
        theirs = agent.visit("staff_messages", reference=request.reference).form("/messages")
        presses = [
            (visitor, endpoint, form | {"text": f"{endpoint} {number}", "form_id": f"{endpoint[:5]}{number:020}"})
            for number in range(5)
            for visitor, endpoint, form in (
                (person, "request_messages", mine),
                (agent, "staff_messages", theirs),
            )
        ]

        def press(one: tuple[Visitor, str, dict[str, str]]) -> int:
            visitor, endpoint, form = one
            cookie = visitor.client.get_cookie("portal", "127.0.0.1")
            assert cookie
            client = visitor.app.test_client(use_cookies=False)
            path = visitor.address(endpoint, reference=request.reference)
            headers = {"Cookie": f"portal={cookie.value}"}
            return client.post(path, data=form, base_url=BASE, headers=headers).status_code

        with ThreadPoolExecutor(len(presses)) as pool:
            answers = list(pool.map(press, presses))
        assert set(answers) <= {303, 503}
        kept = said(built, request)
        assert len(kept) == 1 + answers.count(303)
        assert {one.author for one in kept} == {Author.PERSON, Author.STAFF}
        assert now_is(built, request.reference).state is State.IN_PROGRESS
        assert events(built, request).count(RequestEvent.ANSWERED_BY_PERSON) == 1
