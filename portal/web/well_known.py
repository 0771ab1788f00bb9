"""Addresses without a language: the root, static files, health, robots, sitemap, security.txt, a letter's link to stop."""

from __future__ import annotations

import mimetypes
import posixpath
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, jsonify, redirect
from werkzeug.security import safe_join

from portal.domain.contrast import is_colour, is_readable
from portal.domain.policies import DOCUMENTS
from portal.services import health, policies
from portal.services.settings.look import logo
from portal.web import access
from portal.web.accent import accent_style
from portal.web.access import guarded, portal, rule_of, store
from portal.web.languages import TAGS, language_of_request, of_governance, url
from portal.web.pages import STYLESHEET, effective, stylesheet
from portal.web.subscribe import unsubscribe

READING_ENDPOINTS = ("home", "rights", "contact", "accessibility")
OF_DOCUMENTS = ("policy", "policy_changes", "policy_feed")
OF_FIGURES = ("transparency", "transparency_csv", "transparency_data")
OF_VERSIONS = ("policy_version", "policy_markdown", "policy_plain", "policy_data")


def add_to(app: Flask, static: Path) -> None:
    """Give the app its addresses that belong to no language."""

    @access.reading
    def static_file(name: str) -> Any:
        if name == STYLESHEET:
            return Response(stylesheet(), mimetype="text/css")
        path = safe_join(str(static), name)
        if path is None or posixpath.normpath(name) != name or name.startswith("css/") or not Path(path).is_file():
            abort(404)
        kind, _ = mimetypes.guess_type(path)
        return Response(Path(path).read_bytes(), mimetype=kind or "application/octet-stream")

    views: list[tuple[str, str, Any]] = [
        ("/", "root", root),
        ("/static/<path:name>", "static", static_file),
        ("/look/<colour>.css", "look_style", look_style),
        ("/look/logo/<digest>", "look_logo", look_logo),
        ("/healthz", "healthz", healthz),
        ("/readyz", "readyz", readyz),
        ("/robots.txt", "robots", robots),
        ("/sitemap.xml", "sitemap", sitemap),
        ("/.well-known/security.txt", "security_txt", security_txt),
    ]
    for rule, endpoint, view in views:
        declared = rule_of(view)
        if declared:
            app.add_url_rule(rule, endpoint, guarded(view, declared), methods=["GET"])
    by_letter = rule_of(unsubscribe)
    if by_letter:
        app.add_url_rule("/u/<token>", "unsubscribe", guarded(unsubscribe, by_letter), methods=["GET", "POST"])


@access.machine
def root() -> Any:
    """Lead to the reader's language."""
    response = redirect(url("home", lang=language_of_request()), 302)
    response.headers["Vary"] = "Accept-Language"
    response.headers["Cache-Control"] = "public, max-age=60"
    return response


@access.reading
def look_style(colour: str) -> Any:
    """The style sheet of an accent colour. The address holds the colour, so another colour has another address."""
    accent = f"#{colour}"
    if not (is_colour(accent) and is_readable(accent)):
        abort(404)
    return Response(accent_style(accent), mimetype="text/css")


@access.reading
def look_logo(digest: str) -> Any:
    """The organization's logo, of the one type its content was found to be."""
    found = logo(store(), digest) or abort(404)
    response = Response(found.content, content_type=found.kind.value)
    response.headers["Content-Disposition"] = "inline"
    return response


@access.machine
def healthz() -> Any:
    """Whether this process answers."""
    return jsonify({"process": "ok"})


@access.machine
def readyz() -> Any:
    """Whether the portal can serve: 503 only when its own database is away or its schema is not head."""
    found = health.readiness(portal())
    return jsonify(found.as_dict()), 200 if found.ready else 503


@access.reading
def robots() -> Any:
    """What searchers may read: everything open; private pages say so themselves."""
    return Response(
        f"User-agent: *\nAllow: /\nSitemap: {portal().settings.site.url}/sitemap.xml\n", mimetype="text/plain"
    )


@access.reading
def sitemap() -> Any:
    """The reading pages in both languages, each with its twin."""
    site = portal().settings.site.url
    entries = []
    for endpoint, arguments in _reading_pages():
        addresses = {TAGS[language]: site + url(endpoint, lang=language, **arguments) for language in ("fr", "en")}
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang="{tag}" href="{address}"/>' for tag, address in addresses.items()
        )
        entries += [f"<url><loc>{address}</loc>{links}</url>" for address in addresses.values()]
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">'
        + "".join(entries)
        + "</urlset>\n"
    )
    return Response(body, mimetype="application/xml")


def _reading_pages() -> list[tuple[str, dict[str, str]]]:
    """Every page open to all, by its name and arguments: each version of a document has its own."""
    found: list[tuple[str, dict[str, str]]] = [(endpoint, {}) for endpoint in READING_ENDPOINTS]
    if effective().figures_public:
        found += [(endpoint, {}) for endpoint in OF_FIGURES]
    for document in DOCUMENTS:
        published = policies.versions(store(), document)
        named = of_governance if document == "governance" else str
        if published:
            found += [(named(name), {}) for name in OF_DOCUMENTS]
        found += [(named(name), {"version_id": one.id}) for one in published for name in OF_VERSIONS]
    return found


@access.reading
def security_txt() -> Any:
    """Where to report a weakness (RFC 9116)."""
    expires = (access.now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    body = (
        f"Contact: mailto:{effective().contact.email}\n"
        f"Expires: {expires}\n"
        "Preferred-Languages: fr, en\n"
        f"Canonical: {portal().settings.site.url}/.well-known/security.txt\n"
    )
    return Response(body, mimetype="text/plain")
