"""Versions for programs: a feed whose names never change, and each version as Markdown, plain text and data."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from werkzeug.test import TestResponse

from portal.domain.languages import LANGUAGES, Language, Text
from portal.services import policies
from portal.services.work import purge
from portal.web.atom import ATOM
from tests.client import BASE, VISITED, Visitor, check_headers
from tests.installation import Built, an_installation
from tests.policies.builders import version

BOTH = pytest.mark.parametrize("lang", LANGUAGES)
FORMATS = {
    "policy_feed": "application/atom+xml; charset=utf-8",
    "policy_markdown": "text/markdown; charset=utf-8; variant=CommonMark",
    "policy_plain": "text/plain; charset=utf-8",
    "policy_data": "application/json",
}
NOW = {"version_id": "2026-06-15"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """One installation that no test of this file changes."""
    return an_installation(tmp_path_factory.mktemp("formats"))


def got(built: Built, endpoint: str, lang: Language, *, status: int = 200, **arguments: str) -> TestResponse:
    visitor = Visitor(built, lang)
    answer = visitor.client.get(visitor.address(endpoint, **arguments), base_url=BASE)
    assert answer.status_code == status
    check_headers(answer)
    VISITED.add((endpoint, lang))
    return answer


def feed_of(built: Built, lang: Language = "en") -> ElementTree.Element:
    return ElementTree.fromstring(got(built, "policy_feed", lang).data)  # noqa: S314  # our own


def said(element: ElementTree.Element, name: str) -> list[str]:
    return [found.text or "" for found in element.findall(f"{{{ATOM}}}{name}")]


def links(element: ElementTree.Element, rel: str) -> list[str]:
    return [link.get("href", "") for link in element.findall(f"{{{ATOM}}}link") if link.get("rel") == rel]


def publish(built: Built, *more: object) -> None:
    with built.installation.database.writing() as store:
        for one in more:
            policies.publish(built.installation, store, one, staff_id=None, now=built.clock())  # type: ignore[arg-type]


@BOTH
@pytest.mark.parametrize("endpoint", FORMATS)
def test_each_is_cached_like_a_page_and_has_its_type(built: Built, lang: Language, endpoint: str) -> None:
    arguments = {} if endpoint == "policy_feed" else NOW
    answer = got(built, endpoint, lang, **arguments)
    assert answer.content_type == FORMATS[endpoint]
    assert answer.headers["Cache-Control"] == "public, max-age=60, must-revalidate"
    assert "Set-Cookie" not in answer.headers
    again = Visitor(built, lang).client.get(
        answer.request.path, base_url=BASE, headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304
    packed = Visitor(built, lang).client.get(answer.request.path, base_url=BASE, headers={"Accept-Encoding": "br"})
    assert packed.headers["Content-Encoding"] == "br"


@BOTH
def test_the_feed_names_each_version_once_newest_first_with_its_summary(built: Built, lang: Language) -> None:
    feed = feed_of(built, lang)
    [now, first] = feed.findall(f"{{{ATOM}}}entry")
    site = built.installation.settings.site.url
    assert links(feed, "self") == [site + Visitor(built, lang).address("policy_feed")]
    assert links(now, "alternate") == [site + Visitor(built, lang).address("policy_version", **NOW)]
    assert links(now, "related")[0].endswith("2025-02-25..2026-06-15")
    assert links(first, "related") == []
    with built.installation.database.reading() as store:
        found = policies.one(store, "2026-06-15")
    assert found
    assert said(now, "summary") == [found.summary.in_(lang)]
    assert said(feed, "updated") == ["2026-11-23T17:00:00Z"]
    assert said(first, "published") == ["2025-02-25T00:00:00Z"]
    names = [*said(feed, "id"), *said(now, "id"), *said(first, "id")]
    assert len(set(names)) == 3
    assert all(name.startswith("tag:127.0.0.1,2026-11-23:privacy") for name in names)


def test_the_two_languages_are_two_feeds(built: Built) -> None:
    french, english = (feed_of(built, lang) for lang in LANGUAGES)
    assert said(french, "id") != said(english, "id")
    assert links(french, "alternate")[1] == links(english, "self")[0]


def test_names_and_dates_stay_when_the_site_moves_and_more_is_published(tmp_path: Path) -> None:
    built = an_installation(tmp_path)
    before = {
        entry.findtext(f"{{{ATOM}}}id"): said(entry, "updated") for entry in feed_of(built).iter(f"{{{ATOM}}}entry")
    }
    installation = built.installation
    moved = replace(installation.settings, site=replace(installation.settings.site, url="https://ailleurs.example"))
    object.__setattr__(installation, "settings", moved)
    built.clock.advance(days=3)
    publish(built, version("2026-12-01"))
    _let_go_of_what_is_kept(built)
    after = {
        entry.findtext(f"{{{ATOM}}}id"): said(entry, "updated") for entry in feed_of(built).iter(f"{{{ATOM}}}entry")
    }
    assert len(after) == 3
    assert before.items() <= after.items()
    assert all("127.0.0.1" in str(name) for name in after)


def test_what_was_published_before_feeds_had_names_is_given_one_that_night(tmp_path: Path) -> None:
    built = an_installation(tmp_path)
    with built.installation.database.writing() as store:
        from portal.storage.policy_reading_tables import feed_names

        store.connection.execute(feed_names.delete())
    name = said(feed_of(built), "id")
    purge(built.installation, 0, built.clock())
    with built.installation.database.reading() as store:
        kept = store.feed_names.of("privacy")
        assert store.feed_names.of("governance"), "each document published has a feed of its own"
    assert kept
    assert name == [kept.of_feed("privacy", "en")]


def test_a_feed_of_nothing_is_a_feed(tmp_path: Path) -> None:
    built = an_installation(tmp_path)
    with built.installation.database.writing() as store:
        from portal.storage.tables import policy_versions

        store.connection.execute(policy_versions.delete())
    feed = feed_of(built)
    assert said(feed, "updated") == ["1970-01-01T00:00:00Z"]
    assert said(feed, "title")[0].startswith("Privacy policy")
    assert not feed.findall(f"{{{ATOM}}}entry")


def test_words_of_the_officer_are_escaped(tmp_path: Path) -> None:
    built = an_installation(tmp_path)
    hostile = 'A "quote", <b>tag</b> & an \x0b invisible sign'
    publish(built, replace(version("2026-12-01"), summary=Text(fr=hostile, en=hostile)))
    first = next(feed_of(built).iter(f"{{{ATOM}}}entry"))
    assert said(first, "summary")[0].startswith('A "quote", <b>tag</b> & an')


@BOTH
def test_markdown_is_the_file_byte_for_byte_and_its_digest_says_so(built: Built, lang: Language) -> None:
    markdown = got(built, "policy_markdown", lang, **NOW)
    data = json.loads(got(built, "policy_data", lang, **NOW).data)
    with built.installation.database.reading() as store:
        found = policies.one(store, "2026-06-15")
    assert found
    assert markdown.data.decode() == found.texts[lang].source
    assert data["files"][f"{lang}-CA"]["sha256"] == hashlib.sha256(markdown.data).hexdigest()
    assert data["files"][f"{lang}-CA"]["href"].endswith(markdown.request.path)
    page = built.installation.settings.site.url + Visitor(built, lang).address("policy_version", **NOW)
    assert markdown.headers["Link"] == f'<{page}>; rel="canonical"'


def test_the_digest_can_be_made_again_from_what_is_given(built: Built) -> None:
    data = {lang: json.loads(got(built, "policy_data", lang, **NOW).data) for lang in LANGUAGES}
    texts = {lang: got(built, "policy_markdown", lang, **NOW).data.decode() for lang in LANGUAGES}
    one = data["en"]
    array = [one["document"], one["version"], one["effective"], one["kind"]]
    array += [data["fr"]["summary"], data["en"]["summary"], texts["fr"], texts["en"]]
    made = hashlib.sha256(json.dumps(array, ensure_ascii=False).encode()).hexdigest()
    assert one["digest"]["value"] == data["fr"]["digest"]["value"] == made


def test_data_has_the_sections_dates_and_terms_others_understand(built: Built) -> None:
    data = json.loads(got(built, "policy_data", "en", **NOW).data)
    assert (data["effective"], data["until"], data["in_force"], data["kind"]) == ("2026-06-15", None, True, "material")
    assert data["@type"] == "dpv:PrivacyNotice"
    assert data["@context"]["dpv"] == "https://w3id.org/dpv#"
    covers = {one["id"]: one for one in data["covers"]}
    assert covers["improve"]["basis_term"] == "dpv:Consent"
    assert covers["improve"]["terms"] == ["dpv:ImproveExistingProductsAndServices"]
    assert covers["account"]["kind"] == "category"
    assert "pd:EmailAddress" in covers["account"]["terms"]
    assert covers["paper"] == {
        "id": "paper", "kind": "unknown", "label": None, "terms": [], "basis": None, "basis_term": None,
    }  # fmt: skip
    assert [section["key"] for section in data["sections"]][:2] == ["introduction", "collected"]
    assert all(section["text"] and section["markdown"] for section in data["sections"])
    past = json.loads(got(built, "policy_data", "en", version_id="2025-02-25").data)
    assert (past["in_force"], past["until"], past["imported"]) == (False, "2026-06-15", True)


@BOTH
def test_plain_text_reads_by_itself(built: Built, lang: Language) -> None:
    text = got(built, "policy_plain", lang, **NOW).data.decode()
    lines = text.split("\n")
    assert lines[1] == ("Version du 15 juin 2026" if lang == "fr" else "Version of June 15, 2026")
    assert "jp@atomescroch.us" in text
    assert "{{" not in text
    assert "\n- " in text
    assert "{#" not in text


@BOTH
@pytest.mark.parametrize("endpoint", ["policy_markdown", "policy_plain", "policy_data"])
@pytest.mark.parametrize("version_id", ["2024-01-01", "x", "2026-06-15-2", "2026-06-15.md"])
def test_a_version_that_is_not_there_is_no_page(built: Built, lang: Language, endpoint: str, version_id: str) -> None:
    got(built, endpoint, lang, status=404, version_id=version_id)


@BOTH
def test_the_page_of_a_version_leads_to_its_other_forms_and_the_sitemap_names_them(
    built: Built, lang: Language
) -> None:
    visitor = Visitor(built, lang)
    page = visitor.visit("policy_version", **NOW)
    said_types = {link.get("type"): link.get("href") for link in page.all("link", rel="alternate") if link.get("type")}
    sitemap = visitor.client.get("/sitemap.xml", base_url=BASE).get_data(as_text=True)
    for endpoint, kind in FORMATS.items():
        path = visitor.address(endpoint, **({} if endpoint == "policy_feed" else NOW))
        assert said_types[kind.split(";")[0]] == path
        assert path in {link.get("href") for link in page.all("a")}
        assert f"<loc>{built.installation.settings.site.url}{path}</loc>" in sitemap
    history = visitor.visit("policy_changes")
    assert [link.get("href") for link in history.all("link", type="application/atom+xml")] == [
        visitor.address("policy_feed")
    ]


@BOTH
def test_a_version_says_what_it_is_to_searchers_and_where_it_belongs(built: Built, lang: Language) -> None:
    visitor = Visitor(built, lang)
    page = visitor.visit("policy_version", **NOW)
    site = built.installation.settings.site.url
    [canonical] = page.all("link", rel="canonical")
    assert canonical.get("href") == site + visitor.address("policy_version", **NOW)
    hreflang = {
        link.get("hreflang"): link.get("href") for link in page.all("link", rel="alternate") if link.get("hreflang")
    }
    assert hreflang["fr-CA"] == site + visitor.address("policy_version", "fr", **NOW)
    assert hreflang["en-CA"] == site + visitor.address("policy_version", "en", **NOW)
    assert hreflang["x-default"] == f"{site}/"
    [document] = page.all("div", itemtype="https://schema.org/DigitalDocument")
    about = {meta.get("itemprop"): meta.get("content") for meta in document.iter() if meta.get("content")}
    assert about["version"] == "2026-06-15"
    assert about["inLanguage"] == f"{lang}-CA"
    assert about["temporalCoverage"] == "2026-06-15/.."
    assert not visitor.visit("sign_in").all("link", rel="canonical")


@BOTH
def test_each_section_has_a_link_beside_its_heading_named_after_it(built: Built, lang: Language) -> None:
    page = Visitor(built, lang).visit("policy")
    headings = {heading.get("id"): "".join(heading.itertext()) for heading in page.all("h2") if heading.get("id")}
    anchors = {
        link.get("href", "")[1:]: link.get("aria-label", "") for link in page.all("a", class_="section-heading__link")
    }
    assert anchors.keys() == headings.keys()
    assert all(headings[key] in anchors[key] for key in headings)


def _let_go_of_what_is_kept(built: Built) -> None:
    """Let the layer of kept pages ask again whether anything changed."""
    pages = built.app.wsgi_app
    while not hasattr(pages, "_kept"):
        pages = pages._application  # type: ignore[attr-defined]
    pages._asked_at -= 2
