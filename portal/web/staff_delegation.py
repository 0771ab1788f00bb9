"""A colleague's delegation: whether they decide in the officer's place, since when, and by which writing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from flask import abort, redirect, request
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField

from portal.domain.people import StaffMember
from portal.domain.rights import Role
from portal.services import delegations
from portal.services.delegations import EndsBeforeItBegins, NotAnAgent
from portal.web import access
from portal.web.access import now, portal, store, viewer
from portal.web.errors import refusal
from portal.web.forms import DayField, Line, NoLongerThan, PageForm, no_control_characters, something
from portal.web.languages import url
from portal.web.numbers import id_or_none
from portal.web.pages import page, words

LONGEST_DOCUMENT = 300


class DelegationForm(PageForm):
    """Since when, until when, and where the writing is; `do` ends the present one instead."""

    since = DayField(_l("First day"), validators=[no_control_characters])
    until = DayField(_l("Last day"), validators=[no_control_characters])
    document = Line(
        _l("Where the signed delegation is"), validators=[no_control_characters, NoLongerThan(LONGEST_DOCUMENT)]
    )
    do = HiddenField()

    def validate_since(self, field: Field) -> None:
        """A first day."""
        something(field, words("Give the first day."))

    def validate_document(self, field: Field) -> None:
        """The law wants it in writing."""
        something(field, words("Say where the signed delegation is: the law wants it in writing."))


@dataclass(frozen=True, slots=True)
class DelegationLine:
    """One delegation in words."""

    since: date
    until: date | None
    document: str
    recorded_at: datetime
    in_force: bool
    ended_at: datetime | None


@access.with_fresh_proof()
@access.staff(Role.OFFICER)
def staff_delegation(member: str) -> Any:
    """What was delegated to a colleague; a POST records a delegation, or ends it."""
    found = store().staff.by_id(id_or_none(member) or 0) or abort(404)
    if request.method != "POST":
        return _page(found, DelegationForm(None, data={"since": portal().today(now()).isoformat()}))
    if request.form.get("do") == "end":
        delegations.end(portal(), store(), _me(), found)
        return redirect(url("staff_delegation", member=found.id), 303)
    form = DelegationForm(request.form)
    return _record(found, form) if form.validate() else _page(found, form, status=422)


def _record(found: StaffMember, form: DelegationForm) -> Any:
    try:
        delegations.record(
            portal(),
            store(),
            _me(),
            found,
            since=cast("date", form.since.day),
            until=form.until.day,
            document=form.document.data or "",
        )
    except NotAnAgent:
        back = [(words("Back to the colleague"), url("staff_colleague", member=found.id))]
        return refusal(
            409, words("Nothing was written"), words("Only an agent who can sign in is given decisions."), back
        )
    except EndsBeforeItBegins:
        form.until.errors = [words("The last day is after the first, and not over yet.")]
        return _page(found, form, status=422)
    return redirect(url("staff_delegation", member=found.id), 303)


def _page(found: StaffMember, form: DelegationForm, *, status: int = 200) -> Any:
    today = portal().today(now())
    lines = [
        DelegationLine(one.since, one.until, one.document, one.recorded_at, one.in_force(today), one.ended_at)
        for one in delegations.of_member(store(), found)
    ]
    return page(
        "staff_delegation.html",
        status=status,
        member=found,
        form=form,
        lines=lines,
        in_force=any(line.in_force for line in lines),
        may_be_given=delegations.may_be_given(found),
    )


def _me() -> StaffMember:
    return cast("StaffMember", viewer().member)
