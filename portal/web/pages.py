"""Rendering: the Jinja environment's words, dates and addresses, and the one function that makes a page."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Hashable, MutableMapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask.templating import Environment
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from portal.domain.languages import Language
from portal.domain.periods import Period
from portal.domain.rights import Role
from portal.resources import static_folder
from portal.services.account import record_kept
from portal.services.banners import Banner, banners_for
from portal.services.policies import GOVERNANCE, any_published
from portal.services.settings import Effective, in_effect, last_known
from portal.services.sign_in import Viewer, codes_leave
from portal.web import setup_tasks
from portal.web.access import WITHOUT_SESSION, Kind, portal, store
from portal.web.compiled import compiled_templates
from portal.web.documents import document, document_url
from portal.web.languages import page_language, twin_url, url
from portal.web.typed import shown_again
from portal.wording import dates, numbers
from portal.wording.catalogue import for_language
from portal.wording.periods import period_words
from portal.wording.spans import span_words


@dataclass(frozen=True, slots=True)
class ContactWords:
    """The person in charge in the page's language, as the foot of every page says it."""

    title: str
    name: str | None
    email: str
    phone: str
    address: str
    back_on: date | None


def page(template: str, *, status: int = 200, **values: Any) -> Response:
    """Make a page of a template; what every page shows is added here."""
    return make_response(render_template(f"pages/{template}", **values), status)


def words(message: str, **values: object) -> str:
    """A sentence in the language of the page."""
    return for_language(page_language()).gettext(message, **values)


def effective() -> Effective:
    """The officer's settings in force, read once a request."""
    if g.get("database_away"):
        return last_known(portal())
    if "effective" not in g:
        g.effective = in_effect(portal(), store())
    found: Effective = g.effective
    return found


def prepare(app: Flask, data: Path) -> None:
    """Teach templates the portal's words, dates and addresses; `data`: the folder where they may be kept compiled."""
    environment = app.jinja_env
    environment.bytecode_cache = compiled_templates(data)
    environment.filters["without_tags"] = without_tags
    environment.filters["fit"] = fit
    environment.globals |= {
        "_": _said,
        "ngettext": _number_said,
        "pgettext": _said_in_context,
        "url": url,
        "document_url": document_url,
        "url_static": url_static,
        "made_once": made_once,
        "csrf_token": generate_csrf,
        "date_long": lambda day: dates.date_long(day, page_language()),
        "date_iso": dates.date_iso,
        "instant": lambda moment: dates.instant(moment, page_language(), portal().settings.zone),
        "number": lambda value: numbers.number(value, page_language()),
        "time_to_answer": lambda: span_words(portal().regime.base, page_language()),
        "record_time": _record_time,
        "isolated": isolated,
        "whole": whole,
    }
    app.context_processor(_every_page)


def _record_time(kept: Period | None = None) -> str:
    """How long the record of a request is kept: by the laws it was opened under, else by the main one as it is today."""
    return period_words(kept or record_kept(portal()), page_language())


class Templates(Environment):
    """Flask's, but a template keeps what all of them share in a plain dict: each import compares those names."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """What a template sees besides its page's values."""
        return {**self.globals, **(d or {})}


def made_once(macro: Any, *arguments: Hashable) -> Markup:
    """What a component makes of its arguments, made once in each language: what all pages show is most of a page."""
    key = macro.name, page_language(), request.script_root, arguments
    found = _made.get(key)
    if found is None:
        if len(_made) >= MOST_KEPT:
            _made.clear()
        found = _made[key] = macro(*arguments)
    return found


MOST_KEPT = 500
_made: dict[Hashable, Markup] = {}


def isolated(value: object) -> Markup:
    """A value of somebody's, kept from reordering its neighbours (security.md B-16), without what no page may hold.

    An address alone may go on to a new line after its @ and its dots, rather than anywhere.
    """
    held = fit(value)
    if type(held) is str and "@" in held and not any(sign.isspace() for sign in held):
        parts = (Markup(".<wbr>").join(part.split(".")) for part in held.rsplit("@", 1))
        return Markup("<bdi>{}@<wbr>{}</bdi>").format(*parts)
    return Markup("<bdi>{}</bdi>").format(held)


def whole(reference: str) -> Markup:
    """A reference as it stays on one line: its hyphens are no place to break it."""
    return Markup('<span class="reference">{}</span>').format(reference)


def fit(value: object) -> object:
    """A plain text without the characters that no page may hold (security.md B-3); anything else as it is."""
    return shown_again(value) if type(value) is str else value


def without_tags(heading: str) -> Markup:
    """A heading as the title says it: its tags go, its no-break spaces stay (`striptags` would fold them, law.md §4)."""
    return Markup(_TAG.sub("", heading).strip("\n "))  # noqa: S704  # what is left was escaped when the page was made


_TAG = re.compile(r"<[^>]*>")


def _every_page() -> dict[str, Any]:
    """What the layout shows. On pages open to all nothing depends on who asks."""
    language = page_language()
    viewer = g.get("viewer")
    settings = effective()
    rule = g.get("rule")
    about = document()
    return {
        "lang": language,
        "twin_url": twin_url(),
        "organisation": settings.organisation.in_(language),
        "contact": _contact(settings, language),
        "look": settings.look,
        "viewer": viewer,
        "page_endpoint": request.endpoint,
        "site_url": portal().settings.site.url,
        "noindex": rule is None or rule.kind is not Kind.READING,
        "banners": _banners(language, viewer),
        "strip": strip_for(language),
        "getting_ready": _getting_ready(viewer),
        "policy_there": bool(g.get("database_away")) or any_published(portal(), store()),
        "governance_there": not g.get("database_away") and any_published(portal(), store(), GOVERNANCE),
        "figures_there": settings.figures_public,
        "document": about,
        "document_name": words("Governance practices") if about == GOVERNANCE else words("Privacy policy"),
        "unmapped": not portal().sources,
        "codes_leave": codes_leave(portal()),
        "has_session": rule is not None and rule.kind not in WITHOUT_SESSION,
    }


def _getting_ready(viewer: Viewer | None) -> bool:
    """Whether the officer's menu says that something is left to do."""
    if viewer is None or viewer.role != Role.OFFICER.value or g.get("database_away"):
        return False
    return setup_tasks.something_left()


def _banners(language: Language, viewer: Viewer | None) -> list[Banner]:
    if viewer is None or viewer.kind != "staff" or g.get("database_away"):
        return []
    return banners_for(portal(), store(), language)


def strip_for(language: Language) -> Any:
    """The demo's strip, put there by the demo alone; None everywhere else."""
    strip = current_app.extensions.get("demo_strip")
    return strip(language) if strip else None


def _contact(settings: Effective, language: Language) -> ContactWords:
    """How people reach the person in charge today. `back_on`: while away, the day they read their own mail again."""
    contact, recorded = settings.contact, settings.in_charge
    away = contact.email != recorded.email and recorded.away_to is not None
    return ContactWords(
        title=contact.title.in_(language),
        name=contact.name,
        email=contact.email,
        phone=contact.phone,
        address=contact.address,
        back_on=recorded.away_to + timedelta(days=1) if away and recorded.away_to else None,
    )


def _said(message: str, /, **values: object) -> Markup:
    """`_("Due %(day)s", day=…)` in a template: the sentence in the language of the page, its values escaped."""
    return _sentence(page_language(), message) % values


@lru_cache(maxsize=4096)
def _sentence(language: Language, message: str) -> Markup:
    """A sentence of ours, which may hold markup: found once, since a page says a hundred of them."""
    return Markup(for_language(language).translations.gettext(message))  # noqa: S704  # the catalogue is ours


def _number_said(singular: str, plural: str, count: int, /, **values: object) -> Markup:
    sentence = for_language(page_language()).translations.ngettext(singular, plural, count)
    return Markup(sentence) % {"num": count, **values}  # noqa: S704  # the catalogue is ours


def _said_in_context(context: str, message: str, /, **values: object) -> Markup:
    sentence = for_language(page_language()).translations.pgettext(context, message)
    return Markup(sentence) % values  # noqa: S704  # the catalogue is ours


def url_static(name: str) -> str:
    """The address of a static file, which changes with its content so that a stale one is never shown."""
    return f"/static/{name}?v={_digest(name)}"


@cache
def _digest(name: str) -> str:
    content = stylesheet() if name == STYLESHEET else (static_folder() / name).read_bytes()
    return hashlib.sha256(content).hexdigest()[:12]


STYLESHEET = "portal.css"


@cache
def stylesheet() -> bytes:
    """Every component's style sheet, joined in the order of their names: one file, one request, no build step."""
    return b"\n".join(path.read_bytes() for path in sorted((static_folder() / "css").glob("*.css")))
