"""A person's account on the portal: what it keeps of them, and where and when they signed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.languages import Language
from portal.domain.people import PROVED_FOR, OtherAddress, Person, Session
from portal.domain.periods import Period
from portal.domain.rights import OPEN, RightsRequest
from portal.services.installation import Installation
from portal.storage.consents import ConsentEvent
from portal.storage.store import Store
from portal.storage.subscribers import Subscriber

RECORDS_KEPT = Period(months=36, days=0)
"""How long lines about no request, and who was told by a notice, are kept (law.md §7, §9.2)."""

UNASKED_KEPT = Period(months=0, days=90)
"""How long someone who never asked anything is remembered after their last sign-in (design §2.5)."""

SHOWN = 20


@dataclass(frozen=True, slots=True)
class KeptHere:
    """Everything the portal itself keeps of a person: the category "This portal" (design §2.5).

    `records`: how long the law each request was opened under keeps its record, by the request's id.
    """

    person: Person
    requests: Sequence[RightsRequest]
    consents: Sequence[ConsentEvent]
    sessions: Sequence[Session]
    records: Mapping[int, Period]
    other_addresses: Sequence[OtherAddress] = ()
    subscriptions: Sequence[Subscriber] = ()
    commented: bool = False

    @property
    def open_requests(self) -> list[RightsRequest]:
        """Requests still to be answered or carried out, the most urgent first."""
        return sorted((request for request in self.requests if request.state in OPEN), key=lambda one: one.due)

    @property
    def longest(self) -> Period | None:
        """The longest time that any of their requests is kept once it is closed; None without a request."""
        return max(self.records.values(), key=lambda kept: kept.months, default=None)

    @property
    def until(self) -> datetime | None:
        """When all of it goes if nothing more happens; None while a request is open, or comments wait on what they are about."""
        if self.open_requests or self.commented:
            return None
        ends = [
            self.records[request.id].after(request.closed_at or request.decided_at or request.received_at)
            for request in self.requests
        ]
        if ends:
            return max(ends)
        return UNASKED_KEPT.after(self.person.last_sign_in_at or self.person.created_at)


def record_kept(portal: Installation) -> Period:
    """How long the record of a request made today is kept once it is closed, under the main law."""
    return Period(months=portal.regime.record_months, days=0)


def record_kept_at_most(portal: Installation) -> Period:
    """How long it is kept where its person says that each of the other laws switched on protects them too."""
    laws = (portal.regime, *portal.other_regimes)
    return Period(months=max(law.record_months for law in laws), days=0)


def under_way(store: Store, person: Person) -> Sequence[RightsRequest]:
    """A person's requests still to be answered or carried out, the most urgent first."""
    return store.requests.open_of_person(person.id)


def kept_here(store: Store, person: Person, *, now: datetime) -> KeptHere:
    """What the portal keeps of a person; of sessions, those still open."""
    requests = store.requests.of_person(person.id, limit=500)
    others = store.other_addresses.of_person(person.id, proved_after=PROVED_FOR.before(now))
    addresses = [*filter(None, [person.address]), *(one.address for one in others)]
    return KeptHere(
        person=person,
        requests=requests,
        records={one.id: Period(store.requests.frozen(one.id).regime["record_months"], 0) for one in requests},
        consents=store.consents.of_person(person.id),
        sessions=[session for session in store.sessions.open_of(person_id=person.id) if session.alive(now)],
        other_addresses=others,
        subscriptions=store.subscribers.of(addresses),
        commented=bool(store.statements.of_person(person.id)),
    )


def sign_ins_of(store: Store, person: Person) -> Sequence[datetime]:
    """When somebody last came in as the person, newest first."""
    return [line.at for line in store.audit.about_person(person.id, {AuditEvent.SIGNED_IN}, limit=SHOWN)]


def choose_language(store: Store, person: Person, language: Language) -> None:
    """Write to the person in this language from now on."""
    store.people.speak(person.id, language)


def end_session(store: Store, person: Person, session_id: int, *, now: datetime) -> bool:
    """End one of the person's open sessions, out at once (ASVS 7.4.5); False when it is not theirs or has ended."""
    if session_id not in {session.id for session in store.sessions.open_of(person_id=person.id)}:
        return False
    store.sessions.end(session_id, now)
    store.audit.record(AuditLine(now, AuditEvent.SESSION_ENDED, Actor.PERSON, person.id, person_id=person.id))
    return True
