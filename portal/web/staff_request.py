"""One request on the desk: what is asked, what the law asks, taking it up, deciding it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from flask import abort, redirect, request
from markupsafe import Markup

from portal.domain.acts import Act, Bar
from portal.domain.audit import Actor
from portal.domain.languages import twin_of
from portal.domain.letters import LetterKind
from portal.domain.people import StaffMember
from portal.domain.rights import (
    BEFORE_DECISION,
    Flag,
    Kind,
    RequestEvent,
    RightsRequest,
    Role,
    WhyNot,
)
from portal.services import acts, checklist, desk, rights
from portal.services import decisions as deciding
from portal.services.acts import Barred, Doing
from portal.services.decisions import (
    Conflict,
    OutOfOrder,
)
from portal.services.desk import OnDesk
from portal.services.letter_previews import previews_of_request
from portal.services.own_request import refuse_own
from portal.services.regimes import laws_known, laws_read, regulators_of
from portal.web import access
from portal.web.access import NotPermitted, now, portal, store, viewer
from portal.web.also_open import also_open
from portal.web.answer_views import left_out, machine_facts, parts_said
from portal.web.asking_views import channel_fact, concerned_here, form_fact
from portal.web.decision_form import (
    CHANGE,
    LACKING,
    PROPOSE,
    READ,
    DecisionForm,
    as_proposed,
    lacking,
    prepared,
    read_parts,
    ready,
    typed_again,
    verdict_of,
)
from portal.web.erased_here import erased_here
from portal.web.languages import TAGS, page_language, url
from portal.web.leave_out import STEPS, leaving_out, step
from portal.web.letter_columns import column_of
from portal.web.line_forms import LineView, files_of, line_views
from portal.web.message_views import staff_talk
from portal.web.pages import effective, isolated, page, words
from portal.web.part_fields import prepare_parts, typed_parts
from portal.web.queue_lines import line_of
from portal.web.request_views import correction_view, law_names
from portal.web.same_views import same_here
from portal.web.staff_clock import if_refused_today, law_asks, letter_would_leave
from portal.web.staff_views import letter_lines, paper_words
from portal.web.statement_views import others_kept
from portal.wording.acts import act_words, bar_sentence
from portal.wording.answer_labels import outcome_label_of
from portal.wording.dates import date_long
from portal.wording.happenings import actor_label, request_event_sentence, why_not_sentence
from portal.wording.labels import flag_label_for_staff, role_label, state_label
from portal.wording.letter_labels import letter_label
from portal.wording.regulators import file_heading

ON_PAGES = (
    Act.GIVE_BACK,
    Act.EXTEND,
    Act.PAUSE,
    Act.RESUME,
    Act.APPLY,
    Act.HEAR,
    Act.CONTEST,
    Act.SETTLE,
    Act.REOPEN,
)
"""Acts with a page of their own, in the order in which their links stand."""

SAID_BESIDE = (Flag.DEEMED_REFUSED, Flag.EXTENDED, Flag.PAUSED, Flag.CONTESTED, Flag.HELD)
"""What is true of a request beside its state and not said elsewhere on its page."""

NOT_SAID = frozenset(
    {Bar.ROLE, Bar.NOT_PAUSED, Bar.NOT_APPLIED, Bar.NOT_CONTESTED, Bar.NOT_PROPOSED, Bar.OURS_TO_EXTEND}
)
"""Why an act is not open, where nobody would look for it."""


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
    detail: str | Markup | None = None


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
    except (OutOfOrder, Conflict):
        return _changed(found, form)
    return redirect(url("staff_request", reference=found.reference), 303)


@access.staff(Role.OFFICER, Role.AGENT)
def staff_decision(reference: str) -> Any:
    """Decide, read the answer first, or send it to whoever decides."""
    found = _found(reference)
    form = read_parts(prepared(DecisionForm(request.form), found), request.form)
    do = request.form.get("do", "")
    if do in STEPS:
        return _step(found, form)
    if do == CHANGE:
        return _page(found, form)
    if not form.validate():
        return _page(found, form, status=422)
    try:
        return _DOES.get(do, _decided)(found, form)
    except Barred as error:
        if error.bar is Bar.ROLE:
            raise NotPermitted(acts.roles_for(error.act)) from error
        return _changed(found, form)
    except (OutOfOrder, Conflict):
        return _changed(found, form)
    except LACKING as error:
        return _page(found, lacking(form, error), status=422)


def _step(found: RightsRequest, form: DecisionForm) -> Any:
    """Choose a part to leave out: its keys are the person's, so that who looked is written first."""
    refuse_own(store(), _member(), found)
    if found.state not in BEFORE_DECISION:
        return _changed(found, form)
    access.write_before_page(desk.look_line(_member(), found, now=now()))
    return step(found, form) or _page(found, form)


def _decided(found: RightsRequest, form: DecisionForm) -> Any:
    seen = form.seen_version()
    deciding.decide(portal(), store(), _member(), found, verdict_of(form, found), seen_version=seen)
    return redirect(url("staff_request", reference=found.reference), 303)


def _proposed(found: RightsRequest, form: DecisionForm) -> Any:
    """Send a prepared answer to whoever decides."""
    doing = Doing(_member(), found, form.seen_version(), now())
    deciding.propose(portal(), store(), doing, verdict_of(form, found))
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
        outcome=outcome_label_of(found.kind, verdict.decision, found.language),
        answer_parts=parts_said(decided, found.language),
        previews=[column_of(previews[one]) for one in (found.language, twin_of(found.language))],
        typed=typed_again(form),
        **_may(found, acts.bars_of(portal(), store(), _member(), found, now=now())),
    )


_DOES = {READ: _rehearsed, PROPOSE: _proposed}
"""What the buttons beside the one that decides do."""


def _found(reference: str) -> RightsRequest:
    return rights.find(store(), reference) or abort(404)


def _member() -> StaffMember:
    return cast("StaffMember", viewer().member)


def _page(found: RightsRequest, form: DecisionForm, *, status: int = 200) -> Any:
    """One request; before a person's data is shown, that it was looked at is written down."""
    laws = laws_read(store(), found)
    if desk.may_see_person(_member()):
        access.write_before_page(desk.look_line(_member(), found, now=now()))
    laws_known(store(), found, laws)
    settings = effective()
    seen = desk.on_desk(portal(), store(), settings.data_map, _member(), found, now=now())
    form = prepared(form, found)
    if found.proposal and not form.is_submitted():
        form = as_proposed(form, found.proposal)
    form.version.data = str(found.version)
    bars = acts.bars_of(portal(), store(), _member(), found, now=now())
    return page(
        "staff_request.html",
        status=status,
        rights_request=found,
        line=line_of(found, {}),
        flags=", ".join(
            flag_label_for_staff(flag, page_language()) for flag in SAID_BESIDE if flag in seen.followed.flags
        ),
        left_out=", ".join(left_out(found)),
        seen=seen,
        events=_events(seen),
        letters=letter_lines(seen),
        talk=staff_talk(found, seen.followed.letters),
        form=form,
        **paper_words(seen),
        concerned=concerned_here(seen),
        same=same_here(found),
        wanted_form=form_fact(found.wanted_form) if seen.person else None,
        channel=channel_fact(found.channel),
        grounds=[ready(ground, found) for ground in deciding.ready_grounds(portal(), store(), found)],
        **_may(found, bars),
        **leaving_out(form, found),
        next_acts=_next_acts(found, bars),
        not_open=_not_open(bars),
        proposed_by=_proposed_by(found),
        may_take_up=_member().role is not Role.AUDITOR and deciding.may_be_taken_up(found),
        correction=correction_view(found),
        purpose=_purpose(found),
        erased=erased_here(seen.preview) if seen.preview else None,
        to_look_up=_to_look_up(found),
        keepers_asked=any(letter.kind is LetterKind.KEEPER_ASKED for letter in seen.followed.letters),
        waits_for_lines=found.kind is not Kind.DELETION
        or found.behalf is not None
        or (seen.person is not None and seen.person.by_post is not None),
        comments=others_kept(seen.person, found),
        outcome=outcome_label_of(found.kind, found.decision, page_language()) if found.decision else None,
        answer_parts=parts_said(found, page_language()),
        part_fields=prepare_parts(form, found),
        is_complaint=found.kind is Kind.COMPLAINT,
        machine=machine_facts(found),
        recourses=if_refused_today(found),
        laws=law_names(found),
        law_asks=law_asks(found),
        late_letter=letter_would_leave(found),
        also_open=also_open(found),
        file_heading=file_heading(regulators_of(portal(), store(), found)[0], page_language()),
    )


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


def _next_acts(found: RightsRequest, bars: Mapping[Act, Bar | None]) -> list[tuple[str, str]]:
    """The acts open to this member that have a page of their own: what each is called, and where it is."""
    return [
        (act_words(act, page_language()).label, url("staff_act", reference=found.reference, act=act.value))
        for act in ON_PAGES
        if bars[act] is None
    ]


def _not_open(bars: Mapping[Act, Bar | None]) -> list[tuple[str, str]]:
    """The acts that are not open, and why: what the law or the state bars, not what belongs to other roles."""
    return [
        (act_words(act, page_language()).label, bar_sentence(barred, page_language()))
        for act in (Act.DECIDE, *ON_PAGES)
        for barred in [bars[act]]
        if barred is not None and barred not in NOT_SAID
    ]


def _proposed_by(found: RightsRequest) -> str | None:
    """Who prepared the answer that waits."""
    if found.proposal is None or found.state not in BEFORE_DECISION:
        return None
    return _who(desk.members_by_id(store()).get(found.proposal.staff_id)) or None


def _may(found: RightsRequest, bars: Mapping[Act, Bar | None]) -> dict[str, bool]:
    """Whether this member decides, and whether they send an answer to somebody who does."""
    decides = bars[Act.DECIDE] is None
    return {
        "may_decide": decides,
        "may_propose": bars[Act.PROPOSE] is None and (not decides or acts.two_people_decide(portal(), store(), found)),
    }


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
        outcome=outcome_label_of(fresh.kind, fresh.decision, page_language()) if fresh.decision else None,
        event=request_event_sentence(last.event, page_language()),
        at=last.at,
        who=_who(members.get(last.actor_id or 0) if last.actor is Actor.STAFF else None),
        typed=[text for text in (form.reason.data, form.provision.data, *typed_parts(form).values()) if text],
    )


def _events(seen: OnDesk) -> Sequence[Event]:
    language, members = page_language(), desk.members_by_id(store())
    return [
        Event(
            event.at,
            request_event_sentence(event.event, language),
            _who(members.get(event.actor_id or 0) if event.actor is Actor.STAFF else None)
            or (actor_label(Actor.KEEPER, language) if event.actor is Actor.KEEPER else ""),
            _detail(
                event.event,
                event.detail,
                event.reason if seen.person else None,
                (event.due_before, event.due_after) if event.due_before and event.due_after else None,
            ),
        )
        for event in seen.followed.history
    ]


def _detail(
    event: RequestEvent, detail: str | None, reason: str | None, due: tuple[date, date] | None
) -> str | Markup | None:
    """Why, and from which day to which; which letter was posted; why a correction still waits."""
    if reason or due:
        return _why_and_when(reason, due)
    if event in {RequestEvent.POSTED, RequestEvent.POSTING_CORRECTED} and detail:
        return letter_label(LetterKind(detail), page_language())
    if event is not RequestEvent.NOT_CARRIED_OUT or detail is None:
        return None
    return why_not_sentence(WhyNot(detail), page_language())


def _why_and_when(reason: str | None, due: tuple[date, date] | None) -> Markup:
    """What was written of an act, and how it moved the last day."""
    days = [date_long(day, page_language()) for day in due or ()]
    moved = words("Last day: %(before)s, then %(after)s.", before=days[0], after=days[1]) if days else ""
    said = [isolated(reason)] if reason else []
    return Markup("<br>").join([*said, *([moved] if moved else [])])


def _who(member: StaffMember | None) -> str:
    if member is None:
        return ""
    return Markup("{}, {}").format(isolated(member.address), role_label(member.role, page_language()))
