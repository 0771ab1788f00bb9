"""The registers as pages and as files: one page at a time by key, so that a million entries cost what ten do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from portal.copies.sheets import Heading, Line, Sheet
from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.languages import Language, Text
from portal.domain.people import StaffMember
from portal.domain.registers import Register
from portal.services.installation import Installation
from portal.services.register_lines import Telling
from portal.services.settings import in_effect
from portal.storage.store import Store
from portal.wording.register_words import MOST_ON_PAGE, column_label, columns, register_label

PAGE = 25
ON_A_SHEET = 500
"""Entries of a page that is made to be printed: some fifteen sheets of paper."""

IN_A_FILE = 500
"""Entries read at once for a file, each time in a short transaction of their own."""


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """One page of a register: its lines, each with its number (None where it leads nowhere), and where the next begins."""

    headings: tuple[Heading, ...]
    lines: Sequence[tuple[int | None, Line]]
    next_before: int | None


def headings(register: Register) -> tuple[Heading, ...]:
    """The columns of a register; pages have room for the first ones."""
    return tuple(
        Heading(key, column_label(register, key), on_page=place < MOST_ON_PAGE)
        for place, key in enumerate(columns(register))
    )


def telling(portal: Installation, store: Store, language: Language, now: datetime) -> Telling:
    """What lines of registers are written with today."""
    return Telling(portal, in_effect(portal, store), language, portal.today(now))


def taken(event: AuditEvent, register: Register, member: StaffMember, *, now: datetime) -> AuditLine:
    """The line to write before a register leaves the portal: who took which, in which form, and nothing it holds."""
    return AuditLine(now, event, Actor.STAFF, member.id, staff_id=member.id, detail=register)


def page_of(told: Telling, store: Store, register: Register, *, before: int | None, most: int = PAGE) -> RegisterPage:
    """One page of a register, newest first, of `most` entries; the processing has one page."""
    found = _READERS[register](told, store, before, most + 1)
    more = register is not Register.PROCESSING and len(found) > most
    shown = found[:most] if more else found
    return RegisterPage(headings(register), shown, shown[-1][0] if more else None)


def sheet_of(portal: Installation, told: Telling, register: Register, *, now: datetime) -> Sheet:
    """A whole register, to be written as a file while it is read."""
    return Sheet(
        name=register.value,
        title=both_names(register),
        language=told.language,
        headings=headings(register),
        pages=lambda: _all(portal, told, register),
        about={
            "organisation": asdict(told.settings.organisation),
            "language": told.language,
            "taken_at": now.replace(microsecond=0),
        },
    )


def both_names(register: Register) -> Text:
    """What a register is called, in both languages."""
    return Text(fr=register_label(register, "fr"), en=register_label(register, "en"))


def _all(portal: Installation, told: Telling, register: Register) -> Iterator[Sequence[Line]]:
    before: int | None = None
    while True:
        with portal.database.reading() as store:
            found = _READERS[register](told, store, before, IN_A_FILE)
        if found:
            yield [line for _, line in found]
        if len(found) < IN_A_FILE or register is Register.PROCESSING:
            return
        before = found[-1][0]


Found = Sequence[tuple[int | None, Line]]


def _requests(told: Telling, store: Store, before: int | None, limit: int) -> Found:
    return [(one.id, told.request(one)) for one in store.registers.requests(before=before, limit=limit)]


def _disclosures(told: Telling, store: Store, before: int | None, limit: int) -> Found:
    found = store.registers.newest(Register.DISCLOSURES, before=before, limit=limit)
    return [(one.number, told.disclosure(one)) for one in found]


def _incidents(told: Telling, store: Store, before: int | None, limit: int) -> Found:
    found = store.registers.newest(Register.INCIDENTS, before=before, limit=limit)
    return [(one.number, told.incident(one)) for one in found]


def _processing(told: Telling, _store: Store, _before: int | None, _limit: int) -> Found:
    return [(None, told.processing(category)) for category in told.settings.data_map.categories]


_READERS: dict[Register, Callable[[Telling, Store, int | None, int], Found]] = {
    Register.REQUESTS: _requests,
    Register.DISCLOSURES: _disclosures,
    Register.INCIDENTS: _incidents,
    Register.PROCESSING: _processing,
}
