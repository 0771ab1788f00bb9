"""Confidentiality incidents: anybody on staff reports one; the officer completes it and has the people told (P-39.1, ss. 3.5 to 3.8)."""

from __future__ import annotations

from typing import Any, cast

from flask import abort, redirect, request

from portal.domain.people import StaffMember
from portal.domain.registers import Entry, Incident, Injury, Register
from portal.domain.rights import Role
from portal.services import incidents, notices
from portal.services.incidents import StaleEntry
from portal.web import access
from portal.web.access import NotPermitted, now, store, viewer
from portal.web.languages import page_language, url
from portal.web.numbers import id_or_none
from portal.web.pages import page
from portal.web.register_entries import facts_of, revisions_of, telling
from portal.web.register_forms import IncidentForm, WholeIncidentForm, fill
from portal.wording.notice_words import notice_state_label
from portal.wording.register_words import column_label

PREPARE = "notice"


@access.staff(Role.OFFICER, Role.AGENT)
def staff_incident_new() -> Any:
    """Report an incident: what happened, when, to which information."""
    form = IncidentForm(request.form)
    if request.method != "POST":
        form.reference.data = request.args.get("request", "")
        return page("staff_incident_new.html", form=form)
    if not form.validate():
        return page("staff_incident_new.html", status=422, form=form)
    number = incidents.report(store(), _member(), form.said(), form_id=form.form_id.data, now=now())
    return redirect(url("staff_incident", number=number), 303)


@access.staff()
def staff_incident(number: str) -> Any:
    """One incident with its revisions; the officer completes it, or prepares the notice to the people concerned."""
    entry = incidents.one(store(), id_or_none(number) or 0) or abort(404)
    past = incidents.revisions(store(), entry.number)
    if not incidents.may_see(_member(), past):
        raise NotPermitted(frozenset({Role.OFFICER, Role.AUDITOR}))
    if request.method != "POST":
        return _page(entry)
    if _member().role is not Role.OFFICER:
        raise NotPermitted(frozenset({Role.OFFICER}))
    return _prepared(entry) if request.form.get("do") == PREPARE else _completed(entry)


def _completed(entry: Entry) -> Any:
    form = WholeIncidentForm(request.form)
    if not form.validate():
        return _page(entry, form, status=422)
    try:
        said = form.said(_said(entry))
        incidents.correct(store(), _member(), entry.number, said, seen=form.seen(), now=now())
    except StaleEntry:
        access.let_go()
        return _changed(entry.number, form)
    return redirect(url("staff_incident", number=entry.number), 303)


def _prepared(entry: Entry) -> Any:
    try:
        notice_id = incidents.prepare_notice(store(), _member(), entry, _said(entry), now=now())
    except StaleEntry:
        access.let_go()
        return _changed(entry.number, None)
    return redirect(url("staff_notice", number=notice_id), 303)


def _page(entry: Entry, form: IncidentForm | None = None, *, status: int = 200, changed: bool = False) -> Any:
    if form is None:
        form = WholeIncidentForm(None)
        fill(form, entry)
    said, language = _said(entry), page_language()
    notice = notices.one(store(), said.notice_id) if said.notice_id else None
    return page(
        "staff_incident.html",
        status=status,
        number=entry.number,
        facts_here=facts_of(Register.INCIDENTS, telling().incident(entry)),
        missing=[column_label(Register.INCIDENTS, name).in_(language) for name in said.missing()],
        serious=said.injury is Injury.SERIOUS,
        notice_state=notice_state_label(notice.state, language) if notice else None,
        notice_id=notice.id if notice else None,
        past=revisions_of(Register.INCIDENTS, incidents.revisions(store(), entry.number)),
        form=form,
        changed=changed,
        open=status != 200,
        may_complete=_member().role is Role.OFFICER,
    )


def _changed(number: int, form: WholeIncidentForm | None) -> Any:
    """What a colleague wrote meanwhile, and what was typed: sent again, it counts."""
    entry = incidents.one(store(), number) or abort(404)
    if form is not None:
        form.version.data = str(entry.revision)
    return _page(entry, form, status=409, changed=True)


def _said(entry: Entry) -> Incident:
    return cast("Incident", entry.said)


def _member() -> StaffMember:
    return cast("StaffMember", viewer().member)
