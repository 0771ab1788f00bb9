"""What the portal's own database knows of the erasure ledger: whose it is, and how far it was seen to reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, null, select, update

from portal.domain.data_map import Scalar
from portal.domain.ledger import Head, RequestNoted
from portal.domain.rights import RequestEvent
from portal.storage.request_tables import request_events, rights_requests
from portal.storage.rows import Repository
from portal.storage.tables import ledger_mark, lost_requests


@dataclass(frozen=True, slots=True)
class Looking:
    """How far looking for people who came back has come: which people of the map, the last of them, and how many are back."""

    people: int
    after: tuple[Scalar, ...] | None
    found: int


class LedgerMark(Repository):
    """The row of `ledger_mark`."""

    def installation(self) -> str:
        """The random name of this installation, given when its database was made; a restored backup has the same."""
        return str(self.connection.execute(select(ledger_mark.c.installation)).scalar_one())

    def head(self) -> Head | None:
        """The last entry known to be written, or None while there is none."""
        row = self.connection.execute(select(ledger_mark.c.number, ledger_mark.c.seal)).one()
        return Head(row.number, row.seal) if row.number else None

    def reached(self, head: Head) -> None:
        """Record how far the ledger reaches. Never less far: another process may have written meanwhile."""
        further = ledger_mark.c.number < head.number
        self.connection.execute(update(ledger_mark).where(further).values(number=head.number, seal=head.seal))

    def requests_to_note(self, *, until: datetime, limit: int) -> Sequence[tuple[int, RequestNoted]]:
        """Events by which a request was received, or due on another day, since the last that were noted, each with its request.

        Events of the moment are left for later: one with a smaller number may still be on its way.
        """
        noted = select(ledger_mark.c.events).scalar_subquery()
        told = (request_events.c.event == RequestEvent.OPENED.value) | request_events.c.due_after.is_not(None)
        found = self.connection.execute(
            select(
                request_events.c.id,
                rights_requests.c.reference,
                rights_requests.c.kind,
                rights_requests.c.received_at,
                rights_requests.c.due,
            )
            .join(rights_requests, rights_requests.c.id == request_events.c.request_id)
            .where(
                request_events.c.id > noted, told, request_events.c.at <= until, rights_requests.c.is_test.is_(False)
            )
            .order_by(request_events.c.id)
            .limit(limit)
        ).all()
        return [(row.id, RequestNoted(row.reference, row.kind, row.received_at, row.due)) for row in found]

    def noted(self, event_id: int) -> None:
        """Record that the requests were noted up to that event."""
        further = ledger_mark.c.events < event_id
        self.connection.execute(update(ledger_mark).where(further).values(events=event_id))

    def refuses(self, since: datetime | None) -> None:
        """Record since when the ledger takes nothing, keeping the first moment; None once it does again."""
        other = ledger_mark.c.refused_since.is_(None) if since else ledger_mark.c.refused_since.is_not(None)
        self.connection.execute(update(ledger_mark).where(other).values(refused_since=since))

    def looking(self) -> Looking | None:
        """How far looking for people who came back has come; None when it is to begin."""
        said = self.connection.execute(select(ledger_mark.c.looking)).scalar_one()
        if said is None:
            return None
        return Looking(said["people"], None if said["after"] is None else tuple(said["after"]), said["found"])

    def look_on(self, looking: Looking) -> None:
        """Record where looking goes on."""
        said = {"people": looking.people, "after": looking.after and list(looking.after), "found": looking.found}
        self.connection.execute(update(ledger_mark).values(looking=said))

    def looked(self, found: int) -> None:
        """Record that everybody was looked at, and how many came back."""
        self.connection.execute(update(ledger_mark).values(looking=null(), people_back=found))

    def replay_after(self) -> int | None:
        """The entry after which the ledger is to be replayed before the portal opens; None when nothing is.

        It is written into a backup's database before that takes the place of the present one (storage.backups).
        """
        number: int | None = self.connection.execute(select(ledger_mark.c.replay_after)).scalar_one()
        return number

    def replayed(self) -> None:
        """Every erasure after the backup was carried out again."""
        self.connection.execute(update(ledger_mark).values(replay_after=None))

    def begin_anew(self) -> None:
        """Forget how far the ledger came: it was lost, and another one begins."""
        self.connection.execute(update(ledger_mark).values(number=0, seal="", events=0))


class LostRequests(Repository):
    """Rows of `lost_requests`."""

    def add(self, facts: Sequence[RequestNoted]) -> int:
        """Keep those that are not known; gives how many."""
        rows = [
            {"reference": one.reference, "kind": one.kind, "received_at": one.received_at, "due": one.due}
            for one in facts
        ]
        return self.insert_those_absent(lost_requests, rows)

    def by_reference(self, reference: str, *, hold: bool = False) -> RequestNoted | None:
        """What is known of one, or None. `hold`: whoever else would tell it again waits for this transaction's end."""
        found = select(lost_requests).where(lost_requests.c.reference == reference)
        row = self.connection.execute(found.with_for_update() if hold else found).first()
        return RequestNoted(row.reference, row.kind, row.received_at, row.due) if row else None

    def all(self) -> Sequence[RequestNoted]:
        """Every one, the first due first."""
        found = self.connection.execute(select(lost_requests).order_by(lost_requests.c.due, lost_requests.c.reference))
        return [RequestNoted(row.reference, row.kind, row.received_at, row.due) for row in found]

    def told_again(self, reference: str) -> None:
        """It is a request like others again."""
        self.connection.execute(delete(lost_requests).where(lost_requests.c.reference == reference))
