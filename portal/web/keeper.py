"""The page behind a keeper's link: whose information to look for, after a button; then what was found."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flask import redirect, request, session

from portal.domain.attachments import FileRefused
from portal.services import checklist
from portal.services.checklist import AnswerIncomplete, LineChanged, LineClosed, Opened
from portal.web import access
from portal.web.access import now, portal, store
from portal.web.asking_views import whose_information
from portal.web.languages import page_language, url
from portal.web.line_forms import (
    ACCEPTED,
    MOST_SENT,
    LineForm,
    LineView,
    files_of,
    line_form,
    line_view,
    refused_answer,
)
from portal.web.pages import page
from portal.web.staff_views import who_asks
from portal.wording.labels import kind_label_for_staff

SHOWN_FOR = timedelta(minutes=30)
"""After so long the button is asked for again, as staff sessions end (ASVS 7.3.1)."""


def _admits() -> bool:
    """Files are read only behind a link that works."""
    return checklist.of_link(store(), str((request.view_args or {}).get("token"))) is not None


@access.with_files(MOST_SENT, admits=_admits)
@access.token
def keeper(token: str) -> Any:
    """Say what is asked; on a press, of whom; then take the answer, which may be changed until the decision."""
    opened = checklist.of_link(store(), token)
    if opened is None:
        return page("keeper_over.html", status=410)
    if request.method != "POST":
        return _page(token, opened)
    if request.form.get("act") == "look":
        return _look(token, opened)
    return _answer(token, opened)


def _look(token: str, opened: Opened) -> Any:
    checklist.look(store(), opened, now=now())
    session["keeper"] = {str(opened.line.id): now().isoformat()}
    return redirect(url("keeper", token=token), 303)


def _answer(token: str, opened: Opened) -> Any:
    if opened.line.looked_at is None:
        return _page(token, opened, status=409)  # nobody has seen whose information it is, so nobody has looked for it
    form = line_form(opened.line, opened.request, files_of(opened.request, opened.line), staff=False)
    if not form.validate():
        return _page(token, opened, form, status=422)
    try:
        checklist.answer(portal(), store(), opened.line, form.answer(), member=None, now=now())
    except (AnswerIncomplete, FileRefused) as error:
        return _page(token, opened, form, status=refused_answer(form, error))
    except LineClosed:
        access.let_go()
        return page("keeper_over.html", status=410)
    except LineChanged:
        return _changed(token, form)
    return redirect(url("keeper", token=token, sent="1"), 303)


def _changed(token: str, form: LineForm) -> Any:
    """Somebody answered meanwhile: what, and when; sending the form again writes over it, knowingly."""
    access.let_go()
    opened = checklist.of_link(store(), token)
    if opened is None:
        return page("keeper_over.html", status=410)
    form.version.data = str(opened.line.version)
    return _page(token, opened, form, status=409)


def _page(token: str, opened: Opened, form: LineForm | None = None, *, status: int = 200) -> Any:
    line, rights_request = opened.line, opened.request
    files = files_of(rights_request, line)
    shown = _is_shown(opened)
    return page(
        "keeper.html",
        status=status,
        token=token,
        line=line_view(line, files) if shown else _without_what_was_found(line_view(line, ())),
        reference=rights_request.reference,
        kind=kind_label_for_staff(rights_request.kind, page_language()),
        kind_key=rights_request.kind.value,
        due=rights_request.due,
        person=whose_information(rights_request, who_asks(checklist.person_of(store(), opened))) if shown else None,
        form=form or (line_form(line, rights_request, files, staff=False) if shown else None),
        changed=status == 409 and form is not None,
        sent=request.args.get("sent") == "1" and status == 200 and not line.is_open,
        accepted=ACCEPTED,
    )


def _without_what_was_found(line: LineView) -> LineView:
    """A line as whoever merely holds the link may read it: a note, and the names of files, speak of the person."""
    return replace(line, note="")


def _is_shown(opened: Opened) -> bool:
    """Whether this browser pressed the button lately."""
    pressed = (session.get("keeper") or {}).get(str(opened.line.id))
    try:
        return pressed is not None and now() - datetime.fromisoformat(pressed) < SHOWN_FOR
    except (TypeError, ValueError):
        return False
