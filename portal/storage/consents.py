"""Consents given and withdrawn through the portal: the proof of what was said, and when (P-39.1, s. 14)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.domain.languages import Language
from portal.storage.rows import Repository
from portal.storage.tables import consent_events


@dataclass(frozen=True, slots=True)
class ConsentEvent:
    """One answer: for which purpose, given or withdrawn, when and in which language."""

    purpose: str
    state: str
    at: datetime
    language: Language


class ConsentEvents(Repository):
    """Rows of `consent_events`."""

    def add(self, person_id: int, event: ConsentEvent, *, request_id: int | None) -> None:
        """Record one answer."""
        self.insert(
            consent_events,
            person_id=person_id,
            purpose=event.purpose,
            state=event.state,
            at=event.at,
            language=event.language,
            request_id=request_id,
        )

    def of_person(self, person_id: int, *, limit: int = 200) -> Sequence[ConsentEvent]:
        """A person's answers, newest first."""
        found = (
            select(consent_events)
            .where(consent_events.c.person_id == person_id)
            .order_by(consent_events.c.id.desc())
            .limit(limit)
        )
        return [
            ConsentEvent(purpose=row["purpose"], state=row["state"], at=row["at"], language=row["language"])
            for row in self.connection.execute(found).mappings()
        ]
