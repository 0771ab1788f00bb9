"""The copy: what it will hold, then the archive itself, read from the sources while it is sent."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectMultipleField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from portal.services import copies as service
from portal.services.copies import CopyNotNow, CopyRunning, Scope
from portal.services.withheld import left_out_for
from portal.web import access
from portal.web.access import me, now, portal, store
from portal.web.days_form import DaysForm
from portal.web.errors import RETRY_SECONDS
from portal.web.languages import page_language
from portal.web.pages import effective, page, words
from portal.wording.left_out import left_out_by, part_label

SANDBOX = "sandbox; default-src 'none'"
"""A copy is a file to keep: opened in a browser by mistake, it can do nothing."""


class CopyForm(DaysForm):
    """What to take: everything unless something is chosen."""

    categories = SelectMultipleField(
        _l("Only these categories"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validate_choice=False,
    )
    portable = BooleanField(_l("Only what I can take to another organization"))
    known: frozenset[str] = frozenset()

    def validate_categories(self, field: SelectMultipleField) -> None:
        """Only what the map names."""
        if not self.known.issuperset(field.data or ()):
            raise ValidationError(words("One of these categories does not exist any more. Choose again."))


@access.confirmed
def download() -> Any:
    """What the copy will hold and a button; the button gives the archive."""
    form = _form()
    if request.method != "POST":
        return _page(form)
    if not form.validate():
        return _page(form, status=422)
    person = me()
    chosen = tuple(form.categories.data or ())
    scope = Scope(chosen, form.first_day.day, form.last_day.day, portable=bool(form.portable.data))
    access.let_go()
    try:
        taken = service.take_copy(portal(), person, scope, language=page_language(), now=now())
    except CopyRunning as running:
        return _later(form, 429, _why_wait(running))
    except CopyNotNow:
        return _later(
            form,
            503,
            words("Part of your information cannot be read now, so no copy was begun. Try again in a moment."),
        )
    return _archive(taken)


def _page(form: CopyForm, *, status: int = 200, **more: Any) -> Response:
    return page("download.html", status=status, form=form, left_out=_left_out(), **more)


def _left_out() -> list[str]:
    """What the newest answer leaves out of it, each part in a sentence."""
    everything, language = left_out_for(store(), me()), page_language()
    data_map = effective().data_map
    return [left_out_by(part_label(data_map, one, language), everything.why(one), language) for one in everything.parts]


def _why_wait(running: CopyRunning) -> str:
    if running.own:
        return words("A copy is being made already. Wait until it is whole, then take another if you need it.")
    return words("Many people are taking their copy right now. Try again in a few minutes.")


def _form() -> CopyForm:
    form = CopyForm(request.form)
    language = page_language()
    held = service.what_it_holds(portal(), store())
    form.categories.choices = [(category.id, category.label.in_(language)) for category in held]
    form.known = frozenset(category.id for category in held)
    return form


def _later(form: CopyForm, status: int, sentence: str) -> Response:
    response = _page(form, status=status, problem=sentence)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _archive(taken: service.TakenCopy) -> Response:
    stem = "mes-renseignements" if page_language() == "fr" else "my-information"
    response = Response(taken, mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{stem}-{portal().today(now())}.zip"'
    response.headers["Content-Security-Policy"] = SANDBOX
    return response
