"""The officer's policy in the browser: begun, completed, arranged, published; never over somebody else's words."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from portal.domain.languages import Language
from portal.domain.policy_drafts import LONGEST_BODY, DraftSection
from portal.domain.rights import Role
from portal.services import policies
from tests.client import BASE, Page, Visitor
from tests.installation import Built, an_installation
from tests.services.drafts import a_draft, draft_of
from tests.web.policy_visits import (
    BOTH,
    SECOND,
    TODAY,
    WORDS,
    complete,
    confirm,
    officer_of,
    paste,
    publish,
    version_ids,
)


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


# --- from the starting text to a published version -------------------------------------------------------------------


@BOTH
def test_from_the_starting_text_to_a_policy_read_the_same_minute(built: Built, lang: Language) -> None:
    officer = officer_of(built, lang)
    officer.send("staff_policy_start", {"from": "starter"})
    said = officer.visit("staff_policy").text()
    assert WORDS[lang]["to do"] in said
    assert WORDS[lang]["complete"] in said
    complete(officer)
    assert WORDS[lang]["complete"] not in officer.visit("staff_policy").text()
    answer = publish(officer, TODAY)
    assert WORDS[lang]["in force"] in officer.open(answer.location).text()
    assert version_ids(built)[0] == TODAY
    assert draft_of(built) is None
    built.clock.advance(seconds=2)
    reader = Visitor(built, lang).visit("policy").text()
    assert re.search(
        {"fr": r"En vigueur depuis\W+(le )?23 novembre 2026", "en": "In force since November 23, 2026"}[lang], reader
    )
    assert {"fr": "Personnes de moins de 14 ans", "en": "People under 14"}[lang] in reader
    assert (
        officer.visit("staff_policy")
        .links()
        .get({"fr": "Version du 23 novembre 2026", "en": "Version of November 23, 2026"}[lang])
    )
    with built.installation.database.reading() as store:
        kept = store.policies.one("privacy", TODAY)
        lines = [line for line in store.audit.newest() if line.event.value == "policy_published"]
    assert kept
    assert kept.published_by == lines[0].actor_id


@BOTH
def test_nothing_is_published_while_something_remains_and_what_was_typed_stays(built: Built, lang: Language) -> None:
    a_draft(built, pasted=None)
    officer = officer_of(built, lang)
    assert WORDS[lang]["not yet"] in officer.visit("staff_policy_publish").text()
    refused = publish(officer, TODAY, status=422)
    assert isinstance(refused, Page)
    assert "Tout est nouveau." in refused.html
    assert TODAY not in version_ids(built)
    draft = draft_of(built)
    assert draft
    assert draft.summary.fr == ""


@BOTH
def test_a_version_may_be_announced_and_never_comes_into_force_in_the_past(built: Built, lang: Language) -> None:
    a_draft(built, pasted=None)
    officer = officer_of(built, lang)
    complete(officer)
    for day in ("2026-11-22", "2028-01-01", "2026-02-30", "31/12/2026", ""):
        refused = publish(officer, day, status=422)
        assert isinstance(refused, Page)
        assert "#day" in refused.links().values(), day
    answer = publish(officer, "2027-01-15")
    assert WORDS[lang]["announced"] in officer.open(answer.location).text()
    assert WORDS[lang]["announced"] not in officer.visit("staff_policy").text()
    built.clock.advance(seconds=2)
    assert WORDS[lang]["coming"] in Visitor(built, lang).visit("policy").text()
    assert officer.visit("policy_version", version_id="2027-01-15")


def test_a_second_version_of_a_day_has_a_number_and_the_first_stays(built: Built) -> None:
    officer = officer_of(built, "en")
    for _ in range(2):
        officer.send("staff_policy_start", {"from": "starter"})
        complete(officer)
        publish(officer, TODAY)
    assert version_ids(built)[:2] == [f"{TODAY}-2", TODAY]


def test_a_summary_is_asked_for_in_both_languages(built: Built) -> None:
    a_draft(built, pasted=None)
    officer = officer_of(built, "en")
    complete(officer)
    form = officer.visit("staff_policy_publish").form("publish")
    typed = {"summary_fr": "Neuf.", "summary_en": "\u200b ", "kind": "material", "day": TODAY, "do": "publish"}
    refused = officer.send("staff_policy_publish", form | typed, status=422)
    assert isinstance(refused, Page)
    assert "#summary_en" in refused.links().values()
    assert "#summary_fr" not in refused.links().values()
    officer.send("staff_policy_publish", form | typed | {"do": "save"})
    draft = draft_of(built)
    assert draft
    assert draft.summary.fr == "Neuf."


def test_publishing_twice_at_once_publishes_once(built: Built) -> None:
    a_draft(built, pasted=None)
    officer = officer_of(built, "en")
    complete(officer)
    form = officer.visit("staff_policy_publish").form("publish")
    said = {"summary_fr": "Neuf.", "summary_en": "New.", "kind": "wording", "day": TODAY, "do": "publish"}
    officer.send("staff_policy_publish", form | said)
    late = officer.send("staff_policy_publish", form | said, status=409)
    assert isinstance(late, Page)
    assert WORDS["en"]["gone"] in late.text()
    assert "New." in late.text()
    assert len([version for version in version_ids(built) if version.startswith(TODAY)]) == 1


# --- from the version in force ---------------------------------------------------------------------------------------


def test_from_the_version_in_force_a_word_is_changed_and_compared(tmp_path: Path) -> None:
    built = an_installation(tmp_path, by_hand=True)
    officer = officer_of(built, "en")
    officer.send("staff_policy_start", {"from": "in_force"})
    form = officer.visit("staff_policy_section", key="children").form("children")
    changed = form | {
        "body_fr": form["body_fr"] + "\n\nMerci.",
        "body_en": form["body_en"] + "\n\nThank you.",
    }
    officer.send("staff_policy_section", changed | {"do": "save"}, key="children")
    form = officer.visit("staff_policy_section", key="introduction").form("introduction")
    publish(officer, TODAY)
    compared = Visitor(built, "en").visit("policy_comparison", pair=f"2026-06-15..{TODAY}").text()
    assert "Thank you." in compared
    with built.installation.database.reading() as store:
        version = policies.one(store, TODAY)
    assert version
    collected = version.texts["fr"].section("collected")
    assert collected
    assert collected.covers == ("account", "usage", "technical", "billing", "support", "paper")


def test_beginning_again_keeps_the_draft_there_is(built: Built) -> None:
    begun = a_draft(built, pasted=None)
    officer_of(built, "fr").send("staff_policy_start", {"from": "in_force"})
    assert draft_of(built) == begun


# --- writing and arranging -------------------------------------------------------------------------------------------


@BOTH
def test_a_section_is_saved_and_shown_as_it_will_read(built: Built, lang: Language) -> None:
    a_draft(built, pasted=None)
    officer = officer_of(built, lang)
    form = officer.visit("staff_policy_section", key="security").form("security")
    typed = form | {"body_fr": "## Chez nous\n\n- **Tout** est sous clé.", "body_en": "## Here\n\n- **All** is locked."}
    answer = officer.send("staff_policy_section", typed | {"do": "save"}, key="security")
    page = officer.open(answer.location)  # type: ignore[union-attr]  # a redirect
    assert ["".join(one.itertext()) for one in page.all("h3")][1:4:2] == ["Chez nous", "Here"]
    assert "Tout" in ["".join(one.itertext()) for one in page.all("strong")]
    following = officer.send("staff_policy_section", typed | page.form("security") | {"do": "next"}, key="security")
    assert following.location.endswith("rights")  # type: ignore[union-attr]  # the next section


@BOTH
def test_what_cannot_be_read_back_or_is_too_long_is_refused_with_what_was_typed(built: Built, lang: Language) -> None:
    a_draft(built, pasted=None)
    officer = officer_of(built, lang)
    form = officer.visit("staff_policy_section", key="security").form("security")
    for body in ("```\nsans fin", "a" * (LONGEST_BODY + 1)):
        refused = officer.send(
            "staff_policy_section", form | {"body_fr": body, "title_en": "Mine"}, key="security", status=422
        )
        assert isinstance(refused, Page)
        assert "#body_fr" in refused.links().values()
        assert refused.form("security")["title_en"] == "Mine"
        assert refused.form("security")["body_fr"] == body


@BOTH
def test_two_officers_never_overwrite_one_another(built: Built, lang: Language) -> None:
    with built.installation.database.writing() as store:
        store.staff.add(SECOND, Role.OFFICER, language=lang, now=built.clock())
    a_draft(built, pasted=None)
    first, second = officer_of(built, lang), officer_of(built, lang, SECOND)
    here = first.visit("staff_policy_section", key="security").form("security")
    there = second.visit("staff_policy_section", key="rights").form("rights")
    built.clock.advance(minutes=1)
    second.send("staff_policy_section", there | {"body_fr": "Mes mots"}, key="rights")
    late = first.send("staff_policy_section", here | {"body_fr": "Autres mots"}, key="security", status=409)
    assert isinstance(late, Page)
    assert WORDS[lang]["changed"] in late.text()
    assert SECOND in late.text()
    assert "Autres mots" in late.text()
    draft = draft_of(built)
    assert draft
    assert "Mes mots" in [section.body.fr for section in draft.sections]
    assert "Autres mots" not in [section.body.fr for section in draft.sections]


def test_sections_move_are_added_and_removed(built: Built) -> None:
    a_draft(built, pasted=None)
    officer = officer_of(built, "en")

    def arrange(act: str, key: str) -> list[DraftSection]:
        before = draft_of(built)
        assert before
        officer.send("staff_policy_arrange", {"do": act, "key": key, "version": str(before.version)})
        after = draft_of(built)
        assert after
        return [*after.sections]

    assert [section.key for section in arrange("down", "introduction")][:2] == ["collected", "introduction"]
    assert [section.key for section in arrange("up", "introduction")][:2] == ["introduction", "collected"]
    assert "children" not in [section.key for section in arrange("remove", "children")]
    assert "children" in officer.visit("staff_policy").html
    added = next(section for section in arrange("add", "children") if section.key == "children")
    assert "14" in added.body.en
    own = next(section for section in arrange("add", "own") if section.key == "other-1")
    assert (own.title.fr, own.body.fr) == ("", "")
    officer.send("staff_policy_arrange", {"do": "burn", "key": "x", "version": "1"}, status=422)


def test_a_part_the_law_asks_for_is_added_where_it_belongs(built: Built) -> None:
    officer = officer_of(built, "en")
    paste(officer, {"fr": "# Vos droits\n\nAccès, rectification.", "en": "# Your rights\n\nAccess, correction."})
    confirm(officer)
    for key in ("portability", "recourse"):
        draft = draft_of(built)
        assert draft
        officer.send("staff_policy_arrange", {"do": "part", "key": key, "version": str(draft.version)})
    draft = draft_of(built)
    assert draft
    assert [section.key for section in draft.sections] == ["rights", "recourse"]
    assert "portability" in draft.sections[0].body.en
    assert "format technologique" in draft.sections[0].body.fr


@BOTH
def test_a_draft_is_given_up(built: Built, lang: Language) -> None:
    a_draft(built)
    officer = officer_of(built, lang)
    form = officer.visit("staff_policy").form("abandonner" if lang == "fr" else "discard")
    officer.send("staff_policy_discard", form)
    assert draft_of(built) is None
    late = officer.send("staff_policy_discard", form, status=409)
    assert isinstance(late, Page)
    assert WORDS[lang]["gone"] in late.text()


def test_pages_of_a_draft_lead_back_when_there_is_none(built: Built) -> None:
    officer = officer_of(built, "en")
    for endpoint in ("staff_policy_sections", "staff_policy_preview", "staff_policy_publish"):
        assert officer.client.get(officer.address(endpoint), base_url=BASE).status_code == 302
    a_draft(built)
    officer.visit("staff_policy_section", key="no-such-section", status=404)


def test_the_next_day_a_version_announced_is_in_force(built: Built) -> None:
    a_draft(built, pasted=None)
    officer = officer_of(built, "en")
    complete(officer)
    publish(officer, (built.clock().date() + timedelta(days=1)).isoformat())
    built.clock.advance(days=1)
    assert "In force since November 24, 2026" in Visitor(built, "en").visit("policy").text()
