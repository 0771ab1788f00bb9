"""What staff do to a request beside deciding it: one short page for each act, with what it brings about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from flask import abort, redirect, request
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, RadioField, SelectChoice  # type: ignore[attr-defined]  # newer than the types of the package
from wtforms.validators import ValidationError

from portal.domain.acts import Act, Bar
from portal.domain.people import StaffMember
from portal.domain.rights import PauseReason, RegulatorOutcome, RightsRequest, Role
from portal.services import acts, more_time, rights
from portal.services.acts import Barred, Conflict, Doing, NotThatDay
from portal.services.regimes import regime_of
from portal.web import access
from portal.web.access import NotPermitted, now, portal, store, viewer
from portal.web.errors import refusal
from portal.web.forms import DayField, Line, NoLongerThan, PageForm, Paragraphs, no_control_characters, something
from portal.web.languages import page_language, url
from portal.web.numbers import id_or_none
from portal.web.pages import page, words
from portal.wording.acts import act_words, bar_sentence, pause_label, regulator_label
from portal.wording.dates import date_long

LONGEST_REASON = 2_000
LONGEST_FILE = 80


def _reason(label: Any) -> Paragraphs:
    return Paragraphs(label, validators=[no_control_characters, NoLongerThan(LONGEST_REASON)])


class ActForm(PageForm):
    """What every act carries: the version of the request its page showed."""

    version = HiddenField()

    def prepare(self, found: RightsRequest) -> None:
        """Fill what may be chosen for this request."""


class NothingForm(ActForm):
    """An act that needs no word."""


class ReasonForm(ActForm):
    """An act that needs a reason."""

    reason = _reason(_l("Why"))

    def validate_reason(self, field: Field) -> None:
        """A reason is written, and kept with the request."""
        something(field, words("Write why, in a few words."))


class NoteForm(ReasonForm):
    """A note to whoever prepared the answer."""

    reason = _reason(_l("Your note"))


class ReasonToPersonForm(ReasonForm):
    """A reason that the person reads."""

    reason = _reason(_l("Why, as the person reads it"))


class PauseForm(ReasonForm):
    """What the clock stands still for."""

    why = RadioField(_l("What is missing"), validate_choice=False)
    reason = _reason(_l("What was asked of the person, and when"))

    def prepare(self, found: RightsRequest) -> None:
        """Only what the request's own law allows."""
        allowed = regime_of(store(), found).pause_reasons
        self.why.choices = [
            SelectChoice(one.value, pause_label(one, page_language())) for one in PauseReason if one.value in allowed
        ]

    def validate_why(self, field: Any) -> None:
        """One of them."""
        if field.data not in {option.data for option in field}:
            raise ValidationError(words("Choose what is missing."))


class DayForm(ActForm):
    """An act that happened on a day."""

    day = DayField(_l("Day"), validators=[no_control_characters])

    def validate_day(self, field: Field) -> None:
        """A day is given."""
        something(field, words("Give the day."))


class ApplicationForm(DayForm, ReasonForm):
    """When more time was asked of the regulator, and why."""

    day = DayField(_l("Day the application was sent"), validators=[no_control_characters])


class AnswerForm(ReasonForm):
    """What the regulator answered."""

    outcome = RadioField(_l("What it answered"), validate_choice=False)
    day = DayField(_l("New last day to answer, if it gave one"), validators=[no_control_characters])
    reason = _reason(_l("Its answer, in a few words"))

    def prepare(self, _found: RightsRequest) -> None:
        """Yes or no."""
        self.outcome.choices = [
            SelectChoice(one.value, regulator_label(one, page_language())) for one in RegulatorOutcome
        ]

    def validate_outcome(self, field: Field) -> None:
        """One of the two."""
        if field.data not in {one.value for one in RegulatorOutcome}:
            raise ValidationError(words("Choose what it answered."))

    def validate_day(self, field: Field) -> None:
        """A day, where more time was given."""
        if self.outcome.data == RegulatorOutcome.GRANTED.value:
            something(field, words("Give the new last day."))


class ContestForm(DayForm):
    """Since when, and under which number, the regulator has the file."""

    day = DayField(_l("Day of its letter"), validators=[no_control_characters])
    file = Line(_l("Its file number"), validators=[no_control_characters, NoLongerThan(LONGEST_FILE)])

    def validate_file(self, field: Field) -> None:
        """The number is what its letters are found by."""
        something(field, words("Give the number of its file."))


class SettleForm(DayForm, ReasonForm):
    """The final answer."""

    day = DayField(_l("Day of the final answer, or of the settlement"), validators=[no_control_characters])
    reason = _reason(_l("What was ordered or agreed, in a few words"))


@dataclass(frozen=True, slots=True)
class ActPage:
    """One act on its page: its form, and what it does with it."""

    form: type[ActForm]
    do: Callable[[Doing, Any], Any]


def _extend(doing: Doing, form: Any) -> None:
    acts.extend(portal(), store(), doing, form.reason.data)


def _pause(doing: Doing, form: Any) -> None:
    acts.pause(portal(), store(), doing, PauseReason(form.why.data), form.reason.data)


def _resume(doing: Doing, _form: Any) -> None:
    acts.resume(portal(), store(), doing)


def _apply(doing: Doing, form: Any) -> None:
    more_time.apply_for_time(portal(), store(), doing, form.day.day, form.reason.data)


def _hear(doing: Doing, form: Any) -> None:
    more_time.hear(portal(), store(), doing, RegulatorOutcome(form.outcome.data), form.day.day, form.reason.data)


def _contest(doing: Doing, form: Any) -> None:
    acts.contest(portal(), store(), doing, form.day.day, form.file.data)


def _settle(doing: Doing, form: Any) -> None:
    acts.settle(portal(), store(), doing, form.day.day, form.reason.data)


def _reopen(doing: Doing, form: Any) -> None:
    acts.reopen(portal(), store(), doing, form.reason.data)


def _give_back(doing: Doing, form: Any) -> None:
    acts.give_back(portal(), store(), doing, form.reason.data)


PAGES: Mapping[Act, ActPage] = {
    Act.GIVE_BACK: ActPage(NoteForm, _give_back),
    Act.EXTEND: ActPage(ReasonToPersonForm, _extend),
    Act.PAUSE: ActPage(PauseForm, _pause),
    Act.RESUME: ActPage(NothingForm, _resume),
    Act.APPLY: ActPage(ApplicationForm, _apply),
    Act.HEAR: ActPage(AnswerForm, _hear),
    Act.CONTEST: ActPage(ContestForm, _contest),
    Act.SETTLE: ActPage(SettleForm, _settle),
    Act.REOPEN: ActPage(ReasonForm, _reopen),
}
"""The acts that have a page of their own."""


@access.staff(Role.OFFICER, Role.AGENT)
def staff_act(reference: str, act: str) -> Any:
    """One act: its form; once sent, the request as it stands then."""
    found = rights.find(store(), reference) or abort(404)
    chosen = next((one for one in PAGES if one.value == act), None) or abort(404)
    form = PAGES[chosen].form(request.form if request.method == "POST" else None)
    form.prepare(found)
    try:
        return _send(found, chosen, form) if request.method == "POST" else _open(found, chosen, form)
    except Barred as error:
        return _barred(found, error)
    except Conflict:
        return _refused(found, words("The request changed meanwhile. Look at it again."))


def _open(found: RightsRequest, act: Act, form: ActForm) -> Any:
    acts.refuse_barred(portal(), store(), _member(), found, act)
    return _page(found, act, form)


def _send(found: RightsRequest, act: Act, form: ActForm) -> Any:
    acts.refuse_barred(portal(), store(), _member(), found, act)
    if not form.validate():
        return _page(found, act, form, status=422)
    doing = Doing(_member(), found, id_or_none(form.version.data or "") or 0, now())
    try:
        PAGES[act].do(doing, form)
    except NotThatDay as error:
        cast("Any", form)["day"].errors = [_not_that_day(error)]
        return _page(found, act, form, status=422)
    return redirect(url("staff_request", reference=found.reference), 303)


def _page(found: RightsRequest, act: Act, form: ActForm, *, status: int = 200) -> Any:
    form.version.data = str(found.version)
    return page(
        "staff_act.html",
        status=status,
        reference=found.reference,
        act=act.value,
        said=act_words(act, page_language()),
        form=form,
        fields=_in_reading_order(form),
        due=found.due,
    )


def _in_reading_order(form: ActForm) -> list[Field]:
    """What happened, and when; then why."""
    asked = [field for field in form if field.name not in {"version", "csrf_token"}]
    return sorted(asked, key=lambda field: ("why", "outcome", "day", "file", "reason").index(field.name))


def _not_that_day(error: NotThatDay) -> str:
    earliest, latest = (date_long(day, page_language()) if day else "" for day in (error.earliest, error.latest))
    if earliest and latest:
        return words("Give a day from %(earliest)s to %(latest)s.", earliest=earliest, latest=latest)
    return words("Give a day from %(earliest)s on.", earliest=earliest)


def _barred(found: RightsRequest, error: Barred) -> Any:
    if error.bar is Bar.ROLE:
        raise NotPermitted(acts.roles_for(error.act)) from error
    return _refused(found, bar_sentence(error.bar, page_language()))


def _refused(found: RightsRequest, sentence: str) -> Any:
    access.let_go()
    back = [(words("Go to the request"), url("staff_request", reference=found.reference))]
    return refusal(409, words("Nothing was written"), sentence, back)


def _member() -> StaffMember:
    return cast("StaffMember", viewer().member)
