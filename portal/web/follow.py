"""Following a request with the reference and the code its letters carry: where it stands, and the answer; no account needed.

The code is replaced from the pages of the request, its person's and the staff's.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from flask import abort, redirect, request
from flask_babel import lazy_gettext as _l

from portal.domain.people import StaffMember
from portal.domain.rights import RightsRequest, Role
from portal.services import rights
from portal.services.following import NotTogether, followed_by_code, replace_as_person, replace_as_staff
from portal.services.lost_requests import lost_request
from portal.services.sign_in import TooMany
from portal.web import access, request_views
from portal.web.access import me, now, portal, store, viewer
from portal.web.answer_views import answer_view
from portal.web.errors import too_many
from portal.web.forms import Line, NoLongerThan, PageForm, no_control_characters
from portal.web.languages import page_language, url
from portal.web.lost_requests import lost_page
from portal.web.numbers import id_or_none
from portal.web.pages import page, words
from portal.wording.labels import kind_label_for_staff

LONGEST = 60


class FollowForm(PageForm):
    """A reference and its code, as the letter writes them."""

    reference = Line(_l("Reference"), validators=[no_control_characters, NoLongerThan(LONGEST)])
    code = Line(_l("Follow code"), validators=[no_control_characters, NoLongerThan(LONGEST)])


@access.open_form
def follow() -> Any:
    """Ask for the two; then show the request in the answer itself, so that no browser keeps a way back to it."""
    sent = request.form if request.method == "POST" else None
    form = FollowForm(sent, data={"reference": request.args.get("reference")})
    if request.method != "POST":
        return page("follow.html", form=form)
    if not form.validate():
        return page("follow.html", status=422, form=form)
    lost = lost_request(store(), form.reference.data)
    if lost:
        return lost_page(lost)
    try:
        found = followed_by_code(portal(), store(), reference=form.reference.data or "", code=form.code.data or "")
    except TooMany as error:
        access.keep_what_was_counted()
        return too_many(error.seconds)
    except NotTogether:
        access.keep_what_was_counted()
        form.code.errors = [words("This reference and this code do not go together. Read your letter again.")]
        return page("follow.html", status=422, form=form)
    return _page(found)


@access.person
def follow_code(reference: str) -> Any:
    """Replace the code of one's own request; the new one comes in a letter."""
    found = rights.one_of_person(store(), me(), reference) or abort(404)
    try:
        replace_as_person(store(), me(), found, seen=_seen(), now=now())
    except TooMany as error:
        return too_many(error.seconds)
    return redirect(url("request_page", reference=found.reference), 303)


@access.staff(Role.OFFICER, Role.AGENT)
def staff_follow_code(reference: str) -> Any:
    """Replace the code of a request for its person, who alone reads the new one."""
    found = rights.find(store(), reference) or abort(404)
    try:
        replace_as_staff(store(), cast("StaffMember", viewer().member), found, seen=_seen(), now=now())
    except TooMany as error:
        return too_many(error.seconds)
    return redirect(url("staff_request", reference=found.reference), 303)


def _seen() -> int:
    """The number of the code the page showed the button for; none that is one replaces nothing."""
    given = request.form.get("number")
    return 0 if given == "0" else id_or_none(given) or -1


def _page(found: RightsRequest) -> Any:
    seen = request_views.request_view(found)
    if found.behalf:  # whoever holds a letter need not learn for whom somebody asks
        seen = replace(seen, kind=kind_label_for_staff(found.kind, page_language()))
    return page(
        "followed.html",
        request_view=seen,
        answer=answer_view(found),
    )
