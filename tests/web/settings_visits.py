"""What tests of settings do over and over: an officer at a page, its form as it stands, and pages made anew."""

from __future__ import annotations

from typing import Any

from portal.domain.languages import Language
from portal.storage.settings import Setting
from portal.web.cache import ReadingPages
from tests.client import HTML, Page, Visitor
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


def form_of(visitor: Visitor, endpoint: str, **arguments: str) -> dict[str, Any]:
    """A setting's form, filled as it stands."""
    page = visitor.visit(endpoint, **arguments)
    return fields_of(page, visitor.address(endpoint, **arguments))


def fields_of(page: Page, action: str) -> dict[str, Any]:
    """What a browser would send of the form with that address: lists chosen from, and each of several boxes too."""
    form = next(one for one in page.all("form", method="post") if one.get("action", "").endswith(action))
    found: dict[str, Any] = page.form(action)
    for select in form.iter(f"{HTML}select"):
        options = list(select.iter(f"{HTML}option"))
        chosen = next((one for one in options if one.get("selected") is not None), options[0])
        found[select.get("name", "")] = chosen.get("value", "")
    several: dict[str, list[str]] = {}
    for control in form.iter(f"{HTML}input"):
        if control.get("type") == "hidden" or control.get("checked") is not None:
            several.setdefault(control.get("name", ""), []).append(control.get("value", ""))
    return found | {name: values for name, values in several.items() if len(values) > 1}


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
