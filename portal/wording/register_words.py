"""Words of the registers: the name of each, of its columns and of what stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from portal.domain.languages import Language, Text
from portal.domain.registers import DisclosureGround, Injury, Register
from portal.wording.catalogue import N_, for_language
from portal.wording.dates import date_iso


def register_label(register: Register, language: Language) -> str:
    """What a register is called."""
    return for_language(language).gettext(_REGISTERS[register])


def register_sentence(register: Register, language: Language) -> str:
    """What a register is for, and by which law."""
    words = for_language(language)
    return {
        Register.REQUESTS: words.gettext(
            "Every request, its dates and how it was answered. It holds no name and no address."
        ),
        Register.DISCLOSURES: words.gettext(
            "To whom information about people was communicated, what, why and on what ground (P-39.1, s. 18)."
        ),
        Register.INCIDENTS: words.gettext(
            "Every confidentiality incident, serious or not, kept at least five years from the day you learned of it (P-39.1, s. 3.8)."
        ),
        Register.PROCESSING: words.gettext(
            "What the organization holds, why, who sees it, who receives it and how long it is kept: read from the data map."
        ),
    }[register]


def ground_label(ground: DisclosureGround, language: Language) -> str:
    """On what a communication rests."""
    return for_language(language).gettext(_GROUNDS[ground])


def injury_label(injury: Injury, language: Language) -> str:
    """Whether an incident may cause serious injury."""
    return for_language(language).gettext(_INJURIES[injury])


def column_label(register: Register, key: str) -> Text:
    """The name of a column, in both languages."""
    return both(_COLUMNS[register][key])


def columns(register: Register) -> Iterable[str]:
    """The keys of a register's columns, in their order."""
    return _COLUMNS[register]


def both(message: str) -> Text:
    """A marked sentence in both languages."""
    return Text(fr=for_language("fr").gettext(message), en=for_language("en").gettext(message))


def day(value: date | None) -> str:
    """A day in figures; nothing where there is none."""
    return date_iso(value) if value else ""


def yes_or_no(value: bool, language: Language) -> str:
    """A plain answer."""
    words = for_language(language)
    return words.gettext("Yes") if value else words.gettext("No")


_REGISTERS: Mapping[Register, str] = {
    Register.REQUESTS: N_("Register of requests"),
    Register.DISCLOSURES: N_("Register of communications to third parties"),
    Register.INCIDENTS: N_("Register of confidentiality incidents"),
    Register.PROCESSING: N_("Register of what we hold"),
}

_GROUNDS: Mapping[DisclosureGround, str] = {
    DisclosureGround.CONSENT: N_("The person’s consent (P-39.1, s. 13)"),
    DisclosureGround.SECTION_18: N_("A case the law lists (P-39.1, s. 18)"),
    DisclosureGround.SECTION_18_1: N_("To protect somebody from a serious danger (P-39.1, s. 18.1)"),
    DisclosureGround.SERVICE_CONTRACT: N_("A contract with a service provider (P-39.1, s. 18.3)"),
    DisclosureGround.TRANSACTION: N_("A commercial transaction (P-39.1, s. 18.4)"),
    DisclosureGround.OTHER_LAW: N_("Another law"),
}

_INJURIES: Mapping[Injury, str] = {
    Injury.TO_ASSESS: N_("Not assessed yet"),
    Injury.SERIOUS: N_("Risk of serious injury"),
    Injury.NOT_SERIOUS: N_("No risk of serious injury"),
}


_COLUMNS: Mapping[Register, Mapping[str, str]] = {
    Register.REQUESTS: {
        "reference": N_("Reference"),
        "kind": N_("Request"),
        "received_on": N_("Received on"),
        "due": N_("Last day to answer"),
        "standing": N_("Where it stands"),
        "answered_on": N_("Answered on"),
        "days": N_("Days taken"),
        "state": N_("State"),
        "decision": N_("Decision"),
        "provision": N_("Legal provision"),
        "late": N_("Answered late"),
        "outcome": N_("Counted in the figures as"),
        "deemed_refused_on": N_("Deemed refused on"),
        "recourse_until": N_("Last day for the recourse"),
        "closed_on": N_("Closed on"),
        "regime": N_("Law applied"),
        "language": N_("Language"),
    },
    Register.DISCLOSURES: {
        "number": N_("Number"),
        "made_on": N_("Communicated on"),
        "recipient": N_("To whom"),
        "categories": N_("Information"),
        "ground": N_("Ground"),
        "about": N_("About whom"),
        "shown": N_("The person may know"),
        "why": N_("Why"),
        "provision": N_("Legal provision"),
        "hidden_until": N_("Not told before"),
        "hidden_provision": N_("Provision that forbids telling"),
        "revision": N_("Revision"),
        "written_at": N_("Written on"),
    },
    Register.INCIDENTS: {
        "number": N_("Number"),
        "aware_on": N_("Learned of on"),
        "information": N_("Information concerned"),
        "people": N_("People concerned"),
        "injury": N_("Injury"),
        "commission_told_on": N_("Commission told on"),
        "complete": N_("Entry complete"),
        "circumstances": N_("Circumstances"),
        "began_on": N_("Happened from"),
        "ended_on": N_("Happened until"),
        "people_in_quebec": N_("Of whom in Québec"),
        "why": N_("Why the risk is serious or not"),
        "people_told_on": N_("People told on"),
        "public_notice": N_("Public notice"),
        "public_why": N_("Why a public notice"),
        "measures": N_("Measures taken"),
        "reference": N_("Request"),
        "revision": N_("Revision"),
        "written_at": N_("Written on"),
    },
    Register.PROCESSING: {
        "category": N_("Information"),
        "purposes": N_("Purposes and grounds"),
        "means": N_("How it is collected"),
        "seen_by": N_("Who inside sees it"),
        "recipients": N_("Who receives it"),
        "outside_quebec": N_("Outside Québec"),
        "retention": N_("How long it is kept"),
        "id": N_("Key"),
        "origin": N_("Where it comes from"),
        "sensitive": N_("Sensitive"),
        "system": N_("Where it is"),
    },
}

MOST_ON_PAGE = 7
"""Columns that a page has room for; files have them all."""
