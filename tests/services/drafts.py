"""A draft of the policy, for tests of pages that show one."""

from __future__ import annotations

from portal.domain.people import StaffMember
from portal.domain.policies import Document
from portal.domain.policy_drafts import Draft, Origin
from portal.domain.rights import Role
from portal.services import policy_drafts, policy_pasting
from portal.services.policy_pasting import Pasted
from tests.installation import Built


def an_officer(built: Built) -> StaffMember:
    """The first officer of an installation."""
    with built.installation.database.reading() as store:
        return next(member for member in store.staff.all() if member.role is Role.OFFICER)


def a_draft(built: Built, *, pasted: str | None = "1. Vos droits", document: Document = "privacy") -> Draft:
    """A draft of a document begun from the starting text; `pasted`: a French text that waits to be confirmed."""
    member, now = an_officer(built), built.clock()
    with built.installation.database.writing() as store:
        begun = policy_drafts.start(built.installation, store, member, Origin.STARTER, document=document, now=now)
        if pasted is None:
            return begun
        return policy_pasting.paste(
            store, member, {"fr": Pasted(pasted)}, document=document, seen_version=begun.version, now=now
        )


def draft_of(built: Built, document: Document = "privacy") -> Draft | None:
    """The draft as it is kept."""
    with built.installation.database.reading() as store:
        return policy_drafts.draft(store, document)
