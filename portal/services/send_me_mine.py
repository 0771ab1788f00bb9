"""Sending a person theirs: an access request for one category that no table holds, one open at a time (P-39.1, s. 27)."""

from __future__ import annotations

from datetime import datetime

from portal.domain.data_map import Category
from portal.domain.languages import Language
from portal.domain.people import Person
from portal.domain.rights import Kind, Level, RightsRequest
from portal.services import checklist, rights
from portal.services.installation import Installation
from portal.services.rights import Asked
from portal.storage.store import Store


def ask(
    portal: Installation,
    store: Store,
    person: Person,
    category: Category,
    *,
    language: Language,
    level: Level,
    hint: str,
    form_id: str,
    now: datetime,
) -> RightsRequest:
    """Open the request; an access request that is open already and covers the category is given back.

    `hint` is what helps its keeper find it.
    """
    store.people.hold(person.id)
    already = checklist.open_access_to(store, person, category.id)
    if already:
        return already
    asked = Asked(Kind.ACCESS, language, level, message=hint, category=category.id)
    return rights.open_request(portal, store, person, asked, form_id=form_id, now=now)
