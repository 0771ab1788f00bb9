"""A member's private calendar address: made, shown once, stopped; and the calendar itself, references and days alone."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlsplit

from flask import Response, abort, redirect, request, session

from portal.domain.people import StaffMember
from portal.domain.rights import Role
from portal.services import due_dates
from portal.web import access
from portal.web.access import now, portal, store, viewer
from portal.web.icalendar import MIME, Day, calendar_file
from portal.web.languages import page_language, url
from portal.web.pages import effective, page, words

SHOWN_ONCE = "calendar_token"
"""What the address just made is made of, until the next page shows it, once."""


@access.with_fresh_proof()
@access.staff(Role.OFFICER, Role.AGENT)
def staff_due_dates() -> Any:
    """The page; a POST makes a new address, or stops the one there is."""
    member = cast("StaffMember", viewer().member)
    if request.method != "POST":
        token = session.pop(SHOWN_ONCE, None)
        link = url("staff_due_calendar", token=token) if token else None
        return page(
            "staff_due_dates.html",
            link=f"{portal().settings.site.url}{link}" if link else None,
            has_one=due_dates.has_one(store(), member),
        )
    if request.form.get("do") == "stop":
        due_dates.stop(store(), member)
    else:
        session[SHOWN_ONCE] = due_dates.new_token(store(), member)
    return redirect(url("staff_due_dates"), 303)


@access.token
def staff_due_calendar(token: str) -> Any:
    """The calendar behind an address; a guessed one is no page at all."""
    found = due_dates.of_token(store(), token) or abort(404)
    site = portal().settings.site.url
    days = [
        Day(
            f"{reference}-answer@{urlsplit(site).hostname}",
            due,
            words("Last day to answer request %(reference)s", reference=reference),
            f"{site}{url('staff_request', reference=reference)}",
        )
        for reference, due in found.days
    ]
    made_by = effective().organisation.in_(page_language())
    answer = Response(calendar_file(days, made_by=made_by, now=now()), mimetype="text/calendar", content_type=MIME)
    answer.headers.set("Content-Disposition", "attachment", filename="portal.ics")
    return answer
