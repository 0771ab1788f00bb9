"""Whether the portal can serve, and what of it is away: for the operator and for whatever starts processes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from portal.services.installation import Installation
from portal.sources.base import SourceUnavailable
from portal.storage.database import DatabaseAway
from portal.storage.schema import is_head

HEARTBEAT = "worker"
ALIVE_FOR = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Readiness:
    """What /readyz tells: words that are the same in every language."""

    database: str
    schema: str
    worker: str
    sources: dict[str, str] = field(default_factory=dict)

    @property
    def ready(self) -> bool:
        """Whether requests can be served: only the portal's own database and its schema decide (design §4.2)."""
        return self.database == "ok" and self.schema == "head"

    def as_dict(self) -> dict[str, Any]:
        """The JSON."""
        return {"database": self.database, "schema": self.schema, "worker": self.worker, "sources": self.sources}


def readiness(portal: Installation) -> Readiness:
    """Ask the database, the worker's heartbeat and every source."""
    sources = {source_id: _answers(portal, source_id) for source_id in portal.sources}
    try:
        with portal.database.reading() as store:
            schema = "head" if is_head(store.connection) else "behind"
            beat = store.marks.at(HEARTBEAT) if schema == "head" else None
    except DatabaseAway:
        return Readiness("away", "unknown", "unknown", sources)
    return Readiness("ok", schema, _worker(beat, portal.clock()), sources)


def beat(portal: Installation) -> None:
    """Write that the worker lives."""
    with portal.database.writing() as store:
        store.marks.add(HEARTBEAT, portal.clock())


def _worker(last_beat: datetime | None, now: datetime) -> str:
    return "running" if last_beat and now - last_beat < ALIVE_FOR else "absent"


def _answers(portal: Installation, source_id: str) -> str:
    try:
        portal.sources[source_id].describe()
    except SourceUnavailable:
        return "away"
    return "ok"
