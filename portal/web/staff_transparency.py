"""Letting everybody read the figures: what they would read, and one button."""

from __future__ import annotations

from typing import Any, cast

from flask import abort, redirect, request

from portal.domain.people import StaffMember
from portal.domain.rights import Role
from portal.services import figures
from portal.services.figures import SettingConflict
from portal.web import access
from portal.web.access import now, portal, store, viewer
from portal.web.figure_views import year_view
from portal.web.languages import url
from portal.web.numbers import id_or_none
from portal.web.pages import page


@access.staff(Role.OFFICER)
def staff_transparency() -> Any:
    """The preview; or turn the page on or off."""
    if request.method != "POST":
        return _page()
    wanted = request.form.get("do")
    if wanted not in {"on", "off"}:
        abort(422)
    member = cast("StaffMember", viewer().member)
    seen = id_or_none(request.form.get("version")) or 0
    try:
        figures.make_public(portal(), store(), member, public=wanted == "on", seen=seen, now=now())
    except SettingConflict:
        access.let_go()
        return _page(status=409)
    return redirect(url("staff_transparency"), 303)


def _page(*, status: int = 200) -> Any:
    found = figures.publicity(portal(), store())
    return page(
        "staff_transparency.html",
        status=status,
        changed=status != 200,
        public=bool(found.value),
        since=found.at,
        by=found.by,
        version=found.version,
        years=[year_view(year) for year in figures.public_years(portal(), store(), now=now())],
    )
