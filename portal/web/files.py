"""A file attached to a request, as a download: for its person once it is given, for staff who prepare the answer."""

from __future__ import annotations

from typing import Any, cast

from flask import abort

from portal.domain.people import StaffMember
from portal.domain.rights import Role
from portal.services import attachments, rights
from portal.services.attachments import FileGone
from portal.web import access
from portal.web.access import me, now, portal, store, viewer
from portal.web.line_forms import file_answer
from portal.web.numbers import id_or_none


@access.confirmed
def given_file(reference: str, number: str) -> Any:
    """A file given with an answer; that it was taken is written down, so a button asks for it."""
    found = rights.one_of_person(store(), me(), reference) or abort(404)
    try:
        taken = attachments.take_given(portal(), store(), found, id_or_none(number) or 0, now=now())
    except FileGone:
        taken = None
    return file_answer(*taken) if taken else abort(404)


@access.staff(Role.OFFICER, Role.AGENT)
def staff_file(reference: str, number: str) -> Any:
    """A file for staff; that they looked is written down, and their person reads it."""
    found = rights.find(store(), reference) or abort(404)
    member = cast("StaffMember", viewer().member)
    try:
        taken = attachments.take_as_staff(portal(), store(), member, found, id_or_none(number) or 0, now=now())
    except FileGone:
        taken = None
    return file_answer(*taken) if taken else abort(404)
