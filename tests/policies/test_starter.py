"""The starting text says all the law asks for, in twin languages, and nobody can publish it with a slot left in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from portal.domain.documents import REQUIRED, SECTIONS
from portal.domain.languages import LANGUAGES, Language, Text
from portal.domain.policies import DOCUMENTS, PLACEHOLDERS, Document, PolicyText, disparities_between, slots_in
from portal.domain.policy_parts import missing_parts
from portal.domain.policy_sections import key_of_heading
from portal.policies.folders import read_folder
from portal.policies.markdown import placeholders_in
from portal.policies.problems import PolicyFolderInvalid
from portal.policies.reading import read_text
from portal.policies.rendering import render
from portal.policies.starter import FIRST_SUMMARY, starter
from portal.wording.typography import french_spacing_faults
from tests.meta.test_demo_policies import AVOIDED, MUST_SAY, NOT_PROSE
from tests.policies.builders import folder

BOTH = pytest.mark.parametrize("language", LANGUAGES)
OF_THE_DEMO_ALONE = {
    "15 juin 2026",
    "June 15, 2026",
    "Dernière mise à jour",
    "Last updated",
    "Ontario",
    "profiles you",
    "Fournisseur",
}
SLOTS = 9


EACH = pytest.mark.parametrize("document", DOCUMENTS)


def text(language: Language, document: Document = "privacy") -> PolicyText:
    read, problems = read_text(language, starter(document)[language])
    assert problems == []
    return read


@EACH
def test_both_languages_are_twins(document: Document) -> None:
    french, english = text("fr", document), text("en", document)
    assert disparities_between(french, english) == []
    assert [len(slots_in(part.body_markdown)) for part in french.sections] == [
        len(slots_in(part.body_markdown)) for part in english.sections
    ]


@BOTH
def test_the_governance_practices_say_what_the_law_asks_for_in_their_usual_sections(language: Language) -> None:
    sections = text(language, "governance").sections
    said = {section.key: section.body_markdown for section in sections}
    assert missing_parts(said, language, organisation=Text("x", "x"), parts=REQUIRED["governance"]) == ()
    opening = {"introduction": said["introduction"]}
    left = missing_parts(opening, language, organisation=Text("x", "x"), parts=REQUIRED["governance"])
    assert left == REQUIRED["governance"]
    assert [section.key for section in sections] == [usual.key for usual in SECTIONS["governance"]]
    for section in sections:
        assert key_of_heading(section.title, language, SECTIONS["governance"]) == section.key


@BOTH
def test_it_says_what_the_law_asks_for(language: Language) -> None:
    said = starter()[language]
    wanted = {*MUST_SAY[language]} - OF_THE_DEMO_ALONE
    assert [words for words in wanted if words not in said] == []
    assert placeholders_in(said) == {*PLACEHOLDERS} - {"contact.name"}
    assert re.search(r"date (?:d’entrée en vigueur|it came into force)", said)
    assert re.search(r"profilage|profile you", said)
    assert re.search(r"fournisseur|provider", said)


@EACH
@BOTH
def test_what_the_program_cannot_know_is_a_slot_in_words_to_replace(language: Language, document: Document) -> None:
    slots = slots_in(starter(document)[language])
    assert len(slots) == SLOTS
    beginning = {"fr": "[À compléter par l’organisation\u00a0: ", "en": "[To be completed by the organization: "}
    assert all(slot.startswith(beginning[language]) and slot.endswith("]") for slot in slots)


@EACH
def test_the_french_is_spaced_as_in_quebec_and_no_word_is_avoided(document: Document) -> None:
    summary = FIRST_SUMMARY[document]
    assert french_spacing_faults(f"{starter(document)['fr']}\n{summary.fr}") == []
    for language in LANGUAGES:
        said = NOT_PROSE.sub("", f"{starter(document)[language]}\n{summary.in_(language)}")
        assert "'" not in said
        assert re.findall(AVOIDED[language], said, re.IGNORECASE) == []


def test_a_folder_with_a_slot_left_is_refused_naming_each(tmp_path: Path) -> None:
    with pytest.raises(PolicyFolderInvalid) as refused:
        read_folder(folder(tmp_path, fr=starter()["fr"], en=starter()["en"]))
    told = refused.value.problems
    assert {problem.code for problem in told} == {"slot_left"}
    assert len(told) == 2 * SLOTS
    assert ("fr.md", "retention") in {(problem.file, problem.key) for problem in told}


def test_a_folder_whose_slots_are_completed_is_read(tmp_path: Path) -> None:
    done = {
        language: re.sub(r"\[(?:À compléter|To be completed)[^\]]*\]", "…", words)
        for language, words in starter().items()
    }
    read = read_folder(folder(tmp_path, fr=done["fr"], en=done["en"]))
    assert len(read.texts["fr"].sections) == len(read.texts["en"].sections)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("À compléter par l'organisation", 1),
        ("[à compléter]", 1),
        ("[To be completed by the organisation: x\ny]", 1),
        ("[To be completed", 1),
        ("Un formulaire à compléter vous sera remis.", 0),
        ("This form is to be completed by you.", 0),
        ("[x](https://example.org/to-be-completed)", 0),
    ],
)
def test_slots_are_known_however_they_are_written(written: str, found: int) -> None:
    assert len(slots_in(written)) == found


def test_a_list_item_for_what_the_organization_has_not_is_left_out() -> None:
    known = dict.fromkeys(PLACEHOLDERS, "x") | {"contact.phone": ""}
    shown = render(text("en"), placeholders=known).sections[-1].html
    assert "Address" in shown
    assert "E-mail" in shown
    assert "Phone" not in shown
