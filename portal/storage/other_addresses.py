"""Other addresses that people use and have proved, each one person's at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, exists, func, or_, select, update

from portal.domain.people import PROVED_FOR, OtherAddress
from portal.storage.rows import Repository
from portal.storage.tables import other_addresses, people

_OF_PERSON = (
    select(other_addresses)
    .where(other_addresses.c.person_id == bindparam("person_id"), other_addresses.c.proved_at > bindparam("after"))
    .order_by(other_addresses.c.id)
)


class OtherAddresses(Repository):
    """Rows of `other_addresses` as OtherAddress."""

    def of_person(self, person_id: int, *, proved_after: datetime) -> Sequence[OtherAddress]:
        """A person's other addresses whose proof is recent enough, in the order they came."""
        found = self.connection.execute(_OF_PERSON, {"person_id": person_id, "after": proved_after})
        return [OtherAddress(**row) for row in found.mappings()]

    def holder(self, address: str) -> int | None:
        """The id of the person who proved an address last, or None."""
        found = select(other_addresses.c.person_id).where(other_addresses.c.address == address)
        return self.connection.execute(found).scalar()

    def prove(self, person_id: int, address: str, now: datetime) -> int | None:
        """Remember that a person proved an address; gives whose it was until now where it was somebody else's.

        One whose proof counted no more is new again: what was decided meanwhile was not decided on it.
        """
        first = {"person_id": person_id, "added_at": now, "proved_at": now}
        if self.insert_if_absent(other_addresses, address=address, **first):
            return None
        here = other_addresses.c.address == address
        kept = select(other_addresses.c.person_id, other_addresses.c.proved_at).where(here).with_for_update()
        earlier = self.connection.execute(kept).first()
        if earlier is None:  # taken back meanwhile
            return self.prove(person_id, address, now)
        counts = earlier.person_id == person_id and earlier.proved_at > PROVED_FOR.before(now)
        again = {"proved_at": now} if counts else first
        self.connection.execute(update(other_addresses).where(here).values(**again))
        return int(earlier.person_id) if earlier.person_id != person_id else None

    def remove(self, person_id: int, number: int) -> bool:
        """Forget one address of a person; False when it is none of theirs."""
        chosen = (other_addresses.c.person_id == person_id) & (other_addresses.c.id == number)
        return self.connection.execute(delete(other_addresses).where(chosen)).rowcount == 1

    def remove_of(self, person_id: int) -> None:
        """Forget every other address of a person."""
        self.connection.execute(delete(other_addresses).where(other_addresses.c.person_id == person_id))

    def remove_old(self, proved_before: datetime, *, limit: int) -> int:
        """Forget some whose proof counts no more; gives how many."""
        old = select(other_addresses.c.id).where(other_addresses.c.proved_at <= proved_before)
        some = old.order_by(other_addresses.c.id).limit(limit)
        return self.connection.execute(delete(other_addresses).where(other_addresses.c.id.in_(some))).rowcount

    def joined(self, one: str, other: str) -> bool:
        """Whether somebody proved that both addresses are theirs, whichever of the two they sign in with."""
        theirs = select(people.c.id).where(people.c.address.in_([one, other])).scalar_subquery()
        proved = exists().where(other_addresses.c.address.in_([one, other]), other_addresses.c.person_id.in_(theirs))
        both = (
            select(other_addresses.c.person_id)
            .where(other_addresses.c.address.in_([one, other]))
            .group_by(other_addresses.c.person_id)
            .having(func.count() == 2)
        )
        return bool(self.connection.execute(select(or_(proved, exists(both)))).scalar())
