"""Marking a request as the same as another, or taking that back: both are kept, and nothing closes by itself."""

from __future__ import annotations

from typing import Any, cast

from flask import abort, redirect, request

from portal.domain.people import StaffMember
from portal.domain.rights import Role
from portal.services import rights, same_request
from portal.services.same_request import NotAlike
from portal.web import access
from portal.web.access import now, store, viewer
from portal.web.errors import refusal
from portal.web.languages import url
from portal.web.pages import words

UNMARK = "unmark"


@access.staff(Role.OFFICER, Role.AGENT)
def staff_same(reference: str) -> Any:
    """Mark, or take the mark back; then the request as it is."""
    found = rights.find(store(), reference) or abort(404)
    member = cast("StaffMember", viewer().member)
    here = url("staff_request", reference=found.reference)
    try:
        if request.form.get("do") == UNMARK:
            same_request.unmark(store(), member, found, now=now())
        else:
            same_request.mark(store(), member, found, request.form.get("same_as", ""), now=now())
    except NotAlike:
        return _refused(words("One of the two was marked or closed meanwhile. Look at the request again."), here)
    return redirect(here, 303)


def _refused(sentence: str, here: str) -> Any:
    access.let_go()
    return refusal(409, words("Nothing was written"), sentence, [(words("Go to the request"), here)])
