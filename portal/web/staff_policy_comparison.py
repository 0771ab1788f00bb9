"""What the draft changes in the version in force, word by word, before anybody else reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import redirect

from portal.domain.comparison import Paragraph, Run, SectionChange
from portal.domain.rights import Role
from portal.services import policy_drafts
from portal.services.policy_publishing import against_the_version_in_force
from portal.web import access
from portal.web.access import now, portal, store
from portal.web.languages import page_language, url
from portal.web.pages import page, words
from portal.wording.dates import date_long


@dataclass(frozen=True, slots=True)
class Changed:
    """One section the draft changes: its title word by word, what became of it, its paragraphs that differ."""

    key: str
    title: str
    heading: tuple[Run, ...]
    state: str
    state_key: str
    href: str | None
    parts: tuple[Paragraph, ...]


@access.staff(Role.OFFICER)
def staff_policy_comparison() -> Any:
    """The draft against the version in force, in the page's language."""
    draft = policy_drafts.draft(store())
    if draft is None or not draft.sections:
        return redirect(url("staff_policy"), 302)
    found = against_the_version_in_force(portal(), store(), draft, page_language(), now=now())
    if found is None:
        return page("staff_policy_comparison.html", version=None, changed=[], unchanged=[])
    version, changes = found
    return page(
        "staff_policy_comparison.html",
        version=words("Version of %(date)s", date=date_long(version.effective, page_language())),
        href=url("policy_version", version_id=version.id),
        changed=[_changed(change) for change in changes if change.kind != "unchanged"],
        unchanged=[change.title for change in changes if change.kind == "unchanged"],
    )


def _changed(change: SectionChange) -> Changed:
    states = {
        "added": (words("New section"), "good"),
        "removed": (words("Section removed"), "bad"),
        "moved": (words("Section moved"), "neutral"),
        "changed": (words("Section changed"), "attention"),
    }
    state, key = states[change.kind]
    return Changed(
        key=change.key,
        title=change.title,
        heading=change.heading,
        state=state,
        state_key=key,
        href=None if change.kind == "removed" else url("staff_policy_section", key=change.key),
        parts=tuple(part for part in change.parts if part.changed),
    )
