"""The site: every page with its address and its rule, behind the layers that check, complete and keep answers."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address, ip_network
from typing import Any

from flask import Flask, current_app, request
from flask_babel import Babel, Domain
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.resources import static_folder, templates_folder
from portal.services.installation import Installation
from portal.web import access, errors, languages, pages, well_known
from portal.web.access import Kind, View, guarded, rule_of
from portal.web.cache import READING, ReadingPages
from portal.web.headers import SecurityHeaders
from portal.web.hosts import KnownHosts, known_hosts
from portal.web.languages import add_pages, page_language
from portal.web.limits import limit_forms
from portal.web.log import AccessLog
from portal.web.numbers import Number
from portal.web.rules import FoundRule

LARGEST_FORM = 1_000_000
LARGEST_FIELD = 500_000
MOST_PARTS = 100

Views = dict[str, tuple[View, tuple[str, ...]]]


class _Portal(Flask):
    jinja_environment = pages.Templates
    url_rule_class = FoundRule


def make_site(installation: Installation, views: Views, edition: Callable[[], object]) -> Flask:
    """A Flask application for an installation.

    `views`: by endpoint, a view and its methods; each must declare whom it is for. `edition`: what reading pages depend
    on today.

    Raises:
        UndeclaredAccess: a view says nothing of whom it is for.
        KeyError: an endpoint has no address.
    """
    app = _Portal("portal", template_folder=str(templates_folder()), static_folder=None)
    app.url_map.merge_slashes = False  # an address has one form; //fr/politique is none of ours (security.md B-43)
    app.url_map.converters["int"] = Number
    _configure(app, installation)
    app.extensions["portal"] = installation
    access.guard(app)
    languages.speak_the_language_of_the_address(app)
    _let_forms_speak(app)
    pages.prepare(app, installation.settings.folder)
    errors.answer_refusals(app)
    limit_forms(app, installation)
    for endpoint, (view, methods) in views.items():
        add_pages(app, endpoint, _declared(endpoint, view), methods)
    well_known.add_to(app, static_folder())
    _check_declarations(app)
    app.after_request(_say_who_may_keep_it)
    app.wsgi_app = _layers(app, installation, edition)  # type: ignore[method-assign]  # Flask's documented way to wrap
    return app


class OurWords(Domain):  # type: ignore[misc]  # the library is untyped
    """Labels of forms speak through the portal's own catalogue; Babel would read compiled ones only, however old."""

    def gettext(self, string: str, **variables: object) -> str:
        """The sentence in the language of the page."""
        return pages.words(string, **variables)


def _let_forms_speak(app: Flask) -> None:
    """Give Flask-WTF its translations. Before the templates are taught ours: Babel would put its slower words there."""
    Babel(app, locale_selector=lambda: f"{page_language()}_CA").domain_instance = OurWords()


class UndeclaredAccess(Exception):
    """A view declares no access rule, so nobody knows whom it is for: the app does not start (design §3)."""


def _declared(endpoint: str, view: View) -> View:
    rule = rule_of(view)
    if rule is None:
        raise UndeclaredAccess(endpoint)
    return guarded(view, rule)


def _check_declarations(app: Flask) -> None:
    for endpoint, view in app.view_functions.items():
        if rule_of(view) is None:
            raise UndeclaredAccess(endpoint)


def _configure(app: Flask, installation: Installation) -> None:
    settings = installation.settings
    https = settings.site.url.startswith("https://")
    app.config.update(
        SECRET_KEY=installation.keys.for_("cookies"),
        SECRET_KEY_FALLBACKS=list(installation.keys.all_for("cookies"))[1:],
        SESSION_COOKIE_NAME="__Host-portal" if https else "portal",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        MAX_FORM_MEMORY_SIZE=LARGEST_FIELD,
        MAX_FORM_PARTS=MOST_PARTS,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        PREFERRED_URL_SCHEME="https" if https else "http",
    )


def _say_who_may_keep_it(response: Any) -> Any:
    """Reading pages may be kept by anyone; whatever else, by nobody."""
    rule = getattr(request_rule(), "kind", None)
    if rule is Kind.READING and response.status_code == 200:
        request.environ[READING] = True
    elif "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store" if rule is Kind.OPEN_FORM else "no-store, private"
    return response


def request_rule() -> Any:
    """The rule of the view that answers, or None for an address that is no page."""
    if request.endpoint is None:
        return None
    view = current_app.view_functions.get(request.endpoint)
    return rule_of(view) if view else None


def _layers(app: Flask, installation: Installation, edition: Callable[[], object]) -> Any:
    """From the outside in: proxy, log, headers, host, pages kept ready, Flask."""
    settings = installation.settings
    layers: Any = ReadingPages(app.wsgi_app, edition)
    layers = KnownHosts(layers, known_hosts(settings.site.url, settings.web.host, settings.web.port))
    layers = SecurityHeaders(layers, https=settings.site.url.startswith("https://"))
    layers = AccessLog(layers)
    if settings.web.trusted_proxies:
        layers = TrustedProxies(layers, settings.web.trusted_proxies)
    return layers


class TrustedProxies:
    """Believes forwarding headers from the operator's own proxies and from nobody else (ASVS 4.1.3)."""

    def __init__(self, application: Any, proxies: tuple[str, ...]) -> None:
        """Wrap an application."""
        self._application = application
        self._believing = ProxyFix(application, x_for=1, x_proto=1, x_host=0)
        self._networks = tuple(ip_network(proxy) for proxy in proxies)

    def __call__(self, environ: Any, start_response: Any) -> Any:
        """Answer, reading forwarding headers only when the peer is ours."""
        believed = self._is_ours(environ.get("REMOTE_ADDR", ""))
        return (self._believing if believed else self._application)(environ, start_response)

    def _is_ours(self, peer: str) -> bool:
        try:
            address = ip_address(peer)
        except ValueError:
            return False
        return any(address in network for network in self._networks)
