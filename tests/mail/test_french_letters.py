"""French letters read as if written in French: no word stays English, and spacing and agreement are Québec's."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from portal.domain.letters import CODE_LETTERS, LetterKind
from portal.domain.rights import Decision, Kind, Role
from portal.mail.letters import Envelope, Letter, compose
from portal.wording.typography import french_spacing_faults
from tests.mail.builders import HEAD, facts_of, letter_of

FORKS: dict[str, tuple[object, ...]] = {
    "given": (True, False),
    "kept": (True, False),
    "minutes": (1, 60),
    "kind": tuple(Kind),
    "decision": (Decision.GRANTED, Decision.PARTIALLY_GRANTED, Decision.REFUSED, None),
    "role": tuple(Role),
}
"""The facts that change which sentences a letter says, each with the values that do."""


def french_letters(kind: LetterKind) -> list[Letter]:
    """Every wording of one kind of letter: each fork taken, one at a time."""
    taken = [{fact: value} for fact in sorted(facts_of(kind).keys() & FORKS.keys()) for value in FORKS[fact]]
    envelope = Envelope(to="camille@example.net", language="fr", message_id="<token-1@example.org>")
    return [compose(kind, facts_of(kind) | changes, envelope, HEAD) for changes in taken or [{}]]


ENGLISH = re.compile(r"\b(the|your|you|we|and|of|is|was|for|on the|request|received)\b", re.IGNORECASE)


class _Prose(HTMLParser):
    """What a reader sees of a page: its text, without styles."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self._hidden = False
        self.feed(html)

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self._hidden = tag == "style"

    def handle_endtag(self, _tag: str) -> None:
        self._hidden = False

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.seen.append(data)

    def __str__(self) -> str:
        return "".join(self.seen)


@pytest.mark.parametrize("kind", LetterKind)
def test_a_french_letter_has_no_fault_of_spacing(kind: LetterKind) -> None:
    for letter in french_letters(kind):
        for part in (letter.subject, letter.text, str(_Prose(letter.html))):
            assert french_spacing_faults(part) == []


@pytest.mark.parametrize("kind", LetterKind)
def test_a_french_letter_has_typographic_apostrophes_only(kind: LetterKind) -> None:
    for letter in french_letters(kind):
        for part in (letter.subject, letter.text, str(_Prose(letter.html))):
            assert "'" not in part


@pytest.mark.parametrize("kind", LetterKind)
def test_no_line_of_a_french_letter_is_left_in_english(kind: LetterKind) -> None:
    assert ENGLISH.search(letter_of(kind, "en").text)
    for letter in french_letters(kind):
        for part in (letter.subject, letter.text, str(_Prose(letter.html))):
            assert not ENGLISH.search(re.sub(r"https?://\S+", "", part))


@pytest.mark.parametrize("kind", sorted(CODE_LETTERS))
def test_a_french_code_letter_holds_one_run_of_six_digits_alone_on_its_line(kind: LetterKind) -> None:
    for letter in french_letters(kind):
        for body in (letter.text, letter.html):
            assert re.findall(r"[0-9]{6,}", body) == ["482913"]
            assert "482913" in body.splitlines()
        assert not re.search(r"[0-9]{6,}", letter.subject)


@pytest.mark.parametrize("kind", [LetterKind.OUTCOME_REFUSED, LetterKind.OUTCOME_PARTIALLY_GRANTED])
def test_a_french_refusal_names_the_remedy_its_last_day_and_the_help_offered(kind: LetterKind) -> None:
    text = letter_of(kind, "fr").text
    assert "une demande d’examen de mésentente à la Commission d’accès à l’information" in text
    assert "jusqu’au 30 septembre 2025" in text
    assert "nous vous aiderons à comprendre cette décision" in text


@pytest.mark.parametrize(("minutes", "words"), [(1, "1\u00a0minute,"), (10, "10\u00a0minutes,")])
def test_a_french_code_says_how_long_it_works_in_the_right_number(minutes: int, words: str) -> None:
    assert words in letter_of(LetterKind.SIGN_IN_CODE, "fr", minutes=minutes).text


def test_a_decision_agrees_with_demande_in_french() -> None:
    assert "Décision\u00a0: Acceptée" in letter_of(LetterKind.CONTACT_CLOSED, "fr").text
