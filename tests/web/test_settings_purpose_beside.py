"""A purpose written in the form of what is held for it: both are kept or neither is, and nobody leaves the form."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.domain.languages import Language
from tests.client import Page
from tests.installation import Built, an_installation, without_sources
from tests.web.settings_visits import form_of, officer, rows

NEW, CATEGORY = "staff_settings_category_new", "staff_settings_category"
HELD = {
    "label_fr": "Dossiers des membres",
    "label_en": "Member files",
    "system_fr": "Classeur",
    "system_en": "Filing cabinet",
    "keeper": "archives@example.org",
    "origin": "given",
    "retention_fr": "Deux ans.",
    "retention_en": "Two years.",
}
PURPOSE = {
    "purpose_label_fr": "Tenir le registre",
    "purpose_label_en": "Keep the register",
    "purpose_basis": "contract",
}


@pytest.fixture
def empty(tmp_path: Path) -> Built:
    return an_installation(tmp_path, change=without_sources, log_rows=6)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_first_thing_held_is_written_with_its_purpose_in_one_form(empty: Built, lang: Language) -> None:
    visitor = officer(empty, lang)
    form = form_of(visitor, NEW) | HELD | PURPOSE
    visitor.send(NEW, form)
    visitor.send(NEW, form)
    assert [row.value["label"]["en"] for row in rows(empty, "pur:keep-the-register")] == ["Keep the register"]
    assert [row.value["purposes"] for row in rows(empty, "cat:member-files")] == [["keep-the-register"]]
    assert PURPOSE[f"purpose_label_{lang}"] in visitor.visit(CATEGORY, category="member-files").text()


def test_what_is_wrong_with_either_is_said_at_once_and_neither_is_kept(empty: Built) -> None:
    visitor = officer(empty, "en")
    form = form_of(visitor, NEW) | HELD | PURPOSE
    for typed, refused in (
        ({"keeper": "nobody"}, {"keeper"}),
        ({"purpose_label_en": ""}, {"purpose_label_en"}),
        ({"keeper": "", "purpose_basis": "", "purpose_label_fr": ""}, {"keeper", "purpose_basis", "purpose_label_fr"}),
        ({"purpose_basis": "consent"}, {"purpose_consequence_fr"}),
        (dict.fromkeys(PURPOSE, ""), {"purpose_label_fr", "purpose_label_en", "purpose_basis"}),
    ):
        page = visitor.send(NEW, form | typed, status=422)
        assert isinstance(page, Page)
        named = {href.removeprefix("#").removesuffix("-0") for href in page.links().values() if href.startswith("#")}
        assert refused <= named, (typed, named)
        assert page.form(visitor.address(NEW))["purpose_label_fr"] == (form | typed)["purpose_label_fr"]
    assert not rows(empty, "cat:member-files")
    assert not rows(empty, "pur:keep-the-register")


def test_the_list_of_what_is_to_mend_names_each_field(empty: Built) -> None:
    visitor = officer(empty, "en")
    page = visitor.send(NEW, form_of(visitor, NEW) | HELD | PURPOSE | {"purpose_basis": "", "keeper": ""}, status=422)
    assert isinstance(page, Page)
    assert "E-mail address of who keeps it: Fill this in." in page.text()
    assert "Ground: Fill this in." in page.text()


def test_another_purpose_joins_those_chosen_and_one_of_the_name_is_not_written_over(tmp_path: Path) -> None:
    built = an_installation(tmp_path, log_rows=6)
    visitor = officer(built, "en")
    form = form_of(visitor, NEW) | HELD | PURPOSE | {"purposes": "provide"}
    visitor.send(NEW, form)
    assert rows(built, "cat:member-files")[0].value["purposes"] == ["provide", "keep-the-register"]
    there = form_of(visitor, CATEGORY, category="member-files")
    page = visitor.send(CATEGORY, there | PURPOSE | {"purpose_basis": "security"}, category="member-files", status=422)
    assert isinstance(page, Page)
    assert "There is a purpose of this name already." in page.text()
    assert [row.value["basis"] for row in rows(built, "pur:keep-the-register")] == ["contract"]


def test_the_history_says_by_name_what_changed(empty: Built) -> None:
    visitor = officer(empty, "en")
    visitor.send(NEW, form_of(visitor, NEW) | HELD | PURPOSE)
    there = form_of(visitor, CATEGORY, category="member-files")
    visitor.send(CATEGORY, there | {"keeper": "other@example.org"}, category="member-files")
    summaries = ["".join(one.itertext()) for one in visitor.visit(CATEGORY, category="member-files").all("summary")]
    assert "Who keeps it" in summaries, summaries
