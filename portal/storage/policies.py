"""Published policy versions, immutable: what was in force stays readable at its address for ever."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy import RowMapping, select

from portal.domain.languages import Language, Text
from portal.domain.policies import Document, VersionKind
from portal.storage.rows import Repository
from portal.storage.tables import policy_versions


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """A version as it is kept: its three files byte for byte, and the digest of the whole.

    `settings_text`: its policy.toml; None for one published before these were kept.
    """

    document: Document
    id: str
    effective: date
    kind: VersionKind
    imported: bool
    summary: Text
    sources: Text
    digest: str
    published_at: datetime
    published_by: int | None
    settings_text: str | None = None
    revised: Language | None = None


@dataclass(frozen=True, slots=True)
class Succession:
    """When a version was published, the day it is in force from, and what it changes, without its texts."""

    id: str
    effective: date
    published_at: datetime
    kind: VersionKind
    imported: bool


class Policies(Repository):
    """Rows of `policy_versions`."""

    def add(self, version: PublishedVersion) -> bool:
        """Publish a version; False when one of that id is published already, which is never changed."""
        return self.insert_if_absent(
            policy_versions,
            document=version.document,
            id=version.id,
            effective=version.effective,
            kind=version.kind,
            imported=version.imported,
            summary_fr=version.summary.fr,
            summary_en=version.summary.en,
            text_fr=version.sources.fr,
            text_en=version.sources.en,
            digest=version.digest,
            published_at=version.published_at,
            published_by=version.published_by,
            settings_text=version.settings_text,
            revised=version.revised,
        )

    def all(self, document: Document) -> Sequence[PublishedVersion]:
        """Every version of a document, the oldest first."""
        found = (
            select(policy_versions)
            .where(policy_versions.c.document == document)
            .order_by(policy_versions.c.effective, policy_versions.c.id)
        )
        return [_version(row) for row in self.connection.execute(found).mappings()]

    def succession(self, document: Document) -> Sequence[Succession]:
        """When each version of a document was published and comes into force, without its texts."""
        columns = (policy_versions.c[field.name] for field in fields(Succession))
        found = select(*columns).where(policy_versions.c.document == document)
        return [Succession(*row) for row in self.connection.execute(found)]

    def has_any(self, document: Document) -> bool:
        """Whether any version of a document was published."""
        found = select(policy_versions.c.id).where(policy_versions.c.document == document).limit(1)
        return self.connection.execute(found).first() is not None

    def one(self, document: Document, version_id: str) -> PublishedVersion | None:
        """The version of that id, or None."""
        wanted = (policy_versions.c.document == document) & (policy_versions.c.id == version_id)
        row = self.connection.execute(select(policy_versions).where(wanted)).mappings().first()
        return _version(row) if row else None


def _version(row: RowMapping) -> PublishedVersion:
    return PublishedVersion(
        document=row["document"],
        id=row["id"],
        effective=row["effective"],
        kind=row["kind"],
        imported=row["imported"],
        summary=Text(fr=row["summary_fr"], en=row["summary_en"]),
        sources=Text(fr=row["text_fr"], en=row["text_en"]),
        digest=row["digest"],
        published_at=row["published_at"],
        published_by=row["published_by"],
        settings_text=row["settings_text"],
        revised=row["revised"],
    )
