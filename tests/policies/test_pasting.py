"""What a word processor puts on the clipboard becomes clean sections, and nothing pasted can harm a page or stop one."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from portal.domain.languages import LANGUAGES, Language
from portal.domain.policies import Section
from portal.domain.policy_drafts import Piece
from portal.policies.pasting import from_html
from portal.policies.reading import read_text
from portal.policies.recognising import paired, sections_in
from portal.policies.rendering import render
from portal.policies.writing import is_readable, tidy_body, tidy_title, written

PASTED = Path(__file__).parent / "pasted"
BOTH = pytest.mark.parametrize("language", LANGUAGES)


def word(language: Language) -> str:
    return (PASTED / f"word.{language}.html").read_text(encoding="utf-8")


def pieces(language: Language) -> tuple[Piece, ...]:
    return sections_in(from_html(word(language)), language, is_markdown=True)


@BOTH
def test_a_policy_from_word_gives_its_sections(language: Language) -> None:
    keys = ["introduction", "collected", "uses", "sharing", "retention", "other-1", "contact"]
    assert [piece.key for piece in pieces(language)] == keys


def test_numbers_of_titles_go_and_titles_stay() -> None:
    assert [piece.title for piece in pieces("fr")][1:4] == [
        "Renseignements que nous recueillons",
        "Pourquoi nous les utilisons",
        "Communication à des tiers",
    ]
    assert [piece.title for piece in pieces("en")][1:4] == [
        "Information we collect",
        "Why we use it",
        "Who receives it",
    ]


@BOTH
def test_nothing_of_the_word_processor_is_left(language: Language) -> None:
    text = from_html(word(language)).lower()
    for trace in ("mso", "<", "font", "style", "startfragment", "endfragment", "symbol", "·", "[jr1]", "alert"):
        assert trace not in text.replace("<https://", ""), trace


def test_deleted_words_and_comments_go_and_inserted_ones_stay() -> None:
    french, english = from_html(word("fr")), from_html(word("en"))
    assert "assurance sociale" not in french
    assert "avocate" not in french
    assert "adresse courriel" in french
    assert "insurance number" not in english
    assert "e-mail address" in english


@BOTH
def test_lists_tables_links_bold_words_and_line_breaks_are_kept(language: Language) -> None:
    body = {piece.key: piece.body for piece in pieces(language)}
    assert body["collected"].count("\n- ") == 2
    assert "| --- | --- |" in body["uses"]
    assert "](https://www.cai.gouv.qc.ca/)" in body["sharing"]
    assert "**Clinique du Parc** " in body["introduction"]
    assert "\\\n" in body["retention"]


def test_bold_by_style_is_bold_and_normal_by_style_is_not() -> None:
    html = '<b style="font-weight:normal"><p><span style="font-weight:700">Gras</span> maigre</p></b>'
    assert from_html(html) == "**Gras** maigre"


def test_items_of_a_list_inside_another_stay_inside() -> None:
    assert from_html("<ul><li>a<ol><li>b</li></ol></li><li>c</li></ul>") == "- a\n   1. b\n- c"


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script><p>Bon</p>",
        "<p onclick=alert(1)>Bon</p>",
        "<p>Bon<img src=x onerror=alert(1)></p>",
        "<svg><script>alert(1)</script></svg><p>Bon</p>",
        "<p>Bon<iframe srcdoc='<script>alert(1)</script>'></iframe></p>",
        "<style>p{background:url(javascript:alert(1))}</style><p>Bon</p>",
    ],
)
def test_what_runs_is_gone(html: str) -> None:
    assert from_html(html) == "Bon"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "vbscript:x", "//x"]
)
def test_a_dangerous_link_leaves_its_words_alone(address: str) -> None:
    assert from_html(f'<p><a href="{address}">ici</a></p>') == "ici"


def test_signs_of_markdown_in_words_stay_signs() -> None:
    said = "1 * 2 * 3 <b> `x` _y_ **z** # t"
    text = from_html(f"<p>{said.replace('<', '&lt;').replace('>', '&gt;')}</p>")
    [section] = render(read_text("en", f"## T {{#t}}\n\n{text}\n")[0], placeholders={}).sections
    assert section.html == "<p>1 * 2 * 3 &lt;b&gt; `x` _y_ **z** # t</p>"


@pytest.mark.parametrize(
    "html",
    ["<b>" * 3_000, "<ul><li>" * 3_000, "<table><tr><td>" * 3_000, "<p><i>" * 3_000, "<h1>x" * 3_000, "<" * 9_000],
)
def test_deep_and_broken_html_is_read_soon(html: str) -> None:
    begun = time.monotonic()
    from_html(html + "fin")
    assert time.monotonic() - begun < 5


# --- sections of plain text -----------------------------------------------------------------------------------------


def keys_of(text: str, language: Language = "fr") -> list[str]:
    return [piece.key for piece in sections_in(text, language)]


@pytest.mark.parametrize(
    "text",
    [
        "1. Renseignements recueillis\nNom.\n2. Vos droits\nAccès.",
        "Article 1 – Renseignements recueillis\nNom.\nArticle 2 – Vos droits\nAccès.",
        "**Renseignements recueillis**\n\nNom.\n\n**Vos droits**\n\nAccès.",
        "RENSEIGNEMENTS RECUEILLIS\n\nNom.\n\nVOS DROITS\n\nAccès.",
        "# Renseignements recueillis\n\nNom.\n\n# Vos droits\n\nAccès.",
        "# Politique\n\n## Renseignements recueillis\n\nNom.\n\n## Vos droits\n\nAccès.",
        "Renseignements recueillis\n=====\n\nNom.\n\nVos droits\n=====\n\nAccès.",
        "Politique de confidentialité\n\nRenseignements recueillis\n\nNom.\n\nVos droits\n\nAccès.",
    ],
)
def test_headings_are_known_however_they_are_made(text: str) -> None:
    assert keys_of(text) == ["collected", "rights"]


def test_a_list_of_numbers_is_no_list_of_sections() -> None:
    assert keys_of("Nous recueillons :\n1. votre nom\n2. votre adresse\n3. votre courriel") == ["introduction"]


def test_a_part_of_a_section_stays_in_it() -> None:
    [uses, rights] = sections_in("1. Utilisation\nSoins.\n1.1 Recherche\nNon.\n2. Vos droits\nAccès.", "fr")
    assert (uses.key, uses.body) == ("uses", "Soins.\n\n### Recherche\n\nNon.")
    assert rights.key == "rights"


def test_bullets_of_plain_text_become_a_list() -> None:
    [only, _] = sections_in("1. Collecte\nCeci :\n•\tnom\n•\tadresse\n2. Vos droits\nAccès.", "fr")
    assert only.body.endswith("- nom\n- adresse")


def test_no_word_before_the_first_heading_is_lost() -> None:
    first = sections_in("Bonjour à vous.\n\n# Collecte\n\nNom.\n\n# Droits\n\nAccès.", "fr")[0]
    assert first == Piece("introduction", "", "Bonjour à vous.")


def test_a_heading_unknown_takes_the_key_of_its_twin_at_the_same_place() -> None:
    found = paired(
        {
            "fr": sections_in("# Vos droits\n\na\n\n# Chez nous\n\nb", "fr"),
            "en": sections_in("# Your rights\n\na\n\n# Security\n\nb", "en"),
        }
    )
    assert [piece.key for piece in found["fr"]] == ["rights", "security"]


def test_ten_thousand_headings_are_counted_soon() -> None:
    begun = time.monotonic()
    assert len(sections_in("# T\n\nx\n\n" * 10_000, "fr")) == 10_000
    assert time.monotonic() - begun < 20


# --- what is typed or pasted is written so that it can be read back --------------------------------------------------


def test_headings_inside_a_section_come_under_its_own() -> None:
    assert tidy_body("# A\n\nb\n\nC\n---\n\nd\n\n#### E") == "### A\n\nb\n\n### C\n\nd\n\n#### E"


def test_what_cannot_be_seen_is_left_out() -> None:
    assert tidy_body("\ufeffa\u202eb\u2066c\u200bd\x00\x07\u00ade\x0bf") == "abcde\nf"
    assert tidy_title("## Titre {#key}\n suite\t") == "Titre suite"


@pytest.mark.parametrize("body", ["```\nno end", "~~~\nno end", "    ```"])
def test_a_block_of_code_that_never_ends_is_seen(body: str) -> None:
    section = Section("uses", "Uses", body)
    text, _ = read_text("en", written((section, Section("after", "After", "x"))))
    assert is_readable("en", section) == (len(text.sections) == 2)


def test_what_is_written_is_read_back_as_it_was() -> None:
    sections = (Section("uses", "Why we use it", "a\n\n- b", ("usage", "improve")), Section("contact", "Contact", "c"))
    text, problems = read_text("en", written(sections))
    assert problems == []
    assert text.sections == sections
