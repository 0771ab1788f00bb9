"""Following a request with the reference and the code its letters carry: where it stands, and the answer; no account needed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l

from portal.domain.rights import RightsRequest
from portal.services.following import NotTogether, followed_by_code
from portal.services.sign_in import TooMany
from portal.web import access, request_views
from portal.web.access import portal, store
from portal.web.answer_views import answer_view
from portal.web.errors import too_many
from portal.web.forms import Line, NoLongerThan, PageForm, no_control_characters
from portal.web.languages import page_language
from portal.web.pages import page, words
from portal.wording.labels import kind_label_for_staff

LONGEST = 60


class FollowForm(PageForm):
    """A reference and its code, as the letter writes them."""

    reference = Line(_l("Reference"), validators=[no_control_characters, NoLongerThan(LONGEST)])
    code = Line(_l("Follow code"), validators=[no_control_characters, NoLongerThan(LONGEST)])


@access.open_form
def follow() -> Any:
    """Ask for the two; then show the request in the answer itself, so that no browser keeps a way back to it."""
    sent = request.form if request.method == "POST" else None
    form = FollowForm(sent, data={"reference": request.args.get("reference")})
    if request.method != "POST":
        return page("follow.html", form=form)
    if not form.validate():
        return page("follow.html", status=422, form=form)
    try:
        found = followed_by_code(portal(), store(), reference=form.reference.data or "", code=form.code.data or "")
    except TooMany as error:
        access.keep_what_was_counted()
        return too_many(error.seconds)
    except NotTogether:
        access.keep_what_was_counted()
        form.code.errors = [words("This reference and this code do not go together. Read your letter again.")]
        return page("follow.html", status=422, form=form)
    return _page(found)


def _page(found: RightsRequest) -> Any:
    seen = request_views.request_view(found)
    if found.behalf:  # whoever holds a letter need not learn for whom somebody asks
        seen = replace(seen, kind=kind_label_for_staff(found.kind, page_language()))
    return page(
        "followed.html",
        request_view=seen,
        answer=answer_view(found),
    )
