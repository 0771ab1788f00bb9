"""Comments kept because we did not correct: written, shown wherever the value is, changed, taken out, and gone with it."""

from __future__ import annotations

import io
import json
import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from werkzeug.test import TestResponse

from portal.domain.audit import AuditEvent
from portal.domain.languages import Language
from portal.domain.rights import Decision, Kind, Level, RequestEvent, RightsRequest
from portal.domain.statements import LONGEST_STATEMENT, Statement
from portal.services import decisions, deletion, statements
from portal.services.account import RECORDS_KEPT
from portal.services.decisions import Verdict
from portal.services.rights import Asked, open_request
from portal.services.work import purge
from tests.client import Page, Visitor
from tests.installation import CAMILLE, EMILY, Built, an_installation
from tests.web.act_visits import EACH, OFFICER, now_of, signed_in
from tests.web.test_corrections import cell

HERE = {"fr": "/corriger", "en": "/correct"}
SAID = "Cette adresse n’est plus la mienne depuis 2019."
REFUSED = Verdict(Decision.REFUSED, "L’adresse est exacte.", "P-39.1, art. 28")


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def decided(built: Built, request: RightsRequest, verdict: Verdict) -> RightsRequest:
    with built.installation.database.writing() as store:
        [officer] = [one for one in store.staff.all() if one.address == OFFICER]
        found = store.requests.by_id(request.id)
        assert found
        decisions.decide(built.installation, store, officer, found, verdict, seen_version=found.version)
    return now_of(built, request)


def correction_asked(built: Built, visitor: Visitor) -> RightsRequest:
    page = visitor.visit("correct", category="account", **cell(built, "email"))
    visitor.send(
        "correct", page.form(HERE[visitor.language]) | {"value": "new@example.org", "reason": "…"}, category="account"
    )
    with built.installation.database.reading() as store:
        person = store.people.by_address(CAMILLE)
        assert person
        return store.requests.of_person(person.id)[0]


def refused_correction(built: Built, visitor: Visitor) -> RightsRequest:
    request = decided(built, correction_asked(built, visitor), REFUSED)
    built.work()
    return request


def commented(built: Built, visitor: Visitor, text: str = SAID) -> RightsRequest:
    request = refused_correction(built, visitor)
    visitor.send("request_comments", {"text": text}, reference=request.reference)
    return request


def asked(built: Built, kind: Kind, message: str = SAID) -> RightsRequest:
    with built.installation.database.writing() as store:
        person = store.people.ensure(CAMILLE, language="fr", now=built.clock())
        asks = Asked(kind, "fr", Level.L2, message)
        return open_request(built.installation, store, person, asks, form_id=None, now=built.clock())


def kept(built: Built, request: RightsRequest) -> Statement | None:
    with built.installation.database.reading() as store:
        return statements.of_request(store, request)


def events(built: Built, request: RightsRequest) -> list[RequestEvent]:
    with built.installation.database.reading() as store:
        return [line.event for line in store.requests.history(request.id)]


def the_copy(visitor: Visitor, **fields: str) -> ZipFile:
    answer = visitor.send("download", fields, status=200)
    assert isinstance(answer, TestResponse)
    return ZipFile(io.BytesIO(answer.get_data()))


@EACH
def test_comments_stand_beside_the_value_wherever_it_is(built: Built, lang: Language) -> None:
    visitor = signed_in(built, CAMILLE, lang)
    request = commented(built, visitor)
    for endpoint, arguments in (
        ("request_page", {"reference": request.reference}),
        ("category", {"category": "account"}),
        ("my_information", {}),
    ):
        assert SAID in visitor.visit(endpoint, **arguments).text(), endpoint
    changed = {"fr": "écrits quand la valeur était", "en": "written when the value was"}[lang]
    assert changed not in visitor.visit("category", category="account").text()
    staff = signed_in(built, OFFICER, lang).visit("staff_request", reference=request.reference).text()
    assert SAID in staff
    assert {"fr": "à côté de la valeur", "en": "beside the value"}[lang] in staff
    archive = the_copy(visitor, categories="account", **{"from": "2026-11-23"})
    assert SAID in archive.read("index.html").decode()
    assert SAID in archive.read("csv/account-statements.csv").decode()
    [account] = [one for one in json.loads(archive.read("data.json"))["categories"] if one["id"] == "account"]
    said = next(table for table in account["tables"] if table["name"] == "portal.statements")
    assert said["rows"][0][2:4] == [CAMILLE, SAID]


def test_of_a_value_corrected_since_the_comments_say_which_one_they_are_about(built: Built) -> None:
    visitor = signed_in(built, CAMILLE, "fr")
    page = visitor.visit("correct", category="account", **cell(built, "email"))
    assert page
    request = commented(built, visitor)
    with built.installation.database.writing() as store:
        found = store.requests.by_id(request.id)
        assert found
        assert found.correction
        about_name = replace(found.correction, field="name", before="Camille T.")
        store.requests.save(replace(found, correction=about_name), seen_version=found.version)
    text = visitor.visit("category", category="account").text()
    assert "écrits quand la valeur était\N{NO-BREAK SPACE}: Camille T." in text
    assert "Camille T." in the_copy(visitor).read("csv/account-statements.csv").decode()


def test_the_commission_receives_them_with_the_request(built: Built) -> None:
    request = commented(built, signed_in(built, CAMILLE, "fr"))
    answer = signed_in(built, OFFICER, "fr").send(
        "staff_request_file", {"do": "zip"}, status=200, reference=request.reference
    )
    assert isinstance(answer, TestResponse)
    archive = ZipFile(io.BytesIO(answer.get_data()))
    assert (
        archive.read(next(one for one in archive.namelist() if one.endswith("comments.txt"))).decode().strip() == SAID
    )
    assert SAID in archive.read(next(one for one in archive.namelist() if one.endswith(".html"))).decode()


@EACH
def test_the_refusal_and_its_page_say_that_comments_may_be_added(built: Built, lang: Language) -> None:
    visitor = signed_in(built, CAMILLE, lang)
    request = decided(built, correction_asked(built, visitor), REFUSED)
    soon = {"fr": "dès que notre lettre sera partie", "en": "as soon as our letter has left"}[lang]
    assert soon in visitor.visit("request_page", reference=request.reference).text()
    early = visitor.send("request_comments", {"text": SAID}, status=409, reference=request.reference)
    assert isinstance(early, Page)
    assert SAID in early.text(), "what was written is there to be copied"
    assert kept(built, request) is None
    letter = next(one for one in built.mailbox() if one["kind"] == "outcome_refused")
    said = {"fr": "verser vos commentaires à votre dossier", "en": "add your comments to your file"}[lang]
    assert said in str(letter["text"]).replace("\n", " ")
    text = visitor.visit("request_page", reference=request.reference).text()
    assert {"fr": "Vous pouvez verser vos commentaires", "en": "You may add your comments"}[lang] in text
    assert soon not in text


def test_comments_are_written_again_and_taken_out_with_their_trace(built: Built) -> None:
    visitor = signed_in(built, CAMILLE, "en")
    request = commented(built, visitor)
    visitor.send("request_comments", {"text": SAID}, reference=request.reference)  # a second press
    visitor.send("request_comments", {"text": "Autre chose"}, reference=request.reference)
    found = kept(built, request)
    assert found
    assert found.text == "Autre chose"
    form = visitor.visit("request_comments", reference=request.reference).form("/comments")
    assert form["text"] == "Autre chose"
    visitor.send("request_comments", {"do": "withdraw"}, reference=request.reference)
    visitor.send("request_comments", {"do": "withdraw"}, reference=request.reference)
    assert kept(built, request) is None
    assert "Autre chose" not in visitor.visit("category", category="account").text()
    assert events(built, request)[-3:] == [
        RequestEvent.STATEMENT_WRITTEN,
        RequestEvent.STATEMENT_REPLACED,
        RequestEvent.STATEMENT_WITHDRAWN,
    ]
    with built.installation.database.reading() as store:
        audited = [line.event for line in store.audit.newest(limit=100)]
    assert audited.count(AuditEvent.STATEMENT_WRITTEN) == 2
    assert audited.count(AuditEvent.STATEMENT_WITHDRAWN) == 1


@EACH
@pytest.mark.parametrize("text", ["", " \u200b ", "…", "a\x00b", "a\u202eb", "x" * (LONGEST_STATEMENT + 1)])
def test_what_cannot_be_kept_is_refused_in_a_sentence(built: Built, lang: Language, text: str) -> None:
    visitor = signed_in(built, CAMILLE, lang)
    request = refused_correction(built, visitor)
    page = visitor.send("request_comments", {"text": text}, status=422, reference=request.reference)
    assert isinstance(page, Page)
    assert page.all("textarea", aria_invalid="true")
    assert kept(built, request) is None


def test_nobody_elses_request_takes_comments(built: Built) -> None:
    request = refused_correction(built, signed_in(built, CAMILLE, "en"))
    other = signed_in(built, EMILY, "en")
    other.visit("request_comments", reference=request.reference, status=404)
    other.send("request_comments", {"text": SAID}, status=404, reference=request.reference)
    other.send("request_comments", {"do": "withdraw"}, status=404, reference=request.reference)
    assert kept(built, request) is None


@EACH
def test_a_request_that_refused_no_correction_says_what_comments_are_for(built: Built, lang: Language) -> None:
    request = asked(built, Kind.ACCESS)
    visitor = signed_in(built, CAMILLE, lang)
    visitor.visit("request_comments", reference=request.reference)
    decided(built, request, Verdict(Decision.REFUSED, "Motif", "P-39.1, art. 39"))
    built.work()
    page = visitor.send("request_comments", {"text": SAID}, status=409, reference=request.reference)
    assert isinstance(page, Page)
    assert {"fr": "Les commentaires portent", "en": "Comments are for"}[lang] in page.text()


def test_comments_a_request_asks_to_add_are_kept_once_it_is_accepted(built: Built) -> None:
    granted = decided(built, asked(built, Kind.COMMENT), Verdict(Decision.GRANTED))
    refused = decided(built, asked(built, Kind.COMMENT), REFUSED)
    found = kept(built, granted)
    assert found
    assert (found.text, found.about) == (SAID, None)
    assert kept(built, refused) is None
    built.work()
    visitor = signed_in(built, CAMILLE, "fr")
    assert SAID in visitor.visit("my_information").text()
    assert SAID in the_copy(visitor).read("csv/portal-statements.csv").decode()
    visitor.send("request_comments", {"text": "Mieux dit"}, reference=granted.reference)
    assert [one.text for one in [kept(built, granted)] if one] == ["Mieux dit"]


def test_erasing_the_person_erases_them(built: Built) -> None:
    request = commented(built, signed_in(built, CAMILLE, "fr"))
    general = decided(built, asked(built, Kind.COMMENT), Verdict(Decision.GRANTED))
    other = commented_by_emily(built)
    with built.installation.database.writing() as store:
        person = store.people.by_address(CAMILLE)
        assert person
        deleted = deletion.ask(
            built.installation, store, person, language="fr", level=Level.L2, form_id="e" * 24, now=built.clock()
        )
    decided(built, deleted, Verdict(Decision.GRANTED))
    built.clock.advance(days=15)
    built.work()
    assert kept(built, request) is None
    with built.installation.database.reading() as store:
        erasure = store.erasures.of_request(deleted.id)
        assert erasure
        stays = any(step.kept for step in store.erasures.steps(erasure.id))
    assert (kept(built, general) is not None) is stays, "comments about nothing in particular go when nothing stays"
    assert kept(built, other)


def commented_by_emily(built: Built) -> RightsRequest:
    with built.installation.database.writing() as store:
        person = store.people.ensure(EMILY, language="en", now=built.clock())
        asks = Asked(Kind.COMMENT, "en", Level.L2, "I was never told.")
        request = open_request(built.installation, store, person, asks, form_id=None, now=built.clock())
    return decided(built, request, Verdict(Decision.GRANTED))


def test_they_outlive_the_record_of_the_request_as_long_as_the_value_does(built: Built) -> None:
    request = commented(built, signed_in(built, CAMILLE, "fr"))
    visitor = signed_in(built, CAMILLE, "fr")
    text = visitor.visit("category", category="portal").text()
    assert "aussi longtemps que le renseignement visé par vos commentaires" in text
    built.clock.now = RECORDS_KEPT.after(built.clock()) + timedelta(days=30)
    purged(built)
    assert kept(built, request), "the value is there, and so are they"
    service = sqlite3.connect(built.folder / "service.db", isolation_level=None)
    service.execute("UPDATE accounts SET email = 'gone@example.org' WHERE email = ?", [CAMILLE])
    purged(built)
    with built.installation.database.reading() as store:
        assert store.people.by_address(CAMILLE) is None
        assert store.requests.by_id(request.id) is None


def purged(built: Built) -> None:
    while purge(built.installation, 0, built.clock()):
        pass
