"""What a draft may not hold is named with its section and line, in both languages, and the draft is kept; accents mend."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from portal.domain.languages import Language, Text
from tests.client import BASE, Page, Visitor
from tests.installation import Built, an_installation
from tests.services.drafts import a_draft, draft_of
from tests.web.policy_visits import BOTH, TODAY, complete, officer_of, publish, version_ids


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def written(officer: Visitor, **bodies: str) -> None:
    form = officer.visit("staff_policy_section", key="security").form("security")
    officer.send("staff_policy_section", form | bodies | {"do": "save"}, key="security")


@BOTH
@pytest.mark.parametrize(
    "wrong", ["<script>alert(1)</script>", "[ici](javascript:alert(1))", "Au QuÃ©bec", "Au Qu√©bec", "Au Qu\ufffdbec"]
)
def test_it_is_refused_with_section_and_line_and_the_draft_is_kept(built: Built, lang: Language, wrong: str) -> None:
    a_draft(built, pasted=None)
    officer = officer_of(built, lang)
    complete(officer)
    written(officer, body_fr=f"Tout est sous clé.\n\n{wrong}", body_en=f"Everything is locked.\n\n{wrong}")
    said = officer.visit("staff_policy").text()
    assert {"fr": "En français, ligne 3", "en": "In French, line 3"}[lang] in said
    assert {"fr": "Mesures de sécurité", "en": "How we protect it"}[lang] in said
    refused = publish(officer, TODAY, status=422)
    assert isinstance(refused, Page)
    assert TODAY not in version_ids(built)
    draft = draft_of(built)
    assert draft
    kept = draft.section("security")
    assert kept
    assert kept.body.fr.endswith(wrong)
    shown = officer.client.get(officer.address("staff_policy_section", key="security"), base_url=BASE)
    assert 'href="javascript:' not in shown.get_data(as_text=True)
    assert "<script>alert" not in shown.get_data(as_text=True)


@BOTH
def test_accents_are_mended_at_the_press_of_a_button_and_only_where_they_were_misread(
    built: Built, lang: Language
) -> None:
    a_draft(built, pasted=None)
    officer = officer_of(built, lang)
    complete(officer)
    button = {"fr": "Rétablir les accents", "en": "Mend the accents"}[lang]
    assert button not in officer.visit("staff_policy").text()
    written(officer, body_fr="QuÃƒÂ©bec, à l’été, Qu√©bec.", body_en="Québec and Qu√©bec.")
    before = draft_of(built)
    assert before
    page = officer.visit("staff_policy")
    assert button in page.text()
    officer.send("staff_policy_arrange", {"do": "mend", "version": str(before.version)})
    after = draft_of(built)
    assert after
    section = after.section("security")
    assert section
    assert (section.body.fr, section.body.en) == ("Québec, à l’été, Québec.", "Québec and Québec.")
    assert [one for one in after.sections if one.key != "security"] == [
        one for one in before.sections if one.key != "security"
    ]
    assert button not in officer.visit("staff_policy").text()
    publish(officer, TODAY)
    assert version_ids(built)[0] == TODAY


def test_a_draft_is_no_longer_than_a_folder_may_be(built: Built) -> None:
    draft = a_draft(built, pasted=None)
    long = [replace(one, body=Text(fr="é" * 39_000, en="e")) for one in draft.sections[:7]]
    with built.installation.database.writing() as store:
        store.policy_drafts.save(replace(draft, sections=(*long, *draft.sections[7:])), seen_version=draft.version)
    said = officer_of(built, "en").visit("staff_policy").text()
    assert "In French: the whole text is longer than 512 KiB." in said
    assert "In English: the whole text is longer" not in said


def test_a_text_of_ten_megabytes_is_refused_and_the_draft_is_kept(built: Built) -> None:
    a_draft(built, pasted=None)
    before = draft_of(built)
    officer = officer_of(built, "en")
    form = officer.visit("staff_policy_paste").form("paste")
    officer.send("staff_policy_paste", form | {"fr": "a" * 10_000_000}, status=413)
    assert draft_of(built) == before


@BOTH
@pytest.mark.parametrize("target", ["file:///etc/passwd", "<javascript:alert(1)>"])
def test_a_link_begun_in_one_section_and_led_away_by_another_is_refused(
    built: Built, lang: Language, target: str
) -> None:
    a_draft(built, pasted=None)
    officer = officer_of(built, lang)
    complete(officer)
    written(officer, body_fr="Voir [1].", body_en="See [1].")
    form = officer.visit("staff_policy_section", key="rights").form("rights")
    led = {name: f"{form[name]}\n\n[1]: {target}" for name in ("body_fr", "body_en")}
    officer.send("staff_policy_section", form | led | {"do": "save"}, key="rights")
    scheme = target.strip("<").partition(":")[0]
    said = officer.visit("staff_policy").text()
    assert {"fr": f"«\u00a0{scheme}\u00a0»", "en": f"“{scheme}”"}[lang] in said
    publish(officer, TODAY, status=422)
    assert TODAY not in version_ids(built)
