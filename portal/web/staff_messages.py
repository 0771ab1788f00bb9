"""Staff write to the person of a request, ask what is missing, and write notes to each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from flask import abort, redirect, request

from portal.domain.attachments import FileRefused
from portal.domain.people import StaffMember
from portal.domain.rights import OutOfOrder, RightsRequest, Role, State
from portal.services import desk, rights
from portal.services import messages as service
from portal.services.messages import NotKnownYet
from portal.services.regimes import regime_of
from portal.web import access
from portal.web.access import now, portal, store, viewer
from portal.web.languages import page_language, url
from portal.web.line_forms import ACCEPTED, MOST_SENT
from portal.web.message_forms import (
    NoteForm,
    QuestionForm,
    StaffMessageForm,
    put_in,
    question_form,
    refused_file,
    sends_files,
    sent,
    staff_message_form,
)
from portal.web.message_views import staff_talk
from portal.web.pages import page, words
from portal.web.staff_views import who_asks
from portal.wording.labels import kind_label_for_staff, state_label

INSERT = "insert"
"""The button that puts a ready paragraph into the message, to be read and changed before it goes."""

Form = StaffMessageForm | QuestionForm | NoteForm


@access.with_files(MOST_SENT)
@access.staff(Role.OFFICER, Role.AGENT)
def staff_messages(reference: str) -> Any:
    """The messages of a request with one form: to write, to ask, or to note (`write` says which)."""
    found = rights.find(store(), reference) or abort(404)
    write = _what_is_written()
    form = _form(found, write)
    if request.method != "POST":
        return _page(found, write, form)
    if isinstance(form, StaffMessageForm) and request.form.get("do") == INSERT:
        put_in(form, found)
        return _page(found, write, form, inserted=True)
    if not form.validate():
        return _page(found, write, form, status=422)
    try:
        _KEEP[write](found, form)
    except FileRefused as error:
        return _page(found, write, form, status=refused_file(cast("StaffMessageForm", form), error))
    except NotKnownYet:
        cast("StaffMessageForm", form).files.errors = [
            words("First it must be known who asks, and whom they may act for.")
        ]
        return _page(found, write, form, status=422)
    except OutOfOrder:
        return _moved_on(reference, write, form)
    return redirect(url("staff_request", reference=found.reference, _anchor="messages"), 303)


@access.staff(Role.OFFICER, Role.AGENT)
def staff_go_on(reference: str) -> Any:
    """Go on with a request that waits for its person."""
    found = rights.find(store(), reference) or abort(404)
    try:
        service.go_on(portal(), store(), _member(), found, answered=request.form.get("do") == "answered", now=now())
    except OutOfOrder:
        return _moved_on(reference, "message", None)
    return redirect(url("staff_request", reference=found.reference), 303)


def _what_is_written() -> str:
    asked = request.form.get("write") if request.method == "POST" else request.args.get("write")
    return asked if asked in _KEEP else "message"


def _form(found: RightsRequest, write: str) -> Form:
    if write == "note":
        return NoteForm(sent())
    by_post = store().people.is_by_post(found.person_id)
    return question_form(found, by_post=by_post) if write == "question" else staff_message_form(found, by_post=by_post)


def _keep_message(found: RightsRequest, form: Any) -> None:
    put_in(form, found)
    service.write_as_staff(portal(), store(), _member(), found, form.written(), form_id=form.form_id.data, now=now())


def _keep_question(found: RightsRequest, form: Any) -> None:
    service.ask(portal(), store(), _member(), found, form.question(), form_id=form.form_id.data, now=now())


def _keep_note(found: RightsRequest, form: Any) -> None:
    service.note(
        portal(),
        store(),
        _member(),
        found,
        form.text.data or "",
        language=page_language(),
        form_id=form.form_id.data,
        now=now(),
    )


_KEEP: dict[str, Callable[[RightsRequest, Any], None]] = {
    "message": _keep_message,
    "question": _keep_question,
    "note": _keep_note,
}


def _member() -> StaffMember:
    return cast("StaffMember", viewer().member)


def _moved_on(reference: str, write: str, form: Form | None) -> Any:
    """409: what is true now; what was written is still there."""
    access.let_go()
    found = rights.find(store(), reference) or abort(404)
    return _page(found, write, form or _form(found, write), status=409)


def _page(found: RightsRequest, write: str, form: Form, *, status: int = 200, inserted: bool = False) -> Any:
    """The conversation; before it is shown, that it was looked at is written down."""
    access.write_before_page(desk.look_line(_member(), found, now=now()))
    person = store().people.by_id(found.person_id)
    return page(
        "staff_messages.html",
        status=status,
        rights_request=found,
        kind=kind_label_for_staff(found.kind, page_language()),
        state=state_label(found.state, page_language()),
        person=who_asks(person),
        by_post=person is not None and person.by_post is not None,
        talk=staff_talk(found),
        write=write,
        form=form,
        accepted=ACCEPTED,
        choose_again=(status >= 400 or inserted) and sends_files(),
        moved_on=status == 409,
        clock_may_pause=bool(regime_of(store(), found).pause_reasons),
        takes_up=found.state is State.RECEIVED,
    )
