"""How a request came in: for whom it is, in which capacity somebody asks for another, and in which form the answer is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ForWhom(StrEnum):
    """For whom somebody asks (P-39.1, s. 30; under 14: ss. 4.1 and 14)."""

    ME = "me"
    CHILD = "child"
    REPRESENTED = "represented"
    DECEASED = "deceased"


class Capacity(StrEnum):
    """As whom somebody asks for another (P-39.1, ss. 30 and 40.1)."""

    PARENT = "parent"
    TUTOR = "tutor"
    MANDATARY = "mandatary"
    REPRESENTATIVE = "representative"
    HEIR = "heir"
    LIQUIDATOR = "liquidator"
    BENEFICIARY = "beneficiary"
    RELATIVE = "relative"


CAPACITIES: Mapping[ForWhom, tuple[Capacity, ...]] = {
    ForWhom.CHILD: (Capacity.PARENT, Capacity.TUTOR),
    ForWhom.REPRESENTED: (Capacity.MANDATARY, Capacity.TUTOR, Capacity.REPRESENTATIVE),
    ForWhom.DECEASED: (
        Capacity.HEIR,
        Capacity.LIQUIDATOR,
        Capacity.BENEFICIARY,
        Capacity.RELATIVE,
        Capacity.PARENT,
    ),
}
"""Who may ask for whom. The holder of parental authority may even when the minor has died (P-39.1, s. 30)."""


class Proof(StrEnum):
    """How far a capacity was shown (law.md §6.3): L3, staff checked it; L4, they saw a document, of which nothing is kept."""

    CHECKED = "L3"
    DOCUMENT = "L4"


@dataclass(frozen=True, slots=True)
class Shown:
    """How a capacity was shown: which kind of proof, in words what it was, the day, and the member of staff who saw it."""

    proof: Proof
    what: str
    on: date
    staff_id: int


@dataclass(frozen=True, slots=True)
class OnBehalf:
    """Whom somebody asks for. `about`: what the person concerned is recognised by. `shown`: None until staff recorded it."""

    whom: ForWhom
    capacity: Capacity
    about: str
    shown: Shown | None = None


class Form(StrEnum):
    """The form somebody wants to be answered in (reasonable accommodation: P-39.1, s. 27 ¶4)."""

    LARGE_PRINT = "large_print"
    PHONE = "phone"
    POST = "post"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class WantedForm:
    """The form wanted, and what was said of it: a number to call, a postal address, another way."""

    form: Form
    words: str = ""


class Channel(StrEnum):
    """How a request reached us."""

    PORTAL = "portal"
    POST = "post"
    EMAIL = "email"
    PHONE = "phone"
    IN_PERSON = "in_person"


SPOKEN = frozenset({Channel.PHONE, Channel.IN_PERSON})
"""What was said and not written: staff write it down, and the person is told so (law.md §6.2)."""

BY_STAFF = (Channel.POST, Channel.EMAIL, Channel.PHONE, Channel.IN_PERSON)
"""The ways a request comes that staff enter."""
