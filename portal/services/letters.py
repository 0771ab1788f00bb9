"""Letters: promised in the transaction of what they tell, written when sent, repeated until taken or refused for good."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.checklist import LineState
from portal.domain.codes import CODE_LIFE, digits_of
from portal.domain.jobs import Again, Job, JobKind
from portal.domain.languages import Language, Text
from portal.domain.letters import FACTS, LetterKind
from portal.domain.messages import Need
from portal.domain.outbox import Audience, DeliveryOutcome, LetterState, PromisedLetter, wait_before_retry
from portal.domain.rights import OPEN, Kind, RegulatorOutcome, RightsRequest
from portal.domain.statements import opens_statement
from portal.mail.letters import Envelope, Letter, LetterUnfit, compose, letterhead_from, message_id_for
from portal.mail.outcomes import Accepted, Outcome, TemporarilyRefused
from portal.services import sent_letters
from portal.services.follow_codes import code_of
from portal.services.installation import Installation
from portal.services.keeper_links import keeper_of, token_of_line
from portal.services.links import live_link
from portal.services.regimes import body_asked_for_time, remedies_for_silence, remedies_of
from portal.services.settings import Effective, in_effect
from portal.services.summary_facts import summary_facts
from portal.storage.store import Store
from portal.wording.labels import kind_label_for_staff
from portal.wording.message_words import missing_in_letter, need_in_letter

REQUEST_PATHS: Mapping[Language, str] = {"en": "/en/requests/", "fr": "/fr/demandes/"}
STAFF_PATHS: Mapping[Language, str] = {"en": "/en/staff/requests/", "fr": "/fr/personnel/demandes/"}
FOLLOW_PATHS: Mapping[Language, str] = {"en": "/en/follow", "fr": "/fr/suivi"}
KEEPER_PATHS: Mapping[Language, str] = {"en": "/en/keeper/", "fr": "/fr/gardien/"}
"""Where letters lead. The web's own table of addresses is checked against these by a test."""


def unsent(
    kind: LetterKind,
    audience: Audience,
    *,
    language: Language,
    now: datetime,
    person_id: int | None = None,
    staff_id: int | None = None,
    code_id: int | None = None,
    request_id: int | None = None,
    line_id: int | None = None,
    nonce: str | None = None,
    not_before: datetime | None = None,
    by_post: bool = False,
) -> PromisedLetter:
    """A letter to promise: only whom it is for and what it is about; its words are written when it leaves.

    `nonce` names the letter where something it says was made of its name; else one is drawn. The worker leaves it alone
    until `not_before`. `by_post`: staff print it and post it, whatever the transport; no try to send it is ever promised.
    """
    return PromisedLetter(
        id=0,
        kind=kind,
        audience=audience,
        language=language,
        message_id=nonce or secrets.token_hex(16),
        state=LetterState.TO_POST if by_post else LetterState.WAITING,
        attempts=0,
        created_at=now,
        next_try_at=not_before or now,
        person_id=person_id,
        staff_id=staff_id,
        code_id=code_id,
        request_id=request_id,
        line_id=line_id,
    )


def promise_letters(store: Store, letters: Sequence[PromisedLetter]) -> Sequence[int]:
    """Promise letters in this transaction; gives their ids, in their order."""
    ids = [store.letters.add(letter) for letter in letters]
    waiting: dict[datetime | None, list[Job]] = {}
    for letter, letter_id in zip(letters, ids, strict=True):
        if letter.state is LetterState.WAITING:
            due = letter.next_try_at if letter.next_try_at > letter.created_at else None
            waiting.setdefault(due, []).append(Job(JobKind.DELIVER_LETTER, letter_id))
    for due, jobs in waiting.items():
        store.promise(*jobs, due=due)
    return ids


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of one try: what the server said (None when it was not asked), and when to try again."""

    outcome: Outcome | None = None
    again: Again | None = None


def deliver(portal: Installation, letter_id: int, now: datetime) -> Again | None:
    """Try a letter once, for the worker: Again when it waits for another try."""
    return try_once(portal, letter_id, now).again


def try_once(portal: Installation, letter_id: int, now: datetime) -> Tried:
    """Try a letter once and record what became of it. Idempotent: one already gone is left alone.

    A worker killed between the server's yes and our note tries again with the same Message-ID (design §2.10).
    """
    with portal.database.writing() as store:
        promised = store.letters.by_id(letter_id)
        if promised is None or promised.state is not LetterState.WAITING:
            return Tried()
        if portal.transport is None:
            return Tried(again=_wait(store, promised, DeliveryOutcome.NO_TRANSPORT, now))
        store.letters.counted(letter_id)
        letter = _written(portal, store, promised, now)
        if letter is not None:
            sent_letters.keep(portal, store, promised, letter.subject, letter.text)
    if letter is None:
        _give_up(portal, promised, DeliveryOutcome.EXPIRED, now)
        return Tried()
    outcome = next(portal.transport.deliver([letter], now=now))
    return Tried(outcome, _noted(portal, promised, outcome, now))


def retry_refused(store: Store, now: datetime) -> int:
    """Promise every refused letter again; gives how many."""
    ids = store.letters.retry_refused(now)
    store.promise(*(Job(JobKind.DELIVER_LETTER, letter_id) for letter_id in ids))
    return len(ids)


def _noted(portal: Installation, promised: PromisedLetter, outcome: Outcome, now: datetime) -> Again | None:
    """Write down what the server said of a letter."""
    if isinstance(outcome, Accepted):
        with portal.database.writing() as store:
            store.letters.accepted(promised.id, now)
        return None
    if isinstance(outcome, TemporarilyRefused):
        with portal.database.writing() as store:
            return _wait(store, promised, DeliveryOutcome.TEMPORARILY_REFUSED, now)
    _give_up(portal, promised, DeliveryOutcome.REFUSED_FOR_GOOD, now)
    return None


def _wait(store: Store, promised: PromisedLetter, outcome: DeliveryOutcome, now: datetime) -> Again:
    at = now + wait_before_retry(promised.attempts + 1)
    store.letters.try_again(promised.id, outcome, at)
    return Again(at)


def _give_up(portal: Installation, promised: PromisedLetter, outcome: DeliveryOutcome, now: datetime) -> None:
    with portal.database.writing() as store:
        store.letters.refused(promised.id, outcome)
        store.audit.record(
            AuditLine(now, AuditEvent.LETTER_REFUSED, Actor.SYSTEM, request_id=promised.request_id, detail=outcome)
        )


def _written(portal: Installation, store: Store, promised: PromisedLetter, now: datetime) -> Letter | None:
    """The letter in words, or None when there is nobody or nothing left to write to."""
    settings = in_effect(portal, store)
    to = _address(portal, store, promised, settings)
    facts = _facts(portal, store, promised, now)
    if to is None or facts is None:
        return None
    head = letterhead_from(portal.settings, settings.organisation, settings.contact)
    envelope = Envelope(to, promised.language, message_id_for(promised.message_id, head.sender))
    try:
        return compose(
            promised.kind,
            {name: facts[name] for name in FACTS[promised.kind]},
            envelope,
            head,
            settings.letters.get(promised.kind),
        )
    except LetterUnfit:
        return None


def _address(portal: Installation, store: Store, promised: PromisedLetter, settings: Effective) -> str | None:
    match promised.audience:
        case Audience.CONTACT:
            return settings.contact.email
        case Audience.PERSON:
            person = store.people.by_id(promised.person_id or 0)
            return person.address if person else None
        case Audience.STAFF:
            member = store.staff.by_id(promised.staff_id or 0)
            return member.address if member else None
        case Audience.CODE:
            code = store.codes.by_id(promised.code_id or 0)
            return code.address if code else None
        case Audience.KEEPER:
            line = store.checklist.by_id(promised.line_id or 0)
            return keeper_of(portal, store, line) if line else None
        case Audience.BACKUP:
            return settings.contact.backup


def _facts(portal: Installation, store: Store, promised: PromisedLetter, now: datetime) -> Mapping[str, object] | None:
    if promised.code_id is not None:
        code = store.codes.by_id(promised.code_id)
        if code is None or not code.alive(now):
            return None
        digits = digits_of(portal.keys.for_("codes"), code.nonce)
        return {"code": digits, "minutes": int(CODE_LIFE.total_seconds() // 60)}
    if promised.kind is LetterKind.TEST_LETTER:
        return {"moment": promised.created_at}
    if promised.kind is LetterKind.STAFF_SUMMARY:
        member = store.staff.by_id(promised.staff_id or 0)
        return summary_facts(portal, store, member, now) if member else None
    if promised.kind is LetterKind.STAFF_INVITATION:
        return _invitation_facts(portal, store, promised, now)
    request = store.requests.by_id(promised.request_id or 0)
    if request is None:
        return None
    if promised.kind is LetterKind.CONTACT_PAUSED and request.paused_on is None:
        return None
    facts = request_facts(portal, store, request, promised)
    return facts if promised.line_id is None else _keeper_facts(portal, store, request, promised, facts)


def _keeper_facts(
    portal: Installation,
    store: Store,
    request: RightsRequest,
    promised: PromisedLetter,
    facts: Mapping[str, object],
) -> Mapping[str, object] | None:
    """What a keeper is told, which says nothing of the person; None once there is nothing left to ask."""
    line = store.checklist.by_id(promised.line_id or 0)
    token = token_of_line(portal, store, line) if line and line.is_open and request.state in OPEN else None
    if line is None or token is None:
        return None
    return {
        **facts,
        "category": line.label,
        "system": line.system,
        "erasing": request.kind is Kind.DELETION,
        "link": f"{portal.settings.site.url}{KEEPER_PATHS[promised.language]}{token}",
    }


def _invitation_facts(
    portal: Installation, store: Store, promised: PromisedLetter, now: datetime
) -> Mapping[str, object] | None:
    """A link that no longer works is not sent: a letter that waited too long goes to nobody."""
    link = live_link(portal, store, promised.message_id)
    minutes = int((link.expires_at - now).total_seconds() // 60) if link else 0
    return {"role": link.member.role, "link": link.address, "minutes": minutes} if link and minutes else None


def request_facts(
    portal: Installation, store: Store, request: RightsRequest, promised: PromisedLetter
) -> Mapping[str, object]:
    """What a letter about a request may state; each kind takes the facts it names."""
    zone, site = portal.settings.zone, portal.settings.site.url
    to_person = promised.audience is Audience.PERSON
    path = (REQUEST_PATHS if to_person else STAFF_PATHS)[promised.language]
    written = promised.created_at.astimezone(zone).date()
    purpose = in_effect(portal, store).data_map.purpose(request.purpose or "")
    late = promised.kind in {LetterKind.WE_ARE_LATE, LetterKind.CONTACT_LATE}
    silent = remedies_for_silence(portal, store, request, today=written) if late else ()
    remedies = silent or remedies_of(portal, store, request)
    return {
        "reference": request.reference,
        "kind": _kind_said(request, to_person=to_person),
        "received": request.received_on,
        "written": written,
        "link": f"{site}{path}{request.reference}",
        "follow_code": code_of(portal, request),
        "follow_page": f"{site}{FOLLOW_PATHS[promised.language]}",
        "due": request.due,
        "decision": request.decision,
        "left": (request.due - written).days,
        "remedies": remedies,
        "complaints": remedies,
        "body": body_asked_for_time(portal, store, request),
        "silence": tuple(remedy for remedy in remedies if remedy.silence),
        "hold_until": request.hold_until,
        "paused_on": request.paused_on,
        "missing": missing_in_letter(request.paused_for) if request.paused_for else None,
        "wait_until": request.wait_until,
        "moment": request.received_at,
        "more_time": request.applied_outcome is RegulatorOutcome.GRANTED,
        "other_law_first": request.extended_to is not None and request.due < request.extended_to,
        "given": False,  # a consent given is no request: nothing is asked of us, and no letter tells of it
        "purpose": purpose.label if purpose else request.purpose,
        "closed_on": (request.closed_at or promised.created_at).astimezone(zone).date(),
        "done_on": (request.closed_at or promised.created_at).astimezone(zone).date(),
        "kept": _something_kept(store, request),
        **_question_facts(store, promised),
        "spoken": request.was_spoken,
        "reviewed": request.machine_decision is not None and request.machine_decision.reviewed,
        "may_comment": opens_statement(request),
    }


def _kind_said(request: RightsRequest, *, to_person: bool) -> Kind | Text:
    """What was asked; in a letter about somebody else, without saying "my" nor for whom: letters carry nothing personal."""
    if request.behalf is None or not to_person:
        return request.kind
    return Text(fr=kind_label_for_staff(request.kind, "fr"), en=kind_label_for_staff(request.kind, "en"))


def _question_facts(store: Store, promised: PromisedLetter) -> Mapping[str, object]:
    """What the letter of a question says of it: only what it is about, since the words of staff may name somebody."""
    message = store.messages.of_letter(promised.id) if promised.kind is LetterKind.REQUEST_FOR_INFORMATION else None
    if message is None:
        return {}
    return {"needed": need_in_letter(message.need or Need.OTHER), "answer_by": message.answer_by}


def _something_kept(store: Store, request: RightsRequest) -> bool:
    if any(line.state is LineState.KEPT for line in store.checklist.of_request(request.id)):
        return True
    erasure = store.erasures.of_request(request.id)
    return erasure is not None and any(step.kept for step in store.erasures.steps(erasure.id))
