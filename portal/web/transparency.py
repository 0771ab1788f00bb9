"""The figures everybody may read, once the officer says so: how many requests, of what kind, how answered, how soon."""

from __future__ import annotations

from typing import Any

from flask import Response, abort

from portal.copies.sheets import Sheet
from portal.services import figures
from portal.web import access
from portal.web.access import now, portal, store
from portal.web.figure_views import year_view
from portal.web.languages import page_language
from portal.web.pages import effective, page
from portal.web.sheet_files import csv_file, json_file


@access.reading
def transparency() -> Any:
    """Each year, the newest first."""
    _only_when_public()
    return page(
        "transparency.html",
        years=[year_view(year) for year in figures.public_years(portal(), store(), now=now())],
    )


@access.reading
def transparency_csv() -> Response:
    """The same for spreadsheets."""
    return csv_file(_sheet(), attached=False)


@access.reading
def transparency_data() -> Response:
    """The same for programs."""
    return json_file(_sheet(), attached=False)


def _sheet() -> Sheet:
    _only_when_public()
    return figures.public_sheet(portal(), store(), page_language(), now=now())


def _only_when_public() -> None:
    """Where the officer did not say so there is no such page."""
    if not effective().figures_public:
        abort(404)
