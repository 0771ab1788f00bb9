"""What the draft changes in the version in force, word by word, before anybody else reads it."""

from __future__ import annotations

from typing import Any

from flask import redirect

from portal.domain.rights import Role
from portal.services import policy_drafts
from portal.services.policy_publishing import against_the_version_in_force
from portal.web import access
from portal.web.access import now, portal, store
from portal.web.compared import compared
from portal.web.documents import document, document_url
from portal.web.languages import page_language
from portal.web.pages import page
from portal.web.policy_links import title_of


@access.staff(Role.OFFICER)
def staff_policy_comparison() -> Any:
    """The draft against the version in force, in the page's language."""
    draft = policy_drafts.draft(store(), document())
    if draft is None or not draft.sections:
        return redirect(document_url("staff_policy"), 302)
    found = against_the_version_in_force(portal(), store(), draft, page_language(), now=now())
    version, changes = found or (None, ())
    return page(
        "staff_policy_comparison.html",
        version=title_of(version.id, version.effective) if version else None,
        href=document_url("policy_version", version_id=version.id) if version else None,
        compared=compared(changes),
    )
