"""The staff's requests: the queue by due date."""

from __future__ import annotations

from typing import Any, cast

from flask import request

from portal.domain.people import StaffMember
from portal.domain.rights import (
    OPEN,
    Role,
    State,
)
from portal.services import desk
from portal.services.posting import number_to_post
from portal.web import access
from portal.web.access import store, viewer
from portal.web.languages import page_language
from portal.web.pages import page
from portal.web.request_lines import request_line
from portal.wording.labels import state_label


@access.staff()
def staff_requests() -> Any:
    """The queue: what is open, the earliest due date first; or what is ended."""
    state = next((state for state in State if state.value == request.args.get("state")), None)
    ended = state not in OPEN if state else request.args.get("ended") == "1"
    found = desk.queue(store(), ended=ended, state=state, after=request.args.get("after"))
    members = desk.members_by_id(store())
    member = cast("StaffMember", viewer().member)
    return page(
        "staff_requests.html",
        lines=[request_line(rights_request, members) for rights_request in found.requests],
        ended=ended,
        state=state.value if state else None,
        states=[(one.value, state_label(one, page_language())) for one in _states(ended=ended)],
        next_after=found.next_after,
        first=request.args.get("after") is None,
        may_enter=member.role is not Role.AUDITOR,
        to_post=number_to_post(store()) if member.role is not Role.AUDITOR else 0,
    )


def _states(*, ended: bool) -> list[State]:
    """The states a queue may be narrowed to: *decided* lasts no longer than an instant."""
    ended_states = [State.CLOSED, State.WITHDRAWN]
    return ended_states if ended else [state for state in State if state not in {*ended_states, State.DECIDED}]
