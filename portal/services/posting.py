"""Letters to people without an e-mail address: staff print them, post them, and write the day they did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.deadlines import local_date
from portal.domain.languages import Language
from portal.domain.letters import FACTS, OF_MESSAGES, ON_PAPER, LetterKind
from portal.domain.outbox import Audience, LetterState, PromisedLetter
from portal.domain.people import StaffMember
from portal.domain.posting import PostalAddress, Posting, may_be_posted_on
from portal.domain.rights import RequestEvent, RightsRequest
from portal.mail.letters import LetterUnfit, Prose, letterhead_from
from portal.mail.paper import PaperLetter, as_text, compose_on_paper
from portal.mail.samples import Around, sample_facts, sample_on_paper
from portal.services import sent_letters
from portal.services.answer_words import parts_on_paper
from portal.services.installation import Installation
from portal.services.letters import FOLLOW_PATHS, REQUEST_PATHS, request_facts
from portal.services.regimes import acknowledge_by
from portal.services.settings import in_effect
from portal.storage.store import Store

SHOWN = 25
"""Letters posted that the list still shows, so that a wrong day is seen."""


class NotThatDay(Exception):
    """A letter cannot have been posted that day: before it was made, or in the days to come."""

    def __init__(self, *, to_come: bool) -> None:
        """Keep which."""
        super().__init__()
        self.to_come = to_come


class NoReturnAddress(Exception):
    """The organization's postal address is not written yet: a letter that cannot be delivered would not come back."""


class AlreadyWritten(Exception):
    """A colleague wrote the day first, or it was corrected once already."""


@dataclass(frozen=True, slots=True)
class ToPost:
    """One letter on paper with its request, the day it was made, and what was written of its posting."""

    letter: PromisedLetter
    request: RightsRequest
    made_on: date
    postings: Sequence[Posting]

    @property
    def posted_on(self) -> date | None:
        """The day in force."""
        return self.postings[-1].posted_on if self.postings else None

    @property
    def may_be_corrected(self) -> bool:
        """Whether the day may still be corrected."""
        return len(self.postings) == 1


def to_post(portal: Installation, store: Store) -> Sequence[ToPost]:
    """Letters to print and post, those promised first at the head."""
    waiting = store.letters.newest(LetterState.TO_POST, limit=500)
    return [found for letter in reversed(waiting) if (found := _with_request(portal, store, letter, ()))]


def posted(portal: Installation, store: Store) -> Sequence[ToPost]:
    """The letters whose posting was written last."""
    ids = store.postings.newest(SHOWN)
    days = store.postings.of_letters(ids)
    letters = [(letter, days[id_]) for id_ in ids if (letter := store.letters.by_id(id_))]
    return [found for letter, written in letters if (found := _with_request(portal, store, letter, written))]


def number_to_post(store: Store) -> int:
    """How many letters wait to be printed and posted."""
    return store.postings.waiting()


@dataclass(frozen=True, slots=True)
class Owed:
    """A letter that its person does not have yet, and the day by which it should be in the post."""

    letter: PromisedLetter
    by: date


def owed(
    portal: Installation, store: Store, request: RightsRequest, letters: Sequence[PromisedLetter]
) -> Sequence[Owed]:
    """Those of a request's letters that are still to print and post to its person, those promised first at the head."""
    to_post = [one for one in letters if one.audience is Audience.PERSON and one.state is LetterState.TO_POST]
    if not to_post:
        return []
    first_by = acknowledge_by(portal, store, request)
    return [Owed(letter, first_by if letter.kind is LetterKind.ACKNOWLEDGEMENT else request.due) for letter in to_post]


def kept_back(portal: Installation, letters: Sequence[PromisedLetter]) -> int:
    """How many of these letters wait for a mail server that is not set yet, those to a request's person alone."""
    if portal.transport is not None:
        return 0
    return sum(letter.audience is Audience.PERSON and letter.state is LetterState.WAITING for letter in letters)


def days_posted(store: Store, letters: Sequence[PromisedLetter]) -> dict[int, date]:
    """The day in force on which each letter was posted; those never posted are left out."""
    return {id_: days[-1].posted_on for id_, days in store.postings.of_letters(one.id for one in letters).items()}


def one(portal: Installation, store: Store, letter_id: int) -> ToPost | None:
    """One letter on paper, posted or not; None for one that is none."""
    letter = store.letters.by_id(letter_id)
    written = store.postings.of_letters([letter_id]).get(letter_id, ())
    if letter is None or not (letter.state is LetterState.TO_POST or written):
        return None
    return _with_request(portal, store, letter, written)


def on_paper(portal: Installation, store: Store, found: ToPost) -> PaperLetter:
    """The letter in words, ready to print.

    Raises:
        LookupError: its person has no postal address.
        NoReturnAddress: we have none.
        LetterUnfit: a mandatory part or fact is missing.
    """
    person = store.people.by_id(found.request.person_id)
    if person is None or person.by_post is None:
        raise LookupError(found.letter.id)
    settings = in_effect(portal, store)
    if not settings.contact.address.strip():
        raise NoReturnAddress
    request, kind = found.request, found.letter.kind
    message = store.messages.of_letter(found.letter.id) if kind in OF_MESSAGES else None
    facts = dict(request_facts(portal, store, request, found.letter)) | {
        "answer": Prose(_answer_of(store, request, kind)),
        "provision": request.provision,
        "message": Prose(message.text if message else ""),
        "why": Prose((message.why if message else "") or ""),
        "transcript": Prose(request.message) if request.was_spoken else None,
        **parts_on_paper(request),
    }
    head = letterhead_from(portal.settings, settings.organisation, settings.contact)
    wanted = FACTS[kind] | ON_PAPER[kind]
    return compose_on_paper(
        kind,
        {name: facts[name] for name in wanted},
        person.by_post,
        found.letter.language,
        head,
        settings.letters.get(kind),
    )


def sample(
    portal: Installation, store: Store, kind: LetterKind, language: Language, *, now: datetime
) -> PaperLetter | None:
    """A kind of letter on paper, to an invented reader; None for one that is never posted."""
    if kind not in ON_PAPER:
        return None
    settings = in_effect(portal, store)
    head = letterhead_from(portal.settings, settings.organisation, settings.contact)
    link = f"{portal.settings.site.url}{REQUEST_PATHS[language]}"
    follow_page = f"{portal.settings.site.url}{FOLLOW_PATHS[language]}"
    around = Around(now, portal.today(now), portal.regime, portal.body, portal.holidays, link, follow_page)
    facts = {**sample_facts(kind, around), **sample_on_paper(kind, around, language)}
    return compose_on_paper(kind, facts, SAMPLE_READER, language, head, settings.letters.get(kind))


def write_day(
    portal: Installation, store: Store, member: StaffMember, found: ToPost, posted_on: date, *, now: datetime
) -> None:
    """Write the day a letter was posted, or correct it, once; the request's history says so.

    Raises:
        NotThatDay: it is before the letter was made, or to come.
        AlreadyWritten: somebody wrote it first, or it was corrected already.
    """
    today = portal.today(now)
    if not may_be_posted_on(posted_on, made_on=found.made_on, today=today):
        raise NotThatDay(to_come=posted_on > today)
    corrects = bool(found.postings)
    if not store.postings.add(Posting(found.letter.id, posted_on, now, member.id, corrects)):
        raise AlreadyWritten
    event = RequestEvent.POSTING_CORRECTED if corrects else RequestEvent.POSTED
    if not corrects:
        store.postings.left(found.letter.id, now)
        _keep_words(portal, store, found)
    store.requests.happened(
        found.request.id, event, actor=Actor.STAFF, actor_id=member.id, now=now, detail=found.letter.kind
    )
    store.audit.record(
        AuditLine(now, AuditEvent.LETTER_POSTED, Actor.STAFF, member.id, request_id=found.request.id, detail=event)
    )


def _answer_of(store: Store, request: RightsRequest, kind: LetterKind) -> str:
    """What a letter on paper says in our own words: the reasons of more time taken, else those of the decision."""
    if kind is not LetterKind.MORE_TIME_TAKEN:
        return request.reason or ""
    taken = [line.reason for line in store.requests.history(request.id) if line.event is RequestEvent.EXTENDED]
    return (taken[-1] if taken else "") or ""


def _keep_words(portal: Installation, store: Store, found: ToPost) -> None:
    """Keep what was printed; where it cannot be printed any more, the day alone is written."""
    try:
        paper = on_paper(portal, store, found)
    except (LookupError, NoReturnAddress, LetterUnfit):
        return
    sent_letters.keep(portal, store, found.letter, paper.subject, as_text(paper.html))


def _with_request(
    portal: Installation, store: Store, letter: PromisedLetter, written: Sequence[Posting]
) -> ToPost | None:
    request = store.requests.by_id(letter.request_id or 0)
    if request is None:
        return None
    return ToPost(letter, request, local_date(letter.created_at, portal.settings.zone), written)


SAMPLE_READER = PostalAddress("Jo Exemple", ("12, rue de l’Invention, app. 3", "Québec (Québec)  G1R 2B5"))
