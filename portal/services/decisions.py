"""Deciding a request: the officer or a delegate, never without what makes a refusal lawful, never one's own (P-39.1, ss. 32, 34)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from portal.domain.acts import Act, way_to_approval, way_to_decided
from portal.domain.answer_parts import AnswerPart
from portal.domain.answers import Words, is_examined, lacking, outcome_letter, said_parts
from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.checklist import LineState
from portal.domain.grounds import opens_recourse
from portal.domain.jobs import Job, JobKind
from portal.domain.languages import Text
from portal.domain.letters import LetterKind
from portal.domain.people import StaffMember
from portal.domain.rights import (
    BEFORE_DECISION,
    Decision,
    Kind,
    OutOfOrder,
    Proposal,
    RequestEvent,
    RightsRequest,
    State,
    Withheld,
    check_move,
)
from portal.services import checklist, rights, statements
from portal.services.acts import (
    Barred,
    Doing,
    Incomplete,
    begun,
    happened,
    refuse_barred,
    tell_contact,
    through,
    two_people_decide,
)
from portal.services.behalf import CapacityUnproven, done_by_hand, refuse_unproven
from portal.services.checklist import LinesOpen, refuse_open_lines
from portal.services.erasure import promise_erasure
from portal.services.identities import addresses_to_search, identities_of
from portal.services.installation import Installation
from portal.services.own_request import refuse_own
from portal.services.paper import identity_is_to_check
from portal.services.pauses import running_again
from portal.services.regimes import hold_if_refused, ready_grounds, recourse_if_refused
from portal.services.settings import in_effect
from portal.services.withheld import refuse_what_cannot_be_left_out
from portal.sources.base import SourceUnavailable
from portal.storage.rights import Conflict
from portal.storage.store import Store

__all__ = [
    "Barred",
    "CapacityUnproven",
    "Conflict",
    "Incomplete",
    "LinesOpen",
    "OutOfOrder",
    "SourceUnavailable",
    "ready_grounds",
]

ABOUT_WHAT_IS_HELD = frozenset({Kind.ACCESS, Kind.PORTABILITY, Kind.DELETION, Kind.INFO, Kind.OTHER})
"""Kinds that can be answered by having searched and found nothing."""

SAYS_SOMETHING_OF_THEM = frozenset({Decision.GRANTED, Decision.PARTIALLY_GRANTED, Decision.NO_INFORMATION_HELD})
"""Decisions that give something, do something or say what is held: they wait until it is known who asks."""


class SomethingHeld(Exception):
    """Something was found about the person, so the answer cannot be that nothing was."""


class IdentityFirst(Exception):
    """Something would be given or said before it is known who asks (P-39.1, s. 30)."""


class NothingLeftOut(Exception):
    """A deletion is granted in part, and nothing says which part stays: all of it would be erased."""


class TwoPeople(Exception):
    """Here one person prepares a decision and another takes it; `prepared` says whether this one prepared it."""

    def __init__(self, *, prepared: bool) -> None:
        """Keep which half is missing."""
        super().__init__()
        self.prepared = prepared


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided, the words the person will read, what the answer leaves out, and the parts it is made of."""

    decision: Decision
    reason: str = ""
    provision: str = ""
    withheld: tuple[Withheld, ...] = ()
    parts: tuple[AnswerPart, ...] = ()


def decisions_for(request: RightsRequest) -> tuple[Decision, ...]:
    """What may be decided of a request: one field is corrected or not, one decision is explained or not, never in part."""
    if request.correction is not None or request.kind is Kind.AUTOMATED:
        return (Decision.GRANTED, Decision.REFUSED, Decision.NOT_ENTITLED)
    nothing = (Decision.NO_INFORMATION_HELD,) if request.kind in ABOUT_WHAT_IS_HELD else ()
    return (Decision.GRANTED, Decision.PARTIALLY_GRANTED, Decision.REFUSED, *nothing, Decision.NOT_ENTITLED)


def may_be_taken_up(request: RightsRequest) -> bool:
    """Whether a request waits for somebody: it is new, or whoever had it left it to nobody before it was decided."""
    nobodys = request.assignee_id is None and request.state in BEFORE_DECISION
    return request.state is State.RECEIVED or nobodys


def take_up(
    portal: Installation, store: Store, member: StaffMember, request: RightsRequest, *, seen_version: int
) -> RightsRequest:
    """Let a member of staff take a request up: it is theirs, and in progress once it is known who asks.

    Raises:
        OwnRequest, OutOfOrder, Conflict.
    """
    now = portal.clock()
    refuse_own(store, member, request)
    _refuse_stale(request, seen_version)
    if not may_be_taken_up(request):
        raise OutOfOrder(request.state)
    target = _once_taken_up(store, request)
    taken = store.requests.save(replace(request, assignee_id=member.id, state=target), seen_version=request.version)
    store.requests.happened(taken.id, RequestEvent.TAKEN_UP, actor=Actor.STAFF, actor_id=member.id, now=now)
    _audit(store, AuditEvent.REQUEST_TAKEN_UP, member, taken, now)
    return taken


def _once_taken_up(store: Store, request: RightsRequest) -> State:
    if request.state is not State.RECEIVED:
        return request.state
    return State.VERIFYING_IDENTITY if identity_is_to_check(store, request) else State.IN_PROGRESS


def decide(
    portal: Installation,
    store: Store,
    member: StaffMember,
    request: RightsRequest,
    verdict: Verdict,
    *,
    seen_version: int,
) -> RightsRequest:
    """Record the officer's decision and set going what it entails, in one transaction.

    Raises:
        OwnRequest: the officer is the person.
        CapacityUnproven: it would give something of somebody else's to who has not shown that they may act for them.
        CannotBeLeftOut: it leaves out what the map lacks, what is nobody's row, or everything.
        Incomplete: a refusal, whole or in part, lacks its reason or its provision (s. 34); or a letter on paper lacks
            its answer, since its reader has no page to read it on.
        LinesOpen: a system no table reaches has not been looked up.
        SomethingHeld: nothing was found, it is said, and a source knows the address or a system gave something.
        SourceUnavailable: nothing was found, it is said, and a source does not answer.
        Barred: the member neither is the officer nor holds a delegation.
        IdentityFirst: it is not known yet who asks.
        TwoPeople: it takes another to prepare it, or to take it.
        OutOfOrder: it is decided already, or was taken back.
        Conflict: somebody else changed it since the page was made.
    """
    now = portal.clock()
    store.requests.hold(request.id)
    _refuse_unlawful(portal, store, member, request, verdict, seen_version)
    refuse_barred(portal, store, member, request, Act.DECIDE)
    _refuse_alone(portal, store, member, request, verdict)
    request = running_again(portal, store, request, actor=Actor.STAFF, actor_id=member.id, now=now)
    decided = _record(store, member, _as_decided(portal, store, member, request, verdict, now), now)
    if decided.kind is Kind.COMMENT and _is_granted(decided):
        statements.keep_what_was_asked(store, decided, member.id, now)
    if done_by_hand(store, request):
        return _answer_by_post(portal, store, member, decided, now)
    return _carry_out(portal, store, member, decided, now)


def propose(portal: Installation, store: Store, doing: Doing, verdict: Verdict) -> RightsRequest:
    """Prepare a decision for whoever decides, who is told by letter that it waits.

    Raises:
        As `decide`, but for who may decide: what could not be decided is not prepared.
    """
    request = begun(portal, store, doing, Act.PROPOSE)
    _refuse_unlawful(portal, store, doing.member, request, verdict, doing.seen_version)
    proposal = Proposal(
        doing.member.id, verdict.decision, verdict.reason, verdict.provision, verdict.withheld, verdict.parts
    )
    prepared = replace(request, proposal=proposal, assignee_id=request.assignee_id or doing.member.id)
    moved = through(store, prepared, way_to_approval(request.state, verdict.decision))
    happened(store, doing, moved, RequestEvent.PROPOSED, AuditEvent.REQUEST_PROPOSED)
    tell_contact(portal, store, moved, LetterKind.CONTACT_TO_DECIDE, doing.now)
    return moved


def rehearse(
    portal: Installation,
    store: Store,
    member: StaffMember,
    request: RightsRequest,
    verdict: Verdict,
    *,
    seen_version: int,
) -> tuple[RightsRequest, LetterKind]:
    """The request as a decision would leave it, and the letter that would go first to its person; nothing is written.

    Raises:
        As `decide`: what could not be decided cannot be rehearsed.
    """
    now = portal.clock()
    _refuse_unlawful(portal, store, member, request, verdict, seen_version)
    decided = _as_decided(portal, store, member, request, verdict, now)
    begins = portal.settings.erasure.wait.after(now)
    by_hand = done_by_hand(store, request)
    if request.kind is Kind.DELETION and _is_granted(decided) and begins > now and not by_hand:
        decided = replace(decided, wait_until=begins)
    return decided, _first_letter(decided, by_post=by_hand)


def places_searched(portal: Installation, store: Store, request: RightsRequest) -> tuple[Text, ...]:
    """Where somebody who asks is looked for: each kind of information in a table, each system outside them."""
    in_tables = [category.label for category in in_effect(portal, store).data_map.categories if category.tables]
    return (*in_tables, *(line.system for line in checklist.lines_of(store, request)))


def _refuse_if_held(portal: Installation, store: Store, request: RightsRequest) -> None:
    person = store.people.by_id(request.person_id)
    identities = identities_of(portal, *addresses_to_search(portal, store, request, person))
    if identities.away:
        raise SourceUnavailable
    found = any(line.state is not LineState.NOTHING for line in checklist.lines_of(store, request))
    if identities.known or identities.shared or found:
        raise SomethingHeld


def _refuse_unlawful(
    portal: Installation, store: Store, member: StaffMember, request: RightsRequest, verdict: Verdict, seen_version: int
) -> None:
    """Let a decision pass that the law, the state of the request and what was seen of it allow; raises as `decide`."""
    refuse_own(store, member, request)
    if request.state not in BEFORE_DECISION:
        raise OutOfOrder(request.state)
    _refuse_stale(request, seen_version)
    if verdict.decision in SAYS_SOMETHING_OF_THEM and identity_is_to_check(store, request):
        raise IdentityFirst
    refuse_unproven(request, verdict.decision)
    if _says_not_what_stays(store, request, verdict):
        raise NothingLeftOut
    refuse_what_cannot_be_left_out(portal, store, request, verdict.withheld)
    words = Words(verdict.reason, verdict.provision, verdict.parts)
    missing = lacking(request, verdict.decision, words, by_hand=done_by_hand(store, request))
    if missing:
        raise Incomplete(missing)
    refuse_open_lines(store, request, verdict.decision)
    if verdict.decision is Decision.NO_INFORMATION_HELD:
        _refuse_if_held(portal, store, request)


def _refuse_alone(
    portal: Installation, store: Store, member: StaffMember, request: RightsRequest, verdict: Verdict
) -> None:
    """Let pass what another person prepared, where the organization wants two; a test needs one."""
    if request.is_test or not two_people_decide(portal, store, request):
        return
    prepared_by = _prepared_by(request)
    same = request.proposal is not None and request.proposal.decision is verdict.decision
    if prepared_by is None or prepared_by == member.id or not same:
        raise TwoPeople(prepared=prepared_by == member.id)


def _prepared_by(request: RightsRequest) -> int | None:
    """Who prepared the answer that waits; one given back waits for nobody."""
    waits = request.state is State.AWAITING_APPROVAL
    return request.proposal.staff_id if waits and request.proposal else None


def _says_not_what_stays(store: Store, request: RightsRequest, verdict: Verdict) -> bool:
    in_part = request.kind is Kind.DELETION and verdict.decision is Decision.PARTIALLY_GRANTED
    return in_part and not verdict.withheld and not done_by_hand(store, request)


def _as_decided(
    portal: Installation, store: Store, member: StaffMember, request: RightsRequest, verdict: Verdict, now: datetime
) -> RightsRequest:
    today = portal.today(now)
    decided = replace(
        request,
        decision=verdict.decision,
        reason=verdict.reason or None,
        provision=verdict.provision or None,
        withheld=verdict.withheld,
        parts=said_parts(verdict.parts, request, verdict.decision),
        decided_at=now,
        assignee_id=request.assignee_id or member.id,
    )
    contestable = opens_recourse(verdict.decision) and not is_examined(decided)
    return replace(
        decided,
        recourse_until=recourse_if_refused(store, request, today) if contestable else None,
        hold_until=hold_if_refused(store, request, today) if contestable else None,
    )


def _record(store: Store, member: StaffMember, decided: RightsRequest, now: datetime) -> RightsRequest:
    prepared_by = _prepared_by(decided)
    *before, last = way_to_decided(decided.state, decided.decision or Decision.REFUSED)
    for state in before:
        check_move(decided.state, state)
        decided = replace(decided, state=state)
    decided = rights.move(store, decided, last, RequestEvent.DECIDED, actor=Actor.STAFF, actor_id=member.id, now=now)
    store.requests.decided(decided, staff_id=member.id, prepared_by=prepared_by)
    _audit(store, AuditEvent.REQUEST_DECIDED, member, decided, now)
    return decided


def _carry_out(
    portal: Installation, store: Store, member: StaffMember, request: RightsRequest, now: datetime
) -> RightsRequest:
    """Start what was granted; close at once what needs no work."""
    if not _is_granted(request) or not (request.kind is Kind.DELETION or request.correction):
        passed = store.requests.save(replace(request, state=State.FULFILLING), seen_version=request.version)
        return rights.close(
            portal, store, passed, outcome=outcome_letter(request), actor=Actor.STAFF, actor_id=member.id, now=now
        )
    if request.kind is Kind.DELETION:
        begins = promise_erasure(portal, store, request, now=now)
        request = replace(request, wait_until=begins if begins > now else None)
    going = store.requests.save(replace(request, state=State.FULFILLING), seen_version=request.version)
    if going.wait_until is not None:
        rights.promise_to_person(store, going, LetterKind.ERASURE_WAITING, now)
    if going.correction is not None:
        store.promise(Job(JobKind.APPLY_CORRECTION, going.id))
    return going


def _answer_by_post(
    portal: Installation, store: Store, member: StaffMember, request: RightsRequest, now: datetime
) -> RightsRequest:
    """Close what staff did by hand, no system of ours being asked: their letter says what, and attests a deletion."""
    passed = store.requests.save(replace(request, state=State.FULFILLING), seen_version=request.version)
    outcome = _first_letter(request, by_post=True)
    return rights.close(portal, store, passed, outcome=outcome, actor=Actor.STAFF, actor_id=member.id, now=now)


def _is_granted(request: RightsRequest) -> bool:
    return request.decision in {Decision.GRANTED, Decision.PARTIALLY_GRANTED}


def _first_letter(request: RightsRequest, *, by_post: bool) -> LetterKind:
    """The first letter to the person once the request is decided; by post there is one, for what was done by hand."""
    outcome = outcome_letter(request)
    if request.kind is Kind.DELETION and request.wait_until and not by_post:
        return LetterKind.ERASURE_WAITING
    if request.kind is Kind.DELETION and request.decision is Decision.GRANTED:
        return LetterKind.ERASURE_DONE
    if request.correction and request.decision is Decision.GRANTED and not by_post:
        return LetterKind.CORRECTION_DONE
    return outcome


def _refuse_stale(request: RightsRequest, seen_version: int) -> None:
    if request.version != seen_version:
        raise Conflict


def _audit(store: Store, event: AuditEvent, member: StaffMember, request: RightsRequest, now: datetime) -> None:
    store.audit.record(
        AuditLine(
            now,
            event,
            Actor.STAFF,
            member.id,
            person_id=request.person_id,
            request_id=request.id,
            detail=request.decision or request.kind,
        )
    )
