"""What pages of a register's entry show: the entry in words, and its revisions with who wrote each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.copies.sheets import Line
from portal.domain.registers import Entry, Register
from portal.services import desk, registers
from portal.services.register_lines import Telling
from portal.web.access import now, portal, store
from portal.web.languages import page_language
from portal.web.pages import words

NOT_IN_FACTS = frozenset({"number", "revision", "written_at"})


@dataclass(frozen=True, slots=True)
class RevisionView:
    """One revision in words."""

    number: int
    at: datetime
    who: str
    facts: list[tuple[str, str]]


def telling() -> Telling:
    """What entries are written with on this page."""
    return registers.telling(portal(), store(), page_language(), now())


def facts_of(register: Register, line: Line) -> list[tuple[str, str]]:
    """An entry as names and words, without what is empty."""
    language = page_language()
    return [
        (heading.label.in_(language), cell)
        for heading, cell in zip(registers.headings(register), line.cells, strict=True)
        if cell and heading.key not in NOT_IN_FACTS
    ]


def revisions_of(register: Register, past: Sequence[Entry]) -> list[RevisionView]:
    """Every revision, the last one first."""
    told, members = telling(), desk.members_by_id(store())
    write = told.disclosure if register is Register.DISCLOSURES else told.incident
    found = []
    for entry in reversed(past):
        member = members.get(entry.staff_id)
        who = member.address if member else words("A member of staff")
        found.append(RevisionView(entry.revision, entry.at, who, facts_of(register, write(entry))))
    return found
