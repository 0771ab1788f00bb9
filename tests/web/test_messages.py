"""A person and staff write to each other about a request: both kept, told by letters that say nothing, files guarded."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from portal.domain.audit import AuditEvent
from portal.domain.languages import Language
from portal.domain.messages import MOST_A_DAY, Author, Message, MessageKind
from portal.domain.rights import RequestEvent, RightsRequest, State
from portal.web.line_forms import MOST_SENT
from tests.client import BASE, Page, Visitor
from tests.files import a_csv, a_pdf, a_png, a_workbook, an_archive
from tests.installation import CAMILLE, EMILY, Built, an_installation, an_installation_on
from tests.keepers import (
    AGENT,
    AUDITOR,
    OFFICER,
    Sent,
    a_request,
    decide,
    granted_with_a_file,
    multipart,
    now_is,
    post,
    signed_in,
)

SECRET = "Mon numéro de client est le 4471-canari"


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def said(built: Built, request: RightsRequest) -> list[Message]:
    with built.installation.database.reading() as store:
        return list(store.messages.of_request(request.id, notes=True))


def person_writes(
    built: Built, request: RightsRequest, text: str = SECRET, files: Sent = (), visitor: Visitor | None = None
) -> TestResponse:
    """As its person does, from the page of the request."""
    visitor = visitor or signed_in(built, CAMILLE)
    form = visitor.visit("request_page", reference=request.reference).form("/messages")
    return post(visitor, "request_messages", form | {"text": text}, files, reference=request.reference)


def staff_write(
    built: Built,
    request: RightsRequest,
    write: str = "message",
    files: Sent = (),
    visitor: Visitor | None = None,
    **fields: str,
) -> TestResponse:
    """As a member of staff does, from the page the request leads to."""
    visitor = visitor or signed_in(built, AGENT)
    path = visitor.address("staff_messages", reference=request.reference) + f"?write={write}"
    form = visitor.open(path).form("/messages")
    return post(visitor, "staff_messages", form | {"text": "Bonjour"} | fields, files, reference=request.reference)


def ask(built: Built, request: RightsRequest, **fields: str) -> TestResponse:
    wanted = {"need": "precision", "text": "Quelle année?", "why": "Pour trouver le dossier."}
    return staff_write(built, request, "question", **(wanted | fields))


def letters_to(built: Built, address: str, reference: str) -> list[dict[str, object]]:
    return [one for one in built.mailbox() if one["to"] == address and one["reference"] == reference]


def events(built: Built, request: RightsRequest) -> list[RequestEvent]:
    with built.installation.database.reading() as store:
        return [one.event for one in store.requests.history(request.id)]


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


def test_each_side_takes_the_files_of_the_other_as_downloads_alone(built: Built) -> None:
    request = a_request(built)
    person, agent = signed_in(built, CAMILLE), signed_in(built, AGENT)
    assert person_writes(built, request, files=[("../../preuve.pdf", a_pdf())], visitor=person).status_code == 303
    assert staff_write(built, request, files=[("liste.csv", a_csv())], visitor=agent).status_code == 303
    for visitor, endpoint, number, name in (
        (agent, "staff_file", "1", "preuve.pdf"),
        (person, "given_file", "2", "liste.csv"),
        (person, "given_file", "1", "preuve.pdf"),
    ):
        page = "staff_request" if endpoint == "staff_file" else "request_page"
        form = visitor.visit(page, reference=request.reference).form(f"/{number}")
        path = visitor.address(endpoint, reference=request.reference, number=number)
        taken = visitor.client.post(path, data=form, base_url=BASE)
        assert taken.status_code == 200
        assert taken.headers["Content-Disposition"] == f"attachment; filename={name}"
        assert taken.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in taken.headers["Content-Security-Policy"]
    stranger = signed_in(built, EMILY)
    path = stranger.address("given_file", reference=request.reference, number="1")
    assert stranger.client.post(path, data={"csrf_token": stranger.token()}, base_url=BASE).status_code == 404


LIES = b"<!doctype html><script>alert(1)</script>"


def a_bomb() -> bytes:
    """A workbook whose directory says that its parts unpack to far more than it should."""
    whole = a_workbook("xl/worksheets/sheet1.xml", content=b"\x00" * 1_000_000)
    return whole.replace((1_000_000).to_bytes(4, "little"), (900_000_000).to_bytes(4, "little"))


@pytest.mark.parametrize(
    ("file", "status", "words"),
    [
        (("photo.pdf", a_png()), 422, "son nom dit autre chose"),
        (("facture.exe", a_pdf()), 422, "son nom dit autre chose"),
        (("page.pdf", LIES), 422, "n’est rien de ceci"),
        (("image.png", b"<svg onload='alert(1)'/>"), 422, "n’est rien de ceci"),
        (("tout.zip", an_archive("a.txt")), 422, "n’est rien de ceci"),
        (("bombe.xlsx", a_bomb()), 422, "beaucoup trop de place"),
        (("macro.xlsx", a_workbook("xl/vbaProject.bin")), 422, "macros"),
        (("vide.pdf", b""), 422, "est vide"),
        (("grand.png", a_png(padding=b"x" * 10_000_000)), 413, "par la poste"),
    ],
)
@pytest.mark.parametrize("side", ["person", "staff"])
def test_a_file_that_lies_or_explodes_is_refused_in_words_and_the_text_is_still_there(
    built: Built, file: tuple[str, bytes], status: int, words: str, side: str
) -> None:
    request = a_request(built)
    write: Any = person_writes if side == "person" else staff_write
    answered = write(built, request, text="Voici ma preuve", files=[("bon.pdf", a_pdf()), file])
    page = Page(answered, "fr")
    assert answered.status_code == status
    assert words in page.html
    assert "Voici ma preuve" in page.form("/messages")["text"]
    assert "Choisissez de nouveau vos fichiers" in page.text()
    assert "<script>alert" not in page.html
    assert said(built, request) == []
    with built.installation.database.reading() as store:
        assert store.attachments.of_request(request.id) == []


def test_two_hundred_megabytes_are_refused_in_words_without_being_read(built: Built) -> None:
    request, person = a_request(built), signed_in(built, CAMILLE)
    form = person.visit("request_page", reference=request.reference).form("/messages") | {"text": "x"}
    body, kind = multipart(form, [("grand.pdf", a_pdf())])
    answered = person.client.post(
        person.address("request_messages", reference=request.reference),
        data=body,
        content_type=kind,
        base_url=BASE,
        environ_overrides={"CONTENT_LENGTH": "200000000"},
    )
    assert answered.status_code == 413
    assert "50\N{NO-BREAK SPACE}Mo" in answered.get_data(as_text=True)
    assert (
        post(person, "request_messages", form, [("a", b"x" * MOST_SENT)], reference=request.reference).status_code
        == 413
    )
    assert said(built, request) == []


def test_the_files_of_messages_take_no_room_from_those_of_answers(tmp_path: Path) -> None:
    built = an_installation(tmp_path, by_hand=True)
    request = granted_with_a_file(built, [("a.csv", a_csv())])
    person = signed_in(built, CAMILLE)
    many = [(f"{number}.pdf", a_pdf()) for number in range(20)]
    assert person_writes(built, request, files=many, visitor=person).status_code == 303
    refused = person_writes(built, request, files=[("21.pdf", a_pdf())], visitor=person)
    assert refused.status_code == 422
    assert "Les messages d’une demande contiennent" in refused.get_data(as_text=True)
    page = person.visit("request_page", reference=request.reference)
    assert "Les fichiers que nous vous remettons" in page.text()
    with built.installation.database.reading() as store:
        from portal.services.attachments import given_with

        given = given_with(built.installation, store, now_is(built, request.reference), now=built.clock())
    assert given
    assert [file.name for file in given.files] == ["a.csv"], "what came with messages is no part of the answer"


def test_files_go_thirty_days_after_the_answer_and_the_thread_says_so(built: Built) -> None:
    request = a_request(built)
    person_writes(built, request, files=[("preuve.pdf", a_pdf())])
    decide(built, request.reference)
    built.clock.advance(days=32)
    built.work()
    from portal.services.attachments import destroy_what_is_over

    destroy_what_is_over(built.installation, built.clock())
    page = signed_in(built, CAMILLE).visit("request_page", reference=request.reference)
    assert "il a été détruit ici" in page.text()
    assert SECRET in page.text()
    assert "Cette conversation est terminée" in page.text()


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
    assert "Demander ce qui manque" not in agent.visit("staff_request", reference=request.reference).text()


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
        from portal.domain.outbox import DeliveryOutcome

        [asked] = store.messages.of_request(request.id, notes=True)
        assert asked.letter_id
        store.letters.refused(asked.letter_id, DeliveryOutcome.REFUSED_FOR_GOOD)
    page = signed_in(built, AGENT).visit("staff_request", reference=request.reference)
    assert page.html.count("Le serveur de courriel a refusé la lettre qui annonce un message") == 2
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
