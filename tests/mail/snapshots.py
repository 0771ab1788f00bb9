"""Every letter as its reader gets it, subject and text, in both languages: files to read, and to compare with.

`python -m tests.mail.snapshots` writes them anew; a change of words is then seen in the difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from portal.domain.languages import LANGUAGES, Language
from portal.domain.letters import LetterKind
from tests.mail.builders import letter_of

FOLDER = Path(__file__).parent / "letters"


def snapshots() -> Iterator[tuple[str, str]]:
    """The name of each file and what it holds."""
    for kind in LetterKind:
        for language in LANGUAGES:
            yield f"{kind.value}.{language}.txt", snapshot(kind, language)


def snapshot(kind: LetterKind, language: Language) -> str:
    """One letter: its subject, a line, its text."""
    letter = letter_of(kind, language)
    return f"{letter.subject}\n\n{letter.text}"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.txt"):
        old.unlink()
    for name, said in snapshots():
        (FOLDER / name).write_text(said, encoding="utf-8")
