"""Other addresses I use: shown to be mine by a code, and taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, redirect, request

from portal.domain.people import MOST_OTHER_ADDRESSES
from portal.services import other_addresses as service
from portal.services.identities import other_addresses_of
from portal.services.other_addresses import EnoughAddresses, OwnAddress
from portal.services.sign_in import TooMany, WrongCode, codes_leave
from portal.web import access
from portal.web.access import me, now, portal, store
from portal.web.errors import too_many, wrong_code
from portal.web.forms import AddressForm, CodeForm
from portal.web.languages import page_language, url
from portal.web.pages import page, words
from portal.wording.numbers import number as in_figures


@dataclass(frozen=True, slots=True)
class ShownAddress:
    """One of the person's other addresses. `proved` and `until` are days in the organization's zone."""

    address: str
    proved: date
    until: date
    remove: str


@access.with_fresh_proof()
@access.person
def other_addresses() -> Any:
    """The addresses shown to be mine; ask for a code to show another."""
    form = AddressForm(request.form if request.method == "POST" else None)
    if request.method != "POST":
        return _page(form)
    if not codes_leave(portal()):
        return _page(form, status=503)
    if not form.validate():
        return _page(form, status=422)
    try:
        service.ask(portal(), store(), me(), form.canonical, browser=access.browser(), language=page_language())
    except OwnAddress:
        form.email.errors = [words("You sign in with this address already. Enter another one.")]
        return _page(form, status=422)
    except EnoughAddresses:
        form.email.errors = [_enough()]
        return _page(form, status=422)
    except TooMany as error:
        return too_many(error.seconds)
    return redirect(url("other_address_code"), 303)


@access.with_fresh_proof()
@access.person
def other_address_code() -> Any:
    """Give the code sent to the other address; it is then among mine."""
    asked = service.awaited(portal(), store(), me(), browser=access.browser())
    if asked is None:
        return redirect(url("other_addresses"), 303)
    form = CodeForm(request.form if request.method == "POST" else None)
    if request.method != "POST":
        return _code_page(form, asked.address)
    if not form.validate():
        return _code_page(form, asked.address, status=422)
    try:
        service.confirm(portal(), store(), me(), typed=form.code.data or "", browser=access.browser())
    except WrongCode as error:
        access.keep_what_was_counted()
        form.code.errors = [wrong_code(error)]
        return _code_page(form, asked.address, status=422)
    except EnoughAddresses:
        form.code.errors = [_enough()]
        return _code_page(form, asked.address, status=422)
    except TooMany as error:
        return too_many(error.seconds)
    return redirect(url("other_addresses"), 303)


@access.with_fresh_proof()
@access.person
def other_address_remove(number: int) -> Any:
    """Take one back: nothing is shown under it any more."""
    if not service.remove(portal(), store(), me(), number, now=now()):
        abort(404)
    return redirect(url("other_addresses"), 303)


def _page(form: AddressForm, *, status: int = 200) -> Any:
    shown = [
        ShownAddress(
            one.address,
            portal().today(one.proved_at),
            portal().today(one.until),
            url("other_address_remove", number=one.id),
        )
        for one in other_addresses_of(portal(), store(), me())
    ]
    return page("other_addresses.html", status=status, form=form, addresses=shown)


def _code_page(form: CodeForm, address: str, *, status: int = 200) -> Any:
    return page("other_address_code.html", status=status, form=form, address=address)


def _enough() -> str:
    most = in_figures(MOST_OTHER_ADDRESSES, page_language())
    return words("You have %(most)s other addresses, the most you can have. Remove one first.", most=most)
