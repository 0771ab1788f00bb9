"""What the morning letter to a member of staff says of their work: numbers, references and days, nothing of a person's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from portal.domain.letters import DueRequest
from portal.domain.people import StaffMember
from portal.domain.queues import Selection
from portal.services.installation import Installation
from portal.storage.store import Store

NAMED = 15
"""The requests a letter names: a morning's work."""

COUNTED = 1_000
LISTS = {"en": "/en/staff/requests", "fr": "/fr/personnel/demandes"}
"""Where the letter leads. The web's own table of addresses is checked against these by a test."""


def in_hand(store: Store, member: StaffMember) -> Sequence[tuple[str, date]]:
    """The requests a member has still to answer, by reference, the earliest last day first."""
    return store.requests.to_answer(member.id, limit=COUNTED)


def summary_facts(portal: Installation, store: Store, member: StaffMember, now: datetime) -> Mapping[str, object]:
    """The facts of the letter as they are when it leaves."""
    today, found = portal.today(now), in_hand(store, member)
    return {
        "mine": len(found),
        "late": sum(due < today for _, due in found),
        "nobodys": store.queues.numbers(Selection(), member.id).nobodys,
        "requests": tuple(DueRequest(reference, due) for reference, due in found[:NAMED]),
        "link": f"{portal.settings.site.url}{LISTS[member.language]}?assignee=me",
    }
