"""Ready answers for the slots of a draft: offered section by section, put in both texts in one press."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from portal.domain.people import StaffMember
from portal.domain.policy_answers import Answer, NotTogether, filled_with, offered_for
from portal.domain.policy_drafts import Draft, DraftSection
from portal.policies.starter import ready_answers
from portal.services import policy_drafts
from portal.storage.store import Store

__all__ = ["Answer", "NoneChosen", "NotTogether"]


class NoneChosen(Exception):
    """No answer was chosen, or the section has no slot any more."""


def answers_for(draft: Draft, section: DraftSection) -> tuple[Answer, ...]:
    """The answers a section may be filled with."""
    return offered_for(section, ready_answers(draft.document))


def fill(
    store: Store,
    member: StaffMember,
    draft: Draft,
    section: DraftSection,
    ids: Collection[str],
    *,
    seen_version: int,
    now: datetime,
) -> Draft:
    """Put the answers of those ids in the slot of a section, in both languages, which then say the same.

    Raises:
        NoneChosen: none of the ids is an answer of this section as it stands.
        NotTogether: one of them excludes the others.
        StaleDraft: the draft is not the one that was seen.
    """
    chosen = [answer for answer in answers_for(draft, section) if answer.id in ids]
    if not chosen:
        raise NoneChosen
    written = filled_with(section, chosen)
    return policy_drafts.save_section(store, member, draft, written, same=True, seen_version=seen_version, now=now)


def next_to_fill(draft: Draft, after: str) -> str | None:
    """The next section, in the order of the text and then from its head, that ready answers may fill; None when none is left."""
    keys = [section.key for section in draft.sections]
    here = keys.index(after) + 1 if after in keys else 0
    order = (*draft.sections[here:], *draft.sections[:here])
    return next((section.key for section in order if answers_for(draft, section)), None)
