"""Following a request with its reference and its code: reading alone, and nothing of any source (design §4.2, §4.6)."""

from __future__ import annotations

from datetime import timedelta

from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.codes import keyed_hash
from portal.domain.references import canonical_reference
from portal.domain.rights import RightsRequest
from portal.services.follow_codes import opens
from portal.services.installation import Installation
from portal.services.sign_in import TooMany
from portal.storage.limits import seconds_left
from portal.storage.store import Store

WRONG_TRIES, TRIES_WINDOW = 10, timedelta(minutes=15)
"""Wrong codes a reference may see in a window, over every browser and process, whether or not it is one (ASVS 6.3.1)."""


class NotTogether(Exception):
    """No request has this reference and this code; which of the two is wrong is not told."""


def followed_by_code(portal: Installation, store: Store, *, reference: str, code: str) -> RightsRequest:
    """The request of a reference and its code, however they were typed. That somebody read it is written down.

    Whether a reference exists changes nothing of the words, the counts nor the work done (ASVS 6.3.8).

    Raises:
        NotTogether: they are no pair; the try is counted, so the transaction must be kept.
        TooMany: the reference saw too many wrong codes.
    """
    now = portal.clock()
    canonical = canonical_reference(reference)
    if canonical is None:
        raise NotTogether  # it can be no reference of ours: nothing to count
    bucket = f"follow:{keyed_hash(portal.keys.for_('counts'), 'follow', canonical)}"
    if store.counts.number(bucket, TRIES_WINDOW, now) >= WRONG_TRIES:
        raise TooMany(seconds_left(TRIES_WINDOW, now))
    right = opens(portal, canonical, code)
    found = store.requests.by_reference(canonical)
    if found is None or not right:
        store.counts.add(bucket, TRIES_WINDOW, now)
        store.audit.record(AuditLine(now, AuditEvent.FOLLOW_FAILED, Actor.NOBODY))
        raise NotTogether
    store.audit.record(
        AuditLine(now, AuditEvent.FOLLOWED, Actor.NOBODY, person_id=found.person_id, request_id=found.id)
    )
    return found
