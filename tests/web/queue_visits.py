"""What the tests of the list share: requests asked, members signed in, what the list shows and says."""

from __future__ import annotations

import re
from datetime import timedelta

from portal.domain.languages import Language
from portal.domain.people import StaffMember
from portal.domain.rights import Kind, Level
from portal.services import rights
from portal.services.rights import Asked
from tests.client import Page, Visitor
from tests.installation import CAMILLE, Built


def asked(
    built: Built,
    *,
    kind: Kind = Kind.ACCESS,
    address: str = CAMILLE,
    days_ago: int = 0,
    message: str = "Je veux savoir",
    language: Language = "fr",
) -> str:
    """A request; gives its reference."""
    now = built.clock() - timedelta(days=days_ago)
    with built.installation.database.writing() as store:
        person = store.people.ensure(address, language=language, now=now)
        what = Asked(kind, language, Level.L2, message)
        return rights.open_request(built.installation, store, person, what, form_id=None, now=now).reference


def member(built: Built, address: str) -> StaffMember:
    with built.installation.database.reading() as store:
        found = store.staff.by_address(address)
    assert found
    return found


def signed_in(built: Built, address: str, lang: Language = "en") -> Visitor:
    visitor = Visitor(built, lang)
    visitor.sign_in(address)
    return visitor


def seen(built: Built, reference: str) -> str:
    """What the list says of a request to whoever chooses it."""
    with built.installation.database.reading() as store:
        request = store.requests.by_reference(reference)
    assert request
    return f"{reference}:{request.version}"


def assignee_of(built: Built, reference: str) -> int | None:
    with built.installation.database.reading() as store:
        request = store.requests.by_reference(reference)
    assert request
    return request.assignee_id


def listed(page: Page) -> list[str]:
    """The references of a list, in its order."""
    return list(re.findall(r'class="reference" href="[^"]*/(R-[0-9A-Z-]+)"', page.html))


def tabs_of(page: Page) -> list[str]:
    return [" ".join("".join(link.itertext()).split()) for link in page.all("a", class_="tabs__link")]
