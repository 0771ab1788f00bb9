"""The files for the regulator: of one request, and of the organization. The officer takes them, the auditor reads what they hold."""

from __future__ import annotations

from typing import Any, cast

from flask import abort, request

from portal.domain.people import StaffMember
from portal.domain.rights import Role
from portal.services import organisation_file, request_file, rights
from portal.services.regimes import regulators_of
from portal.web import access
from portal.web.access import NotPermitted, now, portal, store, viewer
from portal.web.dossiers import answer
from portal.web.languages import page_language, url
from portal.web.pages import page
from portal.wording.regulators import file_heading, organisation_file_heading, regulator_name


@access.with_fresh_proof()
@access.staff(Role.OFFICER, Role.AUDITOR)
def staff_request_file(reference: str) -> Any:
    """What the file of a request holds; or the file, for an officer who gave a code within the last fifteen minutes."""
    found = rights.find(store(), reference) or abort(404)
    if request.method != "POST":
        bodies = regulators_of(portal(), store(), found)
        return page(
            "staff_request_file.html",
            reference=found.reference,
            heading=file_heading(bodies[0], page_language()),
            others=[regulator_name(body, page_language()) for body in bodies[1:]],
            may_take=_is_officer(),
        )
    _officers_alone()
    dossier = request_file.take(portal(), store(), _member(), found, page_language(), now=now())
    return answer(dossier, request.form.get("do"), back=url("staff_request", reference=found.reference))


@access.staff(Role.OFFICER, Role.AUDITOR)
def staff_organisation_file() -> Any:
    """What the organization's file holds; or the file."""
    if request.method != "POST":
        heading = organisation_file_heading(portal().body, page_language())
        return page("staff_organisation_file.html", heading=heading, may_take=_is_officer())
    _officers_alone()
    dossier = organisation_file.take(portal(), store(), _member(), page_language(), now=now())
    return answer(dossier, request.form.get("do"), back=url("staff_registers"))


def _officers_alone() -> None:
    if not _is_officer():
        raise NotPermitted(frozenset({Role.OFFICER}))


def _is_officer() -> bool:
    return _member().role is Role.OFFICER


def _member() -> StaffMember:
    return cast("StaffMember", viewer().member)
