"""A letter as staff read of it: what it says, to whom, and what became of it, never its text or an address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.domain.outbox import PromisedLetter
from portal.web.languages import page_language
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


def letter_line(letter: PromisedLetter) -> LetterLine:
    """A promised letter in the page's language."""
    language = page_language()
    return LetterLine(
        kind=letter_label(letter.kind, language),
        audience=audience_label(letter.audience, language),
        promised=letter.created_at,
        sent=letter.sent_at,
        attempts=letter.attempts,
        outcome=outcome_label(letter.outcome, language) if letter.outcome else "",
    )
