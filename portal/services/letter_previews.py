"""What each letter says: written with an invented request, in both languages, its fixed parts kept apart."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.domain.languages import LANGUAGES, Language, Text
from portal.domain.letters import STAFF_LETTERS, LetterKind
from portal.mail.letters import Drafted, Letterhead, draft, letterhead_from
from portal.mail.marks import OWN, cut
from portal.mail.samples import READER, REFERENCE, Around, sample_facts
from portal.services.installation import Installation
from portal.services.letters import REQUEST_PATHS, STAFF_PATHS
from portal.services.settings import in_effect
from portal.storage.store import Store

__all__ = ["OWN", "Piece", "Preview", "preview", "previews_of"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a letter: `part` names what is fixed about it (a FixedPart), or `own`, or is None.

    `text` is plain; in a page's form it is HTML of ours, where every value was escaped.
    """

    part: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Preview:
    """One letter in one language, as its reader would get it."""

    language: Language
    to: str
    subject: str
    html: Sequence[Piece]
    text: Sequence[Piece]


def previews_of(portal: Installation, store: Store, kind: LetterKind, *, now: datetime) -> Mapping[Language, Preview]:
    """A kind of letter in both languages, with the words the portal and the organization use today."""
    settings = in_effect(portal, store)
    head = letterhead_from(portal.settings, settings.organisation, settings.contact)
    return {language: _preview(portal, kind, language, head, settings.letters.get(kind), now) for language in LANGUAGES}


def _preview(
    portal: Installation, kind: LetterKind, language: Language, head: Letterhead, own: Text | None, now: datetime
) -> Preview:
    around = Around(
        now=now,
        today=portal.today(now),
        commission=portal.commission,
        link=f"{portal.settings.site.url}{(STAFF_PATHS if kind in STAFF_LETTERS else REQUEST_PATHS)[language]}{REFERENCE}",
    )
    return preview(kind, sample_facts(kind, around), language, head, own)


def preview(
    kind: LetterKind, facts: Mapping[str, object], language: Language, head: Letterhead, own: Text | None
) -> Preview:
    """A letter with these facts, as a page shows it.

    Raises:
        LetterUnfit: as for any letter.
    """
    drafted: Drafted = draft(kind, facts, language, head, own, whole=False)
    return Preview(
        language=language,
        to=head.contact_email if kind in TO_CONTACT else READER,
        subject=drafted.subject,
        html=[
            Piece(part, _LINK.sub(r'<span class="letter__link">\1</span>', piece))
            for part, piece in cut(drafted.html)
            if piece.strip()
        ],
        text=[Piece(part, piece) for part, piece in cut(drafted.text or "") if piece],
    )


_LINK = re.compile(r"<a href=\"[^\"]*\">(.*?)</a>", re.DOTALL)
"""A preview leads nowhere: the request it names is invented."""
TO_CONTACT = frozenset(
    {
        LetterKind.CONTACT_NEW_REQUEST,
        LetterKind.CONTACT_CLOSED,
        LetterKind.CONTACT_REMINDER,
        LetterKind.CONTACT_UNOPENED,
        LetterKind.CONTACT_LATE,
    }
)
