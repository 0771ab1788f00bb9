"""Figures for staff: twelve months of requests, by month, by kind, by outcome, and how long the answers took."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import request

from portal.domain.rights import Role
from portal.services import figures
from portal.web import access
from portal.web.access import now, portal, store
from portal.web.figure_views import bars
from portal.web.languages import page_language, url
from portal.web.pages import page
from portal.wording.figure_words import month_label, outcome_label
from portal.wording.labels import kind_label_for_staff


@access.staff(Role.OFFICER, Role.AUDITOR)
def staff_figures() -> Any:
    """The last twelve months, or those that end with the month asked for."""
    found = figures.twelve_months(portal(), store(), until=_month(request.args.get("until")), now=now())
    language, added = page_language(), found.figures
    return page(
        "staff_figures.html",
        first=month_label(found.first, language),
        last=month_label(found.last, language),
        figures=added,
        months=bars((month_label(month, language), number) for month, number in added.months.items()),
        kinds=bars((kind_label_for_staff(kind, language), number) for kind, number in added.kinds.items()),
        outcomes=bars((outcome_label(end, language), number) for end, number in added.outcomes.items()),
        earlier=_href(found.earlier),
        later=_href(found.later),
        public=figures.are_public(portal(), store()),
    )


def _href(month: date | None) -> str | None:
    return url("staff_figures", until=f"{month:%Y-%m}") if month else None


def _month(given: str | None) -> date | None:
    """The month written in the address, or None for anything else."""
    try:
        month = date.fromisoformat(f"{given}-01") if given and len(given) == len("2026-11") else None
    except ValueError:
        return None
    return month if month and month.year >= _FIRST_YEAR else None


_FIRST_YEAR = 2000
