"""Communications to third parties: the officer writes one down, reads one with its past, and corrects it (P-39.1, s. 18)."""

from __future__ import annotations

from typing import Any, cast

from flask import abort, redirect, request

from portal.domain.people import StaffMember
from portal.domain.registers import About, Entry, Register
from portal.domain.rights import Role
from portal.services import disclosures
from portal.services.disclosures import CannotLook, NobodyFound, StaleEntry
from portal.web import access
from portal.web.access import NotPermitted, now, portal, store, viewer
from portal.web.languages import url
from portal.web.numbers import id_or_none
from portal.web.pages import page, words
from portal.web.register_entries import facts_of, revisions_of, telling
from portal.web.register_forms import DisclosureForm, fill


@access.staff(Role.OFFICER)
def staff_disclosure_new() -> Any:
    """Write a communication down."""
    form = DisclosureForm(request.form)
    if request.method != "POST":
        form.person.data = request.args.get("request", "")
        return page("staff_disclosure_new.html", form=form)
    about = _about(form, About()) if form.validate() else None
    if about is None:
        return page("staff_disclosure_new.html", status=422, form=form)
    number = disclosures.record(store(), _member(), form.said(), about, form_id=form.form_id.data, now=now())
    return redirect(url("staff_disclosure", number=number), 303)


@access.staff(Role.OFFICER, Role.AUDITOR)
def staff_disclosure(number: str) -> Any:
    """One communication with its revisions; the officer corrects it."""
    entry = disclosures.one(store(), id_or_none(number) or 0) or abort(404)
    if request.method != "POST":
        return _page(entry)
    if _member().role is not Role.OFFICER:
        raise NotPermitted(frozenset({Role.OFFICER}))
    form = DisclosureForm(request.form)
    form.keeps_person = entry.about.one_person
    about = _about(form, entry.about) if form.validate() else None
    if about is None:
        return _page(entry, form, status=422)
    try:
        disclosures.correct(store(), _member(), entry.number, form.said(), about, seen=form.seen(), now=now())
    except StaleEntry:
        access.let_go()
        return _changed(entry.number, form)
    return redirect(url("staff_disclosure", number=entry.number), 303)


def _page(entry: Entry, form: DisclosureForm | None = None, *, status: int = 200, changed: bool = False) -> Any:
    if form is None:
        form = DisclosureForm(None)
        fill(form, entry)
    past = disclosures.revisions(store(), entry.number)
    return page(
        "staff_disclosure.html",
        status=status,
        number=entry.number,
        facts_here=facts_of(Register.DISCLOSURES, telling().disclosure(entry)),
        past=revisions_of(Register.DISCLOSURES, past),
        form=form,
        keeps_person=entry.about.one_person,
        changed=changed,
        open=status != 200,
        may_correct=_member().role is Role.OFFICER,
    )


def _changed(number: int, form: DisclosureForm) -> Any:
    """What a colleague wrote meanwhile, and what was typed: sent again, it counts."""
    entry = disclosures.one(store(), number) or abort(404)
    form.version.data = str(entry.revision)
    return _page(entry, form, status=409, changed=True)


def _about(form: DisclosureForm, present: About) -> About | None:
    """About whom the entry is; None when nobody is found, which the form then says."""
    if form.people.data:
        return About()
    if not form.person.data:
        return present
    try:
        return disclosures.whom(portal(), store(), form.person.data)
    except NobodyFound:
        sentence = words("We know nobody by this. Give the reference of a request, or the exact e-mail address.")
    except CannotLook:
        sentence = words("One of your databases does not answer now. Give the reference of a request, or try later.")
    form.person.errors = [sentence]
    return None


def _member() -> StaffMember:
    return cast("StaffMember", viewer().member)
