"""The morning after the day a question hoped for its answer by: the request goes on with what there is (law.md §6.2).

Nothing is refused by it: whoever handles the request is reminded, and decides. A clock that stood still runs again.
"""

from __future__ import annotations

from datetime import datetime

from portal.domain.audit import Actor
from portal.domain.jobs import Again
from portal.domain.letters import LetterKind
from portal.domain.rights import RequestEvent, State
from portal.services import messages, rights
from portal.services.installation import Installation
from portal.services.pauses import run_again_and_tell

PART = 200
"""Requests looked at in one turn of the worker."""


def go_on(portal: Installation, now: datetime) -> Again | None:
    """Move on each request whose last question has waited past its day, one transaction each. Idempotent."""
    today = portal.today(now)
    with portal.database.reading() as store:
        found = store.messages.waited_past(today, limit=PART)
    for request_id in found:
        with portal.database.writing() as store:
            request = store.requests.hold(request_id)
            if request is None or request.state is not State.AWAITING_REQUESTER:
                continue
            runs = run_again_and_tell(portal, store, request, actor=Actor.SYSTEM, actor_id=None, now=now)
            went_on = rights.move(
                store, runs, State.IN_PROGRESS, RequestEvent.WENT_ON, actor=Actor.SYSTEM, actor_id=None, now=now
            )
            messages.tell_staff(portal, store, went_on, LetterKind.CONTACT_REMINDER, now)
    return Again(now) if len(found) == PART else None
