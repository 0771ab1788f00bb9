"""Misread accents are found, named and put right, once or twice over; HTML and dangerous links are named by their line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.policies.accents import decoded, garbled_in, mended
from portal.policies.dangers import dangers_in
from portal.policies.folders import mend_folder, read_folder
from portal.policies.problems import PolicyFolderInvalid
from portal.policies.starter import starter
from tests.policies.builders import ENGLISH, FRENCH, folder

WORDS = "À l’été, «\u00a0Québec\u00a0»\u00a0: œuvre, naïve à la Noël – 25\u00a0% … ÉTÉ, ça, Île, où"
USUAL = st.text(st.sampled_from(sorted({*WORDS, *"abc de\n", *"éèêàùçôîû’«»—…œ"})), max_size=80)
MISREADINGS = [("cp1252",), ("mac_roman",), ("cp1252", "cp1252"), ("mac_roman", "mac_roman"), ("cp1252", "mac_roman")]


def misread(text: str, *encodings: str) -> str:
    for name in encodings:
        text = "".join(
            bytes([byte]).decode(name, errors="ignore") or bytes([byte]).decode("latin-1") for byte in text.encode()
        )
    return text


@pytest.mark.parametrize("encodings", MISREADINGS, ids="-".join)
def test_accents_misread_are_put_right(encodings: tuple[str, ...]) -> None:
    assert mended(misread(WORDS, *encodings)) == WORDS
    for name in ("fr", "en"):
        whole = starter()[name]  # type: ignore[index]  # both languages
        assert mended(misread(whole, *encodings)) == whole


@given(USUAL)
def test_what_is_right_stays_as_it_is(text: str) -> None:
    assert mended(text) == text
    assert list(garbled_in(text)) == []


@given(USUAL, st.sampled_from(MISREADINGS))
def test_any_words_of_ours_come_back(text: str, encodings: tuple[str, ...]) -> None:
    assert mended(misread(text, *encodings)) == text


def test_the_word_and_its_line_are_named_and_a_lost_letter_cannot_be_found_again() -> None:
    found = list(garbled_in("Bonjour\nau QuÃ©bec\net Qu√©bec\nou Qu\ufffdbec"))
    assert [(one.line, one.written, one.meant) for one in found] == [
        (2, "QuÃ©bec", "Québec"),
        (3, "Qu√©bec", "Québec"),
        (4, "Qu\ufffdbec", None),
    ]


def test_an_a_whose_second_half_became_a_space_is_put_right() -> None:
    assert mended("le QuÃ©bec, Ã  la ville, Ã la page") == "le Québec, à la ville, à la page"


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman", "utf-16", "utf-8-sig"])
def test_a_file_in_another_encoding_is_refused_by_its_line_and_mended_on_request(tmp_path: Path, encoding: str) -> None:
    made = folder(tmp_path, fr=FRENCH.encode(encoding))
    with pytest.raises(PolicyFolderInvalid) as refused:
        read_folder(made)
    [problem] = [one for one in refused.value.problems if one.file == "fr.md"]
    assert problem.code in {"not_utf8", "byte_order_mark"}
    if encoding in {"cp1252", "mac_roman"}:
        assert (problem.key, problem.line) == ("contact", 7)
    assert mend_folder(made) == ["fr.md"]
    assert read_folder(made).texts["fr"].source == FRENCH
    assert mend_folder(made) == []
    assert decoded(WORDS.encode("mac_roman")) == WORDS


DANGEROUS = """\
## Titre {#a}

Bonjour <b>vous</b>
et [ici](javascript:alert(1)), <https://exemple.ca>, 3 < 4

<script>
alert(1)
</script>

- [x](&#106;avascript:x) [y](JaVaScRiPt:x) [z](/fr/politique#a)
- ![p](data:image/png;base64,x) [m](mailto:a@b.ca) `<code>`

<!-- caché -->
"""


def test_html_and_dangerous_links_are_named_by_their_line() -> None:
    assert [(one.kind, one.line) for one in dangers_in(DANGEROUS)] == [
        ("raw_html", 3),
        ("bad_link", 4),
        ("raw_html", 6),
        ("bad_link", 10),
        ("bad_link", 10),
        ("bad_link", 11),
        ("raw_html", 13),
    ]


def test_a_folder_with_them_is_refused_naming_section_and_line(tmp_path: Path) -> None:
    french = FRENCH + "\n<script>x</script>\n"
    english = ENGLISH.replace("Your name.", "Your [name](javascript:x), in QuÃ©bec.")
    with pytest.raises(PolicyFolderInvalid) as refused:
        read_folder(folder(tmp_path, fr=french, en=english))
    told = {(one.file, one.key, one.code, one.line) for one in refused.value.problems}
    assert {
        ("fr.md", "contact", "raw_html", 9),
        ("en.md", "collected", "bad_link", 3),
        ("en.md", "collected", "garbled", 3),
    } <= told


def test_ten_megabytes_are_refused_unread(tmp_path: Path) -> None:
    with pytest.raises(PolicyFolderInvalid) as refused:
        read_folder(folder(tmp_path, fr="a" * 10_000_000))
    assert {one.code for one in refused.value.problems} == {"too_large"}
