"""Sheets as files to keep: CSV and JSON, sent while they are read."""

from __future__ import annotations

from flask import Response

from portal.copies.sheets import Sheet, csv_of, json_of
from portal.web.access import now, portal

SANDBOX = "sandbox; default-src 'none'"
"""Opened in a browser by mistake, a file can do nothing."""


def csv_file(sheet: Sheet, *, attached: bool = True) -> Response:
    """The sheet for spreadsheets."""
    response = Response(csv_of(sheet), content_type="text/csv; charset=utf-8")
    return _named(response, sheet, "csv") if attached else response


def json_file(sheet: Sheet, *, attached: bool = True) -> Response:
    """The sheet for programs."""
    response = Response(json_of(sheet), content_type="application/json")
    return _named(response, sheet, "json") if attached else response


def _named(response: Response, sheet: Sheet, ending: str) -> Response:
    name = f"{sheet.name}-{portal().today(now())}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = SANDBOX
    return response
