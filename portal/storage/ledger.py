"""What the portal's own database knows of the erasure ledger: whose it is, and how far it was seen to reach."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from portal.domain.ledger import Head, RequestNoted
from portal.domain.rights import RequestEvent
from portal.storage.request_tables import request_events, rights_requests
from portal.storage.rows import Repository
from portal.storage.tables import ledger_mark


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

    def requests_to_note(self, *, until: datetime, limit: int) -> tuple[Sequence[RequestNoted], int]:
        """Requests received, or due on another day, since the last that were noted: with them, the event that is the last.

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
        facts = {row.reference: RequestNoted(row.reference, row.kind, row.received_at, row.due) for row in found}
        return list(facts.values()), found[-1].id if found else 0

    def noted(self, event_id: int) -> None:
        """Record that the requests were noted up to that event."""
        further = ledger_mark.c.events < event_id
        self.connection.execute(update(ledger_mark).where(further).values(events=event_id))

    def refuses(self, since: datetime | None) -> None:
        """Record since when the ledger takes nothing, keeping the first moment; None once it does again."""
        other = ledger_mark.c.refused_since.is_(None) if since else ledger_mark.c.refused_since.is_not(None)
        self.connection.execute(update(ledger_mark).where(other).values(refused_since=since))
