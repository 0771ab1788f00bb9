"""What each letter says: written with an invented request, in both languages, its fixed parts kept apart."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.domain.languages import LANGUAGES, Language, Text
from portal.domain.letters import FACTS, ON_PAPER, STAFF_LETTERS, LetterKind
from portal.domain.outbox import Audience
from portal.domain.rights import RightsRequest
from portal.mail.letters import Drafted, Letterhead, Prose, draft, letterhead_from
from portal.mail.marks import OWN, cut
from portal.mail.samples import FOLLOW_CODE, READER, REFERENCE, Around, sample_facts
from portal.services.answer_words import parts_on_paper
from portal.services.installation import Installation
from portal.services.letters import FOLLOW_PATHS, REQUEST_PATHS, STAFF_PATHS, request_facts, unsent
from portal.services.settings import in_effect
from portal.storage.store import Store

__all__ = ["OWN", "Piece", "Preview", "preview", "previews_of", "previews_of_request"]


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
        regime=portal.regime,
        body=portal.body,
        holidays=portal.holidays,
        link=f"{portal.settings.site.url}{(STAFF_PATHS if kind in STAFF_LETTERS else REQUEST_PATHS)[language]}{REFERENCE}",
        follow_page=f"{portal.settings.site.url}{FOLLOW_PATHS[language]}",
    )
    return preview(kind, sample_facts(kind, around), language, head, own)


def previews_of_request(
    portal: Installation, store: Store, request: RightsRequest, kind: LetterKind, *, now: datetime
) -> Mapping[Language, Preview]:
    """A letter about a request as it stands, to its person, in both languages: theirs, and its twin for who decides.

    On paper for who has no e-mail address.
    """
    settings, person = in_effect(portal, store), store.people.by_id(request.person_id)
    head = letterhead_from(portal.settings, settings.organisation, settings.contact)
    paper = person is not None and person.by_post is not None
    to = (
        READER if person is None else person.address or next(iter(person.by_post.on_envelope if person.by_post else ()))
    )
    wanted = FACTS[kind] | ON_PAPER[kind] if paper else FACTS[kind]
    found = {}
    for language in LANGUAGES:
        promised = unsent(kind, Audience.PERSON, language=language, now=now, request_id=request.id)
        facts = dict(request_facts(portal, store, request, promised))
        facts |= {"answer": Prose(request.reason or ""), "provision": request.provision, "transcript": None}
        facts |= parts_on_paper(request)
        facts["follow_code"] = FOLLOW_CODE  # the real one is for the person alone
        said = {name: facts[name] for name in wanted}
        found[language] = preview(kind, said, language, head, settings.letters.get(kind), to=to, paper=paper)
    return found


def preview(
    kind: LetterKind,
    facts: Mapping[str, object],
    language: Language,
    head: Letterhead,
    own: Text | None,
    *,
    to: str | None = None,
    paper: bool = False,
) -> Preview:
    """A letter with these facts, as a page shows it; to an invented reader unless `to` says who.

    Raises:
        LetterUnfit: as for any letter.
    """
    drafted: Drafted = draft(kind, facts, language, head, own, whole=False, paper=paper)
    return Preview(
        language=language,
        to=to or (head.contact_email if kind in TO_CONTACT else READER),
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
        LetterKind.CONTACT_MESSAGE,
        LetterKind.CONTACT_REMINDER,
        LetterKind.CONTACT_UNOPENED,
        LetterKind.CONTACT_LATE,
        LetterKind.CONTACT_PAUSED,
        LetterKind.CONTACT_TO_DECIDE,
    }
)
