"""Versions for programs and other readers: the feed, and each version as Markdown, as plain text and as data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time
from typing import Any

import orjson
from flask import Response, abort

from portal.domain import dpv
from portal.domain.languages import LANGUAGES, Language, twin_of
from portal.domain.policies import Version
from portal.domain.policy_feeds import FeedName, Published
from portal.services import feed_names, policies
from portal.services import policy_formats as service
from portal.services.policy_formats import Covered
from portal.web import access
from portal.web.access import now, portal, store
from portal.web.atom import Entry, Feed, atom
from portal.web.documents import document, document_url
from portal.web.languages import TAGS, page_language
from portal.web.pages import effective, words
from portal.web.policy_links import BETWEEN, DATA, FEED, MARKDOWN, PLAIN, title_of
from portal.wording.dates import date_iso, date_long


@access.reading
def policy_feed() -> Any:
    """Every version with its summary, the newest first, under names that never change."""
    language, about = page_language(), document()
    name = feed_names.feed_name(portal(), store(), about, now=now())
    found = service.published(store(), about)
    feed = Feed(
        name=name.of_feed(about, language),
        language=TAGS[language],
        title=words("%(document)s – %(organisation)s", document=_document_words(), organisation=_organisation()),
        author=_organisation(),
        href=_site(document_url("policy_feed")),
        page=_site(document_url("policy_changes")),
        twin=(TAGS[twin_of(language)], _site(document_url("policy_feed", lang=twin_of(language)))),
        entries=list(_entries(name, found)),
    )
    return Response(atom(feed), content_type=f"{FEED}; charset=utf-8")


@access.reading
def policy_markdown(version_id: str) -> Any:
    """A version's text byte for byte, as its digest was made of it."""
    version = _version(version_id).version
    return _file(version, version.texts[page_language()].source, f"{MARKDOWN}; charset=utf-8; variant=CommonMark")


@access.reading
def policy_plain(version_id: str) -> Any:
    """A version in plain words, with what its page says of it."""
    version = _version(version_id).version
    about = [
        f"{_document_words()} – {_organisation()}",
        title_of(version.id, version.effective),
        words("In force from %(date)s", date=date_long(version.effective, page_language())),
        version.summary.in_(page_language()),
        _site(document_url("policy_version", version_id=version.id)),
    ]
    text = service.plain_text(portal(), store(), version, page_language())
    return _file(version, "\n".join(about) + "\n\n\n" + text, f"{PLAIN}; charset=utf-8")


@access.reading
def policy_data(version_id: str) -> Any:
    """A version as data: its sections, dates and digests, and what it covers in the terms of the W3C."""
    found = _version(version_id)
    said = orjson.dumps(_data(found), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    return _file(found.version, said, DATA)


def _version(version_id: str) -> Published:
    found = next((one for one in service.published(store(), document()) if one.version.id == version_id), None)
    return found or abort(404)


def _file(version: Version, body: str | bytes, kind: str) -> Response:
    """An answer that names the page it is another form of, so that searchers list that page."""
    response = Response(body, content_type=kind)
    page = _site(document_url("policy_version", version_id=version.id))
    response.headers["Link"] = f'<{page}>; rel="canonical"'
    return response


def _entries(name: FeedName, found: Sequence[Published]) -> Iterator[Entry]:
    for number, one in enumerate(found, start=1):
        version, before = one.version, found[number] if number < len(found) else None
        pair = f"{before.version.id}{BETWEEN}{version.id}" if before else None
        day = datetime.combine(version.effective, time(), tzinfo=UTC)
        yield Entry(
            name=name.of_version(version.document, version.id, page_language()),
            title=title_of(version.id, version.effective),
            summary=version.summary.in_(page_language()),
            href=_site(document_url("policy_version", version_id=version.id)),
            published=day if version.imported else one.at,
            updated=one.at,
            related=_site(document_url("policy_comparison", pair=pair)) if pair else None,
        )


def _data(found: Published) -> dict[str, Any]:
    version, language = found.version, page_language()
    among = [one.version for one in service.published(store(), version.document)]
    standing = policies.standing(version, among, portal().today(now()))
    return {
        "@context": dict(dpv.PREFIXES),
        "@id": _site(document_url("policy_version", version_id=version.id)),
        "@type": dpv.NOTICE,
        "document": version.document,
        "version": version.id,
        "title": title_of(version.id, version.effective),
        "language": TAGS[language],
        "organisation": _organisation(),
        "summary": version.summary.in_(language),
        "kind": version.kind,
        "effective": date_iso(version.effective),
        "until": date_iso(standing.until) if standing.until else None,
        "in_force": standing.in_force,
        "imported": version.imported,
        "published_at": found.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "digest": {"algorithm": "sha256", "of": _DIGEST_OF, "value": found.digest},
        "files": {TAGS[one]: _text_file(version, one) for one in LANGUAGES},
        "sections": list(_sections(version)),
        "covers": [_covered(one) for one in service.covered(version, effective().data_map)],
    }


def _sections(version: Version) -> Iterator[dict[str, Any]]:
    """Each section as it was written, and as it reads with the person in charge of today."""
    plain = service.in_words(portal(), store(), version, page_language())
    for written, read in zip(version.texts[page_language()].sections, plain.sections, strict=True):
        yield {
            "key": written.key,
            "title": read.title,
            "covers": list(written.covers),
            "markdown": written.body_markdown,
            "text": read.body_markdown,
        }


_DIGEST_OF = (
    "UTF-8 of a JSON array, a comma and a space between its items and nothing escaped but what must be: "
    "document, version, effective, kind, summary in French, in English, Markdown in French, in English"
)


def _text_file(version: Version, language: Language) -> dict[str, str]:
    return {
        "href": _site(document_url("policy_markdown", version_id=version.id, lang=language)),
        "sha256": service.file_digest(version, language),
    }


def _covered(one: Covered) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind,
        "label": one.label.in_(page_language()) if one.label else None,
        "terms": list(one.terms),
        "basis": one.basis,
        "basis_term": one.basis_term,
    }


def _document_words() -> str:
    return words("Privacy policy") if document() == "privacy" else words("Governance practices")


def _organisation() -> str:
    return effective().organisation.in_(page_language())


def _site(path: str) -> str:
    return portal().settings.site.url + path
