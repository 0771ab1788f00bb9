"""Versions that people opened and acknowledged, and the names of feeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, bindparam, select, update

from portal.domain.policies import Document
from portal.domain.policy_feeds import FeedName
from portal.domain.policy_readings import Reading
from portal.storage.policy_reading_tables import feed_names, policy_readings
from portal.storage.rows import Repository
from portal.storage.tables import policy_versions


@dataclass(frozen=True, slots=True)
class Kept:
    """One row as it is kept, for the person's own copy."""

    document: Document
    version_id: str
    opened_at: datetime | None
    acknowledged_at: datetime | None


_OF_PERSON = (
    select(
        policy_versions.c.id,
        policy_versions.c.effective,
        policy_readings.c.opened_at,
        policy_readings.c.acknowledged_at,
    )
    .select_from(
        policy_versions.outerjoin(
            policy_readings,
            and_(
                policy_readings.c.document == policy_versions.c.document,
                policy_readings.c.version_id == policy_versions.c.id,
                policy_readings.c.person_id == bindparam("person"),
            ),
        )
    )
    .where(policy_versions.c.document == bindparam("document"))
)
"""Built once: every page of a signed-in person's information asks it."""


class PolicyReadings(Repository):
    """Rows of `policy_readings`; nobody but the person's own press of a button writes one."""

    def of_person(self, person_id: int, document: Document) -> Sequence[Reading]:
        """Every version of a document, with what the person opened and acknowledged of it; its texts are not read."""
        asked = {"person": person_id, "document": document}
        return [
            Reading(row["id"], row["effective"], None, row["opened_at"], row["acknowledged_at"])
            for row in self.connection.execute(_OF_PERSON, asked).mappings()
        ]

    def kept(self, person_id: int) -> Sequence[Kept]:
        """Every row of a person."""
        found = select(policy_readings).where(policy_readings.c.person_id == person_id)
        rows = self.connection.execute(found.order_by(policy_readings.c.document, policy_readings.c.version_id))
        return [
            Kept(row["document"], row["version_id"], row["opened_at"], row["acknowledged_at"])
            for row in rows.mappings()
        ]

    def opened(self, person_id: int, document: Document, version_id: str, now: datetime) -> None:
        """Record that a person opened a version, the first time."""
        self._first(person_id, document, version_id, opened_at=now)

    def acknowledged(self, person_id: int, document: Document, version_id: str, now: datetime) -> None:
        """Record that a person says they have read a version."""
        self._first(person_id, document, version_id, acknowledged_at=now)

    def taken_back(self, person_id: int, document: Document, version_id: str) -> None:
        """Forget that a person said so."""
        self.connection.execute(
            update(policy_readings).where(_is(person_id, document, version_id)).values(acknowledged_at=None)
        )

    def _first(self, person_id: int, document: Document, version_id: str, **fact: datetime) -> None:
        """Write a fact that is not there yet; one that is keeps its instant."""
        key = {"person_id": person_id, "document": document, "version_id": version_id}
        if self.insert_if_absent(policy_readings, **key, **fact):
            return
        [name] = fact
        absent = policy_readings.c[name].is_(None)
        self.connection.execute(
            update(policy_readings).where(_is(person_id, document, version_id), absent).values(**fact)
        )


class FeedNames(Repository):
    """Rows of `feed_names`, each written once."""

    def of(self, document: Document) -> FeedName | None:
        """The name a document's feeds began under, or None."""
        found = select(feed_names.c.authority, feed_names.c.since).where(feed_names.c.document == document)
        row = self.connection.execute(found).first()
        return FeedName(row[0], row[1]) if row else None

    def keep(self, document: Document, authority: str, since: date) -> None:
        """Keep the name for ever, unless there is one."""
        self.insert_if_absent(feed_names, document=document, authority=authority, since=since)


def _is(person_id: int, document: Document, version_id: str) -> ColumnElement[bool]:
    return and_(
        policy_readings.c.person_id == person_id,
        policy_readings.c.document == document,
        policy_readings.c.version_id == version_id,
    )
