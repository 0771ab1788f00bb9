"""How staff know who asks, written for a request they entered before they had checked."""

from __future__ import annotations

from typing import Any, cast

from flask import abort, redirect, request
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField

from portal.domain.people import StaffMember
from portal.domain.rights import RightsRequest, Role
from portal.services import paper, rights
from portal.services.paper import Conflict, NothingToCheck
from portal.web import access
from portal.web.access import portal, store, viewer
from portal.web.errors import refusal
from portal.web.forms import NoLongerThan, PageForm, Paragraphs, no_control_characters, something
from portal.web.languages import url
from portal.web.numbers import id_or_none
from portal.web.pages import page, words

LONGEST_CHECK = 300


class IdentityForm(PageForm):
    """How who asks was checked."""

    identity = Paragraphs(
        _l("How you checked who asks"), validators=[no_control_characters, NoLongerThan(LONGEST_CHECK)]
    )
    version = HiddenField()

    def validate_identity(self, field: Field) -> None:
        """What it was is written; a document itself is not kept (P-39.1, s. 30)."""
        something(field, words("Write how you checked who asks."))


@access.staff(Role.OFFICER, Role.AGENT)
def staff_identity(reference: str) -> Any:
    """The form; once sent, the request, whose person is known from then on."""
    found = rights.find(store(), reference) or abort(404)
    if request.method != "POST":
        return _page(found, IdentityForm(None))
    form = IdentityForm(request.form)
    if not form.validate():
        return _page(found, form, status=422)
    member = cast("StaffMember", viewer().member)
    seen = id_or_none(form.version.data or "") or 0
    try:
        paper.identity_checked(portal(), store(), member, found, form.identity.data or "", seen_version=seen)
    except (NothingToCheck, Conflict):
        return _refused(
            found, words("Somebody wrote it before you, or the request changed meanwhile. Look at it again.")
        )
    return redirect(url("staff_request", reference=found.reference), 303)


def _page(found: RightsRequest, form: IdentityForm, *, status: int = 200) -> Any:
    form.version.data = str(found.version)
    return page("staff_identity.html", status=status, reference=found.reference, form=form)


def _refused(found: RightsRequest, sentence: str) -> Any:
    access.let_go()
    back = [(words("Go to the request"), url("staff_request", reference=found.reference))]
    return refusal(409, words("Nothing was written"), sentence, back)
