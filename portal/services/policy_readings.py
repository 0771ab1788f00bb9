"""What a person was told of, opened and acknowledged of a policy, and what changed since: offered, never asked for.

Nothing here opens or closes anything else (design §2.6): a person who answers nothing, or takes an answer back, keeps
every right as it was. A fact is written by a press of a button and by nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from portal.domain.data_map import DataMap, Purpose
from portal.domain.people import Person
from portal.domain.policies import Document
from portal.domain.policy_readings import Reading, Since, begun_with, in_order, present
from portal.services import consents, notices, policies
from portal.services.consents import Standing
from portal.services.identities import Identities, identities_of_person
from portal.services.installation import Installation
from portal.storage.store import Store

_OPEN = frozenset({Standing.NOT_GIVEN, Standing.BY_STAFF})


class NotInForce(Exception):
    """The version is not the one in force, or there is none of that name."""


@dataclass(frozen=True, slots=True)
class SinceThen:
    """The version in force for one person: what is recorded of it, and the version a comparison would begin with."""

    readings: Sequence[Reading]
    present: Reading
    start: Reading | None
    since: Since | None

    @property
    def changed(self) -> bool:
        """Whether there is a comparison to offer: another version took the place of the one they know."""
        return self.start is not None and self.start.id != self.present.id


def since_then(
    portal: Installation, store: Store, person: Person, document: Document, *, now: datetime
) -> SinceThen | None:
    """Where a person stands with a document; None while no version is in force."""
    readings = facts(portal, store, person, document)
    today = portal.today(now)
    found = present(readings, today)
    if found is None:
        return None
    start, since = begun_with(readings, today) or (None, None)
    return SinceThen(readings, found, start, since)


def facts(portal: Installation, store: Store, person: Person, document: Document) -> Sequence[Reading]:
    """Every version of a document with the facts about a person, the oldest first."""
    told = _told(portal, store, person, document)
    readings = store.policy_readings.of_person(person.id, document)
    return in_order(replace(one, told_at=told.get(one.id)) for one in readings)


def open_present(
    portal: Installation, store: Store, person: Person, document: Document, version_id: str, *, now: datetime
) -> None:
    """Record that a person opens the version in force.

    Raises:
        NotInForce: another one has taken its place.
    """
    _require_present(portal, store, person, document, version_id, now)
    store.policy_readings.opened(person.id, document, version_id, now)


def acknowledge(
    portal: Installation, store: Store, person: Person, document: Document, version_id: str, *, now: datetime
) -> None:
    """Record that a person says they have read the version in force; said again, it keeps its first instant.

    Raises:
        NotInForce: another one has taken its place, which they have not seen.
    """
    _require_present(portal, store, person, document, version_id, now)
    store.policy_readings.opened(person.id, document, version_id, now)
    store.policy_readings.acknowledged(person.id, document, version_id, now)


def take_back(store: Store, person: Person, document: Document, version_id: str) -> None:
    """Forget that a person said they had read a version, whichever it is."""
    store.policy_readings.taken_back(person.id, document, version_id)


def new_choices(
    portal: Installation, store: Store, person: Person, data_map: DataMap, *, then: SinceThen, document: Document
) -> Sequence[Purpose]:
    """Purposes on consent that the version a person knows did not speak of, not given and not answered yet.

    Someone who knows none is told what the version in force added to the one before it.
    """
    candidates = [purpose for purpose in data_map.purposes if purpose.basis == "consent"]
    if not candidates:
        return ()
    spoken_of = _spoken_of(portal, store, document, _known(then).id)
    unspoken = [purpose for purpose in candidates if spoken_of and purpose.id not in spoken_of]
    if not unspoken:
        return ()
    answered = {event.purpose for event in consents.history(store, person)}
    unanswered = [purpose for purpose in unspoken if purpose.id not in answered]
    identities = identities_of_person(portal, store, person) if unanswered else Identities()
    return tuple(
        purpose for purpose in unanswered if consents.consent_of(portal, identities, purpose).standing in _OPEN
    )


def _known(then: SinceThen) -> Reading:
    """The version a person knows, else the one before that in force, else that in force."""
    come = list(then.readings[: then.readings.index(then.present) + 1])
    return then.start or (come[-2] if len(come) > 1 else then.present)


_covered: dict[tuple[int, Document, str], tuple[Installation, frozenset[str]]] = {}
"""What versions speak of, which never changes; each installation is held, so that its number cannot become another's."""


def _spoken_of(portal: Installation, store: Store, document: Document, version_id: str) -> frozenset[str]:
    """The categories and purposes a version's sections cover; its text is read once."""
    asked = id(portal), document, version_id
    if asked not in _covered:
        if len(_covered) > 64:
            _covered.clear()
        found = policies.one(store, version_id, document)
        sections = found.texts["fr"].sections if found else ()
        _covered[asked] = portal, frozenset(covered for section in sections for covered in section.covers)
    return _covered[asked][1]


def _require_present(
    portal: Installation, store: Store, person: Person, document: Document, version_id: str, now: datetime
) -> None:
    then = since_then(portal, store, person, document, now=now)
    if then is None or then.present.id != version_id:
        raise NotInForce


def _told(portal: Installation, store: Store, person: Person, document: Document) -> Mapping[str, datetime]:
    """When a person's address was told of each version, by the letters the mail server took."""
    if person.address is None:
        return {}
    return store.recipients.told(notices.address_hashes(portal, person.address), document)
