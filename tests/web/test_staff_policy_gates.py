"""Two languages that say the same, and all the data map holds: what the officer is refused, told, and mends."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from portal.cli import main
from portal.config import Settings
from portal.domain.languages import Language, twin_of
from portal.services import policies
from tests.client import Page, Visitor
from tests.installation import Built, an_installation
from tests.services.drafts import draft_of
from tests.web.policy_visits import BOTH, TODAY, complete, confirm, look_at_all, officer_of, paste, publish, version_ids

SAYS: dict[Language, dict[str, str]] = {
    "fr": {
        "look": "L’anglais a changé. Vérifiez que le français dit toujours la même chose.",
        "amounts": "Les deux langues n’ont pas les mêmes montants",
        "paper": "Renseignements\u00a0: Dossiers papier",
        "gone": "que votre carte des données n’a pas",
        "revision": "Révision de l’anglais seulement",
        "unsold": "Que vous ne vendez pas de renseignements personnels",
        "now": "Ce que dit maintenant la section",
    },
    "en": {
        "look": "The English changed. Check that the French still says the same.",
        "amounts": "The two languages do not have the same amounts",
        "paper": "Information: Paper files",
        "gone": "which your data map does not have",
        "revision": "Revision of the English only",
        "unsold": "That you do not sell personal information",
        "now": "What the section says now",
    },
}


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path, by_hand=True)


def write(officer: Visitor, key: str, *, do: str = "save", status: int = 303, **typed: str) -> object:
    form = officer.visit("staff_policy_section", key=key).form(key)
    changed = {name: form.get(name, "") + said if name.startswith("body") else said for name, said in typed.items()}
    return officer.send("staff_policy_section", form | changed | {"do": do}, key=key, status=status)


def arrange(officer: Visitor, **data: str) -> None:
    draft = draft_of(officer.built)
    assert draft
    officer.send("staff_policy_arrange", {"version": str(draft.version)} | data)


# --- the languages ---------------------------------------------------------------------------------------------------


@BOTH
def test_one_english_paragraph_changed_is_refused_naming_the_french_then_mended_and_published(
    built: Built, lang: Language
) -> None:
    officer = officer_of(built, lang)
    officer.send("staff_policy_start", {"from": "in_force"})
    write(officer, "retention", body_en="\n\nBackups are kept for 35 days.")
    refused = publish(officer, TODAY, status=422)
    assert isinstance(refused, Page)
    said = officer.visit("staff_policy").text()
    section = {"fr": "Durée de conservation", "en": "How long we keep it"}[lang]
    assert f"{section}{SAYS[lang]['look']}" in said
    assert SAYS[lang]["amounts"] in said
    assert "35 days" in said
    assert TODAY not in version_ids(built)
    write(officer, "retention", body_fr="\n\nLes copies de sauvegarde sont conservées pendant 35 jours.", same="y")
    assert SAYS[lang]["look"] not in officer.visit("staff_policy").text()
    publish(officer, TODAY)
    assert version_ids(built)[0] == TODAY
    assert "35" in Visitor(built, lang).visit("policy_version", version_id=TODAY).text()


@BOTH
def test_one_click_says_that_both_still_say_the_same_and_the_version_is_a_revised_translation(
    built: Built, lang: Language
) -> None:
    officer = officer_of(built, lang)
    officer.send("staff_policy_start", {"from": "in_force"})
    write(officer, "security", body_en="\n\nWe check this each year.")
    arrange(officer, do="same", key="security", back="section")
    draft = draft_of(built)
    assert draft
    kept = draft.section("security")
    assert kept
    assert kept.look
    assert (kept.look.by, kept.look.words, kept.lagging) == (draft.changed_by, kept.words, None)
    page = officer.visit("staff_policy_publish")
    assert SAYS[lang]["revision"] in page.text()
    form = page.form("publier" if lang == "fr" else "publish")
    assert form["summary_fr"] == "Nous avons révisé le texte anglais. Le texte français n’a pas changé."
    assert form["kind"] == "wording"
    officer.send("staff_policy_publish", form | {"do": "publish"})
    with built.installation.database.reading() as store:
        version = policies.one(store, TODAY)
    assert version
    assert version.revised == "en"
    assert SAYS[lang]["revision"] in Visitor(built, lang).visit("policy_changes").text()


@BOTH
def test_a_change_of_one_language_is_not_published_as_one_of_substance(built: Built, lang: Language) -> None:
    officer = officer_of(built, lang)
    officer.send("staff_policy_start", {"from": "in_force"})
    write(officer, "security", body_en="\n\nWe check this each year.", same="y")
    refused = publish(officer, TODAY, status=422)
    assert isinstance(refused, Page)
    assert {"fr": "Une seule langue a changé", "en": "Only one language changed"}[lang] in refused.text()
    assert TODAY not in version_ids(built)
    form = refused.form("publier" if lang == "fr" else "publish")
    officer.send("staff_policy_publish", form | {"kind": "wording", "do": "publish"})
    assert version_ids(built)[0] == TODAY


def test_both_languages_written_at_once_need_no_click_and_an_edit_after_it_does(built: Built) -> None:
    officer = officer_of(built, "en")
    officer.send("staff_policy_start", {"from": "in_force"})
    write(officer, "children", body_fr=" Merci.", body_en=" Thank you.")
    assert SAYS["en"]["look"] not in officer.visit("staff_policy").text()
    write(officer, "children", body_en=" Really.")
    arrange(officer, do="same", key="children")
    write(officer, "children", body_en=" Truly.")
    assert SAYS["en"]["look"] in officer.visit("staff_policy").text()


def test_writing_the_language_that_was_behind_answers_its_twin(built: Built) -> None:
    """Who changed the French and is asked to look at the English changes it: nobody is then asked to look at the French."""
    officer = officer_of(built, "en")
    officer.send("staff_policy_start", {"from": "in_force"})
    behind = "The French changed. Check that the English still says the same."
    write(officer, "children", body_fr=" Merci.")
    assert behind in officer.visit("staff_policy").text()
    write(officer, "children", body_fr=" Vraiment.")
    assert behind in officer.visit("staff_policy").text()
    write(officer, "children", body_en=" Thank you. Really.")
    said = officer.visit("staff_policy").text()
    assert behind not in said
    assert SAYS["en"]["look"] not in said


@BOTH
def test_what_is_typed_is_looked_at_without_being_saved(built: Built, lang: Language) -> None:
    officer = officer_of(built, lang)
    officer.send("staff_policy_start", {"from": "in_force"})
    before = draft_of(built)
    seen = write(officer, "rights", do="check", status=200, body_en="\n\nIt takes 12 days.")
    assert isinstance(seen, Page)
    assert SAYS[lang]["amounts"] in seen.text()
    assert "12 days" in seen.form("rights")["body_en"]
    assert draft_of(built) == before
    again = officer.send("staff_policy_section", seen.form("rights") | {"do": "save"}, key="rights")
    assert again
    compared = officer.visit("staff_policy_comparison", "en").text()
    assert "It takes 12 days." in compared
    assert officer.visit("staff_policy_comparison", twin_of("en"))


@BOTH
def test_who_comes_second_reads_both_texts(built: Built, lang: Language) -> None:
    officer = officer_of(built, lang)
    officer.send("staff_policy_start", {"from": "in_force"})
    stale = officer.visit("staff_policy_section", key="children").form("children")
    write(officer, "children", body_fr=" Premier.", body_en=" First.")
    mine = {"body_en": "Second.", "title_fr": "Mon titre", "covers:paper": "1"}
    late = officer.send("staff_policy_section", stale | mine, key="children", status=409)
    assert isinstance(late, Page)
    assert "Mon titre" in late.text()
    assert {"fr": "Ce qu’elle couvre\u00a0: Dossiers papier", "en": "What it covers: Paper files"}[lang] in late.text()
    assert SAYS[lang]["now"] in late.text()
    assert "First." in late.text()
    assert "Second." in late.text()


# --- the data map ----------------------------------------------------------------------------------------------------


@BOTH
def test_a_section_removed_is_missed_and_its_ready_paragraph_comes_from_the_map(built: Built, lang: Language) -> None:
    officer = officer_of(built, lang)
    officer.send("staff_policy_start", {"from": "in_force"})
    arrange(officer, do="remove", key="collected")
    assert SAYS[lang]["paper"] in officer.visit("staff_policy").text()
    publish(officer, TODAY, status=422)
    arrange(officer, do="part", key="covers:paper")
    draft = draft_of(built)
    assert draft
    added = draft.section("collected")
    assert added
    assert "contrats signés" in added.body.fr
    assert "signed contracts" in added.body.en
    assert added.covers == ("paper",)
    arrange(officer, do="part", key="all")
    complete(officer)
    publish(officer, TODAY)
    assert version_ids(built)[0] == TODAY


@BOTH
def test_a_section_is_said_to_cover_what_it_says_and_unticked_again(built: Built, lang: Language) -> None:
    officer = officer_of(built, lang)
    officer.send("staff_policy_start", {"from": "in_force"})
    form = officer.visit("staff_policy_section", key="collected").form("collected")
    assert form.pop("covers:paper") == "1"
    officer.send("staff_policy_section", form | {"do": "save"}, key="collected")
    assert SAYS[lang]["paper"] in officer.visit("staff_policy").text()
    arrange(officer, do="cover", name="paper", key="collected")
    assert SAYS[lang]["paper"] not in officer.visit("staff_policy").text()
    assert draft_of(built).section("collected").lagging is None  # type: ignore[union-attr]  # both there


def with_less(settings: Settings) -> Settings:
    data_map = settings.data_map
    kept = tuple(one for one in data_map.categories if one.id != "paper")
    return replace(settings, data_map=replace(data_map, categories=kept))


@BOTH
def test_a_category_removed_from_the_map_is_named_on_the_page_and_by_the_check(
    tmp_path: Path, lang: Language, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    built = an_installation(tmp_path, by_hand=True, change=with_less)
    officer = officer_of(built, lang)
    assert SAYS[lang]["gone"] in officer.visit("staff_policy").text()
    officer.send("staff_policy_start", {"from": "in_force"})
    assert SAYS[lang]["gone"] in officer.visit("staff_policy").text()
    publish(officer, TODAY, status=422)
    file = tmp_path / "portal.toml"
    before, _, _ = file.read_text(encoding="utf-8").partition('[[categories]]\nid = "paper"')
    file.write_text(before, encoding="utf-8")
    monkeypatch.setenv("LC_ALL", "fr_CA.UTF-8" if lang == "fr" else "en_CA.UTF-8")
    assert main(["check", "--json", "--config", str(file)]) == 1
    problems = json.loads(capsys.readouterr().out)["problems"]
    assert [problem["code"] for problem in problems] == ["unmapped"]
    assert SAYS[lang]["gone"] in problems[0]["message"]


def selling(settings: Settings) -> Settings:
    return replace(settings, sells=True)


@pytest.mark.parametrize("change", [selling, lambda settings: settings], ids=["sells", "does not"])
def test_what_is_sold_and_the_sentence_agree(tmp_path: Path, change: Callable[[Settings], Settings]) -> None:
    built = an_installation(tmp_path, by_hand=True, change=change)
    officer = officer_of(built, "en")
    officer.send("staff_policy_start", {"from": "in_force"})
    said = "the settings say that you sell some" in officer.visit("staff_policy").text()
    assert said == built.installation.settings.sells
    publish(officer, TODAY, status=422 if said else 303)


@BOTH
def test_a_pasted_text_is_told_what_it_lacks_and_completed_at_once(tmp_path: Path, lang: Language) -> None:
    built = an_installation(tmp_path)
    officer = officer_of(built, lang)
    paste(officer, {"fr": "# Vos droits\n\nAccès.", "en": "# Your rights\n\nAccess."})
    confirm(officer)
    said = officer.visit("staff_policy").text()
    assert SAYS[lang]["unsold"] in said
    arrange(officer, do="part", key="all")
    complete(officer)
    look_at_all(officer)
    page = officer.visit("staff_policy")
    assert not page.all("ul", class_="to-do"), page.text()
    publish(officer, TODAY)


def test_the_starting_text_says_what_the_map_knows_in_both_languages(built: Built) -> None:
    officer = officer_of(built, "fr")
    officer.send("staff_policy_start", {"from": "starter"})
    draft = draft_of(built)
    assert draft
    collected, retention = draft.section("collected"), draft.section("retention")
    assert collected
    assert retention
    assert "**Données d’utilisation\u00a0:** " in collected.body.fr
    assert "**Usage data:** " in collected.body.en
    assert "13\u00a0mois" in retention.body.fr
    assert "13 months" in retention.body.en
    assert "[À compléter" not in collected.body.fr + retention.body.fr
    assert {name for section in draft.sections for name in section.covers} >= {"usage", "improve"}
