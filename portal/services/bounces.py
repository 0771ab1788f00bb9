"""Letters of notices that came back: whoever they were for was not told, and the notice's page says how many."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from portal.domain.jobs import Again
from portal.domain.notices import RecipientState
from portal.mail.bounces import Bounce, bounces_in
from portal.mail.imap import mailbox_at
from portal.services.addresses import BadAddress, canonical_address
from portal.services.installation import Installation
from portal.services.notices import address_hashes
from portal.storage.store import Store

AT_ONCE = 50
BELIEVED_FOR = timedelta(days=7)
"""So long after a letter left, a report that names its address alone is about it: servers try for five days (RFC 5321)."""


class Taken(StrEnum):
    """What a message turned out to be."""

    MARKED = "marked"
    KNOWN = "known"
    NOT_OURS = "not_ours"
    NO_REPORT = "no_report"


def take(portal: Installation, store: Store, raw: bytes, now: datetime) -> Taken:
    """Mark whom a report is about; the same report again changes nothing."""
    found = bounces_in(raw)
    if not found:
        return Taken.NO_REPORT
    outcomes = [_mark(portal, store, bounce, now) for bounce in found]
    return next(one for one in Taken if one in outcomes)


def fetch(portal: Installation, _subject: int, now: datetime) -> Again | None:
    """Read what came back since the last time, for the worker; Again while there is more.

    Messages are marked as read once what they say is kept: a worker killed in between reads them again, for nothing.

    Raises:
        MailboxAway: the mailbox does not answer; the engine tries again later.
    """
    url = portal.settings.mail.bounces
    if url is None:
        return None
    with mailbox_at(url) as mailbox:
        messages = mailbox.unread(AT_ONCE)
        with portal.database.writing() as store:
            for _, raw in messages:
                take(portal, store, raw, now)
        mailbox.mark_read([name for name, _ in messages])
    return Again(now) if len(messages) == AT_ONCE else None


def _mark(portal: Installation, store: Store, bounce: Bounce, now: datetime) -> Taken:
    """By the letter's own name, which nobody can guess; where it was not sent back, by the address, for some days."""
    found = None
    if bounce.message_id:
        found = store.recipients.by_message_id(bounce.message_id.strip("<>").partition("@")[0])
    elif bounce.address:
        try:
            hashes = address_hashes(portal, canonical_address(bounce.address))
        except BadAddress:
            return Taken.NOT_OURS
        found = store.recipients.newest_of(hashes, since=now - BELIEVED_FOR)
    if found is None:
        return Taken.NOT_OURS
    recipient_id, notice_id, state = found
    if state is not RecipientState.HANDED_OVER:
        return Taken.KNOWN
    store.recipients.came_back(recipient_id)
    store.notices.count(notice_id, handed_over=-1, bounced=1)
    return Taken.MARKED
