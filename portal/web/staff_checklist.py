"""A line of a request's checklist, as staff answer it, and what helps its keeper find it."""

from __future__ import annotations

from typing import Any, cast

from flask import abort, redirect, request
from flask_babel import lazy_gettext as _l

from portal.domain.attachments import FileRefused
from portal.domain.checklist import ChecklistLine
from portal.domain.people import StaffMember
from portal.domain.rights import RightsRequest, Role
from portal.services import checklist, desk, rights
from portal.services.checklist import AnswerIncomplete, LineChanged, LineClosed
from portal.web import access
from portal.web.access import now, portal, store, viewer
from portal.web.forms import NoLongerThan, PageForm, Paragraphs, no_control_characters
from portal.web.languages import page_language, url
from portal.web.line_forms import (
    ACCEPTED,
    LONGEST_NOTE,
    MOST_SENT,
    LineForm,
    files_of,
    line_form,
    line_view,
    refused_answer,
)
from portal.web.numbers import id_or_none
from portal.web.pages import page
from portal.web.staff_views import who_asks
from portal.wording.labels import kind_label_for_staff


class HelpForm(PageForm):
    """What helps a keeper find it."""

    hint = Paragraphs(_l("What helps to find it"), validators=[no_control_characters, NoLongerThan(LONGEST_NOTE)])


@access.with_files(MOST_SENT)
@access.staff(Role.OFFICER, Role.AGENT)
def staff_line(reference: str, number: str) -> Any:
    """One system to look up, and the form to say what was found."""
    found, line = _found(reference, number)
    if request.method != "POST":
        return _page(found, line)
    form = line_form(line, found, files_of(found, line), staff=True)
    if not form.validate():
        return _page(found, line, form, status=422)
    try:
        checklist.answer(portal(), store(), line, form.answer(), member=_member(), now=now())
    except (AnswerIncomplete, FileRefused) as error:
        return _page(found, line, form, status=refused_answer(form, error))
    except (LineChanged, LineClosed):
        return _changed(reference, number, form)
    return redirect(url("staff_request", reference=found.reference), 303)


@access.staff(Role.OFFICER, Role.AGENT)
def staff_line_help(reference: str, number: str) -> Any:
    """Write what helps the keeper find it."""
    found, line = _found(reference, number)
    form = HelpForm(request.form)
    if not form.validate():
        return _page(found, line, help_form=form, status=422)
    try:
        checklist.help_keeper(store(), _member(), found, line, form.hint.data or "")
    except (LineChanged, LineClosed):
        return _changed(reference, number, None)
    return redirect(url("staff_line", reference=found.reference, number=line.position), 303)


def _found(reference: str, number: str) -> tuple[RightsRequest, ChecklistLine]:
    found = rights.find(store(), reference) or abort(404)
    line = checklist.line_of(store(), found, id_or_none(number) or 0) or abort(404)
    return found, line


def _member() -> StaffMember:
    return cast("StaffMember", viewer().member)


def _changed(reference: str, number: str, form: LineForm | None) -> Any:
    """409: what is true now; sending the form again writes over it, knowingly."""
    access.let_go()
    found, line = _found(reference, number)
    if form is not None:
        form.version.data = str(line.version)
    return _page(found, line, form, status=409)


def _page(
    found: RightsRequest,
    line: ChecklistLine,
    form: LineForm | None = None,
    *,
    help_form: HelpForm | None = None,
    status: int = 200,
) -> Any:
    """One line; before whose it is is shown, that it was looked at is written down."""
    access.write_before_page(desk.look_line(_member(), found, now=now()))
    files = files_of(found, line)
    may_answer = checklist.may_answer(store(), found)
    seen = who_asks(checklist.person_of(store(), checklist.Opened(line, found)))
    return page(
        "staff_line.html",
        status=status,
        rights_request=found,
        kind=kind_label_for_staff(found.kind, page_language()),
        line=line_view(line, files, "staff_file", found.reference),
        keeper=checklist.keeper_of(portal(), store(), line),
        person=seen,
        may_answer=may_answer,
        form=(form or line_form(line, found, files, staff=True)) if may_answer else None,
        help_form=help_form or HelpForm(None, data={"hint": line.hint}),
        changed=status == 409,
        accepted=ACCEPTED,
    )
