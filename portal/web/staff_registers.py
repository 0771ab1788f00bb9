"""The registers: what each is for, one page of each, and each as a file (P-39.1, ss. 3.2, 3.8 and 18)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from flask import Response, abort, request

from portal.copies.sheets import Sheet
from portal.domain.audit import AuditEvent
from portal.domain.people import StaffMember
from portal.domain.registers import Register
from portal.domain.rights import Role
from portal.services import registers
from portal.services.registers import RegisterPage
from portal.web import access
from portal.web.access import now, portal, store, viewer
from portal.web.languages import page_language, url
from portal.web.numbers import id_or_none
from portal.web.pages import page
from portal.web.sheet_files import csv_file, json_file
from portal.wording.register_words import register_label, register_sentence
from portal.wording.regulators import organisation_file_heading, regulator_name


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One line of a page: where its first cell leads, if anywhere, and its cells."""

    href: str | None
    cells: tuple[str, ...]


@access.staff(Role.OFFICER, Role.AUDITOR)
def staff_registers() -> Any:
    """The four registers, each with what it is for, and the figures."""
    language = page_language()
    return page(
        "staff_registers.html",
        regulator=regulator_name(portal().body, language),
        organisation_file=organisation_file_heading(portal().body, language),
        registers=[
            (register_label(one, language), register_sentence(one, language), url(_endpoint(one)), _DRAWINGS[one])
            for one in Register
        ],
    )


@access.staff(Role.OFFICER, Role.AUDITOR)
def staff_register_requests() -> Any:
    """The register of requests."""
    return _page(Register.REQUESTS)


@access.staff(Role.OFFICER, Role.AUDITOR)
def staff_register_disclosures() -> Any:
    """The register of communications to third parties."""
    return _page(Register.DISCLOSURES)


@access.staff(Role.OFFICER, Role.AUDITOR)
def staff_register_incidents() -> Any:
    """The register of confidentiality incidents."""
    return _page(Register.INCIDENTS)


@access.staff(Role.OFFICER, Role.AUDITOR)
def staff_register_processing() -> Any:
    """The register of what the organization holds."""
    return _page(Register.PROCESSING)


@access.staff(Role.OFFICER, Role.AUDITOR)
def staff_register_csv(register: str) -> Response:
    """A whole register for spreadsheets."""
    return csv_file(_sheet(register, AuditEvent.REGISTER_TAKEN_AS_CSV))


@access.staff(Role.OFFICER, Role.AUDITOR)
def staff_register_data(register: str) -> Response:
    """A whole register for programs."""
    return json_file(_sheet(register, AuditEvent.REGISTER_TAKEN_AS_JSON))


def _page(register: Register) -> Any:
    """One page; made to be printed where the address says so, and that it was is then written down first."""
    language, before, printed = page_language(), request.args.get("before"), request.args.get("print") == "1"
    if printed:
        _write_taken(AuditEvent.REGISTER_PRINTED, register)
    told = registers.telling(portal(), store(), language, now())
    most = registers.ON_A_SHEET if printed else registers.PAGE
    found = registers.page_of(told, store(), register, before=id_or_none(before), most=most)
    kept = {"print": "1"} if printed else {}
    shown = [place for place, one in enumerate(found.headings) if one.on_page]
    return page(
        "staff_register.html",
        register=register.value,
        title=register_label(register, language),
        sentence=register_sentence(register, language),
        head=[found.headings[place].label.in_(language) for place in shown],
        lines=_lines(register, found, shown),
        printed=printed,
        to_print=url(_endpoint(register), print="1"),
        back=url(_endpoint(register)),
        here=url(_endpoint(register), **kept),
        next=url(_endpoint(register), before=found.next_before, **kept) if found.next_before else None,
        first=before is None,
    )


def _lines(register: Register, found: RegisterPage, shown: list[int]) -> list[RegisterLine]:
    return [
        RegisterLine(_href(register, number, line.cells[0]), tuple(line.cells[place] for place in shown))
        for number, line in found.lines
    ]


def _href(register: Register, number: int | None, first: str) -> str | None:
    if register is Register.REQUESTS:
        return url("staff_request", reference=first)
    endpoint = {Register.DISCLOSURES: "staff_disclosure", Register.INCIDENTS: "staff_incident"}.get(register)
    return url(endpoint, number=number) if endpoint else None


def _sheet(register: str, event: AuditEvent) -> Sheet:
    """A whole register to be taken; that it is, is written down before the first line leaves."""
    wanted = next((one for one in Register if one.value == register), None) or abort(404)
    _write_taken(event, wanted)
    told = registers.telling(portal(), store(), page_language(), now())
    return registers.sheet_of(portal(), told, wanted, now=now())


def _write_taken(event: AuditEvent, register: Register) -> None:
    member = cast("StaffMember", viewer().member)
    access.write_before_page(registers.taken(event, register, member, now=now()))


def _endpoint(register: Register) -> str:
    return f"staff_register_{register.value}"


_DRAWINGS = {
    Register.REQUESTS: "letter",
    Register.DISCLOSURES: "copy",
    Register.INCIDENTS: "lock",
    Register.PROCESSING: "see",
}
