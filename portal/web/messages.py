"""A person writes to staff about their request, with files or without."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, request

from portal.domain.attachments import FileRefused
from portal.domain.rights import OutOfOrder, RightsRequest
from portal.services import messages as service
from portal.services import rights
from portal.services.messages import TooManyMessages
from portal.web import access
from portal.web.access import me, now, portal, store
from portal.web.languages import page_language, url
from portal.web.line_forms import ACCEPTED, MOST_SENT
from portal.web.message_forms import MessageForm, refused_file, sends_files, sent
from portal.web.message_views import messages_address, person_talk
from portal.web.pages import page, words
from portal.wording.labels import kind_label


@access.with_files(MOST_SENT)
@access.person
def request_messages(reference: str) -> Any:
    """The messages of one request, and the form to write another."""
    found = rights.one_of_person(store(), me(), reference) or abort(404)
    if request.method != "POST":
        return _to_present_address(found, reference) or _page(found, MessageForm(None))
    form = MessageForm(sent())
    if not form.validate():
        return _page(found, form, status=422)
    try:
        service.write_as_person(
            portal(),
            store(),
            me(),
            found,
            form.written(),
            language=page_language(),
            form_id=form.form_id.data or "",
            now=now(),
        )
    except FileRefused as error:
        return _page(found, form, status=refused_file(form, error))
    except TooManyMessages:
        return _too_many(found, form)
    except OutOfOrder:
        return _over(reference, form)
    return redirect(messages_address(found), 303)


def _to_present_address(found: RightsRequest, reference: str) -> Any:
    return redirect(url("request_messages", reference=found.reference), 302) if found.reference != reference else None


def _too_many(found: RightsRequest, form: MessageForm) -> Any:
    form.text.errors = [
        words("You wrote many messages today. Nothing is lost: send this one tomorrow, or put several in one.")
    ]
    response = _page(found, form, status=429)
    response.headers["Retry-After"] = str(60 * 60)
    return response


def _over(reference: str, form: MessageForm) -> Any:
    """409: the conversation ended while the form was open; what was written is shown, to be copied."""
    access.let_go()
    return _page(rights.one_of_person(store(), me(), reference) or abort(404), form, status=409)


def _page(found: RightsRequest, form: MessageForm, *, status: int = 200) -> Any:
    return page(
        "request_messages.html",
        status=status,
        reference=found.reference,
        kind=kind_label(found.kind, page_language(), found.whom),
        talk=person_talk(found, form=form),
        form=form,
        accepted=ACCEPTED,
        choose_again=status >= 400 and sends_files(),
        over=status == 409,
    )
