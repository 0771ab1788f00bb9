"""Deleting my information: what goes, what must stay and why, then one box to tick and one button."""

from __future__ import annotations

from typing import Any

from flask import redirect, request
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import ValidationError

from portal.services import deletion as service
from portal.services.account import record_kept, record_kept_at_most
from portal.services.identities import identities_of_person
from portal.web import access
from portal.web.access import me, now, portal, store, viewer
from portal.web.erased_here import erased_here
from portal.web.forms import IdempotentForm
from portal.web.languages import page_language, url
from portal.web.law_question import law_question, laws_ticked, prepare_law_question
from portal.web.pages import effective, page, words
from portal.wording.periods import period_words


class DeletionForm(IdempotentForm):
    """Confirm that everything that may be erased should be."""

    other_regimes = law_question()
    confirm = BooleanField(_l("I understand that what is erased cannot be brought back."), false_values=("", "no"))

    def validate_confirm(self, field: BooleanField) -> None:
        """The box must be ticked."""
        if not field.data:
            raise ValidationError(words("Tick the box to confirm, or leave this page: nothing has been asked yet."))


@access.confirmed
def delete() -> Any:
    """Show what would be erased, and ask."""
    already = service.open_deletion(store(), me())
    form = DeletionForm(request.form)
    prepare_law_question(form)
    if already and not (request.method == "POST" and form.validate()):
        return page("delete_asked.html", rights_request=already)
    if request.method != "POST":
        return _page(form)
    if not form.validate():
        return _page(form, status=422)
    asked = service.ask(
        portal(),
        store(),
        me(),
        language=page_language(),
        level=viewer().session.level,
        form_id=form.form_id.data or "",
        other_regimes=laws_ticked(form),
        now=now(),
    )
    return redirect(url("request_page", reference=asked.reference), 303)


def _page(form: DeletionForm, *, status: int = 200) -> Any:
    preview = service.preview(portal(), effective().data_map, identities_of_person(portal(), store(), me()), now=now())
    wait, longer = portal().settings.erasure.wait, record_kept_at_most(portal())
    return page(
        "delete.html",
        status=status,
        form=form,
        erased=erased_here(preview),
        by_staff=[category.label.in_(page_language()) for category in preview.by_staff],
        preview=preview,
        record_longer=period_words(longer, page_language()) if longer != record_kept(portal()) else None,
        wait=period_words(wait, page_language()) if wait.days or wait.months else None,
    )
