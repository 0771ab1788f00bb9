"""What the officer does with notices: draft one, try it on oneself, let it count down, stop it, resume it, end it.

A material change of the policy is told before its day (P-39.1, s. 8.2); a change of wording is told to nobody. The same
road tells of a commercial transaction (s. 18.4) and, to people chosen for it, of a confidentiality incident (s. 3.5).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.codes import keyed_hash
from portal.domain.jobs import Job, JobKind
from portal.domain.languages import Text
from portal.domain.notices import (
    KEPT_IDLE,
    Gathering,
    Notice,
    NoticeAct,
    NoticeKind,
    NoticeState,
    RecipientState,
    is_late,
    time_needed,
)
from portal.domain.people import StaffMember
from portal.domain.policies import Version
from portal.services import policies
from portal.services.installation import Installation
from portal.services.notices_due import may_be_told
from portal.storage.notices import StaleNotice
from portal.storage.store import Store

__all__ = ["StaleNotice"]

SHOWN = 50


class NotToTell(Exception):
    """The version is no change of substance, is not ours to tell, is the first, or another has taken its place."""


class OutOfOrder(Exception):
    """The act does not fit where the notice stands now."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """When the last letter would leave at the pace set, and whether the change has its day by then."""

    ends_at: datetime
    late: bool


def one(store: Store, notice_id: int) -> Notice | None:
    """The notice of that id, or None."""
    return store.notices.by_id(notice_id)


def newest(store: Store) -> Sequence[Notice]:
    """The last notices, newest first."""
    return store.notices.newest(limit=SHOWN)


def version_of(store: Store, notice: Notice) -> Version | None:
    """The version a notice tells, or None."""
    return policies.one(store, notice.version_id) if notice.version_id else None


def draft_change(portal: Installation, store: Store, member: StaffMember, version_id: str, now: datetime) -> int:
    """Draft the notice of a version, and begin to count whom to tell; the one there is stays. Gives its id.

    Raises:
        NotToTell: the version is none to tell.
    """
    if not may_be_told(portal, store, version_id, now):
        raise NotToTell
    added = store.notices.add_of_version(policies.PRIVACY, version_id, now=now, staff_id=member.id)
    there = store.notices.of_version(policies.PRIVACY, version_id)
    if there is None:
        raise LookupError
    return _drafted(store, there.id, member, now) if added else there.id


def draft_other(
    store: Store, member: StaffMember, kind: NoticeKind, now: datetime, *, form_id: str | None = None
) -> int:
    """Draft a notice of another kind; gives its id. A second press of the same form gives the one the first made."""
    owner = f"staff:{member.id}"
    if form_id and not store.forms.take(owner, form_id, now):
        made = store.forms.result(owner, form_id)
        if made and store.notices.by_id(int(made)):
            return int(made)
    notice_id = store.notices.add(kind, now=now, staff_id=member.id)
    if form_id:
        store.forms.settle(owner, form_id, str(notice_id))
    return _drafted(store, notice_id, member, now)


def save(store: Store, notice: Notice, *, details: Mapping[str, Text], paragraph: Text, seen_version: int) -> None:
    """Keep what the officer wrote; a proof of what it said before proves nothing any more.

    Raises:
        StaleNotice: somebody acted meanwhile.
        OutOfOrder: the notice is past changing.
    """
    _check(notice, NoticeAct.SAVE)
    store.notices.act(
        notice.id,
        seen_version=seen_version,
        details={name: {"fr": said.fr, "en": said.en} for name, said in details.items()},
        paragraph_fr=paragraph.fr,
        paragraph_en=paragraph.en,
        state=NoticeState.DRAFTED.value,
        proof_for=None,
        proof_refused=None,
    )


def ask_proof(store: Store, member: StaffMember, notice: Notice, *, seen_version: int) -> None:
    """Send the letter in both languages to the officer who asks.

    Raises:
        StaleNotice: somebody acted meanwhile.
        OutOfOrder: the notice is past proofs, or something is missing in it.
    """
    _check(notice, NoticeAct.PROOF)
    store.notices.act(
        notice.id, seen_version=seen_version, proof_for=member.id, proof_refused=None, next_step_at=None, troubles=0
    )
    store.promise(Job(JobKind.SEND_NOTICE, notice.id))


def begin(
    portal: Installation,
    store: Store,
    member: StaffMember,
    notice: Notice,
    *,
    countdown: timedelta,
    seen_version: int,
    now: datetime,
) -> None:
    """Let it count down; it can be stopped until the end and after.

    Raises:
        StaleNotice: somebody acted meanwhile.
        OutOfOrder: no proof was sent yet, or the recipients are not counted, or there are none.
        NotToTell: another version has taken the place of the one it tells.
    """
    _check(notice, NoticeAct.BEGIN)
    _check_version(portal, store, notice, now)
    if not notice.counters.all:
        raise OutOfOrder
    _count_down(store, notice, countdown, seen_version, now)
    store.audit.record(_line(AuditEvent.NOTICE_BEGUN, member, now))


def stop(store: Store, member: StaffMember, notice: Notice, *, seen_version: int, now: datetime) -> None:
    """Let nothing more leave until it is resumed.

    Raises:
        StaleNotice: somebody acted meanwhile.
        OutOfOrder: it is not under way.
    """
    _check(notice, NoticeAct.STOP)
    store.notices.act(notice.id, seen_version=seen_version, state=NoticeState.STOPPED.value, trouble=None)
    store.audit.record(_line(AuditEvent.NOTICE_STOPPED, member, now))


def resume(
    portal: Installation,
    store: Store,
    member: StaffMember,
    notice: Notice,
    *,
    countdown: timedelta,
    seen_version: int,
    now: datetime,
) -> None:
    """Go on where it was stopped: with those who wait, or with a countdown begun anew.

    Raises:
        StaleNotice: somebody acted meanwhile.
        OutOfOrder: it is not stopped.
        NotToTell: another version has taken the place of the one it tells.
    """
    _check(notice, NoticeAct.RESUME)
    _check_version(portal, store, notice, now)
    store.audit.record(_line(AuditEvent.NOTICE_RESUMED, member, now))
    if notice.gathering is Gathering.COUNTED:
        _count_down(store, notice, countdown, seen_version, now)
        return
    store.notices.act(
        notice.id,
        seen_version=seen_version,
        state=NoticeState.SENDING.value,
        next_step_at=None,
        troubles=0,
        trouble=None,
    )
    fetched = notice.gathering is Gathering.FETCHED
    store.promise(Job(JobKind.SEND_NOTICE if fetched else JobKind.GATHER_RECIPIENTS, notice.id))


def end(store: Store, member: StaffMember, notice: Notice, *, seen_version: int, now: datetime) -> None:
    """Give up whoever was not told; their addresses go.

    Raises:
        StaleNotice: somebody acted meanwhile.
        OutOfOrder: it is not stopped.
    """
    _check(notice, NoticeAct.END)
    state = NoticeState.DONE.value
    store.notices.act(notice.id, seen_version=seen_version, state=state, done_at=now, next_step_at=None)
    store.audit.record(_line(AuditEvent.NOTICE_ENDED, member, now))
    store.promise(Job(JobKind.SEND_NOTICE, notice.id))


def discard(store: Store, notice: Notice, *, seen_version: int) -> None:
    """Forget a notice nobody was told by.

    Raises:
        StaleNotice: somebody acted meanwhile.
        OutOfOrder: it has begun.
    """
    _check(notice, NoticeAct.DISCARD)
    store.notices.act(notice.id, seen_version=seen_version)
    store.notices.remove(notice.id)


def let_go_of_idle(store: Store, now: datetime, *, limit: int) -> int:
    """Forget some that nobody began, and end some that nobody resumed, for so long; gives how many."""
    idle = store.notices.idle(KEPT_IDLE.before(now), limit=limit)
    for notice in idle:
        if notice.state is NoticeState.STOPPED:
            store.notices.change(notice.id, state=NoticeState.DONE.value, done_at=now, next_step_at=None)
            store.audit.record(AuditLine(now, AuditEvent.NOTICE_ENDED, Actor.SYSTEM))
            store.promise(Job(JobKind.SEND_NOTICE, notice.id))
        else:
            store.notices.remove(notice.id)
    return len(idle)


def forecast(portal: Installation, store: Store, notice: Notice, *, begins_at: datetime) -> Forecast:
    """When the last letter would leave if the first one left then."""
    left = notice.counters.waiting if notice.gathering is Gathering.FETCHED else notice.counters.all
    ends_at = begins_at + time_needed(left, portal.settings.mail.notices_per_minute)
    version = version_of(store, notice)
    late = version is not None and is_late(version.effective, portal.today(ends_at))
    return Forecast(ends_at, late)


def address_hash(portal: Installation, address: str) -> str:
    """The hash under which a canonical address is remembered once it was told."""
    return keyed_hash(portal.keys.for_("told"), "address", address)


def address_hashes(portal: Installation, address: str) -> Sequence[str]:
    """The same with each secret that may have been in force then."""
    return [keyed_hash(key, "address", address) for key in portal.keys.all_for("told")]


def recipient_row(
    portal: Installation,
    notice_id: int,
    address: str,
    *,
    language: str,
    now: datetime,
    subscriber_id: int | None = None,
) -> dict[str, object]:
    """Somebody counted, without their address. The letter's name is made of the notice and the address: always the same."""
    hashed = address_hash(portal, address)
    return {
        "notice_id": notice_id,
        "address_hash": hashed,
        "address": None,
        "language": language,
        "subscriber_id": subscriber_id,
        "message_id": keyed_hash(portal.keys.for_("notices"), f"notice:{notice_id}", hashed)[:32],
        "state": RecipientState.COUNTED.value,
        "attempts": 0,
        "next_try_at": now,
    }


def _check(notice: Notice, act: NoticeAct) -> None:
    if not notice.allows(act):
        raise OutOfOrder


def _check_version(portal: Installation, store: Store, notice: Notice, now: datetime) -> None:
    if notice.version_id is not None and not may_be_told(portal, store, notice.version_id, now):
        raise NotToTell


def _drafted(store: Store, notice_id: int, member: StaffMember, now: datetime) -> int:
    store.audit.record(_line(AuditEvent.NOTICE_DRAFTED, member, now))
    store.promise(Job(JobKind.GATHER_RECIPIENTS, notice_id))
    return notice_id


def _count_down(store: Store, notice: Notice, countdown: timedelta, seen_version: int, now: datetime) -> None:
    at = now + countdown
    store.notices.act(
        notice.id,
        seen_version=seen_version,
        state=NoticeState.COUNTING_DOWN.value,
        begins_at=at,
        next_step_at=at,
        troubles=0,
        trouble=None,
        proof_for=None,
    )
    store.promise(Job(JobKind.SEND_NOTICE, notice.id), due=at)


def _line(event: AuditEvent, member: StaffMember, now: datetime) -> AuditLine:
    return AuditLine(now, event, Actor.STAFF, member.id, staff_id=member.id)
