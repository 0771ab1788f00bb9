"""The two documents have pages of the same kind: which one a page is about, and the addresses of its own pages.

Pages are named for the privacy policy; those of the governance practices are named and addressed after them, so that
whatever one document has, the other has.
"""

from __future__ import annotations

from typing import Any

from flask import request

from portal.domain.policies import Document
from portal.web.languages import is_about_governance, of_governance, url


def document() -> Document:
    """The document this page is about."""
    return "governance" if is_about_governance(request.endpoint or "") else "privacy"


def document_url(endpoint: str, **arguments: Any) -> str:
    """The address of a page by the policy's name for it (`policy`, `staff_policy_section`), for this page's document."""
    return url_for_document(document(), endpoint, **arguments)


def url_for_document(about: Document, endpoint: str, **arguments: Any) -> str:
    """The address of a page by the policy's name for it, for a document."""
    return url(of_governance(endpoint) if about == "governance" else endpoint, **arguments)
