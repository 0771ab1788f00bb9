"""What each document is made of: the sections it usually has, and what the law asks it to say."""

from __future__ import annotations

from collections.abc import Mapping

from portal.domain.governance import GOVERNANCE_PARTS, GOVERNANCE_SECTIONS
from portal.domain.policies import Document
from portal.domain.policy_parts import PARTS, Part
from portal.domain.policy_sections import USUAL_SECTIONS, UsualSection

SECTIONS: Mapping[Document, tuple[UsualSection, ...]] = {"privacy": USUAL_SECTIONS, "governance": GOVERNANCE_SECTIONS}
"""The sections each document usually has, in its order."""

REQUIRED: Mapping[Document, tuple[Part, ...]] = {"privacy": PARTS, "governance": GOVERNANCE_PARTS}
"""What the law asks each document to say, in its order."""


def usual_section(document: Document, key: str) -> UsualSection | None:
    """The section of that key that a document usually has, or None."""
    return _BY_KEY[document].get(key)


_BY_KEY = {document: {section.key: section for section in sections} for document, sections in SECTIONS.items()}
