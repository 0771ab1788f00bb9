"""What tests write in the registers: a communication to a third party and an incident, as forms and as entries."""

from __future__ import annotations

from datetime import date, datetime

from portal.domain.people import StaffMember
from portal.domain.registers import About, Disclosure, DisclosureGround, Incident
from portal.services import disclosures, figures, incidents
from portal.storage.store import Store
from tests.installation import Built

A_DISCLOSURE = {
    "made_on": "2026-11-20",
    "recipient": "Recouvrement Boréal inc.",
    "categories": "account",
    "why": "Une facture impayée.",
    "ground": "section_18",
    "provision": "P-39.1, art. 18, al. 1 (9)",
    "people": "Deux clients",
}

AN_INCIDENT = {
    "circumstances": "Une réponse est partie à la mauvaise personne.",
    "information": "Nom et adresse courriel",
    "aware_on": "2026-11-21",
    "began_on": "2026-11-20",
}


def figures_for_everybody(built: Built) -> None:
    """Let everybody read the figures, as the officer would."""
    portal = built.installation
    with portal.database.writing() as store:
        officer = store.staff.by_address("officer@example.org")
        assert officer
        figures.make_public(portal, store, officer, public=True, seen=0, now=built.clock())


def written_in_registers(store: Store, member: StaffMember, now: datetime) -> tuple[int, int]:
    """An entry in each register that staff write; gives their numbers."""
    said = Disclosure(
        date(2026, 11, 20),
        "Le liquidateur",
        ("account",),
        "Succession",
        DisclosureGround.OTHER_LAW,
        "C.c.Q.",
        "Une famille",
    )
    incident = Incident("Nom", "Une lettre égarée", date(2026, 11, 21))
    return (
        disclosures.record(store, member, said, About(), form_id=None, now=now),
        incidents.report(store, member, incident, form_id=None, now=now),
    )
