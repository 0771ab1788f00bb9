"""Being told of changes to the policy: ask with a proved address, and stop by the link each letter has (RFC 8058)."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, session

from portal.services import subscriptions
from portal.services.sign_in import TooMany, WrongCode, codes_leave
from portal.web import access
from portal.web.access import now, portal, store
from portal.web.errors import too_many, wrong_code
from portal.web.forms import AddressForm, CodeForm
from portal.web.languages import page_language, speak, url
from portal.web.pages import page


@access.open_form
def subscribe() -> Any:
    """Ask for a code, to subscribe or to stop; the answer is the same whether an address is subscribed or not."""
    form = AddressForm(request.form if request.method == "POST" else None)
    if request.method != "POST":
        return page("subscribe.html", form=form)
    if not codes_leave(portal()):
        return page("subscribe.html", status=503, form=form)
    if not form.validate():
        return page("subscribe.html", status=422, form=form)
    try:
        subscriptions.ask(
            portal(),
            store(),
            address=form.canonical,
            browser=access.browser(),
            language=page_language(),
            leave=request.form.get("do") == subscriptions.LEAVE,
        )
    except TooMany as error:
        return too_many(error.seconds)
    session["subscribing"] = form.canonical
    return redirect(url("subscribe_code"), 303)


@access.open_form
def subscribe_code() -> Any:
    """Give the code; then what was asked for is done, and the page says so."""
    address = session.get("subscribing")
    if address is None:
        return redirect(url("subscribe"), 303)
    form = CodeForm(request.form)
    if request.method != "POST":
        return page("subscribe_code.html", form=form, address=address)
    if not form.validate():
        return page("subscribe_code.html", status=422, form=form, address=address)
    try:
        code = subscriptions.confirm(portal(), store(), typed=form.code.data or "", browser=access.browser())
    except WrongCode as error:
        access.keep_what_was_counted()
        form.code.errors = [wrong_code(error)]
        return page("subscribe_code.html", status=422, form=form, address=address)
    except TooMany as error:
        return too_many(error.seconds)
    session.pop("subscribing")
    return page("subscribed.html", left=code.next == subscriptions.LEAVE, address=address)


@access.token
def unsubscribe(token: str) -> Any:
    """What a letter's link leads to: a page with a button, which mail programs may press by themselves.

    No redirect answers them (RFC 8058 §3.1), and the answer is the same for a link that was used or never was. It
    speaks the language of the letter, whatever the browser's.
    """
    speak(subscriptions.language_of(store(), token))
    if request.method == "POST":
        subscriptions.unsubscribe(store(), token, now())
    return page("unsubscribe.html", done=request.method == "POST", token=token)
