"""The registers an organization keeps: requests, communications to third parties, incidents, and its processing.

Entries of the second and third are corrected by a new revision; the earlier ones stay (P-39.1, ss. 3.8 and 18).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

LONGEST_LINE = 200
LONGEST_ACCOUNT = 4_000
MOST_PEOPLE = 1_000_000_000


class Register(StrEnum):
    """The four registers; also the word their addresses hold."""

    REQUESTS = "requests"
    DISCLOSURES = "disclosures"
    INCIDENTS = "incidents"
    PROCESSING = "processing"


class DisclosureGround(StrEnum):
    """On what a communication to a third party rests (P-39.1, ss. 13 and 18 to 18.4)."""

    CONSENT = "consent"
    SECTION_18 = "section_18"
    SECTION_18_1 = "section_18_1"
    SERVICE_CONTRACT = "service_contract"
    TRANSACTION = "transaction"
    OTHER_LAW = "other_law"


class Injury(StrEnum):
    """Whether an incident may cause serious injury (P-39.1, ss. 3.5 and 3.7)."""

    TO_ASSESS = "to_assess"
    SERIOUS = "serious"
    NOT_SERIOUS = "not_serious"


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One communication of personal information to a third party.

    `categories`: ids of the map. `people`: how several people are described; empty when one person was named.
    `hidden_until`: the day from which the person may know, where the law forbids telling before; `hidden_provision`: which law.
    """

    made_on: date
    recipient: str
    categories: tuple[str, ...]
    why: str
    ground: DisclosureGround
    provision: str
    people: str = ""
    hidden_until: date | None = None
    hidden_provision: str = ""

    def shown_on(self, today: date) -> bool:
        """Whether the person may know of it."""
        return self.hidden_until is None or today >= self.hidden_until


@dataclass(frozen=True, slots=True)
class Incident:
    """One confidentiality incident (P-39.1, ss. 3.5 to 3.8; Regulation respecting confidentiality incidents, s. 7).

    `notice_id`: the notice prepared for the people concerned. `reference`: the request on whose occasion it was seen.
    """

    information: str
    circumstances: str
    aware_on: date
    began_on: date | None = None
    ended_on: date | None = None
    people: int | None = None
    people_in_quebec: int | None = None
    injury: Injury = Injury.TO_ASSESS
    why: str = ""
    commission_told_on: date | None = None
    people_told_on: date | None = None
    public_notice: bool = False
    public_why: str = ""
    measures: str = ""
    notice_id: int | None = None
    reference: str = ""

    def missing(self) -> Iterator[str]:
        """The names of what the register must say and this entry does not say yet."""
        for name in ("began_on", "people", "people_in_quebec", "why", "measures"):
            if getattr(self, name) in {None, ""}:
                yield name
        if self.injury is Injury.TO_ASSESS:
            yield "injury"
        if self.injury is Injury.SERIOUS:
            yield from (name for name in ("commission_told_on", "people_told_on") if getattr(self, name) is None)


@dataclass(frozen=True, slots=True)
class About:
    """About whom an entry is: the hash of an address, or the number of a person who has none; all empty for several people.

    `found_by`: the reference of the request by which staff named the person.
    """

    address_hash: str | None = None
    person_id: int | None = None
    found_by: str | None = None

    @property
    def one_person(self) -> bool:
        """Whether the entry is about one person who was found."""
        return bool(self.address_hash or self.person_id)


@dataclass(frozen=True, slots=True)
class Entry:
    """One revision of an entry, and who wrote it when. `number` is the entry's own, the same for all its revisions."""

    number: int
    revision: int
    at: datetime
    staff_id: int
    said: Disclosure | Incident
    about: About = About()
