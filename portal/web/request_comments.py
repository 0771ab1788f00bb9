"""The comments a person adds to their file because we did not correct: written, changed, taken out (CCQ, art. 40)."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, request
from flask_babel import lazy_gettext as _l
from wtforms import Field

from portal.domain.rights import RightsRequest
from portal.domain.statements import LONGEST_STATEMENT
from portal.services import rights
from portal.services import statements as service
from portal.services.statements import Barred, UnfitStatement
from portal.web import access
from portal.web.access import me, now, store
from portal.web.forms import (
    NoLongerThan,
    PageForm,
    Paragraphs,
    no_control_characters,
    nothing_that_steers,
    something,
)
from portal.web.languages import page_language, url
from portal.web.pages import page, words
from portal.web.statement_views import comments_here
from portal.wording.labels import kind_label

WITHDRAW = "withdraw"


class CommentsForm(PageForm):
    """A person's comments, in their own words."""

    text = Paragraphs(
        _l("Your comments"), validators=[no_control_characters, nothing_that_steers, NoLongerThan(LONGEST_STATEMENT)]
    )

    def validate_text(self, field: Field) -> None:
        """Something to keep."""
        something(field, words("Write your comments, in a few words."))


@access.person
def request_comments(reference: str) -> Any:
    """The comments of one request, and the form that writes them or takes them out."""
    found = rights.one_of_person(store(), me(), reference) or abort(404)
    if request.method != "POST":
        return _to_present_address(found, reference) or _page(found, _form(found))
    if request.form.get("do") == WITHDRAW:
        service.withdraw(store(), me(), found, now=now())
        return _back(found)
    form = CommentsForm(request.form)
    return _written(found, form) if form.validate() else _page(found, form, status=422)


def _written(found: RightsRequest, form: CommentsForm) -> Any:
    try:
        service.write(store(), me(), found, form.text.data or "", language=page_language(), now=now())
    except UnfitStatement:
        form.text.errors = [words("Write your comments, in a few words.")]
        return _page(found, form, status=422)
    except Barred:
        return _page(found, form, status=409)
    return _back(found)


def _form(found: RightsRequest) -> CommentsForm:
    kept = service.of_request(store(), found)
    return CommentsForm(None, data={"text": kept.text if kept else ""})


def _to_present_address(found: RightsRequest, reference: str) -> Any:
    return redirect(url("request_comments", reference=found.reference), 302) if found.reference != reference else None


def _back(found: RightsRequest) -> Any:
    return redirect(url("request_page", reference=found.reference, _anchor="comments"), 303)


def _page(found: RightsRequest, form: CommentsForm, *, status: int = 200) -> Any:
    return page(
        "request_comments.html",
        status=status,
        reference=found.reference,
        kind=kind_label(found.kind, page_language()),
        comments=comments_here(found),
        form=form,
        typed=form.text.data if status == 409 else None,
    )
