"""The invented people of the demo: whom one may be, in which language, and what their account is there to show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from portal.domain.languages import Language

Note = Literal["ordinary", "heavy", "held", "nothing_held"]
StaffRole = Literal["officer", "agent", "auditor"]


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Someone who may sign in to the demo, and what the service holds about them.

    `ordinary`: a few rows of each kind, nothing the law keeps. `heavy`: a very long request log. `held`: invoices that
    an Act keeps, and older ones that it does not. `nothing_held`: the address is in no table.
    """

    email: str
    language: Language
    note: Note
    name: str


@dataclass(frozen=True, slots=True)
class DemoStaff:
    """A member of the demo's staff."""

    email: str
    role: StaffRole
    language: Language


PEOPLE: tuple[DemoPerson, ...] = (
    DemoPerson("camille.tremblay@example.org", "fr", "ordinary", "Camille Tremblay"),
    DemoPerson("emily.clarke@example.org", "en", "ordinary", "Emily Clarke"),
    DemoPerson("olivier.gagnon@example.org", "fr", "heavy", "Olivier Gagnon"),
    DemoPerson("marguerite.roy@example.org", "fr", "held", "Marguerite Roy"),
    DemoPerson("daniel.macleod@example.org", "en", "held", "Daniel MacLeod"),
    DemoPerson("alex.morin@example.org", "fr", "nothing_held", "Alex Morin"),
    DemoPerson("jordan.reid@example.org", "en", "nothing_held", "Jordan Reid"),
    DemoPerson("francois.lecuyer@example.org", "fr", "ordinary", "François L\u2019Écuyer-Bélanger"),
    DemoPerson("zoe.oconnor@example.org", "en", "ordinary", "Zoë O'Connor"),
    DemoPerson("lea.nguyen@example.org", "fr", "ordinary", "Léa Nguyễn 🌿"),
    DemoPerson("leila.haddad@example.org", "en", "ordinary", "Leila Haddad (ليلى حداد)"),
    DemoPerson("jennifer.null@example.org", "en", "ordinary", "Jennifer Null"),
    DemoPerson("soren.ostergard@example.org", "en", "ordinary", "Søren Østergård"),
    DemoPerson("aicha.diallo@example.org", "fr", "ordinary", "Aïcha Diallo"),
)

STAFF: tuple[DemoStaff, ...] = (
    DemoStaff("officer@example.org", "officer", "fr"),
    DemoStaff("agent@example.org", "agent", "fr"),
    DemoStaff("auditor@example.org", "auditor", "en"),
)
