"""What no table holds: a line for each system, the letter to its keeper, and the answers the decision waits for (design §2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.checklist import (
    ASKS_ITS_KEEPER,
    NEEDS_NOTE,
    AnsweredBy,
    ChecklistLine,
    LineState,
    answers_for,
    categories_to_look_up,
    may_be_answered,
)
from portal.domain.codes import token_hash
from portal.domain.jobs import Job, JobKind
from portal.domain.letters import LetterKind
from portal.domain.outbox import Audience
from portal.domain.people import Person, StaffMember
from portal.domain.rights import BEFORE_DECISION, Decision, Kind, RequestEvent, RightsRequest, State
from portal.domain.withholding import whole_categories
from portal.services import attachments
from portal.services.attachments import Uploaded
from portal.services.behalf import done_by_hand, is_unproven
from portal.services.identities import addresses_of
from portal.services.installation import Installation
from portal.services.keeper_links import keeper_of as keeper_of  # noqa: PLC0414  # pages show whom to ask
from portal.services.keeper_links import new_link
from portal.services.letters import promise_letters, unsent
from portal.services.own_request import refuse_own
from portal.services.settings import in_effect
from portal.storage.checklist import LinePlan
from portal.storage.store import Store


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered of a line. `removed`: numbers of files attached before that go. `seen_version`: the line as shown."""

    state: LineState
    seen_version: int
    note: str = ""
    files: Sequence[Uploaded] = ()
    removed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Opened:
    """A line a keeper's link leads to, with its request."""

    line: ChecklistLine
    request: RightsRequest


class LineClosed(Exception):
    """The line may not be answered now: its request was decided, taken back or, for a deletion, not yet begun."""


class LineChanged(Exception):
    """Somebody answered meanwhile."""


class AnswerIncomplete(Exception):
    """An answer lacks something; `part` names the field: state, note, files, or files_too (files where none is found)."""

    def __init__(self, part: str) -> None:
        """Keep what is missing."""
        super().__init__(part)
        self.part = part


class LinesOpen(Exception):
    """A decision was asked for while systems have not been looked up; `lines` names them."""

    def __init__(self, lines: Sequence[ChecklistLine]) -> None:
        """Keep which."""
        super().__init__()
        self.lines = lines


def open_lines(
    portal: Installation, store: Store, request: RightsRequest, *, category: str | None, now: datetime
) -> None:
    """Write a request's checklist in the transaction that opens it; each keeper is asked at once, but of a deletion.

    What a person wrote of one category helps its keeper find it.
    """
    if not answers_for(request.kind):
        return
    data_map = in_effect(portal, store).data_map
    found = categories_to_look_up(data_map, request.kind, category=category, correction=request.correction)
    for position, one in enumerate(found, start=1):
        link = new_link(portal)
        hint = request.message if category is not None else ""
        plan = LinePlan(one.id, one.label, one.system or one.label, hint, link.nonce, link.token_hash)
        store.checklist.add(request.id, position, plan)
    if found and request.kind is not Kind.DELETION:
        ask_keepers(portal, store, request, now=now)


def ask_keepers(portal: Installation, store: Store, request: RightsRequest, *, now: datetime) -> None:
    """Promise each keeper of an unanswered line a letter, in French, the language of the workplace (CLF, s. 41).

    Nobody is told to look for somebody whom the one who asks may not act for: that is shown first.
    """
    person = store.people.by_id(request.person_id)
    if request.kind not in ASKS_ITS_KEEPER or person is None or is_unproven(request):
        return
    left_out = whole_categories(request.withheld)
    theirs = {address.casefold() for address in addresses_of(portal, store, person)}
    for line in store.checklist.of_request(request.id):
        keeper = keeper_of(portal, store, line)
        if line.is_open and line.category not in left_out and keeper and keeper.casefold() not in theirs:
            letter = unsent(
                LetterKind.KEEPER_ASKED,
                Audience.KEEPER,
                language=portal.settings.languages[0],
                now=now,
                request_id=request.id,
                line_id=line.id,
            )
            promise_letters(store, [letter])


def keepers_awaited(store: Store, request: RightsRequest) -> bool:
    """Whether a line of what is to be erased is unanswered; what an answer leaves out is asked of nobody."""
    left_out = whole_categories(request.withheld)
    return any(line.is_open and line.category not in left_out for line in store.checklist.of_request(request.id))


def lines_of(store: Store, request: RightsRequest) -> Sequence[ChecklistLine]:
    """A request's checklist, in the order of the map."""
    return store.checklist.of_request(request.id)


def line_of(store: Store, request: RightsRequest, position: int) -> ChecklistLine | None:
    """One line of a request by its number, or None."""
    return next((line for line in lines_of(store, request) if line.position == position), None)


def open_access_to(store: Store, person: Person, category: str) -> RightsRequest | None:
    """The person's access request still to be decided that covers a category, or None."""
    for request in store.requests.open_of_person(person.id):
        to_answer = request.kind is Kind.ACCESS and request.state in BEFORE_DECISION and request.behalf is None
        if to_answer and any(line.category == category for line in lines_of(store, request)):
            return request
    return None


def may_answer(store: Store, request: RightsRequest) -> bool:
    """Whether the lines of a request may be answered now."""
    erasure = store.erasures.of_request(request.id) if request.kind is Kind.DELETION else None
    started = erasure is not None and erasure.started_at is not None
    return may_be_answered(request, erasure_started=started, by_post=done_by_hand(store, request))


_GRANTED = frozenset({Decision.GRANTED, Decision.PARTIALLY_GRANTED})


def refuse_open_lines(store: Store, request: RightsRequest, decision: Decision) -> None:
    """Let a decision pass that waits for nothing; the lines of a deletion are answered after it, unless done by hand.

    Raises:
        LinesOpen: systems were not looked up.
    """
    waiting = [line for line in lines_of(store, request) if line.is_open]
    if request.kind is Kind.DELETION:
        by_hand = done_by_hand(store, request) and decision in _GRANTED
        waiting = waiting if by_hand or decision is Decision.NO_INFORMATION_HELD else []
    if waiting:
        raise LinesOpen(waiting)


def of_link(store: Store, token: str) -> Opened | None:
    """What a keeper's link leads to while its line may be answered or is answered; None once the request is decided."""
    line = store.checklist.by_token(token_hash(token))
    request = store.requests.by_id(line.request_id) if line else None
    if line is None or request is None or not may_answer(store, request):
        return None
    return Opened(line, request)


def look(store: Store, opened: Opened, *, now: datetime) -> None:
    """Write down, before it is shown, that a keeper reads whose information it is; the person sees it in their account."""
    store.checklist.looked(opened.line, now)
    store.audit.record(
        AuditLine(
            now,
            AuditEvent.KEEPER_VIEWED_PERSON,
            Actor.KEEPER,
            person_id=opened.request.person_id,
            request_id=opened.request.id,
        )
    )


def person_of(store: Store, opened: Opened) -> Person | None:
    """Whose information a keeper is asked to look for."""
    return store.people.by_id(opened.request.person_id)


def help_keeper(store: Store, member: StaffMember, request: RightsRequest, line: ChecklistLine, hint: str) -> None:
    """Write what helps a keeper find it: shown to them behind the link, never in a letter.

    Raises:
        OwnRequest, LineClosed, LineChanged.
    """
    refuse_own(store, member, request)
    if not may_answer(store, request) and request.state not in BEFORE_DECISION:
        raise LineClosed
    if not store.checklist.help_keeper(line, hint):
        raise LineChanged


def answer(
    portal: Installation,
    store: Store,
    line: ChecklistLine,
    given: Answer,
    *,
    member: StaffMember | None,
    now: datetime,
) -> None:
    """Record what was answered of a line, its files with it, in one transaction. `member` is None for the keeper.

    An answer may be changed until the decision, by whoever saw the one before it.

    Raises:
        LineClosed, LineChanged, OwnRequest, AnswerIncomplete, FileRefused.
    """
    request = store.requests.hold(line.request_id)
    if request is None or not may_answer(store, request):
        raise LineClosed
    if member:
        refuse_own(store, member, request)
    if line.version != given.seen_version:
        raise LineChanged
    _refuse_incomplete(request, given, by_keeper=member is None)
    _replace_files(portal, store, line, given, now)
    by = AnsweredBy.STAFF if member else AnsweredBy.KEEPER
    kept = store.checklist.answer(
        line,
        given.state,
        given.note,
        by=None if given.state is LineState.NOT_YET else by,
        staff_id=member.id if member else None,
        now=now,
    )
    if not kept:
        raise LineChanged
    _write_down(store, request, given, member, now)
    _go_on_erasing(store, request)


def _refuse_incomplete(request: RightsRequest, given: Answer, *, by_keeper: bool) -> None:
    if given.state not in answers_for(request.kind) and (by_keeper or given.state is not LineState.NOT_YET):
        raise AnswerIncomplete("state")
    if given.state in NEEDS_NOTE and not given.note.strip():
        raise AnswerIncomplete("note")
    if given.files and given.state is not LineState.FOUND:
        raise AnswerIncomplete("files_too")


def _replace_files(portal: Installation, store: Store, line: ChecklistLine, given: Answer, now: datetime) -> None:
    """Only what is found has files: those taken out go, and all of them where the answer is another now."""
    present = [file for file in store.attachments.of_request(line.request_id) if file.line_id == line.id]
    found = given.state is LineState.FOUND
    going = [file.id for file in present if not found or file.number in given.removed]
    if found and len(present) - len(going) + len(given.files) == 0:
        raise AnswerIncomplete("files")
    if going:
        store.attachments.destroy(going)
    attachments.take_in(portal, store, request_id=line.request_id, line_id=line.id, files=given.files, now=now)


def _write_down(store: Store, request: RightsRequest, given: Answer, member: StaffMember | None, now: datetime) -> None:
    actor, actor_id = (Actor.STAFF, member.id) if member else (Actor.KEEPER, None)
    if given.state is not LineState.NOT_YET:
        store.requests.happened(
            request.id, RequestEvent.LOOKED_UP, actor=actor, actor_id=actor_id, now=now, detail=given.state
        )
    store.audit.record(
        AuditLine(
            now,
            AuditEvent.LINE_ANSWERED,
            actor,
            actor_id,
            person_id=request.person_id,
            request_id=request.id,
            detail=given.state,
        )
    )


def _go_on_erasing(store: Store, request: RightsRequest) -> None:
    """Once the last line of a deletion is answered, it can end."""
    erasure = store.erasures.of_request(request.id)
    if erasure and request.state is State.FULFILLING and not keepers_awaited(store, request):
        store.promise(Job(JobKind.ERASURE_STEP, erasure.id))
