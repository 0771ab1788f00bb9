"""What no table holds: asked for with one button, looked up by a keeper behind a link or by staff, waited for, given."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from portal.domain.checklist import LineState
from portal.domain.languages import Language
from portal.domain.rights import Kind, State
from portal.services.work import purge
from portal.wording.checklist_labels import line_state_label
from tests.client import Page, Visitor
from tests.files import a_csv, a_pdf, a_png, a_workbook
from tests.installation import CAMILLE, MARGUERITE, Built, an_installation, an_installation_on
from tests.keepers import (
    AGENT,
    AUDITOR,
    KEEPERS,
    OFFICER,
    a_request,
    answer,
    decide,
    granted_with_a_file,
    lines,
    link_to,
    look,
    now_is,
    post,
    signed_in,
)


@pytest.fixture(params=["sqlite", "postgresql"])
def built(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Built]:
    with an_installation_on(request.param, tmp_path, by_hand=True) as made:
        yield made


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Built:
    return an_installation(tmp_path, by_hand=True)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_whole_story_from_the_button_to_the_file(built: Built, lang: Language) -> None:
    visitor = signed_in(built, CAMILLE, lang)
    page = visitor.visit("category", category="paper")
    for said in {
        "fr": ("Classeur, comptabilité", "Six ans après", "L’équipe de la comptabilité", "par la poste"),
        "en": ("Filing cabinet, accounting", "Six years after", "The accounting team", "by mail"),
    }[lang]:
        assert said in page.text()
    form = page.form({"fr": "/envoyez-moi-les-miens", "en": "/send-me-mine"}[lang])
    opened = visitor.send("send_mine", form | {"hint": "Client 4711"}, category="paper")
    assert isinstance(opened, TestResponse)
    reference = str(opened.location).rsplit("/", 1)[1]
    again = visitor.visit("category", category="paper")
    assert visitor.address("request_page", reference=reference) in again.links().values()

    keeper, token, page = look(built, "paper", lang)
    assert CAMILLE in page.text()
    assert "Client 4711" in page.text()
    sent = post(keeper, "keeper", page.form(f"/{token}") | {"state": "found"}, [("Relevé.csv", a_csv())], token=token)
    assert sent.status_code == 303
    thanked = {"fr": "Votre réponse est envoyée.", "en": "Your answer is sent."}[lang]
    assert thanked in keeper.open(sent.location).text()
    answered = keeper.visit("keeper", token=token).text()
    assert "Relevé.csv" in answered
    assert thanked not in answered

    officer = signed_in(built, OFFICER, lang)
    desk = officer.visit("staff_request", reference=reference)
    assert line_state_label(LineState.FOUND, lang) in desk.text()
    officer.send("staff_decision", desk.form("/decision") | {"decision": "granted"}, reference=reference)
    keeper.visit("keeper", token=token, status=410)

    mine = visitor.visit("request_page", reference=reference)
    assert "Relevé.csv" in mine.text()
    taken = visitor.send("given_file", mine.form("/1"), reference=reference, number="1", status=200)
    assert isinstance(taken, TestResponse)
    assert taken.get_data() == a_csv()
    assert taken.headers["Content-Disposition"].startswith("attachment; ")
    assert taken.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in taken.headers["Content-Security-Policy"]
    assert reference in visitor.visit("account").text()


def test_a_second_press_lands_on_the_open_request(on_sqlite: Built) -> None:
    visitor = signed_in(on_sqlite, CAMILLE)
    form = visitor.visit("category", category="paper").form("/envoyez-moi-les-miens")
    places = {
        str(answered.location)
        for key in (form["form_id"], form["form_id"], "x" * 20)
        if isinstance(answered := visitor.send("send_mine", form | {"form_id": key}, category="paper"), TestResponse)
    }
    assert len(places) == 1
    reference = places.pop().rsplit("/", 1)[1]
    assert set(lines(on_sqlite, reference)) == {"paper"}


@pytest.mark.parametrize("category", ["account", "nothing", "portal"])
def test_only_a_category_without_a_table_is_sent_so(on_sqlite: Built, category: str) -> None:
    signed_in(on_sqlite, CAMILLE).send("send_mine", {}, category=category, status=404)


def test_a_hint_nobody_can_keep_is_refused_with_what_was_typed(on_sqlite: Built) -> None:
    visitor = signed_in(on_sqlite, CAMILLE)
    form = visitor.visit("category", category="paper").form("/envoyez-moi-les-miens")
    page = visitor.send("send_mine", form | {"hint": "é" * 301}, category="paper", status=422)
    assert isinstance(page, Page)
    assert page.form("/envoyez-moi-les-miens")["hint"] == "é" * 301


@pytest.mark.parametrize(
    ("kind", "touched"),
    [
        (Kind.ACCESS, {"support", "paper"}),
        (Kind.PORTABILITY, {"support", "paper"}),
        (Kind.DELETION, {"support", "paper"}),
        (Kind.RECTIFICATION, set()),
        (Kind.INFO, set()),
        (Kind.COMPLAINT, set()),
    ],
)
def test_each_request_gets_the_lines_it_touches(on_sqlite: Built, kind: Kind, touched: set[str]) -> None:
    assert set(lines(on_sqlite, a_request(on_sqlite, kind).reference)) == touched


def test_a_keeper_who_answers_twice_sees_the_first_answer_and_may_change_it_until_the_decision(built: Built) -> None:
    request = a_request(built)
    answer(built, "support", "nothing")
    keeper, token, page = look(built, "paper")
    stale = page.form(f"/{token}")
    assert post(keeper, "keeper", stale | {"state": "nothing"}, token=token).status_code == 303
    second = post(keeper, "keeper", stale | {"state": "on_paper"}, token=token)
    assert second.status_code == 409
    assert "Rien trouvé" in second.get_data(as_text=True)
    assert lines(built, request.reference)["paper"].state is LineState.NOTHING
    fresh = keeper.visit("keeper", token=token).form(f"/{token}")
    assert post(keeper, "keeper", fresh | {"state": "on_paper"}, token=token).status_code == 303
    decide(built, request.reference)
    assert post(keeper, "keeper", fresh | {"state": "nothing"}, token=token).status_code == 410
    assert lines(built, request.reference)["paper"].state is LineState.ON_PAPER


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_decision_waits_and_names_the_systems(on_sqlite: Built, lang: Language) -> None:
    request = a_request(on_sqlite)
    answer(on_sqlite, "support", "nothing")
    officer = signed_in(on_sqlite, OFFICER, lang)
    form = officer.visit("staff_request", reference=request.reference).form("/decision")
    for decision in ({"decision": "granted"}, {"decision": "refused", "ground": "QC40_third_party"}):
        page = officer.send("staff_decision", form | decision, reference=request.reference, status=422)
        assert isinstance(page, Page)
        summary = "".join(page.all("div", class_="error-summary")[0].itertext())
        assert {"fr": "Classeur, comptabilité", "en": "Filing cabinet, accounting"}[lang] in summary
        assert {"fr": "Boîte de courriel", "en": "Support mailbox"}[lang] not in summary
    assert now_is(on_sqlite, request.reference).state is State.RECEIVED


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_staff_answer_a_line_help_its_keeper_and_take_an_answer_back(on_sqlite: Built, lang: Language) -> None:
    request = a_request(on_sqlite)
    agent = signed_in(on_sqlite, AGENT, lang)
    number = str(lines(on_sqlite, request.reference)["paper"].position)
    page = agent.visit("staff_line", reference=request.reference, number=number)
    assert CAMILLE in page.text()
    help_form = page.form({"fr": "/aide", "en": "/help"}[lang])
    agent.send("staff_line_help", help_form | {"hint": "Client 4711"}, reference=request.reference, number=number)
    assert "Client 4711" in look(on_sqlite, "paper", lang)[2].text()
    form = agent.visit("staff_line", reference=request.reference, number=number).form(f"/{number}")
    sent = post(
        agent, "staff_line", form | {"state": "found"}, [("a.pdf", a_pdf())], reference=request.reference, number=number
    )
    assert sent.status_code == 303
    page = agent.visit("staff_line", reference=request.reference, number=number)
    taken = agent.send("staff_file", page.form("/1"), reference=request.reference, number="1", status=200)
    assert isinstance(taken, TestResponse)
    assert taken.get_data() == a_pdf()
    post(
        agent,
        "staff_line",
        page.form(f"/{number}") | {"state": "not_yet"},
        reference=request.reference,
        number=number,
    )
    line = lines(on_sqlite, request.reference)["paper"]
    assert (line.state, line.answered_by, line.answered_at) == (LineState.NOT_YET, None, None)
    agent.send("staff_file", page.form("/1"), reference=request.reference, number="1", status=404)


def test_who_may_not_answer(on_sqlite: Built) -> None:
    mine = a_request(on_sqlite, address=AGENT)
    number = str(lines(on_sqlite, mine.reference)["paper"].position)
    at: dict[str, Any] = {"reference": mine.reference, "number": number}
    agent = signed_in(on_sqlite, AGENT)
    form = agent.visit("staff_line", **at).form(f"/{number}")
    agent.send("staff_line", form | {"state": "nothing"}, status=409, **at)
    agent.send("staff_line_help", form | {"hint": "x"}, status=409, **at)
    auditor = signed_in(on_sqlite, AUDITOR)
    auditor.visit("staff_line", status=403, **at)
    auditor.send("staff_file", {}, status=403, reference=mine.reference, number="1")
    signed_in(on_sqlite, CAMILLE).visit("staff_line", status=404, **at)
    for number in ("0", "3", "x", "9" * 30):
        agent.visit("staff_line", reference=mine.reference, number=number, status=404)
    assert lines(on_sqlite, mine.reference)["paper"].is_open


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Dites ce que vous avez trouvé."),
        ({"state": "destroyed"}, "Dites ce que vous avez trouvé."),
        ({"state": "not_yet"}, "Dites ce que vous avez trouvé."),
        ({"state": "found"}, "Joignez ce que vous avez trouvé"),
        ({"state": "nothing", "note": "x" * 1_001}, "1 001"),
        ({"state": "nothing", "note": "a\x00b"}, "caractère"),
    ],
)
def test_an_answer_that_is_none_is_refused_with_what_was_typed(
    on_sqlite: Built, fields: dict[str, str], said: str
) -> None:
    request = a_request(on_sqlite)
    keeper, token, page = look(on_sqlite, "paper")
    refused = post(keeper, "keeper", {"note": "Voir 2019"} | page.form(f"/{token}") | fields, token=token)
    assert refused.status_code == 422
    assert said in refused.get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")
    assert lines(on_sqlite, request.reference)["paper"].is_open


def test_a_deletion_closes_only_when_each_keeper_has_answered(built: Built) -> None:
    request = a_request(built, Kind.DELETION, MARGUERITE)
    built.mailbox()
    assert not [letter for letter in built.mailbox() if letter["to"] in KEEPERS.values()]
    decide(built, request.reference)
    built.work()
    assert now_is(built, request.reference).state is State.FULFILLING
    page = look(built, "paper")[2]
    assert MARGUERITE in page.text()
    assert not page.all("input", type="file")
    answer(built, "support", "destroyed")
    built.work()
    assert now_is(built, request.reference).state is State.FULFILLING
    assert answer(built, "paper", "kept").status_code == 422
    assert answer(built, "paper", "kept", note="La loi fiscale l’exige jusqu’en 2030.").status_code == 303
    built.work()
    assert now_is(built, request.reference).state is State.CLOSED
    assert [letter["kind"] for letter in built.mailbox()].count("erasure_done") == 1
    told = signed_in(built, MARGUERITE).visit("request_page", reference=request.reference).text()
    assert "La loi fiscale l’exige jusqu’en 2030." in told
    assert line_state_label(LineState.DESTROYED, "fr") in told


def test_a_deletion_that_is_refused_asks_no_keeper(on_sqlite: Built) -> None:
    request = a_request(on_sqlite, Kind.DELETION)
    decide(on_sqlite, request.reference, "refused", reason="Motif", provision="P-39.1, art. 28")
    assert now_is(on_sqlite, request.reference).state is State.CLOSED
    assert not [letter for letter in on_sqlite.mailbox() if letter["to"] in KEEPERS.values()]


def test_a_correction_of_what_no_table_holds_is_ticked_off_by_staff(on_sqlite: Built) -> None:
    visitor = signed_in(on_sqlite, CAMILLE)
    link = next(
        href for href in visitor.visit("category", category="paper").links().values() if "rectification" in href
    )
    form = visitor.open(link).form("/nouvelle")
    opened = visitor.send("new_request", form | {"kind": "rectification", "message": "Mon nom a changé."})
    assert isinstance(opened, TestResponse)
    reference = str(opened.location).rsplit("/", 1)[1]
    assert set(lines(on_sqlite, reference)) == {"paper"}
    assert not [letter for letter in on_sqlite.mailbox() if letter["to"] in KEEPERS.values()]
    decide(on_sqlite, reference, status=422)
    agent = signed_in(on_sqlite, AGENT)
    form = agent.visit("staff_line", reference=reference, number="1").form("/1")
    agent.send("staff_line", form | {"state": "corrected"}, reference=reference, number="1")
    decide(on_sqlite, reference)
    assert now_is(on_sqlite, reference).state is State.CLOSED


def test_taking_a_request_back_destroys_its_files_at_once_and_ends_its_links(built: Built) -> None:
    request = a_request(built)
    answer(built, "paper", "found", [("a.png", a_png())])
    path = link_to(built, "paper")
    visitor = signed_in(built, CAMILLE)
    visitor.send("take_back", {}, reference=request.reference)
    with built.installation.database.reading() as store:
        assert store.attachments.of_request(request.id) == []
    Visitor(built).open(path, status=410)


def test_files_are_there_to_the_last_hour_of_the_thirtieth_day_and_destroyed_after_it(built: Built) -> None:
    request = granted_with_a_file(built, [("a.csv", a_csv())])
    assert "23 décembre 2026" in signed_in(built, CAMILLE).visit("request_page", reference=request.reference).text()
    built.clock.now += timedelta(days=30, hours=11, minutes=59)
    purge(built.installation, 0, built.clock())
    with built.installation.database.reading() as store:
        assert len(store.attachments.of_request(request.id)) == 1
    visitor = signed_in(built, CAMILLE)
    button = visitor.visit("request_page", reference=request.reference).form("/1")
    visitor.send("given_file", button, reference=request.reference, number="1", status=200)
    built.clock.advance(minutes=2)
    visitor.send("given_file", button, reference=request.reference, number="1", status=404)
    purge(built.installation, 0, built.clock())
    with built.installation.database.reading() as store:
        assert store.attachments.of_request(request.id) == []
    assert "ont été détruits" in visitor.visit("request_page", reference=request.reference).text()


def test_a_refusal_gives_no_file(on_sqlite: Built) -> None:
    request = a_request(on_sqlite)
    answer(on_sqlite, "support", "nothing")
    answer(on_sqlite, "paper", "found", [("a.csv", a_csv())])
    decide(on_sqlite, request.reference, "refused", reason="Motif", provision="P-39.1, art. 40")
    visitor = signed_in(on_sqlite, CAMILLE)
    assert "a.csv" not in visitor.visit("request_page", reference=request.reference).html
    visitor.send("given_file", {}, reference=request.reference, number="1", status=404)


def test_a_file_is_nobody_elses(on_sqlite: Built) -> None:
    request = granted_with_a_file(on_sqlite, [("a.csv", a_csv())])
    stranger = signed_in(on_sqlite, MARGUERITE)
    for number in ("1", "2", "0", "x", "9" * 40):
        stranger.send("given_file", {}, reference=request.reference, number=number, status=404)
    Visitor(on_sqlite).send("given_file", {}, reference=request.reference, number="1", status=401)


def test_the_copy_holds_the_files_given(built: Built) -> None:
    request = granted_with_a_file(built, [("../Relevé du chat.csv", a_csv()), ("feuille.xlsx", a_workbook())])
    visitor = signed_in(built, CAMILLE)
    answered = visitor.send("download", visitor.visit("download").form(), status=200)
    assert isinstance(answered, TestResponse)
    with zipfile.ZipFile(io.BytesIO(answered.get_data())) as archive:
        names = [name for name in archive.namelist() if name.startswith("attachments/")]
        assert names == ["attachments/paper/Releve-du-chat.csv", "attachments/paper/feuille.xlsx"]
        assert archive.read(names[0]) == a_csv()
        assert archive.read(names[1]) == a_workbook()
        data = json.loads(archive.read("data.json"))
        [paper] = [category for category in data["categories"] if category["id"] == "paper"]
        assert [file["file"] for file in paper["files"]] == names
        assert paper["files"][0]["request"] == request.reference
        assert set(names) <= {file["name"] for file in json.loads(archive.read("manifest.json"))["files"]}
        index = archive.read("index.html").decode()
        assert "Relevé du chat.csv" in index
        assert names[0] in index
