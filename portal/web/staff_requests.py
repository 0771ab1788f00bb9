"""The staff's requests: the queue by due date, one request, taking it up, deciding it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, cast

from flask import abort, redirect, request
from markupsafe import Markup

from portal.domain.audit import Actor
from portal.domain.languages import twin_of
from portal.domain.letters import LetterKind
from portal.domain.people import StaffMember
from portal.domain.rights import (
    BEFORE_DECISION,
    OPEN,
    Flag,
    Kind,
    RequestEvent,
    RightsRequest,
    Role,
    State,
    WhyNot,
)
from portal.services import checklist, desk, rights
from portal.services import decisions as deciding
from portal.services.decisions import (
    Conflict,
    OutOfOrder,
    OwnRequest,
)
from portal.services.desk import OnDesk
from portal.services.letter_previews import previews_of_request
from portal.services.posting import number_to_post
from portal.services.regimes import remedies_of
from portal.web import access
from portal.web.access import now, portal, store, viewer
from portal.web.decision_form import CHANGE, LACKING, READ, DecisionForm, lacking, prepared, ready, verdict_of
from portal.web.erased_here import erased_here
from portal.web.errors import refusal
from portal.web.languages import TAGS, page_language, url
from portal.web.letter_columns import column_of
from portal.web.line_forms import LineView, files_of, line_views
from portal.web.pages import effective, isolated, page, words
from portal.web.request_views import correction_view, law_names
from portal.web.staff_clock import law_asks, letter_would_leave
from portal.web.staff_views import identity_short, letter_lines, paper_words
from portal.wording.dates import days_left
from portal.wording.happenings import actor_label, request_event_sentence, why_not_sentence
from portal.wording.labels import decision_label, flag_label_for_staff, kind_label_for_staff, role_label, state_label
from portal.wording.letter_labels import letter_label
from portal.wording.remedies import remedy_words

SOON_DAYS = 5


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One request of the queue in words. `tone` colours its due date, which says it in words too."""

    reference: str
    href: str
    kind: str
    due: date
    due_words: str
    tone: str
    state: str
    state_key: str
    assignee: str
    identity: str
    test: str | None


@dataclass(frozen=True, slots=True)
class ToLookUp:
    """One line of the checklist: what was answered, and where to answer it."""

    line: LineView
    keeper: str | None
    href: str | None


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the history."""

    at: datetime
    sentence: str
    who: str
    detail: str | None = None


@access.staff()
def staff_requests() -> Any:
    """The queue: what is open, the earliest due date first; or what is ended."""
    state = next((state for state in State if state.value == request.args.get("state")), None)
    ended = state not in OPEN if state else request.args.get("ended") == "1"
    found = desk.queue(store(), ended=ended, state=state, after=request.args.get("after"))
    members = desk.members_by_id(store())
    return page(
        "staff_requests.html",
        lines=[_line(rights_request, members) for rights_request in found.requests],
        ended=ended,
        state=state.value if state else None,
        states=[(one.value, state_label(one, page_language())) for one in _states(ended=ended)],
        next_after=found.next_after,
        first=request.args.get("after") is None,
        may_enter=_member().role is not Role.AUDITOR,
        to_post=number_to_post(store()) if _member().role is not Role.AUDITOR else 0,
    )


@access.staff()
def staff_request(reference: str) -> Any:
    """One request."""
    found = _found(reference)
    if found.reference != reference:
        return redirect(url("staff_request", reference=found.reference), 302)
    return _page(found, DecisionForm(None))


@access.staff(Role.OFFICER, Role.AGENT)
def staff_take_up(reference: str) -> Any:
    """Take a request up."""
    found = _found(reference)
    form = DecisionForm(request.form)
    try:
        deciding.take_up(portal(), store(), _member(), found, seen_version=form.seen_version())
    except OwnRequest:
        return _own()
    except (OutOfOrder, Conflict):
        return _changed(found, form)
    return redirect(url("staff_request", reference=found.reference), 303)


@access.staff(Role.OFFICER)
def staff_decision(reference: str) -> Any:
    """Decide."""
    found = _found(reference)
    form = prepared(DecisionForm(request.form), found)
    if request.form.get("do") == CHANGE:
        return _page(found, form)
    if not form.validate():
        return _page(found, form, status=422)
    try:
        return _rehearsed(found, form) if request.form.get("do") == READ else _decided(found, form)
    except OwnRequest:
        return _own()
    except (OutOfOrder, Conflict):
        return _changed(found, form)
    except LACKING as error:
        return _page(found, lacking(form, error), status=422)


def _decided(found: RightsRequest, form: DecisionForm) -> Any:
    seen = form.seen_version()
    deciding.decide(portal(), store(), _member(), found, verdict_of(form, found), seen_version=seen)
    return redirect(url("staff_request", reference=found.reference), 303)


def _rehearsed(found: RightsRequest, form: DecisionForm) -> Any:
    """What the person would read, on the page of their request and in their letter, with nothing decided yet."""
    access.write_before_page(desk.look_line(_member(), found, now=now()))
    seen = form.seen_version()
    verdict = verdict_of(form, found)
    decided, letter = deciding.rehearse(portal(), store(), _member(), found, verdict, seen_version=seen)
    previews = previews_of_request(portal(), store(), decided, letter, now=now())
    return page(
        "staff_decision.html",
        rights_request=decided,
        tag=TAGS[found.language],
        outcome=decision_label(verdict.decision, found.language),
        previews=[column_of(previews[one]) for one in (found.language, twin_of(found.language))],
        typed={
            "decision": form.decision.data,
            "ground": form.ground.data or "",
            "paragraph": form.paragraph.data or "",
            "reason": form.reason.data or "",
            "provision": form.provision.data or "",
            "version": form.version.data or "",
        },
    )


def _found(reference: str) -> RightsRequest:
    return rights.find(store(), reference) or abort(404)


def _member() -> StaffMember:
    return cast("StaffMember", viewer().member)


def _page(found: RightsRequest, form: DecisionForm, *, status: int = 200) -> Any:
    """One request; before a person's data is shown, that it was looked at is written down."""
    if desk.may_see_person(_member()):
        access.write_before_page(desk.look_line(_member(), found, now=now()))
    settings = effective()
    seen = desk.on_desk(portal(), store(), settings.data_map, _member(), found, now=now())
    form = prepared(form, found)
    form.version.data = str(found.version)
    return page(
        "staff_request.html",
        status=status,
        rights_request=found,
        line=_line(found, {}),
        seen=seen,
        events=_events(seen),
        letters=letter_lines(seen),
        form=form,
        **paper_words(seen),
        grounds=[ready(ground, found) for ground in deciding.ready_grounds(portal(), store(), found)],
        may_decide=_member().role is Role.OFFICER and found.state in BEFORE_DECISION,
        may_take_up=_member().role is not Role.AUDITOR and deciding.may_be_taken_up(found),
        correction=correction_view(found),
        purpose=_purpose(found),
        erased=erased_here(seen.preview) if seen.preview else None,
        to_look_up=_to_look_up(found),
        waits_for_lines=found.kind is not Kind.DELETION
        or (seen.person is not None and seen.person.by_post is not None),
        outcome=decision_label(found.decision, page_language()) if found.decision else None,
        recourses=_if_refused_today(found),
        laws=law_names(found),
        law_asks=law_asks(found),
        late_letter=letter_would_leave(found),
    )


def _if_refused_today(found: RightsRequest) -> list[str]:
    """What a refusal decided today would say of each recourse, in the page's language."""
    remedies = remedies_of(portal(), store(), replace(found, decided_at=now()))
    return [" ".join(one.refused) for one in remedy_words(remedies, page_language())]


def _purpose(found: RightsRequest) -> str | None:
    """The purpose whose consent a request withdraws, in the page's language."""
    purpose = effective().data_map.purpose(found.purpose) if found.purpose else None
    return purpose.label.in_(page_language()) if purpose else found.purpose


def _to_look_up(found: RightsRequest) -> list[ToLookUp]:
    """What no table holds: a line for each system, which staff or its keeper answers (design §2)."""
    lines = checklist.lines_of(store(), found)
    sees = desk.may_see_person(_member())
    files = files_of(found) if sees and lines else []
    return [
        ToLookUp(
            view,
            checklist.keeper_of(portal(), store(), line),
            url("staff_line", reference=found.reference, number=line.position) if sees else None,
        )
        for line, view in zip(lines, line_views(lines, files, "staff_file", found.reference), strict=True)
    ]


def _own() -> Any:
    return refusal(
        409,
        words("This is your own request"),
        words("Nobody handles their own request. A colleague must decide it."),
        [(words("Go to the requests"), url("staff_requests"))],
    )


def _changed(found: RightsRequest, form: DecisionForm) -> Any:
    """409: what is true now, who made it so and when, and what was written, to be copied."""
    access.let_go()
    fresh = _found(found.reference)
    last = rights.follow(portal(), store(), fresh, now=now()).history[-1]
    members = desk.members_by_id(store())
    return page(
        "staff_changed.html",
        status=409,
        rights_request=fresh,
        state=state_label(fresh.state, page_language()),
        event=request_event_sentence(last.event, page_language()),
        at=last.at,
        who=_who(members.get(last.actor_id or 0) if last.actor is Actor.STAFF else None),
        typed=[text for text in (form.reason.data, form.provision.data) if text],
    )


def _states(*, ended: bool) -> list[State]:
    """The states a queue may be narrowed to: those this version's requests pass through and wait in."""
    return [State.CLOSED, State.WITHDRAWN] if ended else [State.RECEIVED, State.IN_PROGRESS, State.FULFILLING]


def _line(found: RightsRequest, members: dict[int, StaffMember]) -> QueueLine:
    language, today = page_language(), portal().today(now())
    unanswered = found.state in BEFORE_DECISION
    left = (found.due - today).days
    tone = "calm" if not unanswered or left > SOON_DAYS else "late" if left < 0 else "soon"
    assignee = members.get(found.assignee_id or 0)
    return QueueLine(
        reference=found.reference,
        href=url("staff_request", reference=found.reference),
        kind=kind_label_for_staff(found.kind, language),
        due=found.due,
        due_words=days_left(found.due, today, language) if unanswered else "",
        tone=tone,
        state=state_label(found.state, language),
        state_key=found.state.value,
        assignee=assignee.address if assignee else words("Nobody yet"),
        identity=identity_short(found),
        test=flag_label_for_staff(Flag.TEST, language) if found.is_test else None,
    )


def _events(seen: OnDesk) -> Sequence[Event]:
    language, members = page_language(), desk.members_by_id(store())
    return [
        Event(
            event.at,
            request_event_sentence(event.event, language),
            _who(members.get(event.actor_id or 0) if event.actor is Actor.STAFF else None)
            or (actor_label(Actor.KEEPER, language) if event.actor is Actor.KEEPER else ""),
            _detail(event.event, event.detail),
        )
        for event in seen.followed.history
    ]


def _detail(event: RequestEvent, detail: str | None) -> str | None:
    """Which letter was posted, or why a correction still waits; other events' details are other words."""
    if event in {RequestEvent.POSTED, RequestEvent.POSTING_CORRECTED} and detail:
        return letter_label(LetterKind(detail), page_language())
    if event is not RequestEvent.NOT_CARRIED_OUT or detail is None:
        return None
    return why_not_sentence(WhyNot(detail), page_language())


def _who(member: StaffMember | None) -> str:
    if member is None:
        return ""
    return Markup("{}, {}").format(isolated(member.address), role_label(member.role, page_language()))
