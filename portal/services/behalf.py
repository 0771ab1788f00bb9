"""Asking for another: nothing of theirs is given, corrected or erased before staff wrote how the capacity was shown."""

from __future__ import annotations

from portal.domain.rights import BEFORE_DECISION, Decision, RightsRequest
from portal.storage.store import Store

TELLS_A_STRANGER = frozenset({Decision.GRANTED, Decision.PARTIALLY_GRANTED, Decision.NO_INFORMATION_HELD})
"""Decisions that give something of the person concerned, or tell whether we hold anything: not before a capacity is shown."""


class CapacityUnproven(Exception):
    """Whoever asks for another has not shown that they may (P-39.1, s. 30)."""


def is_unproven(request: RightsRequest) -> bool:
    """Whether somebody asks for another and nobody has written how their capacity was shown."""
    return request.behalf is not None and request.behalf.shown is None


def is_to_check(request: RightsRequest) -> bool:
    """Whether it is still to be written, before the request is decided."""
    return is_unproven(request) and request.state in BEFORE_DECISION


def refuse_unproven(request: RightsRequest, decision: Decision) -> None:
    """Let a decision pass that gives and tells nothing, or that rests on a capacity shown.

    Raises:
        CapacityUnproven: it must be shown first; *not entitled* stays possible.
    """
    if is_unproven(request) and decision in TELLS_A_STRANGER:
        raise CapacityUnproven


def done_by_hand(store: Store, request: RightsRequest) -> bool:
    """Whether staff themselves do what is granted, no system of ours being asked under the address of whoever asks."""
    return request.behalf is not None or store.people.is_by_post(request.person_id)
