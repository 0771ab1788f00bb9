"""Requests that did not come through the portal, but by e-mail, by post, by phone or in person: entered by staff."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from portal.domain.answer_parts import MachineDecision
from portal.domain.asking import Channel, OnBehalf, WantedForm
from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.languages import Language
from portal.domain.people import Person, StaffMember
from portal.domain.posting import ENTERED_WITHIN, PostalAddress
from portal.domain.rights import BEFORE_DECISION, Kind, Level, RequestEvent, RightsRequest, State
from portal.services import rights
from portal.services.installation import Installation
from portal.services.own_request import refuse_own
from portal.services.rights import Asked
from portal.storage.rights import Conflict as Conflict  # noqa: PLC0414  # pages answer it with the present state
from portal.storage.store import Store


@dataclass(frozen=True, slots=True)
class Entry:
    """What a member of staff read or heard.

    `to`: where our letters go, the lines of an envelope or a canonical e-mail address. `identity_check`: how staff know
    who asks; None while that is not checked. `message`: for what was said, what the member wrote down of it.
    `machine_decision`: the one asked about, for a request about an automated decision.
    """

    to: PostalAddress | str
    language: Language
    kind: Kind
    message: str
    received_on: date
    identity_check: str | None
    other_regimes: tuple[str, ...] = ()
    channel: Channel = Channel.POST
    behalf: OnBehalf | None = None
    wanted_form: WantedForm | None = None
    machine_decision: MachineDecision | None = None


class NothingToCheck(Exception):
    """Who asks is known already, or the request is decided."""


class NotThatDay(Exception):
    """A request cannot have been received that day: `too_old`, or in the days to come."""

    def __init__(self, *, too_old: bool) -> None:
        """Keep which."""
        super().__init__()
        self.too_old = too_old


def enter(
    portal: Installation, store: Store, member: StaffMember, entry: Entry, *, form_id: str, now: datetime
) -> RightsRequest:
    """Open the request: the clock of the law runs from the day it was received, in the organization's time zone.

    A second press of the same form gives the request the first one opened.

    Raises:
        NotThatDay: the day it was received is to come, or so old that the year must be wrong.
    """
    check_day(portal, entry.received_on, now)
    owner = f"staff:{member.id}"
    if not store.forms.take(owner, form_id, now):
        found = store.requests.by_reference(store.forms.result(owner, form_id) or "")
        if found:
            return found
    person = _person(store, entry, now)
    asked = Asked(
        entry.kind,
        entry.language,
        Level.L3 if entry.identity_check else Level.L1,
        message=entry.message,
        received_on=entry.received_on,
        identity_check=entry.identity_check,
        other_regimes=entry.other_regimes,
        channel=entry.channel,
        behalf=entry.behalf,
        wanted_form=entry.wanted_form,
        machine_decision=entry.machine_decision,
    )
    request = rights.open_request(portal, store, person, asked, form_id=None, now=now, staff_id=member.id)
    store.forms.settle(owner, form_id, request.reference)
    return request


def never_checked(store: Store, request: RightsRequest) -> bool:
    """Whether staff entered a request and have not said how they know who asks."""
    return request.level is Level.L1 and store.requests.history(request.id)[0].actor is Actor.STAFF


def identity_is_to_check(store: Store, request: RightsRequest) -> bool:
    """Whether it is still to be said, before the request is decided."""
    return request.state in BEFORE_DECISION and never_checked(store, request)


def identity_checked(
    portal: Installation, store: Store, member: StaffMember, request: RightsRequest, how: str, *, seen_version: int
) -> RightsRequest:
    """Write how staff know who asks.

    Raises:
        OwnRequest: the member is the person.
        NothingToCheck: it is known already, or the request is decided.
        Conflict: somebody else changed it since the page was made.
    """
    refuse_own(store, member, request)
    if not identity_is_to_check(store, request):
        raise NothingToCheck
    now = portal.clock()
    known = replace(request, level=Level.L3, identity_check=how)
    if request.state is State.VERIFYING_IDENTITY:
        known = replace(known, state=State.IN_PROGRESS)
    checked = store.requests.save(known, seen_version=seen_version)
    store.requests.happened(checked.id, RequestEvent.IDENTITY_CHECKED, actor=Actor.STAFF, actor_id=member.id, now=now)
    store.audit.record(
        AuditLine(
            now, AuditEvent.IDENTITY_CHECKED, Actor.STAFF, member.id, person_id=checked.person_id, request_id=checked.id
        )
    )
    return checked


def _person(store: Store, entry: Entry, now: datetime) -> Person:
    """Who asks: whoever has the e-mail address, or somebody new whom letters reach by post."""
    if isinstance(entry.to, PostalAddress):
        return store.people.add_by_post(entry.to, language=entry.language, now=now)
    return store.people.ensure(entry.to, language=entry.language, now=now)


def check_day(portal: Installation, day: date, now: datetime) -> None:
    """Let pass a day on which a request may have been received.

    Raises:
        NotThatDay: it is none.
    """
    if day > portal.today(now):
        raise NotThatDay(too_old=False)
    if day < portal.today(ENTERED_WITHIN.before(now)):
        raise NotThatDay(too_old=True)
