"""Every letter, in both languages, says what its file says: a word changed by mistake is seen."""

from __future__ import annotations

import pytest

from portal.domain.languages import LANGUAGES, Language
from portal.domain.letters import LetterKind
from tests.mail.snapshots import FOLDER, OTHERWISE, snapshot, snapshots


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(LetterKind))
def test_a_letter_says_what_its_file_says(kind: LetterKind, language: Language) -> None:
    kept = (FOLDER / f"{kind.value}.{language}.txt").read_text(encoding="utf-8")
    assert snapshot(kind, language) == kept, "python -m tests.mail.snapshots writes the files anew"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", list(OTHERWISE))
def test_a_letter_says_what_its_file_says_where_a_fact_is_otherwise(name: str, language: Language) -> None:
    kind, facts = OTHERWISE[name]
    kept = (FOLDER / f"{name}.{language}.txt").read_text(encoding="utf-8")
    assert snapshot(kind, language, **facts) == kept, "python -m tests.mail.snapshots writes the files anew"


def test_there_is_no_file_of_a_letter_that_is_no_more() -> None:
    assert {file.name for file in FOLDER.glob("*.txt")} == {name for name, _ in snapshots()}
