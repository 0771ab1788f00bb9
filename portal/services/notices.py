"""What the officer does with notices: draft one, try it on oneself, let it count down, stop it, resume it, end it.

A material change of the policy is told before its day (P-39.1, s. 8.2); a change of wording is told to nobody. The same
road tells of a commercial transaction (s. 18.4) and, to people chosen for it, of a confidentiality incident (s. 3.5).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.codes import keyed_hash
from portal.domain.jobs import Job, JobKind
from portal.domain.languages import DEFAULT_LANGUAGE, Text
from portal.domain.notices import (
    MOST_CHOSEN,
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
from portal.domain.policies import Document, Version
from portal.domain.references import canonical_reference
from portal.services import policies
from portal.services.addresses import BadAddress, canonical_address
from portal.services.installation import Installation
from portal.storage.notices import StaleNotice
from portal.storage.store import Store

__all__ = ["StaleNotice"]

SHOWN = 50


class NotToTell(Exception):
    """The version is no change of substance, is not ours to tell, or had its day long ago."""


class OutOfOrder(Exception):
    """The act does not fit where the notice stands now."""


class NotChosen(Exception):
    """Lines that name nobody who can be written to, by their number and words; or too many of them."""

    def __init__(self, lines: Sequence[tuple[int, str]], *, too_many: bool = False) -> None:
        """Keep which lines."""
        super().__init__()
        self.lines = tuple(lines)
        self.too_many = too_many


@dataclass(frozen=True, slots=True)
class ToTell:
    """A version that people must be told of, and the notice that does it, if there is one."""

    version: Version
    notice: Notice | None


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


def to_tell(portal: Installation, store: Store, now: datetime) -> Sequence[ToTell]:
    """Material versions whose day is to come, the first one first."""
    today = portal.today(now)
    coming = [one for one in policies.versions(store) if one.effective > today and _is_told(one)]
    return [ToTell(version, store.notices.of_version(version.document, version.id)) for version in reversed(coming)]


def version_of(store: Store, notice: Notice) -> Version | None:
    """The version a notice tells, or None."""
    return policies.one(store, notice.version_id) if notice.version_id else None


def draft_change(portal: Installation, store: Store, member: StaffMember, version_id: str, now: datetime) -> int:
    """Draft the notice of a version, and begin to count whom to tell; the one there is stays. Gives its id.

    Raises:
        NotToTell: the version is none to tell.
    """
    version = policies.one(store, version_id)
    if version is None or not _is_told(version):
        raise NotToTell
    if policies.standing(version, policies.versions(store), portal.today(now)).until is not None:
        raise NotToTell
    there = store.notices.of_version(version.document, version.id)
    if there is not None:
        return there.id
    return _drafted(store, NoticeKind.POLICY_CHANGE, member, now, document=version.document, version_id=version.id)


def draft_other(store: Store, member: StaffMember, kind: NoticeKind, now: datetime) -> int:
    """Draft a notice of another kind; gives its id."""
    return _drafted(store, kind, member, now)


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


def choose(portal: Installation, store: Store, notice: Notice, lines: str, now: datetime) -> None:
    """Add people to whom a notice goes, one address or reference a line; those there already stay once.

    Raises:
        NotChosen: a line names nobody who can be written to; nobody is added.
    """
    _check(notice, NoticeAct.SAVE)
    addresses = _addresses(store, lines)
    if len(addresses) + notice.counters.people > MOST_CHOSEN:
        raise NotChosen([], too_many=True)
    rows = [
        recipient_row(portal, notice.id, address, language=DEFAULT_LANGUAGE, now=now) | {"address": address}
        for address in addresses
    ]
    added = store.recipients.add(rows)
    if added:
        store.notices.count(notice.id, people=added)
        store.notices.change(notice.id, gathering=Gathering.COUNTING.value, place=None, next_step_at=None)
        store.promise(Job(JobKind.GATHER_RECIPIENTS, notice.id))


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
    store: Store, member: StaffMember, notice: Notice, *, countdown: timedelta, seen_version: int, now: datetime
) -> None:
    """Let it count down; it can be stopped until the end and after.

    Raises:
        StaleNotice: somebody acted meanwhile.
        OutOfOrder: no proof was sent yet, or the recipients are not counted, or there are none.
    """
    _check(notice, NoticeAct.BEGIN)
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
    store: Store, member: StaffMember, notice: Notice, *, countdown: timedelta, seen_version: int, now: datetime
) -> None:
    """Go on where it was stopped: with those who wait, or with a countdown begun anew.

    Raises:
        StaleNotice: somebody acted meanwhile.
        OutOfOrder: it is not stopped.
    """
    _check(notice, NoticeAct.RESUME)
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


def told_on(store: Store, hashed: str, document: Document, version_id: str) -> datetime | None:
    """When the mail server took the letter that tells a person of a version, if it did and it did not come back.

    `hashed` is `address_hash` of the person's canonical address.
    """
    return store.recipients.told_on([hashed], document, version_id)


def address_told_on(
    portal: Installation, store: Store, address: str, document: Document, version_id: str
) -> datetime | None:
    """The same for a canonical address, whichever secret was in force then."""
    return store.recipients.told_on(address_hashes(portal, address), document, version_id)


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


def _is_told(version: Version) -> bool:
    return version.kind == "material" and not version.imported


def _check(notice: Notice, act: NoticeAct) -> None:
    if not notice.allows(act):
        raise OutOfOrder


def _drafted(
    store: Store,
    kind: NoticeKind,
    member: StaffMember,
    now: datetime,
    *,
    document: Document | None = None,
    version_id: str | None = None,
) -> int:
    notice_id = store.notices.add(kind, now=now, staff_id=member.id, document=document, version_id=version_id)
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


def _addresses(store: Store, lines: str) -> Sequence[str]:
    """The canonical address of each line, each once."""
    found: dict[str, None] = {}
    refused: list[tuple[int, str]] = []
    for number, line in enumerate(lines.splitlines(), start=1):
        for word in _words(line):
            address = _address(store, word)
            if address is None:
                refused.append((number, word))
            else:
                found[address] = None
    if refused:
        raise NotChosen(refused)
    return list(found)


def _words(line: str) -> Iterator[str]:
    yield from filter(None, line.replace(",", " ").replace(";", " ").split())


def _address(store: Store, word: str) -> str | None:
    """An address as it is written, or the one of whoever made a request; None when there is none."""
    if "@" in word:
        try:
            return canonical_address(word)
        except BadAddress:
            return None
    reference = canonical_reference(word)
    request = store.requests.by_reference(reference) if reference else None
    person = store.people.by_id(request.person_id) if request else None
    return person.address if person else None


def _line(event: AuditEvent, member: StaffMember, now: datetime) -> AuditLine:
    return AuditLine(now, event, Actor.STAFF, member.id, staff_id=member.id)
