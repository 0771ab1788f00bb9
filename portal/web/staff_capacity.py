"""How somebody who asks for another showed that they may: staff write what they saw, the day, and keep no document."""

from __future__ import annotations

from typing import Any, cast

from flask import abort, redirect, request
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, RadioField
from wtforms.validators import ValidationError

from portal.domain.asking import Proof
from portal.domain.people import StaffMember
from portal.domain.rights import RightsRequest, Role
from portal.services import capacity, desk, rights
from portal.services.capacity import Conflict, NothingToShow, NotThatDay, Seen
from portal.web import access
from portal.web.access import now, portal, store, viewer
from portal.web.asking_views import concerned_here
from portal.web.errors import refusal
from portal.web.forms import DayField, NoLongerThan, PageForm, Paragraphs, no_control_characters, something
from portal.web.languages import page_language, url
from portal.web.numbers import id_or_none
from portal.web.pages import effective, page, words
from portal.wording.asking_labels import proof_label

LONGEST_WHAT = 300


class CapacityForm(PageForm):
    """Which kind of proof, what it was in words, and the day."""

    proof = RadioField(_l("How was it shown?"), validate_choice=False)
    what = Paragraphs(_l("What it was"), validators=[no_control_characters, NoLongerThan(LONGEST_WHAT)])
    shown_on = DayField(_l("Shown on"), validators=[no_control_characters])
    version = HiddenField()

    def validate_proof(self, field: Field) -> None:
        """A check, or a document looked at."""
        if field.data not in {proof.value for proof in Proof}:
            raise ValidationError(words("Choose how the capacity was shown."))

    def validate_what(self, field: Field) -> None:
        """What it was is written; a document itself is not kept (law.md §6.3)."""
        something(field, words("Write what you saw or checked."))

    def validate_shown_on(self, field: DayField) -> None:
        """A day on which it may have been."""
        something(field, words("Enter the day."))
        if field.day is None:
            return
        try:
            capacity.check_day(portal(), field.day, now())
        except NotThatDay as error:
            raise ValidationError(words("Enter a day that is not to come, within the last three years.")) from error


@access.staff(Role.OFFICER, Role.AGENT)
def staff_capacity(reference: str) -> Any:
    """The form; once sent, the request, whose decision is open from then on."""
    found = rights.find(store(), reference) or abort(404)
    if found.behalf is None:
        abort(404)
    form = _prepared(CapacityForm(request.form if request.method == "POST" else None))
    if request.method != "POST":
        form.shown_on.data = portal().today(now()).isoformat()
        return _page(found, form)
    if not form.validate():
        return _page(found, form, status=422)
    seen = id_or_none(form.version.data or "") or 0
    try:
        capacity.capacity_shown(portal(), store(), _member(), found, _read(form), seen_version=seen)
    except (NothingToShow, Conflict):
        return _refused(
            found, words("Somebody wrote it before you, or the request changed meanwhile. Look at it again.")
        )
    return redirect(url("staff_request", reference=found.reference), 303)


def _member() -> StaffMember:
    return cast("StaffMember", viewer().member)


def _prepared(form: CapacityForm) -> CapacityForm:
    form.proof.choices = [(proof.value, proof_label(proof, page_language())) for proof in Proof]
    return form


def _read(form: CapacityForm) -> Seen:
    return Seen(Proof(form.proof.data), form.what.data or "", form.shown_on.day or portal().today(now()))


def _page(found: RightsRequest, form: CapacityForm, *, status: int = 200) -> Any:
    """The form beside whom it is about; that the member read it is written down first."""
    access.write_before_page(desk.look_line(_member(), found, now=now()))
    seen = desk.on_desk(portal(), store(), effective().data_map, _member(), found, now=now())
    concerned = concerned_here(seen)
    form.version.data = str(found.version)
    return page(
        "staff_capacity.html",
        status=status,
        reference=found.reference,
        form=form,
        facts_concerned=concerned.facts if concerned else [],
    )


def _refused(found: RightsRequest, sentence: str) -> Any:
    access.let_go()
    back = [(words("Go to the request"), url("staff_request", reference=found.reference))]
    return refusal(409, words("Nothing was written"), sentence, back)
