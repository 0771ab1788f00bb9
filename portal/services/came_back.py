"""Looking each night for people whom a restored database of a service brought back, a bounded part at a time."""

from __future__ import annotations

import time
from datetime import datetime

from portal.domain.jobs import Again
from portal.domain.ledger import LedgerRefused
from portal.services import replay
from portal.services.installation import Installation
from portal.services.replay import FIRST, Place
from portal.storage.ledger import Looking

TURN_SECONDS = 0.5
"""How long one job looks before letters get their turn."""


def look(portal: Installation, _subject: int, now: datetime) -> Again | None:
    """Look at some more people; once at everybody, how many are back is told at the head of every page of staff.

    Nobody is erased by this: whether somebody came back with a backup or by their own will is for a person to say.

    Raises:
        SourceUnavailable: a source does not answer; the engine tries again after a growing wait.
    """
    try:
        erased = replay.remembered(portal)
    except LedgerRefused:
        with portal.database.writing() as store:
            store.ledger.refuses(now)
        return None
    with portal.database.reading() as store:
        begun = store.ledger.looking()
    place: Place | None = Place(begun.people, begun.after) if begun else FIRST
    found, until = begun.found if begun else 0, time.monotonic() + TURN_SECONDS
    while place is not None:
        some, place = replay.look_on(portal, erased, place, now=now)
        found += sum(back.certain for back in some)
        if time.monotonic() > until:
            break
    with portal.database.writing() as store:
        if place is None:
            store.ledger.looked(found)
            return None
        store.ledger.look_on(Looking(place.people, place.after, found))
    return Again(now)
