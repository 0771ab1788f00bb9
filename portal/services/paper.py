"""Requests that came on paper, by post or in person, from somebody without an e-mail address: entered by staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from portal.domain.languages import Language
from portal.domain.people import StaffMember
from portal.domain.posting import ENTERED_WITHIN, PostalAddress
from portal.domain.rights import Kind, Level, RightsRequest
from portal.services import rights
from portal.services.installation import Installation
from portal.services.rights import Asked
from portal.storage.store import Store


@dataclass(frozen=True, slots=True)
class OnPaper:
    """What a member of staff read, and how they know who asks."""

    to: PostalAddress
    language: Language
    kind: Kind
    message: str
    received_on: date
    identity_check: str


class NotThatDay(Exception):
    """A request cannot have been received that day: `too_old`, or in the days to come."""

    def __init__(self, *, too_old: bool) -> None:
        """Keep which."""
        super().__init__()
        self.too_old = too_old


def enter(
    portal: Installation, store: Store, member: StaffMember, paper: OnPaper, *, form_id: str, now: datetime
) -> RightsRequest:
    """Open the request: the clock of the law runs from the day it was received, in the organization's time zone.

    A second press of the same form gives the request the first one opened.

    Raises:
        NotThatDay: the day it was received is to come, or so old that the year must be wrong.
    """
    check_day(portal, paper.received_on, now)
    owner = f"staff:{member.id}"
    if not store.forms.take(owner, form_id, now):
        found = store.requests.by_reference(store.forms.result(owner, form_id) or "")
        if found:
            return found
    person = store.people.add_by_post(paper.to, language=paper.language, now=now)
    asked = Asked(
        paper.kind,
        paper.language,
        Level.L3,
        message=paper.message,
        received_on=paper.received_on,
        identity_check=paper.identity_check,
    )
    request = rights.open_request(portal, store, person, asked, form_id=None, now=now, staff_id=member.id)
    store.forms.settle(owner, form_id, request.reference)
    return request


def check_day(portal: Installation, day: date, now: datetime) -> None:
    """Let pass a day on which a request may have been received.

    Raises:
        NotThatDay: it is none.
    """
    if day > portal.today(now):
        raise NotThatDay(too_old=False)
    if day < portal.today(ENTERED_WITHIN.before(now)):
        raise NotThatDay(too_old=True)
