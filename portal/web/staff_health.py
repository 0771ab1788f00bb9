"""The health page: how each part of the installation is, in words, and whom to call when one is not well."""

from __future__ import annotations

from typing import Any

from portal import __version__
from portal.domain.rights import Role
from portal.services.health_report import report
from portal.web import access
from portal.web.access import now, portal, store
from portal.web.languages import page_language
from portal.web.pages import page
from portal.wording.health_words import health_lines


@access.staff(Role.OFFICER)
def staff_health() -> Any:
    """Every part, those that want somebody first."""
    found = report(portal(), store(), now=now())
    lines = health_lines(found, __version__, page_language(), portal().settings.zone)
    return page("staff_health.html", lines=lines, at=found.at, wanting=sum(1 for line in lines if not line.well))
