"""A signed-in page beside the least a Flask application does, and how many statements each page sends."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from portal.domain.rights import Kind, Level
from portal.services.rights import Asked, open_request
from tests.bench import ground
from tests.bench.figures import Row, budget, times
from tests.bench.hello import app as hello
from tests.bench.statements import Heard, heard
from tests.bench.timing import interleaved, seconds_of
from tests.client import BASE, Visitor
from tests.installation import Built

OVERVIEW_ROWS, SLOWER, MOST_OWN = 30, 20, 8
FEW, MANY, MOST = 10, 1_000, 15
ROUNDS, CALLS = 101, 4
OFFICER = "officer@example.org"
_OF_A_PERSON: Mapping[str, Mapping[str, Any]] = {
    "my_information": {},
    "category": {"category": "usage"},
    "consents": {},
    "requests": {},
    "new_request": {},
    "download": {},
    "delete": {},
    "account": {},
}
_OF_STAFF = ("staff_requests", "staff_letters", "staff_audit", "staff_colleagues")
_OPEN = ("home", "policy", "policy_changes", "rights", "contact", "accessibility", "sign_in")


def measure(size: int | None) -> list[Row]:
    """`size`: how many rows the larger of the two installations holds."""
    with ground.a_folder() as folder:
        rows = _overview(folder / "overview")
        few = _statements(folder / "few", FEW)
        many = _statements(folder / "many", size or MANY)
    unequal = {page: (few[page], many[page]) for page in few if few[page] != many[page]}
    most = max(many, key=lambda page: many[page])
    every = ", ".join(f"{page} {count}" for page, count in many.items())
    rows.append(budget("statements of the busiest page", many[most], MOST, note=every))
    rows.append(
        budget(f"pages whose statements differ, {FEW} to {MANY} rows", len(unequal), 0, note=str(unequal or ""))
    )
    return rows


def _overview(folder: Path) -> list[Row]:
    folder.mkdir()
    built = ground.an_installation_with(
        folder / "portal", ground.fill_service(folder / "filled.db", calls=OVERVIEW_ROWS - 1)
    )
    visitor = ground.signed_in(built)
    path = visitor.address("my_information")
    said = _said(visitor, path)
    peer = hello.test_client()
    taken = interleaved(
        {
            "page": seconds_of(lambda: visitor.client.get(path, base_url=BASE), times=CALLS),
            "hello": seconds_of(lambda: peer.get("/"), times=CALLS * 10),
        },
        rounds=ROUNDS,
        warm=2,
    )
    name = f"signed-in overview, {OVERVIEW_ROWS} rows"
    return [
        times(name, taken["page"], taken["hello"], SLOWER, peer="bare Flask hello", note="both through Flask's client"),
        budget(f"{name}, the portal's own statements", len(said.own), MOST_OWN),
    ]


def _statements(folder: Path, rows: int) -> dict[str, int]:
    """How many statements each page sends when the person, the queue, the outbox and the log hold so many rows."""
    folder.mkdir()
    built = ground.an_installation_with(folder / "portal", ground.fill_service(folder / "filled.db", calls=rows))
    person = ground.signed_in(built)
    reference = _ask(built, rows)
    officer = ground.signed_in(built, OFFICER)
    pages = {name: (person, person.address(name, **arguments)) for name, arguments in _OF_A_PERSON.items()}
    pages |= {name: (person, person.address(name)) for name in _OPEN}
    pages |= {name: (officer, officer.address(name)) for name in _OF_STAFF}
    pages["request_page"] = (person, person.address("request_page", reference=reference))
    pages["staff_request"] = (officer, officer.address("staff_request", reference=reference))
    return {name: _said(visitor, path).all for name, (visitor, path) in pages.items()}


def _ask(built: Built, requests: int) -> str:
    """Open so many requests of one person; gives the last one's reference."""
    portal = built.installation
    with portal.database.writing() as store:
        person = store.people.ensure(ground.PERSON, language="en", now=built.clock())
        asked = Asked(Kind.OTHER, "en", Level.L2, "What do you know about my cat?")
        for _ in range(requests):
            request = open_request(portal, store, person, asked, form_id=None, now=built.clock())
    return request.reference


def _said(visitor: Visitor, path: str) -> Heard:
    """What a page says to the databases, once everything that is kept ready is."""
    for _ in range(2):
        assert visitor.client.get(path, base_url=BASE).status_code == 200, path
    with heard(visitor.built.installation.database.engine) as found:
        visitor.client.get(path, base_url=BASE)
    return found
