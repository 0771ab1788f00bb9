"""A policy pasted in the browser: recognised, put in order, cleaned of what no page may hold, then published."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.domain.languages import Language
from portal.services.policy_pasting import LONGEST_PASTED
from tests.client import BASE, Page, Visitor
from tests.installation import Built, an_installation
from tests.services.drafts import draft_of
from tests.web.policy_visits import (
    BOTH,
    PASTED,
    TODAY,
    WORDS,
    complete,
    confirm,
    look_at_all,
    officer_of,
    paste,
    publish,
)


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


@BOTH
def test_a_policy_pasted_from_word_becomes_a_published_version(built: Built, lang: Language) -> None:
    officer = officer_of(built, lang)
    paste(
        officer,
        {
            "fr": "texte nu",
            "en": "bare text",
            "fr_html": (PASTED / "word.fr.html").read_text(encoding="utf-8"),
            "en_html": (PASTED / "word.en.html").read_text(encoding="utf-8"),
        },
    )
    confirm(officer)
    draft = draft_of(built)
    assert draft
    keys = ["introduction", "collected", "uses", "sharing", "retention", "other-1", "contact"]
    assert [section.key for section in draft.sections] == keys
    uses = draft.section("uses")
    assert uses
    assert (uses.title.fr, uses.title.en) == ("Pourquoi nous les utilisons", "Why we use it")
    officer.send("staff_policy_arrange", {"do": "part", "key": "all", "version": str(draft.version)})
    complete(officer)
    publish(officer, TODAY, status=422)
    asked = {"fr": "Vérifiez que le français dit toujours la même chose", "en": "Check that the French still says the"}
    assert asked[lang] in officer.visit("staff_policy").text(), "pasted together is not looked at together"
    look_at_all(officer)
    page = officer.visit("staff_policy")
    assert not page.all("ul", class_="to-do"), page.text()
    preview = officer.visit("staff_policy_preview").text()
    assert {"fr": "Clinique du Parc offre", "en": "Clinique du Parc offers"}[lang] in preview
    publish(officer, TODAY)
    read = Visitor(built, lang).visit("policy_version", version_id=TODAY)
    assert {"fr": "vos notes de traitement", "en": "your treatment notes"}[lang] in read.text()
    assert read.all("table")


@BOTH
def test_words_alone_are_enough_and_each_section_may_be_chosen_again(built: Built, lang: Language) -> None:
    officer = officer_of(built, lang)
    paste(officer, {"fr": "1. Mot de bienvenue\nBonjour.\n2. Vos droits\nAccès.\n3. Bruit\nRien.", "en": ""})
    confirm(officer, fr_0="security", fr_2="-")
    draft = draft_of(built)
    assert draft
    assert [(one.key, one.title.fr, one.body.en) for one in draft.sections] == [
        ("security", "Mot de bienvenue", ""),
        ("rights", "Vos droits", ""),
    ]
    said = officer.visit("staff_policy").text()
    assert {"fr": "L’écrire en anglais.", "en": "Write it in English."}[lang] in said


@BOTH
def test_the_other_language_is_pasted_later(built: Built, lang: Language) -> None:
    officer = officer_of(built, lang)
    paste(officer, {"fr": "# Vos droits\n\nAccès.\n\n# Sécurité\n\nClé.", "en": ""})
    confirm(officer)
    paste(officer, {"fr": "", "en": "# Your rights\n\nAccess.\n\n# Security\n\nKey."})
    confirm(officer)
    draft = draft_of(built)
    assert draft
    assert [(one.key, one.body.fr, one.body.en) for one in draft.sections] == [
        ("rights", "Accès.", "Access."),
        ("security", "Clé.", "Key."),
    ]


@BOTH
def test_a_paste_that_waits_is_not_dropped_without_a_word(tmp_path: Path, lang: Language) -> None:
    officer = officer_of(an_installation(tmp_path, by_hand=True), lang)
    officer.send("staff_policy_start", {"from": "in_force"})
    paste(officer, {"fr": "# Vos droits\n\nAccès.", "en": ""})
    publish(officer, TODAY, status=422)
    waits = {"fr": "Un texte collé attend.", "en": "A pasted text waits."}[lang]
    page = officer.visit("staff_policy")
    assert waits in page.text()
    assert officer.address("staff_policy_sections") in page.links().values()
    confirm(officer, fr_0="-")
    assert waits not in officer.visit("staff_policy").text()


@BOTH
def test_both_languages_together_have_no_more_sections_than_a_policy(built: Built, lang: Language) -> None:
    officer = officer_of(built, lang)
    for language, there in (("fr", 0), ("en", 40)):
        text = "\n\n".join(f"# Own {number}\n\nWords." for number in range(there, there + 40))
        paste(officer, {"fr": "", "en": "", language: text})
        if language == "fr":
            confirm(officer)
    page = officer.visit("staff_policy_sections")
    form = page.form("sections") | {f"en_{place}": f"own-{place + 40}" for place in range(40)}
    refused = officer.send("staff_policy_sections", form, status=422)
    assert isinstance(refused, Page)
    assert {"fr": "Cela ferait 80 sections", "en": "That would make 80 sections"}[lang] in refused.text()
    draft = draft_of(built)
    assert draft
    assert len(draft.sections) == 40


@BOTH
def test_a_section_too_many_is_refused_in_words(built: Built, lang: Language) -> None:
    officer = officer_of(built, lang)
    paste(officer, {"fr": "\n\n".join(f"# Own {number}\n\nWords." for number in range(60)), "en": ""})
    confirm(officer)
    draft = draft_of(built)
    assert draft
    for do, key in (("add", "own"), ("part", "all")):
        data = {"do": do, "key": key, "version": str(draft.version)}
        refused = officer.send("staff_policy_arrange", data, status=422)
        assert isinstance(refused, Page)
        assert {"fr": "un document en a au plus 60", "en": "a document has at most 60"}[lang] in refused.text()


@BOTH
def test_what_cannot_be_a_policy_is_refused_in_words_and_kept(built: Built, lang: Language) -> None:
    officer = officer_of(built, lang)
    nothing = paste(officer, {"fr": " \u200b", "en": ""}, status=422)
    assert isinstance(nothing, Page)
    assert "#fr" in nothing.links().values()
    long = paste(officer, {"fr": "a" * (LONGEST_PASTED + 1), "en": "Kept"}, status=422)
    assert isinstance(long, Page)
    assert WORDS[lang]["too long"] in long.text()
    assert "Kept" in long.html
    many = paste(officer, {"fr": "# T\n\nx\n" * 10_000, "en": ""}, status=422)
    assert isinstance(many, Page)
    assert WORDS[lang]["headings"] in many.text()
    assert draft_of(built) is None


def test_html_too_deep_to_read_gives_way_to_its_words(built: Built) -> None:
    officer = officer_of(built, "fr")
    paste(officer, {"fr": "Les mots.", "en": "", "fr_html": "<div>" * 13_000})
    confirm(officer)
    draft = draft_of(built)
    assert draft
    assert draft.sections[0].body.fr == "Les mots."


@BOTH
def test_attacks_in_a_pasted_or_written_text_never_reach_a_page(built: Built, lang: Language) -> None:
    officer = officer_of(built, lang)
    attack = "<script>alert(1)</script>[x](javascript:alert(1)) [y](data:text/html,z) <img src=x onerror=alert(1)>"
    html = f"<h1>Vos droits</h1><p>{attack}</p><p><a href='javascript:alert(1)'>z</a>\u202e</p>"
    paste(officer, {"fr": "x", "en": f"# Your rights\n\n{attack}\u202e", "fr_html": html, "en_html": ""})
    confirm(officer)
    for path in (
        officer.address("staff_policy"),
        officer.address("staff_policy_preview"),
        officer.address("staff_policy_section", key="rights"),
    ):
        page = Page(officer.client.get(path, base_url=BASE), lang)
        assert not [link for link in page.all("a") if link.get("href", "").startswith(("javascript:", "data:"))]
        assert "<script>alert" not in page.html
        assert "\u202e" not in page.html
        assert not page.all("img")
