"""The days of one request as a file for a calendar: for its person, and for staff, by reference alone."""

from __future__ import annotations

from typing import Any

from flask import Response, abort

from portal.domain.rights import BEFORE_DECISION, RightsRequest
from portal.services import rights
from portal.web import access
from portal.web.access import me, now, portal, store
from portal.web.icalendar import MIME, Day, calendar_file
from portal.web.languages import page_language, url
from portal.web.pages import effective, words


@access.person
def request_calendar(reference: str) -> Any:
    """By when the person has an answer, and until when they may turn to the Commission."""
    found = rights.one_of_person(store(), me(), reference) or abort(404)
    here = url("request_page", reference=found.reference)
    days = []
    if found.state in BEFORE_DECISION:
        title = words("Last day for the answer to my request %(reference)s", reference=found.reference)
        days.append(Day(f"{found.reference}-due@{_host()}", found.due, title, here))
    if found.recourse_until:
        title = words(
            "Last day to write to the %(commission)s (request %(reference)s)",
            commission=portal().commission.short_name,
            reference=found.reference,
        )
        days.append(Day(f"{found.reference}-recourse@{_host()}", found.recourse_until, title, here))
    return _file(found, days)


@access.staff()
def staff_request_calendar(reference: str) -> Any:
    """By when staff answer, and until when what the request is about is kept."""
    found = rights.find(store(), reference) or abort(404)
    here = url("staff_request", reference=found.reference)
    days = []
    if found.state in BEFORE_DECISION:
        title = words("Last day to answer request %(reference)s", reference=found.reference)
        days.append(Day(f"{found.reference}-answer@{_host()}", found.due, title, here))
    if found.hold_until:
        title = words("Until this day, destroy nothing that request %(reference)s is about", reference=found.reference)
        days.append(Day(f"{found.reference}-hold@{_host()}", found.hold_until, title, here))
    return _file(found, days)


def _file(found: RightsRequest, days: list[Day]) -> Response:
    content = calendar_file(days, made_by=effective().organisation.in_(page_language()), now=now())
    answer = Response(content, mimetype="text/calendar", content_type=MIME)
    answer.headers.set("Content-Disposition", "attachment", filename=f"{found.reference}.ics")
    return answer


def _host() -> str:
    return portal().settings.site.url.partition("://")[2].partition("/")[0].partition(":")[0]
