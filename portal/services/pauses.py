"""A clock that stands still begins to run again: by hand, when the person answers, or with the decision (law.md §3.3, 4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.letters import LetterKind
from portal.domain.rights import RequestEvent, RightsRequest
from portal.services import rights
from portal.services.installation import Installation
from portal.storage.store import Store


def run_again_and_tell(
    portal: Installation, store: Store, request: RightsRequest, *, actor: Actor, actor_id: int | None, now: datetime
) -> RightsRequest:
    """The request with its clock running; its person is told which last day holds, where no answer tells it at once."""
    running = running_again(portal, store, request, actor=actor, actor_id=actor_id, now=now)
    if request.paused_on is not None:
        rights.promise_to_person(store, running, LetterKind.CLOCK_CHANGED, now)
    return running


def running_again(
    portal: Installation, store: Store, request: RightsRequest, *, actor: Actor, actor_id: int | None, now: datetime
) -> RightsRequest:
    """The request with its clock running: its last day moved by the whole days it stood still, and a line that says so.

    One whose clock runs already is given back as it is.
    """
    if request.paused_on is None:
        return request
    today = portal.today(now)
    due = request.due + (today - request.paused_on)
    running = replace(request, paused_on=None, paused_for=None, due=due)
    saved = store.requests.save(running, seen_version=request.version)
    store.requests.look_again(saved.id, today + timedelta(days=1))
    store.requests.happened(
        saved.id,
        RequestEvent.RESUMED,
        actor=actor,
        actor_id=actor_id,
        now=now,
        detail=request.paused_for,
        due=(request.due, due),
    )
    line = AuditLine(now, AuditEvent.REQUEST_RESUMED, actor, actor_id, person_id=saved.person_id)
    store.audit.record(replace(line, request_id=saved.id, detail=saved.kind))
    return saved
