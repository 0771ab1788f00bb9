"""Every letter as its reader gets it, subject and text, in both languages: files to read, and to compare with.

`python -m tests.mail.snapshots` writes them anew; a change of words is then seen in the difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from portal.domain.languages import LANGUAGES, Language
from portal.domain.letters import LetterKind
from tests.mail.builders import letter_of

FOLDER = Path(__file__).parent / "letters"

OTHERWISE = {
    "request_for_information.paused": (LetterKind.REQUEST_FOR_INFORMATION, {"paused_on": date(2025, 8, 2)}),
    "request_for_information.late": (LetterKind.REQUEST_FOR_INFORMATION, {"left": -2}),
    "clock_changed.running": (LetterKind.CLOCK_CHANGED, {"paused_on": None, "missing": None}),
    "more_time_answered.another_law": (LetterKind.MORE_TIME_ANSWERED, {"other_law_first": True}),
    "more_time_answered.refused": (LetterKind.MORE_TIME_ANSWERED, {"more_time": False}),
}
"""Letters that say something else where a fact is otherwise."""


def snapshots() -> Iterator[tuple[str, str]]:
    """The name of each file and what it holds."""
    for kind in LetterKind:
        for language in LANGUAGES:
            yield f"{kind.value}.{language}.txt", snapshot(kind, language)
    for name, (kind, facts) in OTHERWISE.items():
        for language in LANGUAGES:
            yield f"{name}.{language}.txt", snapshot(kind, language, **facts)


def snapshot(kind: LetterKind, language: Language, **facts: object) -> str:
    """One letter, with some facts otherwise: its subject, a line, its text."""
    letter = letter_of(kind, language, **facts)  # type: ignore[arg-type]  # facts of letters alone are named
    return f"{letter.subject}\n\n{letter.text}"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.txt"):
        old.unlink()
    for name, said in snapshots():
        (FOLDER / name).write_text(said, encoding="utf-8")
