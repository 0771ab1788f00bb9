"""Keepers, staff and people around a checklist, as the tests of several pages need them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.test import TestResponse

from portal.domain.checklist import ChecklistLine
from portal.domain.languages import Language
from portal.domain.rights import Kind, Level, RightsRequest
from portal.services.rights import Asked, open_request
from tests.client import BASE, Page, Visitor
from tests.installation import CAMILLE, Built

OFFICER, AGENT, AUDITOR = "officer@example.org", "agent@example.org", "auditor@example.org"
KEEPERS = {"support": "support@example.org", "paper": "accounting@example.org"}
Sent = Sequence[tuple[str, bytes]]


def signed_in(built: Built, address: str, lang: Language = "fr") -> Visitor:
    visitor = Visitor(built, lang)
    visitor.sign_in(address)
    return visitor


def a_request(built: Built, kind: Kind = Kind.ACCESS, address: str = CAMILLE) -> RightsRequest:
    now = built.clock()
    with built.installation.database.writing() as store:
        person = store.people.ensure(address, language="fr", now=now)
        return open_request(built.installation, store, person, Asked(kind, "fr", Level.L2), form_id=None, now=now)


def now_is(built: Built, reference: str) -> RightsRequest:
    with built.installation.database.reading() as store:
        found = store.requests.by_reference(reference)
    assert found
    return found


def lines(built: Built, reference: str) -> dict[str, ChecklistLine]:
    with built.installation.database.reading() as store:
        found = store.requests.by_reference(reference)
        assert found
        return {line.category: line for line in store.checklist.of_request(found.id)}


def link_to(built: Built, category: str) -> str:
    """The path of the newest letter's link to a keeper."""
    letter = next(letter for letter in built.mailbox() if letter["to"] == KEEPERS[category])
    found = re.search(r"https?://[^/\s]+(/\S+)", str(letter["text"]).split("Ce lien")[-1])
    assert found, letter["text"]
    return found[1]


def token_of(path: str) -> str:
    return path.rsplit("/", 1)[1]


def look(built: Built, category: str, lang: Language = "fr") -> tuple[Visitor, str, Page]:
    """A keeper opens the link of their letter, presses the button, and has the form."""
    keeper, token = Visitor(built, lang), token_of(link_to(built, category))
    keeper.send("keeper", keeper.visit("keeper", token=token).form(f"/{token}"), token=token)
    return keeper, token, keeper.visit("keeper", token=token)


def post(visitor: Visitor, endpoint: str, form: Mapping[str, str], files: Sent = (), **arguments: Any) -> TestResponse:
    """Send a form with files, as a browser does."""
    body, kind = multipart(form, files)
    path = visitor.address(endpoint, **arguments)
    return visitor.client.post(path, data=body, base_url=BASE, content_type=kind)


def multipart(form: Mapping[str, str], files: Sent) -> tuple[bytes, str]:
    """A form and its files as they travel, with the type to say so."""
    mark = "limite-du-formulaire"
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in form.items()
    ]
    for name, content in files:
        quoted = name.replace('"', "%22")
        head = f'--{mark}\r\nContent-Disposition: form-data; name="files"; filename="{quoted}"\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
    return b"".join([*parts, f"--{mark}--\r\n".encode()]), f"multipart/form-data; boundary={mark}"


def answer(built: Built, category: str, state: str, files: Sent = (), **fields: str) -> TestResponse:
    """The keeper answers by the link of their letter."""
    keeper, token, page = look(built, category)
    form = page.form(f"/{token}") | {"state": state} | fields
    return post(keeper, "keeper", form, files, token=token)


def decide(built: Built, reference: str, decision: str = "granted", status: int = 303, **fields: str) -> Page | None:
    officer = signed_in(built, OFFICER)
    form = officer.visit("staff_request", reference=reference).form("/decision")
    answered = officer.send(
        "staff_decision", form | {"decision": decision} | fields, reference=reference, status=status
    )
    return answered if isinstance(answered, Page) else None


def granted_with_a_file(built: Built, files: Sent) -> RightsRequest:
    """Camille pressed the button, the keeper attached files, the officer granted."""
    visitor = signed_in(built, CAMILLE)
    visitor.send(
        "send_mine", visitor.visit("category", category="paper").form("/envoyez-moi-les-miens"), category="paper"
    )
    [reference] = {str(letter["reference"]) for letter in built.mailbox() if letter["reference"]}
    assert answer(built, "paper", "found", files).status_code == 303
    decide(built, reference)
    return now_is(built, reference)
