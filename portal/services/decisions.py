"""Deciding a request: the officer alone, never without what makes a refusal lawful, never one's own (P-39.1, ss. 32, 34)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.checklist import LineState
from portal.domain.grounds import Ground, grounds_for, missing_parts, opens_recourse
from portal.domain.jobs import Job, JobKind
from portal.domain.languages import Text
from portal.domain.letters import LetterKind
from portal.domain.people import StaffMember
from portal.domain.rights import BEFORE_DECISION, Decision, Kind, OutOfOrder, RequestEvent, RightsRequest, State
from portal.services import checklist, rights
from portal.services.checklist import LinesOpen, refuse_open_lines
from portal.services.erasure import promise_erasure
from portal.services.identities import identities_of
from portal.services.installation import Installation
from portal.services.own_request import OwnRequest, refuse_own
from portal.services.regimes import hold_if_refused, laws_of, recourse_if_refused
from portal.services.settings import in_effect
from portal.sources.base import SourceUnavailable
from portal.storage.rights import Conflict
from portal.storage.store import Store

__all__ = ["Conflict", "LinesOpen", "OutOfOrder", "OwnRequest", "SourceUnavailable"]

ABOUT_WHAT_IS_HELD = frozenset({Kind.ACCESS, Kind.PORTABILITY, Kind.DELETION, Kind.INFO, Kind.OTHER})
"""Kinds that can be answered by having searched and found nothing."""

_OUTCOMES = {
    Decision.GRANTED: LetterKind.OUTCOME_GRANTED,
    Decision.PARTIALLY_GRANTED: LetterKind.OUTCOME_PARTIALLY_GRANTED,
    Decision.REFUSED: LetterKind.OUTCOME_REFUSED,
    Decision.NO_INFORMATION_HELD: LetterKind.OUTCOME_NOTHING_FOUND,
    Decision.NOT_ENTITLED: LetterKind.OUTCOME_NOT_ENTITLED,
}


class SomethingHeld(Exception):
    """Something was found about the person, so the answer cannot be that nothing was."""


class Incomplete(Exception):
    """A refusal lacks mandatory parts; `parts` names the fields."""

    def __init__(self, parts: tuple[str, ...]) -> None:
        """Keep what is missing."""
        super().__init__()
        self.parts = parts


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the officer decided, and the words the person will read."""

    decision: Decision
    reason: str = ""
    provision: str = ""


def decisions_for(request: RightsRequest) -> tuple[Decision, ...]:
    """What may be decided of a request: one field is corrected or it is not, never in part."""
    if request.correction is not None:
        return (Decision.GRANTED, Decision.REFUSED, Decision.NOT_ENTITLED)
    nothing = (Decision.NO_INFORMATION_HELD,) if request.kind in ABOUT_WHAT_IS_HELD else ()
    return (Decision.GRANTED, Decision.PARTIALLY_GRANTED, Decision.REFUSED, *nothing, Decision.NOT_ENTITLED)


def ready_grounds(portal: Installation, store: Store, request: RightsRequest) -> tuple[Ground, ...]:
    """The lawful grounds staff may choose from for a request, law by law."""
    laws = [law.regime.key for law in laws_of(store, request)]
    return tuple(ground for law in laws for ground in grounds_for(portal.grounds, regime=law, kind=request.kind))


def may_be_taken_up(request: RightsRequest) -> bool:
    """Whether a request waits for somebody: it is new, or whoever had it left it to nobody before it was decided."""
    nobodys = request.assignee_id is None and request.state in BEFORE_DECISION
    return request.state is State.RECEIVED or nobodys


def take_up(
    portal: Installation, store: Store, member: StaffMember, request: RightsRequest, *, seen_version: int
) -> RightsRequest:
    """Let a member of staff take a request up: it is theirs, and in progress.

    Raises:
        OwnRequest, OutOfOrder, Conflict.
    """
    now = portal.clock()
    refuse_own(store, member, request)
    _refuse_stale(request, seen_version)
    if not may_be_taken_up(request):
        raise OutOfOrder(request.state)
    target = State.IN_PROGRESS if request.state is State.RECEIVED else request.state
    taken = store.requests.save(replace(request, assignee_id=member.id, state=target), seen_version=request.version)
    store.requests.happened(taken.id, RequestEvent.TAKEN_UP, actor=Actor.STAFF, actor_id=member.id, now=now)
    _audit(store, AuditEvent.REQUEST_TAKEN_UP, member, taken, now)
    return taken


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
        Incomplete: a refusal, whole or in part, lacks its reason or its provision (s. 34); or a letter on paper lacks
            its answer, since its reader has no page to read it on.
        LinesOpen: a system no table reaches has not been looked up.
        SomethingHeld: nothing was found, it is said, and a source knows the address or a system gave something.
        SourceUnavailable: nothing was found, it is said, and a source does not answer.
        OutOfOrder: it is decided already, or was taken back.
        Conflict: somebody else changed it since the page was made.
    """
    now = portal.clock()
    store.requests.hold(request.id)
    _refuse_unlawful(portal, store, member, request, verdict, seen_version)
    decided = _record(portal, store, member, _as_decided(portal, store, member, request, verdict, now), now)
    if store.people.is_by_post(request.person_id):
        return _answer_by_post(portal, store, member, decided, now)
    return _carry_out(portal, store, member, decided, now)


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
    if request.kind is Kind.DELETION and _is_granted(decided) and begins > now:
        decided = replace(decided, wait_until=begins)
    return decided, _first_letter(decided, by_post=store.people.is_by_post(request.person_id))


def places_searched(portal: Installation, store: Store, request: RightsRequest) -> tuple[Text, ...]:
    """Where somebody who asks is looked for: each kind of information in a table, each system outside them."""
    in_tables = [category.label for category in in_effect(portal, store).data_map.categories if category.tables]
    return (*in_tables, *(line.system for line in checklist.lines_of(store, request)))


def _refuse_if_held(portal: Installation, store: Store, request: RightsRequest) -> None:
    person = store.people.by_id(request.person_id)
    identities = identities_of(portal, person.address if person else None)
    if identities.away:
        raise SourceUnavailable
    found = any(line.state is not LineState.NOTHING for line in checklist.lines_of(store, request))
    if identities.keys or identities.shared or found:
        raise SomethingHeld


def _refuse_unlawful(
    portal: Installation, store: Store, member: StaffMember, request: RightsRequest, verdict: Verdict, seen_version: int
) -> None:
    """Let a decision pass that the law, the state of the request and what was seen of it allow; raises as `decide`."""
    refuse_own(store, member, request)
    if request.state not in BEFORE_DECISION:
        raise OutOfOrder(request.state)
    _refuse_stale(request, seen_version)
    missing = missing_parts(verdict.decision, verdict.reason, verdict.provision)
    if store.people.is_by_post(request.person_id) and not verdict.reason.strip():
        missing = ("reason", *(part for part in missing if part != "reason"))
    if missing:
        raise Incomplete(missing)
    refuse_open_lines(store, request, verdict.decision)
    if verdict.decision is Decision.NO_INFORMATION_HELD:
        _refuse_if_held(portal, store, request)


def _as_decided(
    portal: Installation, store: Store, member: StaffMember, request: RightsRequest, verdict: Verdict, now: datetime
) -> RightsRequest:
    contestable, today = opens_recourse(verdict.decision), portal.today(now)
    return replace(
        request,
        decision=verdict.decision,
        reason=verdict.reason or None,
        provision=verdict.provision or None,
        recourse_until=recourse_if_refused(store, request, today) if contestable else None,
        hold_until=hold_if_refused(store, request, today) if contestable else None,
        decided_at=now,
        assignee_id=request.assignee_id or member.id,
    )


def _record(
    portal: Installation, store: Store, member: StaffMember, decided: RightsRequest, now: datetime
) -> RightsRequest:
    decided = rights.move(
        store, decided, State.DECIDED, RequestEvent.DECIDED, actor=Actor.STAFF, actor_id=member.id, now=now
    )
    _audit(store, AuditEvent.REQUEST_DECIDED, member, decided, now)
    return decided


def _carry_out(
    portal: Installation, store: Store, member: StaffMember, request: RightsRequest, now: datetime
) -> RightsRequest:
    """Start what was granted; close at once what needs no work."""
    if not _is_granted(request) or not (request.kind is Kind.DELETION or request.correction):
        passed = store.requests.save(replace(request, state=State.FULFILLING), seen_version=request.version)
        outcome = _OUTCOMES[request.decision or Decision.REFUSED]
        return rights.close(portal, store, passed, outcome=outcome, actor=Actor.STAFF, actor_id=member.id, now=now)
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
    outcome = _OUTCOMES[request.decision or Decision.REFUSED]
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
