"""The places from which copies are taken: as many as the operator allows, one for each person, lapsing by themselves."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, select, update

from portal.storage.copy_tables import copy_places
from portal.storage.rows import Repository


class Taking(StrEnum):
    """What came of asking for a place."""

    TAKEN = "taken"
    HAS_ONE = "has_one"
    FULL = "full"


class CopyPlaces(Repository):
    """One row for each copy on its way."""

    def take(self, person_id: int, token: str, *, now: datetime, until: datetime, places: int) -> Taking:
        """Take a free place until an instant; two that want the same one wait for each other, and one finds it taken.

        A place whose time is over is free: whoever had it died with its process.
        """
        self.connection.execute(delete(copy_places).where(copy_places.c.until <= now))
        taken = set(self.connection.execute(select(copy_places.c.place)).scalars())
        for place in sorted(set(range(places)) - taken):
            if self.insert_if_absent(copy_places, place=place, person_id=person_id, token=token, until=until):
                return Taking.TAKEN
            if self._has_one(person_id):
                return Taking.HAS_ONE
        return Taking.HAS_ONE if self._has_one(person_id) else Taking.FULL

    def keep(self, token: str, *, until: datetime) -> None:
        """Hold a place longer; one that lapsed and was taken by another stays theirs."""
        self.connection.execute(update(copy_places).where(copy_places.c.token == token).values(until=until))

    def leave(self, token: str) -> None:
        """Give a place back; twice does no harm."""
        self.connection.execute(delete(copy_places).where(copy_places.c.token == token))

    def _has_one(self, person_id: int) -> bool:
        found = select(copy_places.c.place).where(copy_places.c.person_id == person_id)
        return self.connection.execute(found).first() is not None
