"""What the tests of asking for another share: the form of a parent, a request of theirs, a capacity shown."""

from __future__ import annotations

from werkzeug.test import TestResponse

from portal.domain.asking import Capacity, ForWhom, OnBehalf
from portal.domain.rights import Kind, Level, RightsRequest
from portal.services.rights import Asked, open_request
from tests.client import Page
from tests.installation import CAMILLE, Built
from tests.web.paper_visits import AGENT, signed_in

FOR_A_CHILD = {
    "for_whom": "child",
    "child_capacity": "parent",
    "concerned": "Léo Tremblay, carte de membre M-204",
    "kind": "access",
    "message": "Tout ce que vous avez sur lui.",
}


def asked_for(built: Built, kind: Kind = Kind.ACCESS, address: str = CAMILLE, message: str = "…?") -> RightsRequest:
    """A request for a child, whose parent has this address."""
    now = built.clock()
    child = OnBehalf(ForWhom.CHILD, Capacity.PARENT, "Léo Tremblay")
    with built.installation.database.writing() as store:
        person = store.people.ensure(address, language="fr", now=now)
        asked = Asked(kind, "fr", Level.L2, message, behalf=child)
        return open_request(built.installation, store, person, asked, form_id=None, now=now)


def shown(built: Built, request: RightsRequest, by: str = AGENT, **changes: str) -> TestResponse | Page:
    agent = signed_in(built, by)
    form = agent.visit("staff_capacity", reference=request.reference).form("/qualite")
    typed = form | {"proof": "L4", "what": "Acte de naissance qui nomme les deux", "shown_on": "2026-11-20"} | changes
    return agent.send("staff_capacity", typed, reference=request.reference)


def rows(built: Built) -> list[object]:
    """What the service holds of Camille."""
    from portal.services.identities import identities_of

    portal = built.installation
    key = identities_of(portal, CAMILLE).keys_in("service")[0]
    tables = [table for _, table in portal.data_map.tables()]
    return list(portal.sources["service"].counts(tables, key, bound=1000))
