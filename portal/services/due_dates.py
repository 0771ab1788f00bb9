"""A member's last days to answer, at an address for their calendar: whoever has it reads references and days, no more."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.domain.codes import token_hash
from portal.domain.people import StaffMember
from portal.storage.store import Store

MOST = 500
"""Requests one calendar names; nobody has more in hand."""


@dataclass(frozen=True, slots=True)
class DueDates:
    """Whose calendar it is, and the reference and last day of each request they have still to answer."""

    member: StaffMember
    days: Sequence[tuple[str, date]]


def new_token(store: Store, member: StaffMember) -> str:
    """What a new address is made of; the one before stops working."""
    token = secrets.token_urlsafe(32)
    store.staff.keep_calendar(member.id, token_hash(token))
    return token


def stop(store: Store, member: StaffMember) -> None:
    """Let the member's address lead nowhere."""
    store.staff.keep_calendar(member.id, None)


def has_one(store: Store, member: StaffMember) -> bool:
    """Whether the member has an address that works."""
    return store.staff.has_calendar(member.id)


def of_token(store: Store, token: str) -> DueDates | None:
    """The days behind an address; None for one that is not, is no more, or whose member may not sign in."""
    member = store.staff.by_calendar(token_hash(token))
    if member is None or not member.active:
        return None
    return DueDates(member, store.requests.to_answer(member.id, limit=MOST))
