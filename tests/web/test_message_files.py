"""Files that come with messages: hostile ones refused in words, the others taken as downloads alone, and gone in time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from portal.domain.languages import Language
from portal.services.attachments import destroy_what_is_over, given_with
from portal.web.line_forms import MOST_SENT
from tests.client import BASE, Page
from tests.files import a_csv, a_pdf, a_png, a_workbook, an_archive
from tests.installation import CAMILLE, EMILY, Built, an_installation
from tests.keepers import AGENT, a_request, decide, granted_with_a_file, multipart, now_is, post, signed_in
from tests.talking import SECRET, person_writes, said, staff_write


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


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


FORMULAS = b'nom;montant\r\n=HYPERLINK("http://x.example");-12,50\r\n'


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_csv_with_formulas_reaches_staff_as_it_was_sent_with_a_warning_over_it(built: Built, lang: Language) -> None:
    request = a_request(built)
    person = signed_in(built, CAMILLE)
    person_writes(built, request, files=[("piege.csv", FORMULAS), ("sage.csv", a_csv())], visitor=person)
    agent = signed_in(built, AGENT, lang)
    page = agent.visit("staff_request", reference=request.reference)
    warned = {
        "fr": "Un tableur exécuterait certaines cellules de ce fichier",
        "en": "A spreadsheet would run some cells of this file",
    }[lang]
    [trap, wise] = page.all("li", class_="files__file")
    assert warned in "".join(trap.itertext())
    assert warned not in "".join(wise.itertext())
    path = agent.address("staff_file", reference=request.reference, number="1")
    taken = agent.client.post(path, data=page.form("/1"), base_url=BASE)
    assert taken.data == FORMULAS, "it may prove something: not a byte of it changes"
    assert taken.headers["Content-Disposition"] == "attachment; filename=piege.csv"
    own = person.visit("request_page", reference=request.reference).text()
    assert "tableur" not in own, "who sent it is not warned of it"


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
        given = given_with(built.installation, store, now_is(built, request.reference), now=built.clock())
    assert given
    assert [file.name for file in given.files] == ["a.csv"], "what came with messages is no part of the answer"


def test_files_go_thirty_days_after_the_answer_and_the_thread_says_so(built: Built) -> None:
    request = a_request(built)
    person_writes(built, request, files=[("preuve.pdf", a_pdf())])
    decide(built, request.reference)
    built.clock.advance(days=32)
    built.work()
    destroy_what_is_over(built.installation, built.clock())
    page = signed_in(built, CAMILLE).visit("request_page", reference=request.reference)
    assert "il a été détruit ici" in page.text()
    assert SECRET in page.text()
    assert "Cette conversation est terminée" in page.text()
