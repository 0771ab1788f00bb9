"""A letter on paper: the words for somebody who has no page to read, and the lines an envelope's window shows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape

from portal.domain.languages import Language, Text
from portal.domain.letters import ON_PAPER, LetterKind
from portal.domain.posting import PostalAddress
from portal.mail.letters import Letterhead, LetterUnfit, draft
from portal.mail.marks import without_marks


@dataclass(frozen=True, slots=True)
class PaperLetter:
    """One letter ready to print. `html` is ours, every value in it escaped; `written` is its date in words."""

    kind: LetterKind
    language: Language
    sender: tuple[str, ...]
    to: tuple[str, ...]
    written: str
    subject: str
    html: str


def as_text(html: str) -> str:
    """A letter on paper as text: a line for each paragraph, without tags."""
    lines = re.sub(r"(?i)<br\s*/?>|</(p|li|h\d|div|tr)>", "\n", html)
    return re.sub(r"\n{3,}", "\n\n", unescape(re.sub(r"<[^>]*>", "", lines))).strip()


def compose_on_paper(
    kind: LetterKind,
    facts: Mapping[str, object],
    to: PostalAddress,
    language: Language,
    head: Letterhead,
    own: Text | None = None,
) -> PaperLetter:
    """Write one letter to print. `facts` are those of the letter and those `ON_PAPER[kind]` names.

    Raises:
        LetterUnfit: no such letter is posted; or as for any letter.
    """
    if kind not in ON_PAPER:
        raise LetterUnfit(kind)
    drafted = draft(kind, facts, language, head, own, whole=False, paper=True)
    return PaperLetter(
        kind=kind,
        language=language,
        sender=(head.organisation.in_(language), *(head.contact_address or "").splitlines()),
        to=to.on_envelope,
        written=str(drafted.facts["written"]),
        subject=drafted.subject,
        html=without_marks(drafted.html),
    )
