"""Pictures of the portal itself, such as the logo, by the digest of their content; older ones stay for going back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Integer, LargeBinary, String, Table, select

from portal.domain.pictures import Picture, PictureKind
from portal.storage.rows import Repository
from portal.storage.tables import Instant, metadata

pictures = Table(
    "pictures",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("kind", String(12), nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
)


class Pictures(Repository):
    """Rows of `pictures` as Picture."""

    def add(self, digest: str, picture: Picture, *, now: datetime) -> None:
        """Keep a picture; the same again changes nothing."""
        self.insert_if_absent(
            pictures,
            digest=digest,
            kind=picture.kind.value,
            width=picture.width,
            height=picture.height,
            content=picture.content,
            at=now,
        )

    def one(self, digest: str) -> Picture | None:
        """The picture of that digest, or None."""
        row = self.connection.execute(select(pictures).where(pictures.c.digest == digest)).first()
        return Picture(PictureKind(row.kind), row.width, row.height, bytes(row.content)) if row else None
