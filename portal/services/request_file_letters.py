"""The letters about a request as the file given to its regulator holds them: their words as they left, without the follow code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from portal.domain.letters import FACTS
from portal.domain.outbox import PromisedLetter
from portal.domain.rights import RightsRequest
from portal.mail.letters import LetterUnfit, draft, letterhead_from
from portal.mail.marks import without_marks
from portal.mail.paper import as_text
from portal.services import posting
from portal.services.follow_codes import without_codes
from portal.services.installation import Installation
from portal.services.letters import request_facts
from portal.services.sent_letters import SentLetter, as_sent
from portal.services.settings import in_effect
from portal.storage.store import Store
from portal.wording.catalogue import for_language


@dataclass(frozen=True, slots=True)
class LetterAsSent:
    """One letter about a request: its row, the day it was posted if it was, and its words.

    `kept`: the letter as it left. One that left before letters were kept is written again; it may differ from what left.
    """

    promised: PromisedLetter
    posted_on: date | None
    subject: str = ""
    text: str = ""
    kept: SentLetter | None = None


def letters_as_sent(
    portal: Installation, store: Store, request: RightsRequest, letters: Sequence[PromisedLetter]
) -> Iterator[LetterAsSent]:
    """Each letter with its words. The follow code is taken out: whoever is given the file must not open the request."""
    days = posting.days_posted(store, letters)
    for promised in letters:
        kept = as_sent(portal, store, promised.id)
        subject, text = (kept.subject, kept.text) if kept else _words_of(portal, store, request, promised)
        instead = for_language(promised.language).gettext("(left out of this file)")
        text = without_codes(portal, request, text, instead)
        yield LetterAsSent(promised, days.get(promised.id), subject, text, kept)


def _words_of(portal: Installation, store: Store, request: RightsRequest, promised: PromisedLetter) -> tuple[str, str]:
    """A letter's words, from what is kept; nothing where they held a secret or can no more be written."""
    if promised.line_id is not None or promised.code_id is not None:
        return "", ""
    on_paper = posting.one(portal, store, promised.id)
    try:
        return _printed(portal, store, on_paper) if on_paper else _mailed(portal, store, request, promised)
    except (LetterUnfit, LookupError, posting.NoReturnAddress):
        return "", ""


def _printed(portal: Installation, store: Store, letter: posting.ToPost) -> tuple[str, str]:
    paper = posting.on_paper(portal, store, letter)
    return paper.subject, as_text(paper.html)


def _mailed(portal: Installation, store: Store, request: RightsRequest, promised: PromisedLetter) -> tuple[str, str]:
    settings, kind = in_effect(portal, store), promised.kind
    facts = request_facts(portal, store, request, promised)
    head = letterhead_from(portal.settings, settings.organisation, settings.contact)
    chosen = {name: facts[name] for name in FACTS[kind]}
    drafted = draft(kind, chosen, promised.language, head, settings.letters.get(kind), whole=False)
    return drafted.subject, without_marks(drafted.text or "").strip()
