"""Messages about one request, inside the portal: each side writes to the other, and a letter tells that there is one.

What staff need is asked the same way, and the request waits for its person, its clock running (law.md §6.2 and §6.4).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from portal.domain.attachments import Attachment
from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.languages import Language
from portal.domain.letters import OF_MESSAGES, LetterKind
from portal.domain.messages import (
    ASKED_FROM,
    MOST_A_DAY,
    Author,
    Message,
    MessageKind,
    Need,
    may_be_written,
    questions_waiting,
)
from portal.domain.outbox import Audience, LetterState, PromisedLetter
from portal.domain.people import Person, StaffMember
from portal.domain.rights import BEFORE_DECISION, OutOfOrder, RequestEvent, RightsRequest, State, check_move
from portal.services import attachments, decisions, rights
from portal.services.attachments import Uploaded
from portal.services.behalf import is_unproven
from portal.services.installation import Installation
from portal.services.letters import promise_letters, unsent
from portal.services.own_request import refuse_own
from portal.services.paper import identity_is_to_check
from portal.services.pauses import run_again_and_tell
from portal.storage.store import Store

_DAY = timedelta(days=1)


class NotKnownYet(Exception):
    """A file would go to somebody of whom it is not known yet who they are, or whom they may act for."""


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote, with the files that come with it."""

    text: str
    files: Sequence[Uploaded] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What staff need of a person: what it is about, their own words, why, and by which day they hope for it."""

    need: Need
    text: str
    why: str
    answer_by: date
    files: Sequence[Uploaded] = ()


@dataclass(frozen=True, slots=True)
class Thread:
    """The messages of a request, oldest first, with what came with each and what became of the letter that tells of it."""

    request: RightsRequest
    messages: Sequence[Message]
    files: Mapping[int, Sequence[Attachment]]
    letters: Mapping[int, PromisedLetter]
    may_write: bool

    @property
    def waiting(self) -> Sequence[Message]:
        """The questions the request waits for."""
        return questions_waiting(self.request, self.messages)

    def refused(self, message: Message) -> bool:
        """Whether the mail server refused the letter that tells the person of a message: they do not know of it."""
        letter = self.letters.get(message.letter_id or 0)
        return letter is not None and letter.kind in OF_MESSAGES and letter.state is LetterState.REFUSED


class TooManyMessages(Exception):
    """Their person wrote more about this request today than anybody does."""


def thread(
    portal: Installation,
    store: Store,
    request: RightsRequest,
    letters: Sequence[PromisedLetter] | None = None,
    *,
    notes: bool = False,
    now: datetime,
) -> Thread:
    """What was written about a request; the notes of staff, and what became of letters, only where asked for.

    `letters`: those about the request, where the caller has them.
    """
    messages = store.messages.of_request(request.id, notes=notes)
    files: dict[int, list[Attachment]] = {}
    if any(message.files for message in messages):
        for file in attachments.of_messages(store, request):
            files.setdefault(file.message_id or 0, []).append(file)
    if letters is None:
        letters = store.letters.of_request(request.id) if notes and messages else ()
    by_id = {letter.id: letter for letter in letters}
    return Thread(request, messages, files, by_id, _may_write(portal, request, now))


def write_as_person(
    portal: Installation,
    store: Store,
    person: Person,
    request: RightsRequest,
    written: Written,
    *,
    language: Language,
    form_id: str,
    now: datetime,
) -> None:
    """Keep what a person wrote, and tell whoever handles their request; one that waited for them goes on.

    A decision that was being written when it came is refused, so that whoever decides reads it first.

    A second press of the same form writes nothing.

    Raises:
        OutOfOrder: the conversation is over.
        TooManyMessages, FileRefused: nothing is kept.
    """
    if not store.forms.take(f"person:{person.id}", form_id, now):
        return
    request = _held(portal, store, request, now)
    if store.messages.number_of_person(request.id, since=now - _DAY) >= MOST_A_DAY:
        raise TooManyMessages
    if written.files:
        attachments.refuse_more_in_all(portal, store, person, written.files)
    message = _draft(request, MessageKind.MESSAGE, Author.PERSON, written, language, now)
    kept = _keep(portal, store, message, written.files, now)
    _audit(store, request, kept, Actor.PERSON, person.id, now)
    store.messages.told_by(kept, tell_staff(portal, store, request, LetterKind.CONTACT_MESSAGE, now))
    if request.state is State.AWAITING_REQUESTER:
        request = run_again_and_tell(portal, store, request, actor=Actor.PERSON, actor_id=person.id, now=now)
        _go_on(store, request, RequestEvent.ANSWERED_BY_PERSON, Actor.PERSON, person.id, now)
    elif request.state in BEFORE_DECISION:
        store.requests.save(request, seen_version=request.version)  # nobody decides over words they have not seen
        store.requests.happened(request.id, RequestEvent.WROTE, actor=Actor.PERSON, actor_id=person.id, now=now)


def write_as_staff(
    portal: Installation,
    store: Store,
    member: StaffMember,
    request: RightsRequest,
    written: Written,
    *,
    form_id: str,
    now: datetime,
) -> None:
    """Keep what staff wrote to a person, in the language of the request, and promise the letter that tells them so.

    A second press of the same form writes nothing.

    Raises:
        OwnRequest: the member is the person.
        OutOfOrder: the conversation is over.
        FileRefused: nothing is kept.
    """
    refuse_own(store, member, request)
    if not store.forms.take(f"staff:{member.id}", form_id, now):
        return
    request = _held(portal, store, request, now)
    _refuse_files_to_unknown(store, request, written.files)
    draft = _draft(request, MessageKind.MESSAGE, Author.STAFF, written, request.language, now)
    kept = _keep(portal, store, replace(draft, staff_id=member.id), written.files, now)
    _audit(store, request, kept, Actor.STAFF, member.id, now)
    store.messages.told_by(kept, rights.promise_to_person(store, request, LetterKind.MESSAGE_WAITING, now))


def ask(
    portal: Installation,
    store: Store,
    member: StaffMember,
    request: RightsRequest,
    question: Question,
    *,
    form_id: str,
    now: datetime,
) -> None:
    """Ask a person for what is missing: the question, its letter and the move are one act. The clock runs on.

    A request just received is taken up by it; one that waits already waits for this too.
    A second press of the same form asks nothing.

    Raises:
        OwnRequest: the member is the person.
        OutOfOrder: the request is decided, is being approved, or was taken back.
        FileRefused: nothing is kept.
    """
    refuse_own(store, member, request)
    if not store.forms.take(f"staff:{member.id}", form_id, now):
        return
    request = _held(portal, store, request, now)
    if request.state not in ASKED_FROM:
        raise OutOfOrder(request.state)
    if request.state is State.RECEIVED:
        request = decisions.take_up(portal, store, member, request, seen_version=request.version)
    _refuse_files_to_unknown(store, request, question.files)
    written = Written(question.text, question.files)
    draft = replace(
        _draft(request, MessageKind.QUESTION, Author.STAFF, written, request.language, now),
        staff_id=member.id,
        need=question.need,
        why=question.why,
        answer_by=question.answer_by,
    )
    kept = _keep(portal, store, draft, question.files, now)
    _audit(store, request, kept, Actor.STAFF, member.id, now)
    _wait(store, member, request, now)
    store.messages.told_by(kept, rights.promise_to_person(store, request, LetterKind.REQUEST_FOR_INFORMATION, now))


def note(
    portal: Installation,
    store: Store,
    member: StaffMember,
    request: RightsRequest,
    text: str,
    *,
    language: Language,
    form_id: str,
    now: datetime,
) -> None:
    """Keep a note among staff. It is information about the person all the same: they may ask to read it (P-39.1, s. 27).

    Raises:
        OwnRequest: the member is the person.
    """
    refuse_own(store, member, request)
    if not store.forms.take(f"staff:{member.id}", form_id, now):
        return
    draft = _draft(request, MessageKind.NOTE, Author.STAFF, Written(text), language, now)
    kept = store.messages.add(replace(draft, staff_id=member.id))
    _audit(store, request, kept, Actor.STAFF, member.id, now)


def go_on(
    portal: Installation, store: Store, member: StaffMember, request: RightsRequest, *, answered: bool, now: datetime
) -> None:
    """Go on with a request that waits for its person: they `answered` otherwise than here, or staff wait no longer.

    A clock that stood still for it runs again: nothing is waited for any more.

    Raises:
        OwnRequest: the member is the person.
        OutOfOrder: it does not wait.
    """
    refuse_own(store, member, request)
    request = store.requests.hold(request.id) or request
    if request.state is not State.AWAITING_REQUESTER:
        raise OutOfOrder(request.state)
    request = run_again_and_tell(portal, store, request, actor=Actor.STAFF, actor_id=member.id, now=now)
    event = RequestEvent.ANSWERED_BY_PERSON if answered else RequestEvent.WENT_ON
    _go_on(store, request, event, Actor.STAFF, member.id, now)


def _refuse_files_to_unknown(store: Store, request: RightsRequest, files: Sequence[Uploaded]) -> None:
    """No file of ours goes to somebody of whom it is not known yet who they are, or whom they may act for (s. 30).

    Raises:
        NotKnownYet: there are files, and it is not.
    """
    if files and (is_unproven(request) or identity_is_to_check(store, request)):
        raise NotKnownYet


def _wait(store: Store, member: StaffMember, request: RightsRequest, now: datetime) -> None:
    """Let a request wait for its person, in the hands of whoever asks where it is in nobody's."""
    asked, by = RequestEvent.ASKED, Actor.STAFF
    if request.state is State.AWAITING_REQUESTER:
        store.requests.happened(request.id, asked, actor=by, actor_id=member.id, now=now)
        return
    waits = replace(request, assignee_id=request.assignee_id or member.id)
    if waits.state is State.VERIFYING_IDENTITY:
        check_move(waits.state, State.IN_PROGRESS)  # on its way: nothing is given before it is known who asks
        waits = replace(waits, state=State.IN_PROGRESS)
    rights.move(store, waits, State.AWAITING_REQUESTER, asked, actor=by, actor_id=member.id, now=now)


def _go_on(
    store: Store, request: RightsRequest, event: RequestEvent, actor: Actor, actor_id: int, now: datetime
) -> None:
    rights.move(store, request, State.IN_PROGRESS, event, actor=actor, actor_id=actor_id, now=now)


def _held(portal: Installation, store: Store, request: RightsRequest, now: datetime) -> RightsRequest:
    """The request as it is now, for this unit of work alone: what both sides write at once is kept, one after the other."""
    held = store.requests.hold(request.id) or request
    if not _may_write(portal, held, now):
        raise OutOfOrder(held.state)
    return held


def _may_write(portal: Installation, request: RightsRequest, now: datetime) -> bool:
    ended = request.decided_at or request.closed_at
    return may_be_written(request, ended_on=portal.today(ended) if ended else None, today=portal.today(now))


def _draft(
    request: RightsRequest, kind: MessageKind, author: Author, written: Written, language: Language, now: datetime
) -> Message:
    return Message(
        id=0,
        request_id=request.id,
        kind=kind,
        author=author,
        staff_id=None,
        language=language,
        text=written.text,
        at=now,
        files=len(written.files),
    )


def _keep(portal: Installation, store: Store, message: Message, files: Sequence[Uploaded], now: datetime) -> Message:
    kept = store.messages.add(message)
    attachments.take_in(portal, store, request_id=kept.request_id, message_id=kept.id, files=files, now=now)
    return kept


def tell_staff(portal: Installation, store: Store, request: RightsRequest, kind: LetterKind, now: datetime) -> int:
    """Promise a letter to whoever has the request in hand, to the privacy contact where nobody has; in French (CLF, s. 41).

    Gives the letter's id.
    """
    member = store.staff.by_id(request.assignee_id) if request.assignee_id else None
    in_hand = member is not None and member.active
    letter = unsent(
        kind,
        Audience.STAFF if in_hand else Audience.CONTACT,
        language=portal.settings.languages[0],
        now=now,
        request_id=request.id,
        staff_id=member.id if member and in_hand else None,
    )
    return promise_letters(store, [letter])[0]


def _audit(store: Store, request: RightsRequest, message: Message, actor: Actor, actor_id: int, now: datetime) -> None:
    store.audit.record(
        AuditLine(
            now,
            AuditEvent.MESSAGE_WRITTEN,
            actor,
            actor_id,
            person_id=request.person_id,
            request_id=request.id,
            detail=message.kind,
        )
    )
