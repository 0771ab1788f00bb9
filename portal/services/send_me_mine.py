"""Sending a person theirs where no page can: an access request, one of its sort open at a time (P-39.1, s. 27)."""

from __future__ import annotations

from datetime import datetime

from portal.domain.data_map import Category
from portal.domain.languages import Language, Text
from portal.domain.people import Person
from portal.domain.rights import BEFORE_DECISION, Kind, Level, RightsRequest
from portal.services import checklist, rights
from portal.services.installation import Installation
from portal.services.rights import Asked
from portal.storage.store import Store

LOOK_FOR_ME = Text(
    fr="Une autre personne a la même adresse que moi dans un de vos systèmes. Veuillez y chercher ce que vous détenez à mon sujet.",
    en="Somebody else has the same address as I do in one of your systems. Please look there for what you hold about me.",
)
"""What is asked in one click where a source knows several people by one address (security.md B-47)."""


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


def ask_to_look(
    portal: Installation, store: Store, person: Person, *, language: Language, level: Level, now: datetime
) -> RightsRequest:
    """Have staff look at what several people share; the same request, still to be decided, is given back."""
    store.people.hold(person.id)
    for one in store.requests.open_of_person(person.id):
        if one.kind is Kind.ACCESS and one.state in BEFORE_DECISION and one.message in {LOOK_FOR_ME.fr, LOOK_FOR_ME.en}:
            return one
    asked = Asked(Kind.ACCESS, language, level, message=LOOK_FOR_ME.in_(language))
    return rights.open_request(portal, store, person, asked, form_id=None, now=now)
