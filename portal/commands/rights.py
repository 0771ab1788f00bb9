"""`portal rights`: requests for programs and operators, never with an address."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from typing import Any

from portal.cli import Refused
from portal.commands.opening import installation_of
from portal.commands.refusals import words
from portal.domain.rights import RightsRequest, State
from portal.services import rights
from portal.services.installation import Installation


def list_requests(parsed: argparse.Namespace) -> None:
    """Print every request, or those in one state."""
    portal = installation_of(parsed)
    state = _state(parsed.state)
    now = portal.clock()
    with portal.database.reading() as store:
        found = [_as_dict(portal, request, now) for request in store.requests.all(state)]
    if parsed.json:
        print(json.dumps(found, indent=2))
        return
    for row in found:
        print("\t".join(_columns(row)))
    if not found:
        print(words("No request."))


def _columns(row: dict[str, Any]) -> list[str]:
    """What a line of the list says; the flags, such as test or overdue, come last and only where there are some."""
    plain = [row["reference"], row["kind"], row["state"], row["decision"] or "-", row["due"]]
    return [*plain, ", ".join(row["flags"])] if row["flags"] else plain


def show(parsed: argparse.Namespace) -> None:
    """Print one request and what happened to it."""
    portal = installation_of(parsed)
    now = portal.clock()
    with portal.database.reading() as store:
        request = rights.find(store, parsed.reference)
        if request is None:
            raise Refused(words("There is no request %(reference)s.", reference=parsed.reference))
        history = store.requests.history(request.id)
    found = _as_dict(portal, request, now)
    events = [
        {"at": _instant(event.at), "event": event.event.value, "actor": event.actor.value, "detail": event.detail}
        for event in history
    ]
    if parsed.json:
        print(json.dumps(found | {"events": events}, indent=2))
        return
    for name, value in found.items():
        print(f"{name}: {', '.join(value) if isinstance(value, list) else value}")
    for event in events:
        print("\t".join(str(part) for part in event.values() if part))


def _as_dict(portal: Installation, request: RightsRequest, now: datetime) -> dict[str, Any]:
    return {
        "reference": request.reference,
        "kind": request.kind.value,
        "state": request.state.value,
        "decision": request.decision.value if request.decision else None,
        "flags": sorted(flag.value for flag in rights.flags_of(portal, request, now=now)),
        "received_at": _instant(request.received_at),
        "due": request.due.isoformat(),
        "regime": request.regime,
        "language": request.language,
        "assignee": str(request.assignee_id) if request.assignee_id else None,
    }


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _state(typed: str | None) -> State | None:
    if typed is None:
        return None
    try:
        return State(typed)
    except ValueError as error:
        known = ", ".join(state.value for state in State)
        raise Refused(words("There is no state %(state)s. States: %(known)s.", state=typed, known=known)) from error
