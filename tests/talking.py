"""A person and staff writing to each other, as the tests of several pages need them."""

from __future__ import annotations

from werkzeug.test import TestResponse

from portal.domain.messages import Message
from portal.domain.rights import RequestEvent, RightsRequest
from tests.client import Visitor
from tests.installation import CAMILLE, Built
from tests.keepers import AGENT, Sent, post, signed_in

SECRET = "Mon numéro de client est le 4471-canari"


def said(built: Built, request: RightsRequest) -> list[Message]:
    with built.installation.database.reading() as store:
        return list(store.messages.of_request(request.id, notes=True))


def person_writes(
    built: Built, request: RightsRequest, text: str = SECRET, files: Sent = (), visitor: Visitor | None = None
) -> TestResponse:
    """As its person does, from the page of the request."""
    visitor = visitor or signed_in(built, CAMILLE)
    form = visitor.visit("request_page", reference=request.reference).form("/messages")
    return post(visitor, "request_messages", form | {"text": text}, files, reference=request.reference)


def staff_write(
    built: Built,
    request: RightsRequest,
    write: str = "message",
    files: Sent = (),
    visitor: Visitor | None = None,
    **fields: str,
) -> TestResponse:
    """As a member of staff does, from the page the request leads to."""
    visitor = visitor or signed_in(built, AGENT)
    path = visitor.address("staff_messages", reference=request.reference) + f"?write={write}"
    form = visitor.open(path).form("/messages")
    return post(visitor, "staff_messages", form | {"text": "Bonjour"} | fields, files, reference=request.reference)


def ask(built: Built, request: RightsRequest, **fields: str) -> TestResponse:
    wanted = {"need": "precision", "text": "Quelle année?", "why": "Pour trouver le dossier."}
    return staff_write(built, request, "question", **(wanted | fields))


def letters_to(built: Built, address: str, reference: str) -> list[dict[str, object]]:
    return [one for one in built.mailbox() if one["to"] == address and one["reference"] == reference]


def events(built: Built, request: RightsRequest) -> list[RequestEvent]:
    with built.installation.database.reading() as store:
        return [one.event for one in store.requests.history(request.id)]
