"""Rights requests: opening one with its clock and letters, moving it, closing it, taking it back (law.md §6)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from portal.domain.acts import is_contested
from portal.domain.answer_parts import MachineDecision
from portal.domain.asking import Channel, OnBehalf, WantedForm
from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.languages import Language
from portal.domain.ledger import RequestNoted
from portal.domain.letters import LetterKind
from portal.domain.outbox import Audience, PromisedLetter
from portal.domain.people import Person
from portal.domain.references import BITS, canonical_reference, reference_from
from portal.domain.rights import (
    BEFORE_DECISION,
    CorrectionAsked,
    Decision,
    Flag,
    Kind,
    Level,
    OutOfOrder,
    RequestEvent,
    RightsRequest,
    State,
    check_move,
    is_overdue,
    may_be_taken_back,
)
from portal.services import attachments, checklist
from portal.services.installation import Installation
from portal.services.letters import promise_letters, unsent
from portal.services.lost_requests import lost_request, told_again
from portal.services.open_bound import refuse_too_many
from portal.services.regimes import freeze, other_laws_said
from portal.storage.rights import Conflict as Conflict  # noqa: PLC0414  # pages answer it with the present state
from portal.storage.rights import DecisionTaken as DecisionTaken  # noqa: PLC0414  # pages show what was decided before
from portal.storage.rights import HappenedToRequest as HappenedToRequest  # noqa: PLC0414  # pages say what happened
from portal.storage.store import Store


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asks for, before it has a reference.

    What came on paper was received on a day of its own, and says how staff checked who asks.
    `category`: the one without a table it is about, if only one. `behalf`: for whom, when not for oneself.
    `other_regimes`: the laws the person says protect them too, those not switched on here counting for nothing; None
    where nobody asked, and their last answer holds. `again`: the reference of a lost request that is told again.
    """

    kind: Kind
    language: Language
    level: Level
    message: str = ""
    correction: CorrectionAsked | None = None
    purpose: str | None = None
    is_test: bool = False
    received_on: date | None = None
    identity_check: str | None = None
    category: str | None = None
    other_regimes: tuple[str, ...] | None = None
    behalf: OnBehalf | None = None
    wanted_form: WantedForm | None = None
    channel: Channel = Channel.PORTAL
    machine_decision: MachineDecision | None = None
    again: str | None = None


@dataclass(frozen=True, slots=True)
class FollowedRequest:
    """A request as its person or staff see it: what happened, which letters went, what may be done."""

    request: RightsRequest
    history: Sequence[HappenedToRequest]
    letters: Sequence[PromisedLetter]
    may_be_taken_back: bool
    flags: frozenset[Flag]


def open_request(
    portal: Installation,
    store: Store,
    person: Person,
    asked: Asked,
    *,
    form_id: str | None,
    now: datetime,
    staff_id: int | None = None,
) -> RightsRequest:
    """Open a request that staff will answer: the request, its two letters and its audit line are one transaction.

    A second press of the same form (`form_id`) gives the request the first one opened. `staff_id`: who entered it for
    a person who asked on paper; they are not held to how many a person may open by themselves.

    Raises:
        TooManyOpen: the person has as many open requests as one may have at once; nothing is kept.
    """
    lost = lost_request(store, asked.again, hold=True)
    reference = lost.reference if lost else _new_reference()
    earlier = _taken_before(store, person, form_id, reference, now)
    if earlier:
        return earlier
    if staff_id is None and not asked.is_test:
        refuse_too_many(portal, store, person)
    request = _record(portal, store, person, asked, reference, now, staff_id, lost=lost)
    told_again(store, lost)
    if not request.is_test:
        checklist.open_lines(portal, store, request, category=asked.category, now=now)
    by_post = person.address is None
    _tell_both(portal, store, request, LetterKind.ACKNOWLEDGEMENT, LetterKind.CONTACT_NEW_REQUEST, now, by_post=by_post)
    return request


def open_and_grant(
    portal: Installation,
    store: Store,
    person: Person,
    asked: Asked,
    *,
    outcome: LetterKind,
    form_id: str | None = None,
    now: datetime,
) -> RightsRequest:
    """Record an act the person has just done alone: a request that opens and closes as granted in the same act.

    One outcome letter goes to the person and one to the contact (design §4.3, P-39.1 s. 30 ¶3).
    """
    reference = _new_reference()
    earlier = _taken_before(store, person, form_id, reference, now)
    if earlier:
        return earlier
    request = _record(portal, store, person, asked, reference, now)
    granted = replace(request, decision=Decision.GRANTED, decided_at=now, closed_at=now)
    closed = _moved(store, granted, State.CLOSED, RequestEvent.CLOSED, Actor.PERSON, person.id, now, through_all=True)
    store.requests.decided(closed, staff_id=None, prepared_by=None)
    _tell_both(portal, store, closed, outcome, LetterKind.CONTACT_CLOSED, now)
    _audit(store, AuditEvent.REQUEST_CLOSED, closed, Actor.PERSON, person.id, now)
    return closed


def was_taken(store: Store, person: Person, form_id: str) -> RightsRequest | None:
    """The request an earlier press of the same form opened, or None; asks without taking."""
    reference = store.forms.result(f"person:{person.id}", form_id)
    return store.requests.by_reference(reference) if reference else None


def of_person(store: Store, person: Person, *, before: int | None = None, limit: int = 50) -> Sequence[RightsRequest]:
    """A person's requests, newest first."""
    return store.requests.of_person(person.id, before=before, limit=limit)


def one_of_person(store: Store, person: Person, reference: str) -> RightsRequest | None:
    """One request by its reference however typed; None for somebody else's, exactly as for none (ASVS 8.2.2)."""
    request = find(store, reference)
    return request if request and request.person_id == person.id else None


def find(store: Store, reference: str) -> RightsRequest | None:
    """One request by its reference however typed, or None."""
    canonical = canonical_reference(reference)
    return store.requests.by_reference(canonical) if canonical else None


def follow(portal: Installation, store: Store, request: RightsRequest, *, now: datetime) -> FollowedRequest:
    """Everything a page about one request shows."""
    return FollowedRequest(
        request=request,
        history=store.requests.history(request.id),
        letters=store.letters.of_request(request.id),
        may_be_taken_back=may_be_taken_back(request, started=_erasure_started(store, request), now=now),
        flags=flags_of(portal, request, now=now),
    )


def decisions_of(store: Store, request: RightsRequest) -> Sequence[DecisionTaken]:
    """Every decision taken of a request, in order; more than one once it was opened again."""
    return store.requests.decisions(request.id)


def flags_of(portal: Installation, request: RightsRequest, *, now: datetime) -> frozenset[Flag]:
    """What is true of a request beside its state today."""
    today = portal.today(now)
    true = {
        Flag.OVERDUE: is_overdue(request, today=today),
        Flag.DEEMED_REFUSED: request.deemed_refused_on is not None and request.state in BEFORE_DECISION,
        Flag.EXTENDED: request.extended_to is not None,
        Flag.PAUSED: request.paused_on is not None and request.state in BEFORE_DECISION,
        Flag.CONTESTED: is_contested(request),
        Flag.HELD: is_contested(request) or (request.hold_until is not None and today <= request.hold_until),
        Flag.TEST: request.is_test,
    }
    return frozenset(flag for flag, holds in true.items() if holds)


def take_back(portal: Installation, store: Store, request: RightsRequest, *, now: datetime) -> RightsRequest:
    """Let a person take a request back: before the decision, or while its waiting period runs and nothing began.

    It is taken back as it stands now, whatever staff did to it since its person's page was made, save decide it.

    Raises:
        OutOfOrder: it is too late, or it was taken back already.
    """
    request = store.requests.hold(request.id) or request
    if not may_be_taken_back(request, started=_erasure_started(store, request), now=now):
        raise OutOfOrder(request.state)
    erasure = store.erasures.of_request(request.id)
    if erasure and not store.erasures.stop(erasure.id):
        raise OutOfOrder(request.state)
    closed = replace(request, closed_at=now, paused_on=None, paused_for=None)
    taken = _moved(store, closed, State.WITHDRAWN, RequestEvent.TAKEN_BACK, Actor.PERSON, request.person_id, now)
    attachments.destroy_at_once(store, taken, now=now)
    _tell_both(portal, store, taken, LetterKind.TAKEN_BACK, LetterKind.CONTACT_CLOSED, now)
    _audit(store, AuditEvent.REQUEST_TAKEN_BACK, taken, Actor.PERSON, request.person_id, now)
    return taken


def move(
    store: Store,
    request: RightsRequest,
    target: State,
    event: RequestEvent,
    *,
    actor: Actor,
    actor_id: int | None,
    now: datetime,
) -> RightsRequest:
    """Move a request as law.md §6.2 allows, with its line of history. `request` may carry other changed fields.

    Raises:
        OutOfOrder: its state does not lead there.
        Conflict: somebody else changed it since it was read.
    """
    return _moved(store, request, target, event, actor, actor_id, now)


def close(
    portal: Installation,
    store: Store,
    request: RightsRequest,
    *,
    outcome: LetterKind,
    actor: Actor,
    actor_id: int | None,
    now: datetime,
) -> RightsRequest:
    """Close a request that was carried out: the outcome letter, the contact's letter and the audit line go with it.

    Raises:
        OutOfOrder, Conflict: as for a move.
    """
    closed = _moved(store, replace(request, closed_at=now), State.CLOSED, RequestEvent.CLOSED, actor, actor_id, now)
    _tell_both(portal, store, closed, outcome, LetterKind.CONTACT_CLOSED, now)
    _audit(store, AuditEvent.REQUEST_CLOSED, closed, actor, actor_id, now)
    return closed


def promise_to_person(store: Store, request: RightsRequest, kind: LetterKind, now: datetime) -> int:
    """Promise a letter to the request's person, in the language they asked in; printed for who has no e-mail address.

    Gives its id.
    """
    letter = _to_person(request, kind, now, by_post=store.people.is_by_post(request.person_id))
    return promise_letters(store, [letter])[0]


def _tell_both(
    portal: Installation,
    store: Store,
    request: RightsRequest,
    to_person: LetterKind,
    to_contact: LetterKind,
    now: datetime,
    *,
    by_post: bool | None = None,
) -> None:
    """Promise the person's letter, and the privacy contact's in French, the language of the workplace (CLF, s. 41).

    `by_post`: whether the person's is printed; looked up where the caller does not know.
    """
    by_post = store.people.is_by_post(request.person_id) if by_post is None else by_post
    language = portal.settings.languages[0]
    contact = unsent(to_contact, Audience.CONTACT, language=language, now=now, request_id=request.id)
    promise_letters(store, [_to_person(request, to_person, now, by_post=by_post), contact])


def _to_person(request: RightsRequest, kind: LetterKind, now: datetime, *, by_post: bool) -> PromisedLetter:
    return unsent(
        kind,
        Audience.PERSON,
        language=request.language,
        now=now,
        person_id=request.person_id,
        request_id=request.id,
        by_post=by_post,
    )


def _new_reference() -> str:
    return reference_from(secrets.randbits(BITS))


def _record(
    portal: Installation,
    store: Store,
    person: Person,
    asked: Asked,
    reference: str,
    now: datetime,
    staff_id: int | None = None,
    *,
    lost: RequestNoted | None = None,
) -> RightsRequest:
    received_on = portal.today(lost.received_at) if lost else asked.received_on or portal.today(now)
    others = other_laws_said(portal, store, person) if asked.other_regimes is None else asked.other_regimes
    laws = freeze(portal, others, received_on)
    request = RightsRequest(
        id=0,
        reference=reference,
        person_id=person.id,
        kind=asked.kind,
        state=State.RECEIVED,
        language=asked.language,
        message=asked.message,
        level=asked.level,
        regime=portal.regime.key,
        received_at=lost.received_at if lost else _instant_of(portal, received_on, now),
        received_on=received_on,
        due=lost.due if lost else laws.due,
        version=1,
        correction=asked.correction,
        purpose=asked.purpose,
        behalf=asked.behalf,
        wanted_form=asked.wanted_form,
        channel=asked.channel,
        is_test=asked.is_test,
        identity_check=asked.identity_check,
        machine_decision=asked.machine_decision,
    )
    tomorrow = received_on + timedelta(days=1)  # whoever looks at the clock then works out the days that matter
    request = store.requests.add(request, laws, look_on=tomorrow)
    actor, actor_id = (Actor.PERSON, person.id) if staff_id is None else (Actor.STAFF, staff_id)
    store.requests.happened(request.id, RequestEvent.OPENED, actor=actor, actor_id=actor_id, now=now)
    _audit(store, AuditEvent.REQUEST_OPENED, request, actor, actor_id, now)
    return request


def _instant_of(portal: Installation, received_on: date, now: datetime) -> datetime:
    """The moment a request was received; noon of its day where only the day is known."""
    if received_on == portal.today(now):
        return now
    return datetime.combine(received_on, time(12), portal.settings.zone).astimezone(UTC)


def _moved(
    store: Store,
    request: RightsRequest,
    target: State,
    event: RequestEvent,
    actor: Actor,
    actor_id: int | None,
    now: datetime,
    *,
    through_all: bool = False,
) -> RightsRequest:
    """Save a move. `through_all`: an act done at once passes every state between in one step."""
    if not through_all:
        check_move(request.state, target)
    saved = store.requests.save(replace(request, state=target), seen_version=request.version)
    store.requests.happened(saved.id, event, actor=actor, actor_id=actor_id, now=now, detail=saved.decision)
    return saved


def _audit(
    store: Store, event: AuditEvent, request: RightsRequest, actor: Actor, actor_id: int | None, now: datetime
) -> None:
    line = AuditLine(now, event, actor, actor_id, person_id=request.person_id, request_id=request.id)
    store.audit.record(replace(line, detail=request.kind))


def _erasure_started(store: Store, request: RightsRequest) -> bool:
    erasure = store.erasures.of_request(request.id) if request.kind is Kind.DELETION else None
    return erasure is not None and erasure.started_at is not None


def _taken_before(
    store: Store, person: Person, form_id: str | None, reference: str, now: datetime
) -> RightsRequest | None:
    """The request a form opened before, when this press is not its first; else the form is taken for `reference`."""
    if form_id is None or store.forms.take(f"person:{person.id}", form_id, now, result=reference):
        return None
    return was_taken(store, person, form_id)
