"""The days of one request as a file for a calendar: for its person, and for staff, by reference alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from flask import Response, abort

from portal.domain.rights import BEFORE_DECISION, RightsRequest
from portal.services import rights
from portal.services.regimes import remedies_of
from portal.web import access
from portal.web.access import me, now, portal, store
from portal.web.icalendar import MIME, Day, calendar_file
from portal.web.languages import page_language, url
from portal.web.pages import effective, words


@access.person
def request_calendar(reference: str) -> Any:
    """By when the person has an answer, and until when they may take their recourse."""
    found = rights.one_of_person(store(), me(), reference) or abort(404)
    days = {}
    if found.state in BEFORE_DECISION:
        days["due"] = found.due, words("Last day for the answer to my request %(reference)s", reference=found.reference)
    if found.recourse_until:
        days["recourse"] = (
            found.recourse_until,
            words(
                "Last day for my recourse, %(body)s (request %(reference)s)",
                body=_whose_day(found),
                reference=found.reference,
            ),
        )
    return _file(found, days, url("request_page", reference=found.reference))


@access.staff()
def staff_request_calendar(reference: str) -> Any:
    """By when staff answer, and until when what the request is about is kept."""
    found = rights.find(store(), reference) or abort(404)
    days = {}
    if found.state in BEFORE_DECISION:
        days["answer"] = found.due, words("Last day to answer request %(reference)s", reference=found.reference)
    if found.hold_until:
        days["hold"] = (
            found.hold_until,
            words("Until this day, destroy nothing that request %(reference)s is about", reference=found.reference),
        )
    return _file(found, days, url("staff_request", reference=found.reference))


def _whose_day(found: RightsRequest) -> str:
    """The short name of whom the first last day is for."""
    remedies = [one for one in remedies_of(portal(), store(), found) if one.until]
    first = min(remedies, key=lambda one: one.until or date.max, default=None)
    return first.body.short_name.in_(page_language()) if first else ""


def _file(found: RightsRequest, days: Mapping[str, tuple[date, str]], path: str) -> Response:
    """The days of a request, each by a name of its own, which leads to the page at `path` of this site."""
    site = portal().settings.site.url
    content = calendar_file(
        [
            Day(f"{found.reference}-{name}@{urlsplit(site).hostname}", on, title, f"{site}{path}")
            for name, (on, title) in days.items()
        ],
        made_by=effective().organisation.in_(page_language()),
        now=now(),
    )
    answer = Response(content, mimetype="text/calendar", content_type=MIME)
    answer.headers.set("Content-Disposition", "attachment", filename=f"{found.reference}.ics")
    return answer
