"""A draft's sections and what remains to be done before it is published."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from portal.domain.data_map import DataMap
from portal.domain.languages import Language, Text
from portal.domain.policy_drafts import (
    JOINED,
    LEFT_OUT,
    Draft,
    DraftSection,
    Origin,
    Piece,
    joined_by_key,
    laid_over,
    moved,
    placed,
    tasks_of,
)
from portal.domain.policy_parts import PARTS
from portal.domain.policy_sections import USUAL_SECTIONS, key_of_heading
from portal.domain.policy_tasks import Ground, TaskKind

GROUND = Ground(Text(fr="Clinique du Parc", en="Clinique du Parc"), DataMap(), sells=False)
READY = {TaskKind.PART, TaskKind.NOT_SAID_SOLD}


def section(key: str, french: str = "Oui.", english: str = "Yes.") -> DraftSection:
    return DraftSection(key, Text(fr=key, en=key), Text(fr=french, en=english))


def draft(*sections: DraftSection) -> Draft:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    return Draft("privacy", Origin.STARTER, sections, 1, at, None, at, None)


def kinds(*sections: DraftSection) -> set[TaskKind]:
    return {task.kind for task in tasks_of(draft(*sections), GROUND)} - READY


@pytest.mark.parametrize("usual", USUAL_SECTIONS, ids=lambda usual: usual.key)
def test_a_usual_title_announces_its_own_section(usual: object) -> None:
    for language in ("fr", "en"):
        assert key_of_heading(usual.title.in_(language), language) == usual.key  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("title", "language", "key"),
    [
        ("Utilisation des renseignements recueillis", "fr", "uses"),
        ("Communication de renseignements à l’extérieur du Québec", "fr", "outside-quebec"),
        ("Comment exercer vos droits", "fr", "requests"),
        ("Responsable de la protection des renseignements personnels", "fr", "contact"),
        ("How we protect your information", "en", "security"),
        ("Information we collect and how we use it", "en", "collected"),
        ("Changes to this privacy policy", "en", "changes"),
        ("Cookies", "fr", "cookies"),
        ("Stationnement", "fr", None),
    ],
)
def test_headings_are_known_by_their_words(title: str, language: Language, key: str | None) -> None:
    assert key_of_heading(title, language) == key


def test_pieces_of_one_key_are_one_section_and_no_word_is_lost() -> None:
    found = joined_by_key(
        [
            Piece("uses", "Usage", "a"),
            Piece(JOINED, "Suite", "b"),
            Piece(LEFT_OUT, "Bruit", "c"),
            Piece("rights", "Droits", "d"),
            Piece("uses", "Encore", "e"),
        ]
    )
    assert found == [Piece("uses", "Usage", "a\n\n### Suite\n\nb\n\n### Encore\n\ne"), Piece("rights", "Droits", "d")]


def test_both_languages_meet_in_one_section_whatever_their_order() -> None:
    found = laid_over(
        (),
        {
            "fr": [Piece("uses", "Usage", "a"), Piece("rights", "Droits", "b")],
            "en": [Piece("rights", "Rights", "c"), Piece("security", "Security", "d"), Piece("uses", "Uses", "e")],
        },
    )
    assert [one.key for one in found] == ["uses", "rights", "security"]
    assert found[0].body == Text(fr="a", en="e")
    assert found[2].title == Text(fr="", en="Security")


def test_a_language_pasted_replaces_its_words_and_leaves_the_other() -> None:
    there = (section("uses"), section("rights"))
    found = laid_over(there, {"fr": [Piece("uses", "Usage", "neuf")]})
    assert [(one.key, one.body.fr, one.body.en) for one in found] == [("uses", "neuf", "Yes."), ("rights", "", "Yes.")]


def test_sections_move_by_one_and_stay_at_the_ends() -> None:
    three = (section("a"), section("b"), section("c"))
    assert [one.key for one in moved(three, "c", -1)] == ["a", "c", "b"]
    assert moved(three, "a", -1) == three
    assert moved(three, "z", 1) == three


def test_a_section_is_added_where_policies_have_it() -> None:
    order = [usual.key for usual in USUAL_SECTIONS]
    there = (section("introduction"), section("rights"), section("contact"))
    assert [one.key for one in placed(there, section("security"), order)][1] == "security"
    assert [one.key for one in placed(there, section("other-1"), order)][2] == "other-1"
    assert [one.key for one in placed((), section("rights"), order)] == ["rights"]


def test_a_language_not_written_a_slot_a_disparity_and_a_strange_blank_are_tasks() -> None:
    assert kinds() == {TaskKind.NO_SECTION}
    assert kinds(section("uses")) == set()
    assert kinds(section("uses", english=" ")) == {TaskKind.LANGUAGE}
    assert kinds(section("uses", french="[À compléter par l’organisation : x]")) == {TaskKind.SLOT}
    assert kinds(section("uses", french="Le 1er août 2026.")) == {TaskKind.DISPARITY}
    assert kinds(section("uses", "{{ contact.fax }}", "{{ contact.fax }}")) == {TaskKind.PLACEHOLDER}


def test_each_part_of_the_law_is_missed_in_an_empty_text_and_in_the_language_that_lacks_it() -> None:
    missing = [task for task in tasks_of(draft(section("other-1")), GROUND) if task.part]
    assert [task.part for task in missing] == [*PARTS]
    assert {task.language for task in missing} == {None}
    only = section("other-1", french="Vous pouvez porter plainte.")
    lacking = {task.part.key: task.language for task in tasks_of(draft(only), GROUND) if task.part}
    assert lacking["complaints"] == "en"


def test_the_name_of_the_organization_may_stand_as_it_is() -> None:
    named = replace(section("other-1"), body=Text(fr="La Clinique du Parc soigne.", en="Clinique du Parc heals."))
    keys = {task.part.key for task in tasks_of(draft(named), GROUND) if task.part}
    assert "organisation" not in keys
