"""A file for a regulator as an answer: a ZIP to keep, sent while it is written, or a page to read and print."""

from __future__ import annotations

from typing import Any

from flask import Response

from portal.copies.dossiers import Dossier, write_dossier
from portal.web.access import now, portal
from portal.web.pages import page
from portal.web.sheet_files import SANDBOX

ZIP, READ = "zip", "read"


def answer(dossier: Dossier, wanted: str | None, *, back: str) -> Any:
    """The form asked for; the ZIP unless it is the page. `back`: where the page leads again."""
    if wanted == READ:
        return page("staff_dossier.html", dossier=dossier, back=back)
    response = Response(write_dossier(dossier), mimetype="application/zip")
    name = f"{dossier.name}-{portal().today(now())}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = SANDBOX
    return response
