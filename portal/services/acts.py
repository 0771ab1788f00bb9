"""Acts on a request beside its decision: preparing, giving back, more time, a pause, the regulator, opening again.

Each is one transaction: the request as it is then, a line of its history that says why and from which day to which, an
audit line, and the letters it owes (law.md §6.2). None moves the last day without such a line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from portal.domain.acts import WHO, Act, Bar, By, Standing, bar
from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.clock import next_week_of_pause
from portal.domain.letters import LetterKind
from portal.domain.outbox import Audience, LetterState
from portal.domain.people import StaffMember
from portal.domain.rights import (
    Kind,
    PauseReason,
    RequestEvent,
    RightsRequest,
    Role,
    State,
    check_move,
    may_be_taken_back,
)
from portal.services import rights
from portal.services.installation import Installation
from portal.services.letters import promise_letters, unsent
from portal.services.own_request import refuse_own
from portal.services.paper import identity_is_to_check
from portal.services.pauses import run_again_and_tell
from portal.services.regimes import due_of, more_time_of, regime_of
from portal.services.settings import in_effect
from portal.storage.rights import Conflict
from portal.storage.store import Store

__all__ = ["Barred", "Conflict", "Incomplete", "NotThatDay"]


class Barred(Exception):
    """An act is not open to somebody on a request as it stands; `bar` says why."""

    def __init__(self, act: Act, barred: Bar) -> None:
        """Keep which and why."""
        super().__init__(act.value, barred.value)
        self.act = act
        self.bar = barred


class NotThatDay(Exception):
    """A day given cannot be; `earliest` and `latest` bound those that can, either may be None."""

    def __init__(self, earliest: date | None, latest: date | None) -> None:
        """Keep the bounds."""
        super().__init__()
        self.earliest = earliest
        self.latest = latest


class Incomplete(Exception):
    """A decision, prepared or taken, lacks mandatory parts; `parts` names the fields."""

    def __init__(self, parts: tuple[str, ...]) -> None:
        """Keep what is missing."""
        super().__init__()
        self.parts = parts


@dataclass(frozen=True, slots=True)
class Doing:
    """Who does something to which request, as its page showed it, and when."""

    member: StaffMember
    request: RightsRequest
    seen_version: int
    now: datetime


def by_of(portal: Installation, store: Store, member: StaffMember, *, now: datetime) -> By:
    """What a member of staff may be on a request: an agent who holds a delegation decides in the officer's place."""
    if member.role is Role.AGENT and store.delegations.is_delegate(member.id, portal.today(now)):
        return By.DELEGATE
    return {Role.OFFICER: By.OFFICER, Role.AGENT: By.AGENT, Role.AUDITOR: By.AUDITOR}[member.role]


def standing_of(portal: Installation, store: Store, request: RightsRequest, *, now: datetime) -> Standing:
    """What the acts on a request depend on today."""
    erasure = store.erasures.of_request(request.id) if request.kind is Kind.DELETION else None
    started = erasure is not None and erasure.started_at is not None
    return Standing(
        regime=regime_of(store, request),
        in_time=portal.today(now) <= request.due,
        identity_open=identity_is_to_check(store, request),
        answered_before=bool(store.requests.decisions(request.id)) if request.decision is None else True,
        may_take_back=may_be_taken_back(request, started=started, now=now),
    )


def bars_of(
    portal: Installation, store: Store, member: StaffMember, request: RightsRequest, *, now: datetime
) -> Mapping[Act, Bar | None]:
    """For each act, why this member may not do it now; None where they may."""
    by, standing = by_of(portal, store, member, now=now), standing_of(portal, store, request, now=now)
    return {act: bar(act, by, request, standing) for act in Act}


def refuse_barred(portal: Installation, store: Store, member: StaffMember, request: RightsRequest, act: Act) -> None:
    """Let an act pass that is open to this member now.

    Raises:
        Barred: it is not.
    """
    now = portal.clock()
    by, standing = by_of(portal, store, member, now=now), standing_of(portal, store, request, now=now)
    barred = bar(act, by, request, standing)
    if barred is not None:
        raise Barred(act, barred)


def roles_for(act: Act) -> frozenset[Role]:
    """The roles that may do something, for a page that refuses the others."""
    named = {By.OFFICER: Role.OFFICER, By.AGENT: Role.AGENT, By.AUDITOR: Role.AUDITOR}
    return frozenset(named[by] for by in WHO[act] if by in named)


def give_back(portal: Installation, store: Store, doing: Doing, note: str) -> RightsRequest:
    """Give a prepared decision back with a note; what was prepared stays to be mended.

    Raises:
        Barred, Conflict, OwnRequest.
    """
    request = begun(portal, store, doing, Act.GIVE_BACK)
    moved = through(store, request, (State.IN_PROGRESS,))
    happened(store, doing, moved, RequestEvent.GIVEN_BACK, AuditEvent.REQUEST_GIVEN_BACK, reason=note)
    preparer = store.staff.by_id(moved.proposal.staff_id) if moved.proposal else None
    if preparer and preparer.active and preparer.id != doing.member.id:
        letter = unsent(
            LetterKind.ANSWER_GIVEN_BACK,
            Audience.STAFF,
            language=preparer.language,
            now=doing.now,
            request_id=moved.id,
            staff_id=preparer.id,
        )
        promise_letters(store, [letter])
    return moved


def extend(portal: Installation, store: Store, doing: Doing, reason: str) -> RightsRequest:
    """Take the more time the regime gives, once; the person is told why and until when.

    It is counted from receipt, or from the day the request was opened again; days the clock stood still stay gained.

    Raises:
        Barred: the regime gives none, it was taken, or the last day has passed; Conflict, OwnRequest.
    """
    request = begun(portal, store, doing, Act.EXTEND)
    due = request.due + more_time_of(portal, store, request, since=_clock_began(portal, store, request))
    moved = due_moved(store, replace(request, extended_to=due), due, doing.now, portal)
    happened(store, doing, moved, RequestEvent.EXTENDED, AuditEvent.REQUEST_EXTENDED, reason=reason, was=request.due)
    rights.promise_to_person(store, moved, LetterKind.MORE_TIME_TAKEN, doing.now)
    return moved


def pause(portal: Installation, store: Store, doing: Doing, why: PauseReason, reason: str) -> RightsRequest:
    """Let the clock stand still for something only the person can give, where the regime lets it; they are told so.

    Raises:
        Barred: this regime or this reason allows none; Conflict, OwnRequest.
    """
    request = begun(portal, store, doing, Act.PAUSE)
    if why not in regime_of(store, request).pause_reasons:
        raise Barred(Act.PAUSE, Bar.LAW)
    paused = replace(request, paused_on=portal.today(doing.now), paused_for=why)
    saved = store.requests.save(paused, seen_version=request.version)
    store.requests.look_again(saved.id, next_week_of_pause(portal.today(doing.now), after=portal.today(doing.now)))
    happened(store, doing, saved, RequestEvent.PAUSED, AuditEvent.REQUEST_PAUSED, reason=reason)
    rights.promise_to_person(store, saved, LetterKind.CLOCK_CHANGED, doing.now)
    return saved


def resume(portal: Installation, store: Store, doing: Doing) -> RightsRequest:
    """Let the clock run again: the last day moves by the whole days it stood still (law.md §3.3, 4); the person is told.

    Raises:
        Barred, Conflict, OwnRequest.
    """
    request = begun(portal, store, doing, Act.RESUME)
    return run_again_and_tell(portal, store, request, actor=Actor.STAFF, actor_id=doing.member.id, now=doing.now)


def contest(portal: Installation, store: Store, doing: Doing, since: date, file: str) -> RightsRequest:
    """Record that the person turned to the regulator: what the request is about is held until its final answer.

    Raises:
        NotThatDay: before the request or to come; Barred, Conflict, OwnRequest.
    """
    request = begun(portal, store, doing, Act.CONTEST)
    if not request.received_on <= since <= portal.today(doing.now):
        raise NotThatDay(request.received_on, portal.today(doing.now))
    contested = replace(request, contested_on=since, contested_file=file, settled_on=None)
    saved = store.requests.save(contested, seen_version=request.version)
    happened(store, doing, saved, RequestEvent.CONTESTED, AuditEvent.REQUEST_CONTESTED, reason=file)
    return saved


def settle(portal: Installation, store: Store, doing: Doing, on: date, outcome: str) -> RightsRequest:
    """Record the regulator's final answer, or the settlement: nothing is held for it from then on.

    Raises:
        NotThatDay: before it was contested or to come; Barred, Conflict, OwnRequest.
    """
    request = begun(portal, store, doing, Act.SETTLE)
    earliest = request.contested_on or request.received_on
    if not earliest <= on <= portal.today(doing.now):
        raise NotThatDay(earliest, portal.today(doing.now))
    saved = store.requests.save(replace(request, settled_on=on), seen_version=request.version)
    happened(store, doing, saved, RequestEvent.SETTLED, AuditEvent.REQUEST_SETTLED, reason=outcome)
    return saved


def reopen(portal: Installation, store: Store, doing: Doing, reason: str) -> RightsRequest:
    """Open a closed request again, for an error or something new, with a new clock from today.

    The decision taken before stays among its decisions, and the first one in the figures; what it held back stays held.

    Raises:
        Barred: it is not closed, or what was granted was done and cannot be undone; Conflict, OwnRequest.
    """
    request = begun(portal, store, doing, Act.REOPEN)
    if answer_has_not_left(store, request):
        raise Barred(Act.REOPEN, Bar.NOT_SENT)
    due = due_of(portal, store, request, portal.today(doing.now))
    again = replace(
        _first_answer_kept(request),
        decision=None,
        reason=None,
        provision=None,
        withheld=(),
        parts=(),
        proposal=None,
        recourse_until=None,
        decided_at=None,
        wait_until=None,
        closed_at=None,
        deemed_refused_on=None,
        extended_to=None,
        applied_on=None,
        applied_outcome=None,
        paused_on=None,
        paused_for=None,
    )
    check_move(again.state, State.IN_PROGRESS)
    opened = due_moved(store, replace(again, state=State.IN_PROGRESS), due, doing.now, portal)
    happened(store, doing, opened, RequestEvent.REOPENED, AuditEvent.REQUEST_REOPENED, reason=reason, was=request.due)
    rights.promise_to_person(store, opened, LetterKind.REOPENED, doing.now)
    return opened


def _first_answer_kept(request: RightsRequest) -> RightsRequest:
    """The request with the first answer it ever got written down, late or not."""
    if request.first_decided_at is not None:
        return request
    return replace(request, first_decision=request.decision, first_decided_at=request.decided_at, first_due=request.due)


def answer_has_not_left(store: Store, request: RightsRequest) -> bool:
    """Whether a letter to the person still waits to leave, or to be printed and posted: it says what was decided."""
    return any(
        letter.audience is Audience.PERSON and letter.state in {LetterState.WAITING, LetterState.TO_POST}
        for letter in store.letters.of_request(request.id)
    )


def _clock_began(portal: Installation, store: Store, request: RightsRequest) -> date:
    """The day the present time to answer is counted from: receipt, or the day the request was opened again."""
    reopened = [line.at for line in store.requests.history(request.id) if line.event is RequestEvent.REOPENED]
    return portal.today(reopened[-1]) if reopened else request.received_on


def begun(portal: Installation, store: Store, doing: Doing, act: Act) -> RightsRequest:
    """The request as it is now, held until this unit of work ends, once the act is found open."""
    refuse_own(store, doing.member, doing.request)
    request = store.requests.hold(doing.request.id)
    if request is None or request.version != doing.seen_version:
        raise Conflict
    refuse_barred(portal, store, doing.member, request, act)
    return request


def through(store: Store, request: RightsRequest, way: tuple[State, ...]) -> RightsRequest:
    """Save a request at the end of its way, each move of which is one the law's table has."""
    present = request.state
    for target in way:
        check_move(present, target)
        present = target
    return store.requests.save(replace(request, state=present), seen_version=request.version)


def due_moved(store: Store, request: RightsRequest, due: date, now: datetime, portal: Installation) -> RightsRequest:
    """Save a request with another last day; its clock is looked at again from tomorrow."""
    saved = store.requests.save(replace(request, due=due), seen_version=request.version)
    store.requests.look_again(saved.id, portal.today(now) + timedelta(days=1))
    return saved


def happened(
    store: Store,
    doing: Doing,
    request: RightsRequest,
    event: RequestEvent,
    audited: AuditEvent,
    *,
    reason: str | None = None,
    was: date | None = None,
) -> None:
    store.requests.happened(
        request.id,
        event,
        actor=Actor.STAFF,
        actor_id=doing.member.id,
        now=doing.now,
        reason=reason,
        due=(was, request.due) if was else None,
    )
    line = AuditLine(doing.now, audited, Actor.STAFF, doing.member.id, person_id=request.person_id)
    store.audit.record(replace(line, request_id=request.id, detail=request.kind))


def tell_contact(portal: Installation, store: Store, request: RightsRequest, kind: LetterKind, now: datetime) -> None:
    language = portal.settings.languages[0]
    promise_letters(store, [unsent(kind, Audience.CONTACT, language=language, now=now, request_id=request.id)])


def two_people_decide(portal: Installation, store: Store, request: RightsRequest) -> bool:
    """Whether a decision is prepared by one and taken by another: the organization chose so, and two may handle it."""
    if not in_effect(portal, store).two_people:
        return False
    asker = store.people.by_id(request.person_id)
    theirs = asker.address if asker else None
    able = [one for one in store.staff.all() if one.active and one.role is not Role.AUDITOR and one.address != theirs]
    return len(able) > 1
