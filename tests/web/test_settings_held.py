"""What we hold and why, in the officer's words: people read them at once; a shorter period says first what it destroys."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from zipfile import ZipFile

import pytest

from portal.domain.languages import Language
from portal.domain.rights import Kind, Level
from portal.services.rights import Asked, open_request
from portal.services.settings import in_effect
from tests.client import Page, Visitor
from tests.installation import CAMILLE, Built, an_installation, without_sources
from tests.web.settings_visits import SECOND, fields_of, form_of, officer, rows

CATEGORY, NEW = "staff_settings_category", "staff_settings_category_new"
PURPOSE, NEW_PURPOSE = "staff_settings_purpose", "staff_settings_purpose_new"
PAPER = {
    "label_fr": "Dossiers du personnel",
    "label_en": "Staff files",
    "purposes": "provide",
    "system_fr": "Classeur, deuxième étage",
    "system_en": "Filing cabinet, second floor",
    "keeper": "archives@example.org",
    "origin": "given",
    "retention_fr": "Sept ans après le départ.",
    "retention_en": "Seven years after leaving.",
}


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path, log_rows=60)


def test_the_words_of_a_category_are_read_at_once_on_the_page_and_in_the_copy(built: Built) -> None:
    visitor = officer(built, "fr")
    form = form_of(visitor, CATEGORY, category="usage")
    typed = {
        "label_fr": "Vos appels",
        "label_en": "Your calls",
        "seen_by_fr": "L’équipe\nLa garde",
        "seen_by_en": "The team\nOn call",
    }
    visitor.send(
        CATEGORY, form | typed | {"means_fr": "À chaque appel.", "means_en": "At each call."}, category="usage"
    )
    kept = rows(built, "cat:usage")
    assert {**kept[0].value, **{name: kept[1].value[name] for name in ("label", "means", "seen_by")}} == kept[1].value
    for lang, said in (
        ("fr", ("Vos appels", "La garde", "À chaque appel.")),
        ("en", ("Your calls", "On call", "At each call.")),
    ):
        person = Visitor(built, lang)  # type: ignore[arg-type]  # one of two
        person.sign_in(CAMILLE)
        text = person.visit("category", category="usage").text()
        assert all(words in text for words in said), (lang, text[:400])
    person.confirm(CAMILLE)
    archive = person.send("download", {}, status=200)
    (built.folder / "copy.zip").write_bytes(archive.get_data())  # type: ignore[union-attr]  # a ZIP, not a page
    with ZipFile(built.folder / "copy.zip") as opened:
        names = opened.namelist()
        page = opened.read(next(name for name in names if name.endswith("index.html"))).decode()
    assert "Your calls" in page


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_category_without_a_table_is_added_shown_and_given_to_staff(built: Built, lang: Language) -> None:
    visitor = officer(built, lang)
    visitor.send(NEW, form_of(visitor, NEW) | PAPER)
    page = visitor.visit(CATEGORY, category="staff-files")
    assert PAPER[f"label_{lang}"] in page.heading
    person = Visitor(built, lang)
    person.sign_in(CAMILLE)
    assert PAPER[f"retention_{lang}"] in person.visit("category", category="staff-files").text()
    with built.installation.database.writing() as store:
        asked = Asked(Kind.ACCESS, lang, Level.L2, "Tout")
        who = store.people.ensure(CAMILLE, language=lang, now=built.clock())
        request = open_request(built.installation, store, who, asked, form_id=None, now=built.clock())
    assert PAPER[f"system_{lang}"] in visitor.visit("staff_request", reference=request.reference).text()


def test_added_twice_by_a_second_press_is_one_and_another_of_the_name_is_refused(built: Built) -> None:
    visitor = officer(built, "en")
    form = form_of(visitor, NEW) | PAPER
    visitor.send(NEW, form)
    visitor.send(NEW, form)
    assert len(rows(built, "cat:staff-files")) == 1
    page = visitor.send(NEW, form | {"keeper": "other@example.org"}, status=422)
    assert isinstance(page, Page)
    assert "of this name already" in page.text()
    assert rows(built, "cat:staff-files")[0].value["keeper"] == "archives@example.org"
    for taken in ("Usage", "Portal", "Download"):
        visitor.send(NEW, form | {"label_en": taken, "label_fr": taken}, status=422)


def test_what_was_added_may_be_removed_and_brought_back(built: Built) -> None:
    visitor = officer(built, "en")
    visitor.send(NEW, form_of(visitor, NEW) | PAPER)
    page = visitor.visit(CATEGORY, category="staff-files")
    visitor.send("staff_settings_undo", page.form(visitor.address("staff_settings_undo")))
    visitor.visit(CATEGORY, category="staff-files", status=404)
    assert "Staff files" not in visitor.visit("staff_settings").text()
    visitor.send(NEW, form_of(visitor, NEW) | PAPER)
    visitor.visit(CATEGORY, category="staff-files")


WRONG = [
    ({"label_en": ""}, {"label_en"}),
    ({"label_fr": "", "label_en": ""}, {"label_fr", "label_en"}),
    ({"keeper": "nobody"}, {"keeper"}),
    ({"keeper": "", "system_fr": "", "system_en": ""}, {"keeper", "system_fr"}),
    ({"retention_fr": ""}, {"retention_fr"}),
    ({"seen_by_fr": "Une équipe\nUne autre", "seen_by_en": "A team"}, {"seen_by_en"}),
    ({"place_fr": "Ontario", "place_en": "Ontario"}, {"safeguards_fr", "safeguards_en"}),
    ({"means_en": "Only in English"}, {"means_fr"}),
]


@pytest.mark.parametrize(("typed", "refused"), WRONG)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_everything_wrong_is_said_at_once(
    built: Built, lang: Language, typed: dict[str, str], refused: set[str]
) -> None:
    visitor = officer(built, lang)
    page = visitor.send(NEW, form_of(visitor, NEW) | PAPER | typed, status=422)
    assert isinstance(page, Page)
    assert {one.get("id") for one in page.all("input") + page.all("textarea") if one.get("aria-invalid")} == refused
    assert not rows(built, "cat:staff-files")


@pytest.mark.parametrize("purposes", [[], ["nothing"]])
def test_a_category_has_a_purpose_that_exists(built: Built, purposes: list[str]) -> None:
    visitor = officer(built, "en")
    form = {name: value for name, value in (form_of(visitor, NEW) | PAPER).items() if name != "purposes"}
    page = visitor.send(NEW, form | {"purposes": purposes}, status=422)
    assert isinstance(page, Page)
    assert ("Choose among" if purposes else "Choose at least one") in page.text()


def test_an_installation_without_any_map_can_say_what_it_holds(tmp_path: Path) -> None:
    built = an_installation(tmp_path, change=without_sources, log_rows=6)
    visitor = officer(built, "fr")
    purpose = {"label_fr": "Gérer l’emploi", "label_en": "Manage employment", "basis": "contract"}
    visitor.send(NEW_PURPOSE, form_of(visitor, NEW_PURPOSE) | purpose)
    visitor.send(NEW, form_of(visitor, NEW) | PAPER | {"purposes": "manage-employment"})
    with built.installation.database.reading() as store:
        data_map = in_effect(built.installation, store).data_map
    assert [category.id for category in data_map.categories] == ["staff-files"]
    assert data_map.categories[0].purposes == ("manage-employment",)
    page = visitor.visit(PURPOSE, purpose="manage-employment")
    refused = visitor.send("staff_settings_undo", page.form(visitor.address("staff_settings_undo")), status=422)
    assert isinstance(refused, Page)
    assert "encore détenus à cette fin" in refused.text()


def test_the_words_of_a_purpose_are_read_where_consent_is_given(built: Built) -> None:
    visitor = officer(built, "en")
    form = form_of(visitor, PURPOSE, purpose="improve")
    typed = {
        "label_fr": "Mieux faire",
        "label_en": "Do better",
        "consequence_fr": "Fini.",
        "consequence_en": "It stops.",
    }
    visitor.send(PURPOSE, form | typed, purpose="improve")
    person = Visitor(built, "en")
    person.sign_in(CAMILLE)
    assert "Do better" in person.visit("consents").text()
    assert "It stops." in person.visit("consent", purpose="improve").text()
    visitor.send(
        PURPOSE, form_of(visitor, PURPOSE, purpose="improve") | {"basis": "contract"}, purpose="improve", status=422
    )
    wrong = form_of(visitor, PURPOSE, purpose="improve") | {"consequence_fr": "", "consequence_en": ""}
    visitor.send(PURPOSE, wrong, purpose="improve", status=422)


@pytest.mark.parametrize("number", ["0", "", "-1", "1.5", "x", "99999999", "\u0661"])
def test_a_period_that_is_none_is_refused_beside_its_field(built: Built, number: str) -> None:
    visitor = officer(built, "en")
    form = form_of(visitor, CATEGORY, category="usage")
    page = visitor.send(CATEGORY, form | {"keep0_number": number}, category="usage", status=422)
    assert isinstance(page, Page)
    assert {one.get("id") for one in page.all("input") if one.get("aria-invalid")} == {"keep0_number"}
    assert rows(built, "cat:usage")[0].origin == "file"


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_shorter_period_shows_how_many_rows_go_and_counts_once_confirmed(built: Built, lang: Language) -> None:
    with sqlite3.connect(built.folder / "service.db") as service:
        number = service.execute(
            "SELECT count(*) FROM api_requests WHERE julianday(requested_at) <= julianday('2026-11-23 17:00', '-2 days')"
        ).fetchone()[0]
    assert number
    visitor = officer(built, lang)
    form = form_of(visitor, CATEGORY, category="usage")
    page = visitor.send(CATEGORY, form | {"keep0_number": "2", "keep0_unit": "D"}, category="usage", status=422)
    assert isinstance(page, Page)
    cells = ["".join(cell.itertext()).strip() for cell in page.all("td")]
    assert re.sub(r"\D", "", cells[-1]) == str(number)
    assert rows(built, "cat:usage")[0].origin == "file", "nothing counts yet"
    agreed = fields_of(page, visitor.address(CATEGORY, category="usage"))
    other = visitor.send(CATEGORY, agreed | {"keep0_number": "1"}, category="usage", status=422)
    assert isinstance(other, Page), "another period than the one confirmed is asked again"
    visitor.send(CATEGORY, agreed, category="usage")
    kept = rows(built, "cat:usage")[0]
    assert (kept.origin, kept.value["keep"]) == ("officer", {"service.api_requests": "P2D"})
    person = Visitor(built, lang)
    person.sign_in(CAMILLE)
    assert {"fr": "2 jours", "en": "2 days"}[lang] in person.visit("category", category="usage").text().replace(
        "\u00a0", " "
    )


def test_a_longer_period_asks_nothing_and_going_back_to_the_shorter_one_does(built: Built) -> None:
    visitor = officer(built, "en")
    visitor.send(
        CATEGORY,
        form_of(visitor, CATEGORY, category="usage") | {"keep0_number": "5", "keep0_unit": "Y"},
        category="usage",
    )
    page = visitor.visit(CATEGORY, category="usage")
    asked = visitor.send("staff_settings_undo", page.form(visitor.address("staff_settings_undo")), status=422)
    assert isinstance(asked, Page)
    assert rows(built, "cat:usage")[0].value["keep"] == {"service.api_requests": "P5Y"}
    visitor.send("staff_settings_undo", asked.form(visitor.address("staff_settings_undo")))
    assert rows(built, "cat:usage")[0].value["keep"] == {"service.api_requests": "P1Y1M"}


def test_while_the_source_is_away_nothing_is_shortened(built: Built) -> None:
    visitor = officer(built, "en")
    form = form_of(visitor, CATEGORY, category="usage")
    (built.folder / "service.db").rename(built.folder / "elsewhere.db")
    page = visitor.send(CATEGORY, form | {"keep0_number": "1", "keep0_unit": "D"}, category="usage", status=422)
    assert isinstance(page, Page)
    assert "does not answer right now" in page.text()
    assert not [one for one in page.all("button") if "destroy" in "".join(one.itertext())]
    sent = form | {"keep0_number": "1", "keep0_unit": "D", "confirmed": "service.api_requests=P1D"}
    visitor.send(CATEGORY, sent, category="usage", status=422)
    assert rows(built, "cat:usage")[0].origin == "file"


def test_two_officers_at_one_category(built: Built) -> None:
    one, two = officer(built, "fr"), officer(built, "fr", SECOND)
    typed = form_of(one, CATEGORY, category="usage"), form_of(two, CATEGORY, category="usage")
    one.send(CATEGORY, typed[0] | {"label_en": "Calls one"}, category="usage")
    page = two.send(CATEGORY, typed[1] | {"label_en": "Calls two"}, category="usage", status=409)
    assert isinstance(page, Page)
    assert "Calls one" in page.text()
    assert fields_of(page, two.address(CATEGORY, category="usage"))["label_en"] == "Calls two"
