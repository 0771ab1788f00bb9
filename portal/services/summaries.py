"""The morning letter: once a day, to each member of staff who has something to answer and did not ask for none."""

from __future__ import annotations

from datetime import datetime

from portal.domain.jobs import Again
from portal.domain.letters import LetterKind
from portal.domain.outbox import Audience
from portal.domain.people import StaffMember
from portal.services.installation import Installation
from portal.services.letters import promise_letters, unsent
from portal.services.members import HANDLES
from portal.services.summary_facts import in_hand
from portal.storage.store import Store


def promise_summaries(portal: Installation, _subject: int, now: datetime) -> Again | None:
    """Promise today's letters, each with the note that it was, in one transaction: a worker killed between repeats none."""
    with portal.database.reading() as store:
        members = [member for member in store.staff.all() if _wants_one(member)]
    for member in members:
        with portal.database.writing() as store:
            _promise(portal, store, member, now)
    return None


def choose(store: Store, member: StaffMember, *, wanted: bool) -> None:
    """Write whether a member wants the letter."""
    store.staff.want_summary(member.id, wanted=wanted)


def _wants_one(member: StaffMember) -> bool:
    return member.active and member.role in HANDLES and member.wants_summary


def _promise(portal: Installation, store: Store, member: StaffMember, now: datetime) -> None:
    if not in_hand(store, member) or not store.staff.summarise(member.id, portal.today(now)):
        return
    kind, language = LetterKind.STAFF_SUMMARY, member.language
    promise_letters(store, [unsent(kind, Audience.STAFF, language=language, now=now, staff_id=member.id)])
