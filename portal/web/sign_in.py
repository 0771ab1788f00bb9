"""Signing in: an address, then a code; confirming again; signing out; what was typed given back."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, session

from portal.domain.codes import Flow
from portal.domain.rights import Role
from portal.services import sign_in as service
from portal.services.kept import KeptForm, forget_form, give_back, owner_of
from portal.services.sign_in import Door, TooMany, WrongCode
from portal.web import access, setup_tasks
from portal.web.access import portal, store, viewer
from portal.web.errors import refusal, too_many, wrong_code
from portal.web.forms import AddressForm, CodeForm
from portal.web.languages import page_language, url
from portal.web.law_question import typed_laws
from portal.web.next_page import is_staff_page, safe_next
from portal.web.pages import page, words
from portal.wording.typed_words import typed_lines


@access.open_form
def sign_in() -> Any:
    """Ask for a code."""
    form = AddressForm(request.form if request.method == "POST" else request.args)
    if request.method != "POST":
        return page("sign_in.html", form=form, member=_member_here())
    if not service.codes_leave(portal()):
        return page("sign_in.html", status=503, form=form, member=_member_here())
    if not form.validate():
        return page("sign_in.html", status=422, form=form)
    try:
        _ask(Flow.SIGN_IN, form.canonical, safe_next(form.next.data))
    except TooMany as error:
        return too_many(error.seconds)
    session["asked_for"] = form.canonical
    return redirect(url("sign_in_code"), 303)


@access.open_form
def sign_in_code() -> Any:
    """Give the code."""
    if "asked_for" not in session:
        return redirect(url("sign_in"), 303)
    form = CodeForm(request.form)
    if request.method != "POST":
        return page("sign_in_code.html", form=form, address=session["asked_for"])
    if not form.validate():
        return page("sign_in_code.html", status=422, form=form, address=session["asked_for"])
    asked = service.asked_code(portal(), store(), flow=Flow.SIGN_IN, browser=access.browser())
    door = Door.PERSON if asked and asked.next and not is_staff_page(asked.next) else Door.ANY
    try:
        signed_in = service.sign_in(portal(), store(), typed=form.code.data or "", browser=access.browser(), door=door)
    except WrongCode as error:
        return _wrong_code("sign_in_code.html", form, error, address=session["asked_for"])
    except TooMany as error:
        return too_many(error.seconds)
    access.open_session(signed_in)
    return redirect(_after(signed_in), 303)


@access.token
def sign_in_link(token: str) -> Any:
    """A one-time link: looking uses nothing up, the button does (mail scanners only look)."""
    if request.method != "POST":
        usable = service.invited(portal(), store(), token)
        return page("sign_in_link.html", status=200 if usable else 410, usable=usable, token=token)
    accepted = service.accept_invitation(portal(), store(), token)
    if accepted is None:
        return page("sign_in_link.html", status=410, usable=False, token=token)
    session_token, opened = accepted
    access.open_session_with(session_token, opened.id)
    member = store().staff.by_id(opened.staff_id or 0)
    if member and _kept_for(member.address):
        return redirect(url("resume"), 303)
    begins = member is not None and member.role is Role.OFFICER and setup_tasks.something_left()
    return redirect(url("staff_setup" if begins else "staff_requests"), 303)


@access.signed_in
def confirm() -> Any:
    """Confirm again, before what matters: ask for a code, then give it."""
    next_page = safe_next(request.values.get("next", ""))
    form = CodeForm(request.form)
    if request.method != "POST":
        return page("confirm.html", form=form, next_page=next_page, sent=False)
    if request.form.get("send"):
        return _send_confirmation(form, next_page)
    if not form.validate():
        return page("confirm.html", status=422, form=form, next_page=next_page, sent=True)
    try:
        renewed = service.confirm(
            portal(), store(), viewer=viewer(), typed=form.code.data or "", browser=access.browser()
        )
    except WrongCode as error:
        return _wrong_code("confirm.html", form, error, next_page=next_page, sent=True)
    except TooMany as error:
        return too_many(error.seconds)
    bound = access.browser()
    access.open_session(renewed)
    session["browser"] = bound
    return redirect(renewed.code.next or _first_page(staff=viewer().member is not None), 303)


@access.open_form
def sign_out() -> Any:
    """Sign out: the session ends on the server."""
    return _out()


@access.signed_in
def resume() -> Any:
    """Give back what was typed when the session had ended, or before a fresh proof, to the same address only."""
    first_page = _first_page(staff=viewer().member is not None)
    if request.method == "POST":
        handle = session.pop("kept", None)
        if handle:
            forget_form(store(), handle)
        return redirect(first_page, 303)
    kept = _kept_for(viewer().address)
    if kept is None:
        return refusal(
            404,
            words("Nothing is waiting for you"),
            words("What you typed was kept for 15 minutes, for the address you had signed in with."),
            [(words("Go to the requests") if viewer().member else words("Go to my information"), first_page)],
        )
    return _resend(kept)


def _member_here() -> bool:
    """Whether a member of staff is signed in, and only lost their way."""
    found = access.current()
    return found is not None and found.member is not None


def _kept_for(address: str) -> KeptForm | None:
    """What this browser still owes to an address."""
    handle = session.get("kept")
    return give_back(portal(), store(), handle, owner=owner_of(portal(), address)) if handle else None


def _resend(kept: KeptForm) -> Any:
    return page(
        "send_again.html",
        status=200,
        title=words("Here is what you typed"),
        sentence=words("Nothing has been sent yet. Check it, then send it."),
        path=kept.path,
        fields=kept.fields,
        typed=[*typed_lines(kept.fields, page_language()), *typed_laws(kept.fields)],
    )


def _ask(flow: Flow, address: str, next_page: str) -> None:
    service.ask_code(
        portal(),
        store(),
        flow=flow,
        address=address,
        browser=access.browser(),
        language=page_language(),
        next_page=next_page,
    )


def _send_confirmation(form: CodeForm, next_page: str) -> Any:
    if not service.codes_leave(portal()):
        return page("confirm.html", status=503, form=form, next_page=next_page, sent=False)
    try:
        _ask(Flow.CONFIRM, viewer().address, next_page)
    except TooMany as error:
        return too_many(error.seconds)
    return page("confirm.html", form=form, next_page=next_page, sent=True)


def _wrong_code(template: str, form: CodeForm, error: WrongCode, **values: Any) -> Any:
    access.keep_what_was_counted()
    form.code.errors = [wrong_code(error)]
    return page(template, status=422, form=form, dead=error.dead, **values)


def _after(signed_in: service.SignedIn) -> str:
    """Where a sign-in leads: what was typed, else the page asked for, else the viewer's first page."""
    if _kept_for(signed_in.code.address):
        return url("resume")
    staff = signed_in.session.staff_id is not None
    asked = signed_in.code.next
    return asked if asked and is_staff_page(asked) is staff else _first_page(staff=staff)


def _first_page(*, staff: bool) -> str:
    return url("staff_requests" if staff else "my_information")


def _out() -> Any:
    found = access.current()
    if found:
        service.sign_out(portal(), store(), found)
        access.close_session(found)
    response = redirect(url("home"), 303)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response
