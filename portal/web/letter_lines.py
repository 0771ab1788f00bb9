"""A letter as staff read of it: what it says, to whom, and what became of it, never its text or an address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from portal.domain.outbox import LetterState, PromisedLetter
from portal.web.languages import page_language, url
from portal.wording.letter_labels import audience_label, letter_label, outcome_label


@dataclass(frozen=True, slots=True)
class LetterLine:
    """One letter in words; to whom only by what they are, never by address."""

    kind: str
    audience: str
    promised: datetime
    sent: datetime | None
    attempts: int
    outcome: str
    posted_on: date | None
    href: str | None


def letter_line(letter: PromisedLetter, days: Mapping[int, date], *, opens: bool = True) -> LetterLine:
    """A promised letter in the page's language. `days`: when each was posted; `opens`: a letter on paper leads to it."""
    language = page_language()
    on_paper = letter.state is LetterState.TO_POST or letter.id in days
    return LetterLine(
        kind=letter_label(letter.kind, language),
        audience=audience_label(letter.audience, language),
        promised=letter.created_at,
        sent=letter.sent_at,
        attempts=letter.attempts,
        outcome=outcome_label(letter.outcome, language) if letter.outcome else "",
        posted_on=days.get(letter.id),
        href=url("staff_letter", letter_id=letter.id) if on_paper and opens else None,
    )
