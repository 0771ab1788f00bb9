"""What was typed when a session ended or a confirmation was asked: sealed, kept a quarter of an hour, given back once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from portal.storage.rows import Repository
from portal.storage.tables import kept_texts


class KeptTexts(Repository):
    """Sealed texts by the hash of a handle that only one browser holds."""

    def add(self, handle_hash: str, *, owner_hash: str, sealed: str, expires_at: datetime) -> None:
        """Keep a sealed text for its owner."""
        self.connection.execute(delete(kept_texts).where(kept_texts.c.handle_hash == handle_hash))
        self.insert(kept_texts, handle_hash=handle_hash, owner_hash=owner_hash, sealed=sealed, expires_at=expires_at)

    def find(self, handle_hash: str, *, now: datetime) -> tuple[str, str] | None:
        """The owner's hash and the sealed text, or None when there is none or it is too late."""
        found = select(kept_texts.c.owner_hash, kept_texts.c.sealed).where(
            kept_texts.c.handle_hash == handle_hash, kept_texts.c.expires_at > now
        )
        row = self.connection.execute(found).first()
        return (row[0], row[1]) if row else None

    def forget(self, handle_hash: str) -> None:
        """Delete one text."""
        self.connection.execute(delete(kept_texts).where(kept_texts.c.handle_hash == handle_hash))

    def purge(self, before: datetime) -> None:
        """Delete texts whose time passed before an instant."""
        self.connection.execute(delete(kept_texts).where(kept_texts.c.expires_at < before))
