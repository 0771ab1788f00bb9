"""The officer's notices: what is to be told, what was, and one notice from its draft to its last letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from flask import abort, redirect, request

from portal.domain.languages import LANGUAGES
from portal.domain.notices import (
    DETAILS,
    Gathering,
    Notice,
    NoticeAct,
    NoticeKind,
    NoticeState,
)
from portal.domain.people import StaffMember
from portal.domain.rights import Role
from portal.mail.letters import LetterUnfit
from portal.services import desk, notices
from portal.services.notice_choosing import NotChosen, choose
from portal.services.notice_letters import writer_of
from portal.services.notices import NotToTell, OutOfOrder, StaleNotice
from portal.services.notices_due import to_tell
from portal.web import access
from portal.web.access import now, portal, store, viewer
from portal.web.forms import IdempotentForm
from portal.web.languages import page_language, url
from portal.web.letter_columns import PreviewView, column_of
from portal.web.notice_forms import NoticeForm, countdown_form, notice_form
from portal.web.numbers import id_or_none
from portal.web.pages import page, words
from portal.web.policy_links import title_of
from portal.wording.notice_words import lasting, notice_label, notice_state_label, notice_trouble
from portal.wording.setup_words import result_title

OTHERS = (NoticeKind.BUSINESS_TRANSFER, NoticeKind.CONFIDENTIALITY_INCIDENT)
_TAGS = {
    NoticeState.DRAFTED: "neutral",
    NoticeState.PROOF_SENT: "attention",
    NoticeState.COUNTING_DOWN: "attention",
    NoticeState.SENDING: "attention",
    NoticeState.STOPPED: "bad",
    NoticeState.DONE: "good",
}


@dataclass(frozen=True, slots=True)
class ToTellLine:
    """A version that people must be told of."""

    title: str
    version_id: str
    effective: date
    in_force: bool
    begun: bool
    href: str | None


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One notice in the list."""

    title: str
    href: str
    state: str
    state_key: str
    created_at: datetime
    told: int
    of: int


@access.staff(Role.OFFICER)
def staff_notices() -> Any:
    """What is to be told and what was; or begin a notice."""
    if request.method == "POST":
        return _drafted()
    return _list()


@access.staff(Role.OFFICER)
def staff_notice(number: str) -> Any:
    """One notice: what it says, to how many, and what may be done with it now."""
    notice = notices.one(store(), id_or_none(number) or 0) or abort(404)
    if request.method != "POST":
        return _page(notice)
    wanted = next((one for one in NoticeAct if one.value == request.form.get("do")), None) or abort(422)
    try:
        return _acted(notice, wanted)
    except (StaleNotice, OutOfOrder):
        access.let_go()
        return _changed_meanwhile(notice.id)
    except NotToTell:
        access.let_go()
        return _page(notice, status=409, superseded=True)


def _list(*, status: int = 200, refused: bool = False) -> Any:
    """What is to be told, what else may be, what was; `refused`: a version was asked for that is none to tell."""
    return page(
        "staff_notices.html",
        status=status,
        refused=refused,
        to_tell=[
            ToTellLine(
                title=title_of(one.version.id, one.version.effective),
                version_id=one.version.id,
                effective=one.version.effective,
                in_force=one.in_force,
                begun=one.begun,
                href=_href(one.notice) if one.notice else None,
            )
            for one in to_tell(portal(), store(), now())
        ],
        lines=[_line(notice) for notice in notices.newest(store())],
        others=[
            (kind.value, notice_label(kind, page_language()), IdempotentForm(formdata=None).form_id.data)
            for kind in OTHERS
        ],
    )


def _drafted() -> Any:
    kind = next((one for one in NoticeKind if one.value == request.form.get("kind")), None) or abort(422)
    try:
        if kind is NoticeKind.POLICY_CHANGE:
            version_id = request.form.get("version_id", "")
            notice_id = notices.draft_change(portal(), store(), _member(), version_id, now())
        else:
            form_id = IdempotentForm(request.form).form_id.data
            notice_id = notices.draft_other(store(), _member(), kind, now(), form_id=form_id)
    except NotToTell:
        return _list(status=422, refused=True)
    return redirect(url("staff_notice", number=notice_id), 303)


def _acted(notice: Notice, wanted: NoticeAct) -> Any:
    if wanted is NoticeAct.SAVE:
        return _saved(notice)
    seen, member, at = _seen(), _member(), now()
    match wanted:
        case NoticeAct.PROOF:
            notices.ask_proof(store(), member, notice, seen_version=seen)
        case NoticeAct.BEGIN:
            span = countdown_form(request.form).span()
            notices.begin(portal(), store(), member, notice, countdown=span, seen_version=seen, now=at)
        case NoticeAct.STOP:
            notices.stop(store(), member, notice, seen_version=seen, now=at)
        case NoticeAct.RESUME:
            span = countdown_form(request.form).span()
            notices.resume(portal(), store(), member, notice, countdown=span, seen_version=seen, now=at)
        case NoticeAct.END:
            notices.end(store(), member, notice, seen_version=seen, now=at)
        case NoticeAct.DISCARD:
            notices.discard(store(), notice, seen_version=seen)
            return redirect(url("staff_notices"), 303)
    return redirect(url("staff_notice", number=notice.id), 303)


def _saved(notice: Notice) -> Any:
    form = notice_form(notice, request.form)
    if not form.validate():
        return _page(notice, form, status=422)
    notices.save(store(), notice, details=form.details(notice), paragraph=form.both("paragraph"), seen_version=_seen())
    if form.chosen.data and notice.kind is NoticeKind.CONFIDENTIALITY_INCIDENT:
        try:
            choose(portal(), store(), notice, form.chosen.data, now())
        except NotChosen as error:
            access.let_go()
            form.chosen.errors = [_not_chosen(error)]
            return _page(notice, form, status=422)
    return redirect(url("staff_notice", number=notice.id), 303)


def _not_chosen(error: NotChosen) -> str:
    if error.too_many:
        return words("These are too many people to choose one by one. Send several notices.")
    shown = ", ".join(words("line %(number)s: %(word)s", number=number, word=word) for number, word in error.lines[:5])
    return words("Nobody was added. These are no addresses and no requests we know: %(lines)s", lines=shown)


def _page(
    notice: Notice,
    form: NoticeForm | None = None,
    *,
    status: int = 200,
    changed: bool = False,
    superseded: bool = False,
) -> Any:
    version = notices.version_of(store(), notice)
    language = page_language()
    return page(
        "staff_notice.html",
        status=status,
        this_notice=notice,
        changed=changed,
        superseded=superseded,
        label=notice_label(notice.kind, language),
        version=(title_of(version.id, version.effective), url("policy_version", version_id=version.id))
        if version
        else None,
        effective=version.effective if version else None,
        state=notice_state_label(notice.state, language),
        state_key=_TAGS[notice.state],
        acts={act.value for act in NoticeAct if notice.allows(act)},
        counting=notice.gathering is Gathering.COUNTING,
        fetching=notice.state is NoticeState.SENDING and notice.gathering is not Gathering.FETCHED,
        trouble=notice_trouble(notice.trouble, language) if notice.trouble else None,
        proof_refused=result_title(notice.proof_refused, language) if notice.proof_refused else None,
        officer=viewer().address,
        proof_for=_proof_for(notice),
        goes_on=portal().today(notice.kept_until) if notice.kept_until else None,
        form=form or notice_form(notice),
        details=DETAILS[notice.kind],
        chosen=notice.kind is NoticeKind.CONFIDENTIALITY_INCIDENT,
        countdown=countdown_form(),
        previews=_previews(notice),
        forecast=_forecast(notice),
        can_know=portal().settings.mail.bounces is not None or notice.counters.bounced > 0,
    )


def _changed_meanwhile(notice_id: int) -> Any:
    """Somebody else acted, or the worker did: what is true now, and what may still be done."""
    notice = notices.one(store(), notice_id)
    return _page(notice, status=409, changed=True) if notice else abort(404)


def _previews(notice: Notice) -> list[PreviewView]:
    """The letter in both languages; nothing while something is missing in it."""
    writer = writer_of(portal(), store(), notice)
    if writer is None:
        return []
    try:
        return [column_of(writer.preview(language)) for language in LANGUAGES]
    except LetterUnfit:
        return []


def _forecast(notice: Notice) -> tuple[str, datetime, bool] | None:
    """How long it takes, when the last letter leaves, and whether that is too late; None once it is over."""
    if notice.state is NoticeState.DONE:
        return None
    begins_at = max(notice.begins_at or now(), now())
    found = notices.forecast(portal(), store(), notice, begins_at=begins_at)
    return lasting(max(found.ends_at - begins_at, timedelta(minutes=1)), page_language()), found.ends_at, found.late


def _line(notice: Notice) -> NoticeLine:
    language = page_language()
    return NoticeLine(
        title=notice_label(notice.kind, language),
        href=_href(notice),
        state=notice_state_label(notice.state, language),
        state_key=_TAGS[notice.state],
        created_at=notice.created_at,
        told=notice.counters.handed_over,
        of=notice.counters.all,
    )


def _href(notice: Notice) -> str:
    return url("staff_notice", number=notice.id)


def _proof_for(notice: Notice) -> str | None:
    """To whom the proof is on its way, whoever looks."""
    member = desk.members_by_id(store()).get(notice.proof_for or 0)
    return member.address if member else None


def _seen() -> int:
    return id_or_none(request.form.get("version")) or 0


def _member() -> StaffMember:
    return cast("StaffMember", viewer().member)
