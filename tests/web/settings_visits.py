"""What tests of settings do over and over: an officer at a page, its form as it stands, and pages made anew."""

from __future__ import annotations

from portal.domain.languages import Language
from portal.storage.settings import Setting
from portal.web.cache import ReadingPages
from tests.client import Visitor
from tests.installation import Built

OFFICER, SECOND = "officer@example.org", "second.officer@example.org"


def officer(built: Built, lang: Language = "fr", address: str = OFFICER) -> Visitor:
    """Somebody who may change settings."""
    if address != OFFICER:
        with built.installation.database.writing() as store:
            from portal.domain.rights import Role

            store.staff.add(address, Role.OFFICER, language=lang, now=built.clock())
    visitor = Visitor(built, lang)
    visitor.sign_in(address)
    return visitor


def form_of(visitor: Visitor, endpoint: str, **arguments: str) -> dict[str, str]:
    """A setting's form, filled as it stands."""
    page = visitor.visit(endpoint, **arguments)
    return page.form(visitor.address(endpoint, **arguments))


def notice_at_once(built: Built) -> None:
    """Let the next reading page be made anew: what is kept ready looks at most once a second."""
    layer = built.app.wsgi_app
    while not isinstance(layer, ReadingPages):
        layer = layer._application  # type: ignore[attr-defined]  # layers hold the next one so
    layer._asked_at -= 2


def rows(built: Built, key: str) -> list[Setting]:
    """What a key said, newest first."""
    with built.installation.database.reading() as store:
        return list(store.settings.history(key, limit=20))
