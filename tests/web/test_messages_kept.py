"""Messages on paper, in the copy, and as long as their request: and a page of them that costs no more for being long."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from portal.domain.languages import Language
from portal.domain.letters import LetterKind
from portal.domain.outbox import LetterState
from portal.domain.rights import State
from tests.bench.statements import heard
from tests.client import Page, Visitor
from tests.files import a_pdf
from tests.installation import CAMILLE, Built, an_installation
from tests.keepers import AGENT, a_request, now_is, post, signed_in
from tests.talking import ask, person_writes, staff_write
from tests.web.paper_visits import entered, letters_to_person

MOST_STATEMENTS = 15


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_who_has_no_address_gets_the_message_printed(built: Built, lang: Language) -> None:
    request = entered(built, language=lang)
    agent = signed_in(built, AGENT, lang)
    form = agent.visit("staff_messages", reference=request.reference)
    assert not form.all("input", type="file"), "a file cannot be printed in a letter"
    staff_write(built, request, text="Premier alinéa.\n\nDeuxième <alinéa>.", visitor=agent)
    built.work()
    letter = letters_to_person(built, request)[-1]
    assert (letter.kind, letter.state) == (LetterKind.MESSAGE_WAITING, LetterState.TO_POST)
    sheet = agent.visit("staff_letter_paper", letter_id=letter.id)
    assert "Premier alinéa." in sheet.html
    assert "Deuxième &lt;alinéa&gt;." in sheet.html
    page = agent.visit("staff_request", reference=request.reference)
    waits = {"fr": "attend sur papier", "en": "waits on paper"}
    assert waits[lang] in page.text()
    assert not [one for one in built.mailbox() if one["to"] is None]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_what_is_missing_is_asked_on_paper_with_its_reason_and_its_days(built: Built, lang: Language) -> None:
    request = entered(built, language=lang)
    assert ask(built, request).status_code == 303
    built.work()
    letter = letters_to_person(built, request)[-1]
    assert (letter.kind, letter.state) == (LetterKind.REQUEST_FOR_INFORMATION, LetterState.TO_POST)
    agent = signed_in(built, AGENT, lang)
    sheet = agent.visit("staff_letter_paper", letter_id=letter.id).html
    due = {"fr": "L’échéance demeure le 23 décembre 2026", "en": "The deadline is still December 23, 2026"}
    why = {"fr": "Pourquoi nous le demandons", "en": "Why we ask"}
    for words in ("Quelle année?", "Pour trouver le dossier.", due[lang], why[lang]):
        assert words in sheet, words
    form = agent.visit("staff_request", reference=request.reference).form(
        agent.address("staff_go_on", reference=request.reference)[-8:]
    )
    agent.send("staff_go_on", form | {"do": "answered"}, reference=request.reference)
    assert now_is(built, request.reference).state is State.IN_PROGRESS


def test_the_copy_holds_the_messages_and_their_files_and_no_note(built: Built) -> None:
    request = a_request(built)
    person_writes(built, request, "Voici.", [("preuve.pdf", a_pdf())])
    ask(built, request)
    staff_write(built, request, "note", text="Entre nous seulement")
    archive = _copy(signed_in(built, CAMILLE))
    _labels, *rows = csv.DictReader(io.StringIO(archive.read("csv/portal-messages.csv").decode("utf-8-sig")))
    assert [(row["author"], row["text"], row["why"]) for row in rows] == [
        ("person", "Voici.", ""),
        ("staff", "Quelle année?", "Pour trouver le dossier."),
    ]
    assert archive.read("attachments/portal/preuve.pdf") == a_pdf()
    described = json.loads(archive.read("data.json"))
    portal = next(one for one in described["categories"] if one["id"] == "portal")
    assert [(one["name"], one["request"], one["kept_here_until"]) for one in portal["files"]] == [
        ("preuve.pdf", request.reference, None)
    ]
    assert request.reference in archive.read("index.html").decode()
    for name in archive.namelist():
        assert b"Entre nous" not in archive.read(name), name


@pytest.mark.parametrize("side", ["person", "staff"])
def test_a_long_conversation_costs_no_more_statements_than_a_short_one(built: Built, side: str) -> None:
    request, person, agent = a_request(built), signed_in(built, CAMILLE), signed_in(built, AGENT)
    visitor, endpoints = (
        (person, ("request_page", "request_messages")) if side == "person" else (agent, ("staff_messages",))
    )
    counts = []
    for _ in range(2):
        for _ in range(6):
            person_writes(built, request, "Encore", [("a.pdf", a_pdf())], visitor=person)
        staff_write(built, request, visitor=agent)
        counts.append([_statements(built, visitor, endpoint, request.reference) for endpoint in endpoints])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= MOST_STATEMENTS, counts


def _statements(built: Built, visitor: Visitor, endpoint: str, reference: str) -> int:
    path = visitor.address(endpoint, reference=reference)
    found = []
    for _ in range(3):
        with heard(built.installation.database.engine) as spoken:
            visitor.open(path)
        found.append(len(spoken.own))
    return min(found)


def _copy(visitor: Visitor) -> zipfile.ZipFile:
    page = visitor.visit("download")
    assert isinstance(page, Page)
    answer = post(visitor, "download", page.form("/telecharger"))
    assert isinstance(answer, TestResponse)
    assert answer.mimetype == "application/zip"
    return zipfile.ZipFile(io.BytesIO(answer.get_data()))
