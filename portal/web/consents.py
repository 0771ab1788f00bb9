"""Consents: each purpose with how it stands, and one page with its consequence and one button, whichever way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort, redirect, request
from wtforms import HiddenField
from wtforms.validators import AnyOf

from portal.domain.data_map import Purpose
from portal.services import consents as service
from portal.services.consents import (
    Answer,
    Answered,
    AnsweredInPart,
    ConsentNow,
    NotAnswered,
    RefusedByService,
    Standing,
)
from portal.services.identities import Identities, identities_of_person
from portal.web import access
from portal.web.access import me, now, portal, store, viewer
from portal.web.errors import RETRY_SECONDS
from portal.web.forms import IdempotentForm
from portal.web.languages import page_language, url
from portal.web.pages import effective, page, words


class ConsentForm(IdempotentForm):
    """Give or withdraw one consent; `seen` is how it stood on the page."""

    state = HiddenField(validators=[AnyOf([answer.value for answer in Answer])])
    seen = HiddenField()


@dataclass(frozen=True, slots=True)
class ConsentView:
    """One consent in words. `key` colours its tag; `href` leads to the page where it is changed."""

    label: str
    consequence: str
    standing: Standing
    state: str
    key: str
    explained: str | None
    href: str
    asks_staff: bool


@dataclass(frozen=True, slots=True)
class PastAnswer:
    """One line of the history."""

    purpose: str
    label: str
    state: str
    at: datetime
    given: bool


@access.person
def consents() -> Any:
    """Every purpose that rests on consent, and what was answered before."""
    shown = service.consents_of(portal(), _identities(), effective().data_map)
    past = _past_answers()
    return page("consents.html", consents=[_view(consent) for consent in shown], past=past, done=_done(past))


@access.person
def consent(purpose: str) -> Any:
    """One consent: what follows from the answer, then one button."""
    found = service.resting_on_consent(effective().data_map, purpose) or abort(404)
    if request.method != "POST":
        return _page(found, ConsentForm(None))
    form = ConsentForm(request.form)
    if not form.validate():
        return _page(found, form, status=422, problem=words("Use one of the buttons below."))
    try:
        changed = service.answer(portal(), store(), me(), found, _answered(form), now=now())
    except NotAnswered as error:
        return _not_answered(found, form, error.standing)
    except AnsweredInPart:
        return _page(found, form, status=409, problem=_in_part())
    except RefusedByService:
        return _page(found, form, status=409, problem=_by_staff())
    return redirect(url("consents", **{"changed" if changed else "unchanged": found.id}), 303)


def _identities() -> Identities:
    return identities_of_person(portal(), store(), me())


def _answered(form: ConsentForm) -> Answered:
    return Answered(
        answer=Answer(form.state.data or ""),
        language=page_language(),
        level=viewer().session.level,
        seen=form.seen.data,
        form_id=form.form_id.data,
    )


def _not_answered(purpose: Purpose, form: ConsentForm, standing: Standing) -> Any:
    if standing is not Standing.AWAY:
        return _page(purpose, form, status=409)
    problem = words("The service does not answer just now. Nothing was changed. Wait a few minutes, then try again.")
    response = _page(purpose, form, status=503, problem=problem)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _page(purpose: Purpose, form: ConsentForm, *, status: int = 200, problem: str | None = None) -> Any:
    found = service.consent_of(portal(), _identities(), purpose)
    return page("consent.html", status=status, form=form, consent=_view(found), purpose=purpose.id, problem=problem)


def _view(consent: ConsentNow) -> ConsentView:
    purpose, standing = consent.purpose, consent.standing
    usual = words("We will no longer use your information for this.")
    return ConsentView(
        label=purpose.label.in_(page_language()),
        consequence=purpose.consequence.in_(page_language()) if purpose.consequence else usual,
        standing=standing,
        state=_states()[standing],
        key=standing.value if standing in {Standing.GIVEN, Standing.NOT_GIVEN} else "neutral",
        explained=_explanations().get(standing),
        href=url("consent", purpose=purpose.id),
        asks_staff=standing in {Standing.SHARED, Standing.UNKNOWN, Standing.BY_STAFF},
    )


def _states() -> Mapping[Standing, str]:
    return {
        Standing.GIVEN: words("Given"),
        Standing.NOT_GIVEN: words("Not given"),
        Standing.IN_PART: words("Given in part of your accounts only"),
        Standing.AWAY: words("Not known just now"),
        Standing.SHARED: words("Not shown"),
        Standing.UNKNOWN: words("Nothing found"),
        Standing.BY_STAFF: words("Not given on this portal"),
    }


def _explanations() -> Mapping[Standing, str]:
    return {
        Standing.AWAY: words("The service that records this consent does not answer just now. Try again later."),
        Standing.SHARED: words("Someone else has the same address in this service. Our staff will look: ask us."),
        Standing.UNKNOWN: words(
            "We found nothing under this address in this service; you may be known under another one."
        ),
        Standing.IN_PART: words("One of your accounts says yes, and another says no. One answer here sets them all."),
        Standing.BY_STAFF: _by_staff(),
    }


def _by_staff() -> str:
    return words("This consent cannot be changed here. Our staff does it for you: ask us.")


def _in_part() -> str:
    return words(
        "Your answer is recorded in one of your accounts, and could not be in another. Wait a few minutes, then answer again "
        "below: nothing is done twice."
    )


def _past_answers() -> list[PastAnswer]:
    return [_past(event.purpose, event.state, event.at) for event in service.history(store(), me())]


def _past(purpose_id: str, state: str, at: datetime) -> PastAnswer:
    purpose = effective().data_map.purpose(purpose_id)
    label = purpose.label.in_(page_language()) if purpose else purpose_id
    given = state == Answer.GIVEN
    return PastAnswer(purpose_id, label, words("Given") if given else words("Withdrawn"), at, given=given)


def _done(past: Sequence[PastAnswer]) -> str | None:
    """What the button just pressed did, told from what is recorded and never from the address alone."""
    changed = request.args.get("changed")
    last = next((one for one in past if one.purpose == changed), None)
    if last is not None:
        if last.given:
            return words("Your consent is recorded.")
        return words("Your consent is withdrawn, from now on. A letter confirms it.")
    unchanged = service.resting_on_consent(effective().data_map, request.args.get("unchanged", ""))
    return words("Nothing was changed: this was already your answer.") if unchanged else None
