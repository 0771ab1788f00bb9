"""Following a request with its reference and its code: reading alone, and nothing of any source (design §4.2, §4.6).

A code that somebody else may have read is replaced; the one before it then opens nothing, like any code that never was.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from portal.domain.audit import Actor, AuditEvent, AuditLine
from portal.domain.codes import keyed_hash
from portal.domain.letters import LetterKind
from portal.domain.people import Person, StaffMember
from portal.domain.references import canonical_reference
from portal.domain.rights import RequestEvent, RightsRequest
from portal.services import rights
from portal.services.follow_codes import opens
from portal.services.installation import Installation
from portal.services.own_request import refuse_own
from portal.services.sign_in import TooMany
from portal.storage.limits import seconds_left
from portal.storage.store import Store

WRONG_TRIES, TRIES_WINDOW = 10, timedelta(minutes=15)
"""Wrong codes a reference may see in a window, over every browser and process, whether or not it is one (ASVS 6.3.1)."""

MOST_REPLACED, REPLACED_WINDOW = 5, timedelta(days=1)
"""Codes of one request replaced in a day: each sends a letter."""


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
    found = store.requests.by_reference(canonical)
    right = opens(portal, canonical, found.follow_number if found else 0, code)
    if found is None or not right:
        store.counts.add(bucket, TRIES_WINDOW, now)
        store.audit.record(AuditLine(now, AuditEvent.FOLLOW_FAILED, Actor.NOBODY))
        raise NotTogether
    store.audit.record(
        AuditLine(now, AuditEvent.FOLLOWED, Actor.NOBODY, person_id=found.person_id, request_id=found.id)
    )
    return found


def replace_as_person(store: Store, person: Person, request: RightsRequest, *, seen: int, now: datetime) -> bool:
    """Give a request a new follow code because its person asks for it; False when it was replaced already since `seen`.

    Raises:
        TooMany: it was replaced too often today.
    """
    return _replace(store, request, seen, Actor.PERSON, person.id, now)


def replace_as_staff(store: Store, member: StaffMember, request: RightsRequest, *, seen: int, now: datetime) -> bool:
    """Give a request a new follow code because its person told staff that somebody else may have read theirs.

    The new one goes to the person alone, in a letter. False when it was replaced already since `seen`.

    Raises:
        OwnRequest: the member is the person.
        TooMany: it was replaced too often today.
    """
    refuse_own(store, member, request)
    return _replace(store, request, seen, Actor.STAFF, member.id, now)


def _replace(store: Store, request: RightsRequest, seen: int, actor: Actor, actor_id: int, now: datetime) -> bool:
    """`seen`: the number of the code whose page had the button, so that a second press replaces nothing."""
    present = store.requests.hold(request.id) or request
    if present.follow_number != seen:
        return False
    if store.counts.add(f"follow-code:{request.id}", REPLACED_WINDOW, now) > MOST_REPLACED:
        raise TooMany(seconds_left(REPLACED_WINDOW, now))
    new = replace(present, follow_number=present.follow_number + 1)
    saved = store.requests.save(new, seen_version=present.version)
    event = RequestEvent.FOLLOW_CODE_REPLACED
    store.requests.happened(saved.id, event, actor=actor, actor_id=actor_id, now=now)
    line = AuditLine(now, AuditEvent.FOLLOW_CODE_REPLACED, actor, actor_id, person_id=saved.person_id)
    store.audit.record(replace(line, request_id=saved.id))
    rights.promise_to_person(store, saved, LetterKind.FOLLOW_CODE_REPLACED, now)
    return True
