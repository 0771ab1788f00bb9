"""Days of closing and ready paragraphs: rows added and emptied, read by people in their language; where the file differs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from portal.cli import main
from portal.domain.languages import Language
from portal.domain.rights import Kind, Level
from portal.services.rights import Asked, open_request
from tests.client import Page, Visitor
from tests.installation import CAMILLE, Built, an_installation
from tests.web.settings_visits import form_of, notice_at_once, officer, rows

DAYS, REPLIES = "staff_settings_holidays", "staff_settings_replies"
EVE = {"day_0": "2026-12-24", "name_fr_0": "Veille de Noël", "name_en_0": "Christmas Eve"}
READY = {
    "name_fr_0": "Tiers",
    "name_en_0": "Third parties",
    "text_fr_0": "Nous avons retiré ce qui concerne d’autres personnes.",
    "text_en_0": "We left out what concerns other people.",
}


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path, log_rows=6)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_day_closed_is_told_on_the_contact_page_and_no_legal_date_moves(built: Built, lang: Language) -> None:
    visitor = officer(built, lang)
    before = due_of_a_request(built)
    visitor.send(DAYS, form_of(visitor, DAYS) | EVE | {"day_2": "2027-12-24", "name_fr_2": "Loin", "name_en_2": "Far"})
    assert [one["day"] for one in rows(built, "holidays")[0].value["days"]] == ["2026-12-24", "2027-12-24"]
    notice_at_once(built)
    text = Visitor(built, lang).visit("contact").text()
    assert EVE[f"name_{lang}_0"] in text
    assert {"fr": "Loin", "en": "Far"}[lang] not in text
    assert due_of_a_request(built) == before


def due_of_a_request(built: Built) -> object:
    with built.installation.database.writing() as store:
        person = store.people.ensure(CAMILLE, language="fr", now=built.clock())
        asked = Asked(Kind.INFO, "fr", Level.L2, "Une question")
        return open_request(built.installation, store, person, asked, form_id=None, now=built.clock()).due


def test_an_emptied_row_goes_and_a_day_is_written_once(built: Built) -> None:
    visitor = officer(built, "en")
    visitor.send(DAYS, form_of(visitor, DAYS) | EVE)
    twice = {"day_1": "2026-12-24", "name_fr_1": "Encore", "name_en_1": "Again"}
    page = visitor.send(DAYS, form_of(visitor, DAYS) | twice, status=422)
    assert isinstance(page, Page)
    assert {one.get("id") for one in page.all("input") if one.get("aria-invalid")} == {"day_1"}
    visitor.send(DAYS, form_of(visitor, DAYS) | dict.fromkeys(EVE, ""))
    assert rows(built, "holidays")[0].value == {}


WRONG = [
    ({"day_0": "2026-12-24"}, {"name_fr_0"}),
    ({"day_1": "soon", "name_fr_1": "Un", "name_en_1": "One"}, {"day_1"}),
    ({"day_2": "2026-12-24", "name_en_2": "One"}, {"name_fr_2"}),
    ({"day_0": "", "name_fr_0": "Un", "name_en_0": "One"}, {"day_0"}),
]


@pytest.mark.parametrize(("typed", "refused"), WRONG)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_what_is_wrong_is_said_in_its_row(
    built: Built, lang: Language, typed: dict[str, str], refused: set[str]
) -> None:
    visitor = officer(built, lang)
    page = visitor.send(DAYS, form_of(visitor, DAYS) | typed, status=422)
    assert isinstance(page, Page)
    shown = {str(one.get("id")) for one in page.all("input") if one.get("aria-invalid")}
    assert refused <= shown
    assert {name.rpartition("_")[2] for name in shown} == {name.rpartition("_")[2] for name in refused}
    assert not rows(built, "holidays")


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_ready_paragraph_follows_the_reason_in_the_persons_language(built: Built, lang: Language) -> None:
    visitor = officer(built, "fr")
    visitor.send(REPLIES, form_of(visitor, REPLIES) | READY)
    with built.installation.database.writing() as store:
        person = store.people.ensure(CAMILLE, language=lang, now=built.clock())
        asked = Asked(Kind.ACCESS, lang, Level.L2, "Tout")
        request = open_request(built.installation, store, person, asked, form_id=None, now=built.clock())
    page = visitor.visit("staff_request", reference=request.reference)
    assert "Tiers" in page.text()
    decision = {
        "decision": "partially_granted",
        "reason": "Motif.",
        "provision": "P-39.1, art. 40",
        "paragraph": "Tiers",
    }
    lines = [key for key in page.form("/decision") if key == "version"]
    answers = {name: page.form("/decision")[name] for name in lines}
    visitor.send("staff_decision", decision | answers, reference=request.reference)
    with built.installation.database.reading() as store:
        decided = store.requests.by_reference(request.reference)
    assert decided
    assert decided.reason == f"Motif.\n\n{READY[f'text_{lang}_0']}"


def test_check_and_the_settings_page_say_where_the_file_differs(
    built: Built, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    visitor = officer(built, "en")
    config = ["--config", str(built.folder / "portal.toml")]
    form = form_of(visitor, "staff_settings_purpose", purpose="improve")
    visitor.send("staff_settings_purpose", form | {"label_en": "Do better"}, purpose="improve")
    assert main(["check", *config]) == 0
    out = capsys.readouterr().out
    assert "purposes: improve: the officer set this otherwise" in out
    assert out.endswith("No problem found.\n")
    assert main(["check", "--json", *config]) == 0
    assert json.loads(capsys.readouterr().out)["problems"] == []
    assert "One setting differs from the file" in visitor.visit("staff_settings").text()
    page = visitor.visit("staff_settings_purpose", purpose="improve")
    assert "What the file says" in page.text()
    assert "Improve the service" in page.text()
