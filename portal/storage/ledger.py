"""What the portal's own database knows of the erasure ledger: whose it is, and how far it was seen to reach."""

from __future__ import annotations

from sqlalchemy import select, update

from portal.domain.ledger import Head
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
