"""Where a document's versions and their other formats are, from any page about it, and what a version is called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.domain.policies import Version
from portal.web.documents import document_url
from portal.web.languages import page_language
from portal.web.pages import words
from portal.wording.dates import date_long


@dataclass(frozen=True, slots=True)
class Format:
    """A version in another format: its name, its type and its address."""

    name: str
    kind: str
    href: str


BETWEEN = ".."
"""Stands between two versions in the address of their comparison."""
MARKDOWN, PLAIN, DATA, FEED = "text/markdown", "text/plain", "application/json", "application/atom+xml"


def formats_of(version: Version) -> list[Format]:
    """The formats a version has besides its page."""
    return [
        Format(
            words("Markdown, as it was published"), MARKDOWN, document_url("policy_markdown", version_id=version.id)
        ),
        Format(words("Plain text"), PLAIN, document_url("policy_plain", version_id=version.id)),
        Format(words("JSON, for programs"), DATA, document_url("policy_data", version_id=version.id)),
    ]


def feed() -> Format:
    """The feed of the document's versions."""
    return Format(words("Every version, as a feed"), FEED, document_url("policy_feed"))


def title_of(version_id: str, effective: date) -> str:
    """A version by its day; of several on one day, the later ones by their number too."""
    day = date_long(effective, page_language())
    _, _, number = version_id[len("2025-02-25") :].partition("-")
    if number:
        return words("Version of %(date)s, number %(number)s", date=day, number=number)
    return words("Version of %(date)s", date=day)
