"""How somebody who asks for another showed that they may: written by staff, before anything is decided (P-39.1, s. 30)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from portal.domain.asking import Proof, Shown
from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.people import StaffMember
from portal.domain.posting import ENTERED_WITHIN
from portal.domain.rights import Kind, RequestEvent, RightsRequest
from portal.services import checklist
from portal.services.behalf import is_to_check
from portal.services.installation import Installation
from portal.services.own_request import refuse_own
from portal.storage.rights import Conflict as Conflict  # noqa: PLC0414  # pages answer it with the present state
from portal.storage.store import Store


class NothingToShow(Exception):
    """The request is for whoever asks, its capacity is written already, or it is decided."""


class NotThatDay(Exception):
    """Nobody can have shown it that day: it is to come, or older than any request."""


@dataclass(frozen=True, slots=True)
class Seen:
    """How a capacity was shown: which kind of proof, in words what it was (never the document itself), and the day."""

    proof: Proof
    what: str
    on: date


def capacity_shown(
    portal: Installation, store: Store, member: StaffMember, request: RightsRequest, seen: Seen, *, seen_version: int
) -> RightsRequest:
    """Write how the capacity was shown: what was seen, on which day, by whom; no document is kept (law.md §6.3).

    Keepers, who were asked nothing of it until now, are asked then.

    Raises:
        OwnRequest: the member is whoever asks.
        NothingToShow: there is none to show, it is written, or the request is decided.
        NotThatDay: the day is to come.
        Conflict: somebody else changed the request since the page was made.
    """
    refuse_own(store, member, request)
    if request.version != seen_version:
        raise Conflict
    if request.behalf is None or not is_to_check(request):
        raise NothingToShow
    now = portal.clock()
    check_day(portal, seen.on, now)
    shown = replace(request.behalf, shown=Shown(seen.proof, seen.what, seen.on, member.id))
    saved = store.requests.save(replace(request, behalf=shown), seen_version=seen_version)
    store.requests.happened(saved.id, RequestEvent.CAPACITY_SHOWN, actor=Actor.STAFF, actor_id=member.id, now=now)
    line = AuditLine(now, AuditEvent.CAPACITY_SHOWN, Actor.STAFF, member.id, saved.person_id, saved.id)
    store.audit.record(replace(line, detail=seen.proof))
    if saved.kind is not Kind.DELETION:
        checklist.ask_keepers(portal, store, saved, now=now)
    return saved


def check_day(portal: Installation, day: date, now: datetime) -> None:
    """Let pass a day on which a capacity may have been shown.

    Raises:
        NotThatDay: it is to come, or more than three years ago, a year mistyped.
    """
    today = portal.today(now)
    if day > today or day < portal.today(ENTERED_WITHIN.before(now)):
        raise NotThatDay
