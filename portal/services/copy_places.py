"""Who takes a copy now: one of a person at a time and a few in all, whichever process answers (design §4.3, security.md B-18).

A place is a row with a time limit. It is taken, held longer and given back in small transactions of its own, so that a copy
that takes an hour keeps nobody from writing, and a process that dies keeps nobody from their copy for long.
"""

from __future__ import annotations

import logging
import secrets
from datetime import datetime, timedelta

from portal.domain.people import Person
from portal.services.installation import Installation
from portal.storage.copy_places import Taking
from portal.storage.database import DatabaseAway

LASTS = timedelta(minutes=2)
"""How long a place is kept after its copy last moved: how long a person waits whose copy died with its process."""

HELD_EVERY = timedelta(seconds=30)
"""How often a copy that moves says so: seldom enough to cost nothing."""

_log = logging.getLogger("portal.copies")


class CopyRunning(Exception):
    """No place is free; `own` says that the person takes a copy already, rather than too many people."""

    def __init__(self, *, own: bool) -> None:
        """Keep whose copies are on their way."""
        super().__init__()
        self.own = own


class Place:
    """A place that was taken, until its copy is at its end or cut."""

    def __init__(self, portal: Installation, token: str, held_at: datetime) -> None:
        """Hold the place a token stands for."""
        self._portal = portal
        self._token = token
        self._held_at = held_at
        self._left = False

    def hold(self) -> None:
        """Say that the copy still moves; most often it was said a moment ago and nothing is written."""
        now = self._portal.clock()
        if now - self._held_at < HELD_EVERY:
            return
        self._held_at = now
        try:
            with self._portal.database.writing() as store:
                store.copy_places.keep(self._token, until=now + LASTS)
        except DatabaseAway:
            # The copy goes on; at worst its person may begin another.
            _log.warning("copy_place_not_held")

    def leave(self) -> None:
        """Give the place back; twice does no harm. Where the database is away it lapses by itself."""
        if self._left:
            return
        self._left = True
        try:
            with self._portal.database.writing() as store:
                store.copy_places.leave(self._token)
        except DatabaseAway:
            _log.warning("copy_place_not_left")


def take_place(portal: Installation, person: Person) -> Place:
    """Take a place for a person's copy, before a byte of it is read.

    Raises:
        CopyRunning: the person has one, or every place is taken.
    """
    now, token = portal.clock(), secrets.token_hex(16)
    with portal.database.writing() as store:
        taking = store.copy_places.take(
            person.id, token, now=now, until=now + LASTS, places=portal.settings.limits.copies_at_once
        )
    if taking is not Taking.TAKEN:
        raise CopyRunning(own=taking is Taking.HAS_ONE)
    return Place(portal, token, now)
