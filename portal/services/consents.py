"""Consents: what the service itself records, read and written where it stands, each answer kept as proof (P-39.1, s. 14)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.data_map import ConsentColumn, DataMap, People, Purpose
from portal.domain.languages import Language
from portal.domain.letters import LetterKind
from portal.domain.people import Person
from portal.domain.rights import Kind, Level, RightsRequest
from portal.services import rights
from portal.services.identities import Identities, identities_of_person
from portal.services.installation import Installation
from portal.services.rights import Asked
from portal.sources.base import Key, SourceRefused, SourceUnavailable
from portal.storage.consents import ConsentEvent
from portal.storage.store import Store


class Answer(StrEnum):
    """What a person says of a purpose."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"


class Standing(StrEnum):
    """How a consent stands; nothing recorded is not given (P-39.1, s. 9.1).

    GIVEN is given in every account of the person's; IN_PART, in some of them only.
    """

    GIVEN = "given"
    NOT_GIVEN = "not_given"
    IN_PART = "in_part"
    AWAY = "away"
    SHARED = "shared"
    UNKNOWN = "unknown"
    BY_STAFF = "by_staff"

    @property
    def may_be_changed(self) -> bool:
        """Whether a button can change it here and now."""
        return self in _KNOWN


_KNOWN = frozenset({Standing.GIVEN, Standing.NOT_GIVEN, Standing.IN_PART})


@dataclass(frozen=True, slots=True)
class ConsentNow:
    """One purpose that rests on consent, and how it stands."""

    purpose: Purpose
    standing: Standing


@dataclass(frozen=True, slots=True)
class Answered:
    """What a person answered, and the form they answered on.

    `seen` is how the consent stood on that form: what tells an answer cut short, sent again, from one already given.
    """

    answer: Answer
    language: Language
    level: Level
    seen: str | None = None
    form_id: str | None = None


class NotAnswered(Exception):
    """The answer could not be recorded, and nothing was changed; `standing` says why."""

    def __init__(self, standing: Standing) -> None:
        """Keep why."""
        super().__init__(standing.value)
        self.standing = standing


class RefusedByService(Exception):
    """The service's own database would not have the answer; staff must write it."""


class AnsweredInPart(Exception):
    """The answer is recorded in one account of the person's at least, and not in all; the same answer again finishes it."""


def resting_on_consent(data_map: DataMap, purpose_id: str) -> Purpose | None:
    """The purpose of that id if it rests on consent, or None."""
    purpose = data_map.purpose(purpose_id)
    return purpose if purpose and purpose.basis == "consent" else None


def consents_of(portal: Installation, identities: Identities, data_map: DataMap) -> tuple[ConsentNow, ...]:
    """How each consent of the map stands for the person whom the sources know so."""
    wanted = [purpose for purpose in data_map.purposes if purpose.basis == "consent"]
    return tuple(consent_of(portal, identities, purpose) for purpose in wanted)


def consent_of(portal: Installation, identities: Identities, purpose: Purpose) -> ConsentNow:
    """How one consent stands for the person whom the sources know so."""
    place = _place(portal, identities, purpose)
    return ConsentNow(purpose, place if isinstance(place, Standing) else place.standing(portal))


def history(store: Store, person: Person) -> Sequence[ConsentEvent]:
    """A person's answers through the portal, the newest first."""
    return store.consents.of_person(person.id)


def answer(
    portal: Installation, store: Store, person: Person, purpose: Purpose, answered: Answered, *, now: datetime
) -> bool:
    """Record an answer in the service's own column, in each account, at once, and keep the proof; False when it stood so already.

    A withdrawal opens a request that closes as granted, with its letters (design §4.3). The service is written first: when
    our own commit fails after that, the same form sent again finds the column changed and records what is missing.

    Raises:
        NotAnswered: the service is away, knows nobody or several people by the address, or records no such consent.
        RefusedByService: the service's database refused the value.
        AnsweredInPart: one of the accounts has the answer, and another could not be written.
    """
    if answered.form_id and rights.was_taken(store, person, answered.form_id):
        return True
    store.people.hold(person.id)
    place = _Place.of(portal, store, person, purpose)
    if _stands_so(store, person, purpose, place.standing(portal), answered):
        return False
    place.write(portal, given=answered.answer is Answer.GIVEN)
    request = _withdrawal(portal, store, person, purpose, answered, now)
    _keep_proof(store, person, purpose, answered, request, now)
    return True


@dataclass(frozen=True, slots=True)
class _Place:
    """Where one person's consent is recorded: in each of their accounts of one source."""

    source: str
    consent: ConsentColumn
    people: People
    accounts: tuple[Key, ...]

    @classmethod
    def of(cls, portal: Installation, store: Store, person: Person, purpose: Purpose) -> _Place:
        """Find the place.

        Raises:
            NotAnswered: there is none, or none that can be told apart.
        """
        place = _place(portal, identities_of_person(portal, store, person), purpose)
        if isinstance(place, Standing):
            raise NotAnswered(place)
        return place

    def standing(self, portal: Installation) -> Standing:
        """What the service records."""
        source = portal.sources[self.source]
        try:
            given = {bool(source.read_consent(self.consent, self.people, account)) for account in self.accounts}
        except SourceUnavailable:
            return Standing.AWAY
        if len(given) > 1:
            return Standing.IN_PART
        return Standing.GIVEN if True in given else Standing.NOT_GIVEN

    def write(self, portal: Installation, *, given: bool) -> None:
        """Record an answer in each account.

        Raises:
            NotAnswered: the service is away, or has forgotten the person meanwhile.
            RefusedByService: its database refused the value.
            AnsweredInPart: either of these came after an account was written.
        """
        for place, account in enumerate(self.accounts):
            try:
                self._write_in(portal, account, given=given)
            except (NotAnswered, RefusedByService) as error:
                if place == 0:
                    raise
                raise AnsweredInPart from error

    def _write_in(self, portal: Installation, account: Key, *, given: bool) -> None:
        try:
            portal.sources[self.source].write_consent(self.consent, self.people, account, given=given)
        except SourceUnavailable as error:
            raise NotAnswered(Standing.AWAY) from error
        except LookupError as error:
            raise NotAnswered(Standing.UNKNOWN) from error
        except SourceRefused as error:
            raise RefusedByService from error


def _place(portal: Installation, identities: Identities, purpose: Purpose) -> _Place | Standing:
    """Where the consent is recorded, or why it cannot be reached."""
    if purpose.consent is None:
        return Standing.BY_STAFF
    source = purpose.consent.table.source
    people, accounts = portal.data_map.people_of(source), identities.keys_in(source)
    if source in identities.away:
        return Standing.AWAY
    if people and accounts:
        return _Place(source, purpose.consent, people, accounts)
    return Standing.SHARED if source in identities.shared else Standing.UNKNOWN


def _stands_so(store: Store, person: Person, purpose: Purpose, standing: Standing, answered: Answered) -> bool:
    """Whether there is nothing left to record: the service says so, and no form was cut short (design §2.10).

    Raises:
        NotAnswered: the service is away.
    """
    if standing is Standing.AWAY:
        raise NotAnswered(standing)
    wanted = Standing.GIVEN if answered.answer is Answer.GIVEN else Standing.NOT_GIVEN
    if standing is not wanted:
        return False
    was_to_change = answered.seen in _KNOWN and answered.seen != wanted
    return not was_to_change or _last_answer(store, person, purpose) == answered.answer


def _last_answer(store: Store, person: Person, purpose: Purpose) -> str | None:
    return next((event.state for event in history(store, person) if event.purpose == purpose.id), None)


def _withdrawal(
    portal: Installation, store: Store, person: Person, purpose: Purpose, answered: Answered, now: datetime
) -> RightsRequest | None:
    if answered.answer is Answer.GIVEN:
        return None
    asked = Asked(
        kind=Kind.WITHDRAW,
        language=answered.language,
        level=answered.level,
        purpose=purpose.id,
    )
    return rights.open_and_grant(
        portal, store, person, asked, outcome=LetterKind.CONSENT_CHANGED, form_id=answered.form_id, now=now
    )


def _keep_proof(
    store: Store,
    person: Person,
    purpose: Purpose,
    answered: Answered,
    request: RightsRequest | None,
    now: datetime,
) -> None:
    request_id = request.id if request else None
    event = ConsentEvent(purpose.id, answered.answer.value, now, answered.language)
    store.consents.add(person.id, event, request_id=request_id)
    store.audit.record(
        AuditLine(
            now,
            AuditEvent.CONSENT_CHANGED,
            Actor.PERSON,
            person.id,
            person_id=person.id,
            request_id=request_id,
            detail=answered.answer,
        )
    )
