"""A request in the words of the staff's list, and of the head of its own page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from portal.domain.people import StaffMember
from portal.domain.rights import BEFORE_DECISION, Flag, RightsRequest
from portal.web.access import now, portal
from portal.web.languages import page_language, url
from portal.web.pages import words
from portal.web.staff_views import identity_short
from portal.wording.dates import days_left
from portal.wording.labels import flag_label_for_staff, kind_label_for_staff, state_label

SOON_DAYS = 5


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One request of the queue in words. `tone` colours its due date, which says it in words too.

    `changed`: the day it last changed, where the list says so. `seen`: the request as it stands, for whoever chooses it.
    """

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
    received: date
    changed: date | None
    seen: str
    unanswered: bool
    nobodys: bool


def line_of(
    found: RightsRequest, members: Mapping[int, StaffMember], *, changed_at: datetime | None = None
) -> QueueLine:
    """One request in words."""
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
        received=found.received_on,
        changed=portal().today(changed_at) if changed_at else None,
        seen=f"{found.reference}:{found.version}",
        unanswered=unanswered,
        nobodys=found.assignee_id is None,
    )
