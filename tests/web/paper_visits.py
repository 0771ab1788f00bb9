"""What tests of entered requests do: enter one, decide it, read its letters."""

from __future__ import annotations

from werkzeug.test import TestResponse

from portal.domain.languages import Language
from portal.domain.outbox import Audience, PromisedLetter
from portal.domain.rights import RightsRequest
from portal.services.paper import enter
from tests.client import Page, Visitor
from tests.installation import Built, on_paper

OFFICER, AGENT, AUDITOR = "officer@example.org", "agent@example.org", "auditor@example.org"

TYPED = {
    "name": "Rose Lavigne",
    "postal": "8, rang du Lac\nSaint-Elzéar (Québec)  G0S 2J0",
    "language": "fr",
    "kind": "access",
    "message": "Je veux savoir ce que vous avez sur moi.",
    "received_on": "2026-11-20",
    "channel": "post",
    "identity": "Rappel au numéro que nous avions déjà.",
    "form_id": "papier-0123456789abcdef",
}


def signed_in(built: Built, address: str, lang: Language = "fr") -> Visitor:
    visitor = Visitor(built, lang)
    visitor.sign_in(address)
    return visitor


def entered(built: Built, **changes: object) -> RightsRequest:
    with built.installation.database.writing() as store:
        agent = store.staff.by_address(AGENT)
        assert agent
        return enter(built.installation, store, agent, on_paper(built, **changes), form_id="f" * 20, now=built.clock())


def the_request(built: Built, location: str) -> RightsRequest:
    with built.installation.database.reading() as store:
        found = store.requests.by_reference(location.rsplit("/", 1)[1])
    assert found
    return found


def now_of(built: Built, request: RightsRequest) -> RightsRequest:
    with built.installation.database.reading() as store:
        found = store.requests.by_id(request.id)
    assert found
    return found


def letters_to_person(built: Built, request: RightsRequest) -> list[PromisedLetter]:
    with built.installation.database.reading() as store:
        return [one for one in store.letters.of_request(request.id) if one.audience is Audience.PERSON]


def decide(officer: Visitor, request: RightsRequest, *, status: int = 303, **fields: str) -> TestResponse | Page:
    return officer.send(
        "staff_decision", {"version": str(request.version), **fields}, reference=request.reference, status=status
    )


def warnings(page: Page) -> str:
    """What the page warns of, together."""
    return " ".join(" ".join("".join(one.itertext()).split()) for one in page.all("div", class_="notice--warning"))
