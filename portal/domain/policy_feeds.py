"""Names of policies and their versions that never change, for programs that follow them (RFC 4151, RFC 4287)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from portal.domain.languages import Language
from portal.domain.policies import Document, Version


@dataclass(frozen=True, slots=True)
class FeedName:
    """Under whose name a document's feed began, and on which day; a site that moves keeps it."""

    authority: str
    since: date

    def of_feed(self, document: Document, language: Language) -> str:
        """The feed's own name."""
        return f"tag:{self.authority},{self.since.isoformat()}:{document}:{language}"

    def of_version(self, document: Document, version_id: str, language: Language) -> str:
        """The name of one version in it."""
        return f"tag:{self.authority},{self.since.isoformat()}:{document}:{version_id}:{language}"


@dataclass(frozen=True, slots=True)
class Published:
    """A version, when it was published here, and the digest that says it never changed since."""

    version: Version
    at: datetime
    digest: str
