"""Reading pages kept ready: the same for all, never stale, never someone's, in the form the client takes."""

from __future__ import annotations

import gzip
import threading
import time
from pathlib import Path

import brotli
import pytest
from flask import Flask, Response, request
from werkzeug.test import Client, TestResponse

from portal.services.installation import DatabaseAway
from portal.web.cache import READING, ReadingPages
from portal.web.hosts import known_hosts
from portal.web.languages import ADDRESSES
from tests.client import BASE, Visitor
from tests.installation import Built, an_installation

PATHS = [
    "/fr/",
    "/en/",
    "/fr/politique",
    "/en/policy",
    "/fr/politique/2025-02-25",
    "/en/policy/changes",
    "/en/policy/changes/2025-02-25..2026-06-15",
    "/fr/vos-droits",
    "/en/contact",
    "/fr/accessibilite",
    "/static/portal.css",
    "/robots.txt",
    "/sitemap.xml",
    "/.well-known/security.txt",
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return an_installation(tmp_path_factory.mktemp("reading"))


def _get(built: Built, path: str, **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return built.app.test_client().get(path, base_url=BASE, headers=named)


@pytest.mark.parametrize("path", PATHS)
def test_a_reading_page_is_for_all_and_has_no_cookie(built: Built, path: str) -> None:
    for answer in (_get(built, path), _get(built, path), _get(built, path + "?ref=letter")):
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=60, must-revalidate"
        assert answer.headers["ETag"]
        assert answer.headers.getlist("Vary") == ["Accept-Encoding"]
        assert "Set-Cookie" not in answer.headers
        assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize("path", ["/fr/", "/en/policy"])
def test_what_is_shown_does_not_depend_on_who_asks(built: Built, path: str) -> None:
    visitor = Visitor(built)
    visitor.sign_in("camille.tremblay@example.org")
    assert visitor.client.get(path, base_url=BASE).data == _get(built, path).data


@pytest.mark.parametrize("path", PATHS)
def test_who_holds_the_page_already_is_told_so(built: Built, path: str) -> None:
    for encoding in ("identity", "gzip", "br"):
        etag = _get(built, path, Accept_Encoding=encoding).headers["ETag"]
        for mark in (etag, f"W/{etag}", f'"other", {etag}', "*"):
            answer = _get(built, path, Accept_Encoding=encoding, If_None_Match=mark)
            assert (answer.status_code, answer.data) == (304, b"")
            assert answer.headers["ETag"] == etag
            assert answer.headers["Vary"] == "Accept-Encoding"
            assert "Content-Encoding" not in answer.headers
    assert _get(built, path, If_None_Match='"other"').status_code == 200


@pytest.mark.parametrize("path", ["/fr/", "/en/policy", "/static/portal.css"])
def test_each_encoding_is_the_same_page_under_its_own_mark(built: Built, path: str) -> None:
    plain = _get(built, path, Accept_Encoding="identity")
    zipped = _get(built, path, Accept_Encoding="gzip")
    small = _get(built, path, Accept_Encoding="gzip, deflate, br")
    assert "Content-Encoding" not in plain.headers
    assert (zipped.headers["Content-Encoding"], gzip.decompress(zipped.data)) == ("gzip", plain.data)
    assert (small.headers["Content-Encoding"], brotli.decompress(small.data)) == ("br", plain.data)
    assert len({answer.headers["ETag"] for answer in (plain, zipped, small)}) == 3
    assert all(int(answer.headers["Content-Length"]) == len(answer.data) for answer in (plain, zipped, small))


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", None),
        ("identity", None),
        ("br;q=0", None),
        ("br;q=0, gzip;q=0", None),
        ("br;q=0.000, gzip;q=0.5", "gzip"),
        ("GZIP", "gzip"),
        ("gzip ; q=1", "gzip"),
        ("brotli, zebra", None),
        ("*", "br"),
        ("*;q=0", None),
        ("gzip;q=0, *", "br"),
        ("gzip, br;q=0.2", "gzip"),
        ("identity, gzip;q=0.5", None),
        ("br;q=nan", None),
        ("br;q=nonsense", None),
        (";;;,,,q=", None),
    ],
)
def test_the_client_gets_an_encoding_it_takes(built: Built, accepted: str, encoding: str | None) -> None:
    assert _get(built, "/en/policy", Accept_Encoding=accepted).headers.get("Content-Encoding") == encoding


@pytest.mark.parametrize("path", [*PATHS, "/fr/connexion", "/fr/compte", "/fr/nulle-part", "/"])
def test_a_head_says_what_a_get_says_without_its_body(tmp_path: Path, path: str) -> None:
    client = an_installation(tmp_path).app.test_client()  # nothing kept yet: the HEAD comes first
    first, got, again = (client.open(path, base_url=BASE, method=method) for method in ("HEAD", "GET", "HEAD"))
    for head in (first, again):
        assert head.data == b""
        assert head.status_code == got.status_code
        for name in ("ETag", "Content-Length", "Content-Type", "Cache-Control", "Location"):
            assert head.headers.get(name) == got.headers.get(name) or "connexion" in path, name


def test_a_head_is_never_answered_with_a_body_over_wsgi(built: Built) -> None:
    for path in ("/fr/connexion", "/fr/nulle-part", "/fr/contact?x=1"):
        environ = request_environ("HEAD", path)
        assert b"".join(built.app.wsgi_app(environ, lambda *_: lambda _: None)) == b""


def test_a_publication_or_a_new_day_is_seen_within_a_second(tmp_path: Path) -> None:
    built = an_installation(tmp_path)
    before = _get(built, "/.well-known/security.txt").get_data(as_text=True)
    assert "Expires: 2027-05-22T00:00:00Z" in before
    built.clock.advance(days=1)
    time.sleep(1.05)
    assert "Expires: 2027-05-23T00:00:00Z" in _get(built, "/.well-known/security.txt").get_data(as_text=True)


def test_pages_kept_are_read_while_the_database_is_away() -> None:
    pages = _Pages()
    first = pages.get("/page")
    pages.away = True
    pages.layer._asked_at = 0.0
    assert pages.get("/page").data == first.data
    assert pages.made == 1


def test_a_page_made_under_the_edition_before_is_not_kept() -> None:
    pages = _Pages()
    pages.hold.clear()
    slow = threading.Thread(target=pages.get, args=("/page",))
    slow.start()
    assert pages.began.wait(5)
    pages.edition = 2
    pages.layer._asked_at = 0.0
    pages.get("/other")  # notices the new edition while the page of the old one is still being made
    pages.hold.set()
    slow.join(5)
    assert pages.get("/page").get_data(as_text=True) == "edition 2"


@pytest.mark.parametrize("header", [("Set-Cookie", "portal=someone"), ("Vary", "Cookie")])
def test_what_was_made_for_one_browser_is_never_given_to_another(header: tuple[str, str]) -> None:
    pages = _Pages(header)
    for _ in range(2):
        answer = pages.get("/page")
        assert answer.headers["Cache-Control"] == "no-store, private"
        assert "ETag" not in answer.headers
    assert pages.made == 2


def test_endless_queries_do_not_drive_out_the_pages_people_read() -> None:
    pages = _Pages()
    pages.get("/page")
    for number in range(600):
        pages.get(f"/page?x={number}")
    made = pages.made
    pages.get("/page")
    assert pages.made == made


def test_the_host_is_part_of_the_name_however_it_is_written() -> None:
    pages = _Pages()
    for host in ("http://privacy.example", "http://PRIVACY.example"):
        pages.get("/page", host)
    assert pages.made == 1


@pytest.mark.parametrize(
    "path",
    [
        "/en/nowhere",
        "/en/policy/",
        "/fr/politique/",
        "//fr/politique",
        "/fr//politique",
        "/fr/policy",
        "/en/politique",
        "/en/policy/%2e%2e",
        "/en/policy/../contact",
        "/en/policy/%00",
        "/en/policy/2025-02-25%00",
        "/en/policy/2025-02-30",
        "/en/policy/1999-01-01",
        "/en/policy/changes/",
        "/static/../portal.toml",
        "/static/%2e%2e/portal.toml",
        "/static/x/../portal.css",
        "/static//portal.css",
        "/static/%00",
        "/static/css/00-tokens.css",
        "/static/",
        "/en/" + "a" * 7000,
    ],
)
def test_an_address_that_is_no_page_is_404(built: Built, path: str) -> None:
    answer = _get(built, path)
    assert answer.status_code == 404
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "query",
    [
        "_external=1",
        "_external=1&_scheme=javascript",
        "_anchor=x",
        "_method=POST",
        "endpoint=home",
        "lang=fr",
        "self=1",
    ],
)
def test_a_query_cannot_steer_the_language_switch(built: Built, query: str) -> None:
    page = Visitor(built).open(f"/en/contact?{query}")
    [twin] = page.all("link", rel="alternate", hreflang="fr-CA")
    assert twin.get("href") == f"{BASE}/fr/nous-joindre?{query}"


def test_the_language_switch_keeps_every_argument(built: Built) -> None:
    page = Visitor(built).open("/en/policy?a=1&a=2&b=%C3%A9+%26")
    [twin] = page.all("link", rel="alternate", hreflang="fr-CA")
    assert twin.get("href") == f"{BASE}/fr/politique?a=1&a=2&b=%C3%A9+%26"


def test_the_sitemap_names_each_reading_page_in_both_languages(built: Built) -> None:
    body = _get(built, "/sitemap.xml").get_data(as_text=True)
    for path in ("/fr/", "/en/policy", "/fr/politique/2025-02-25", "/en/policy/2026-06-15", "/fr/nous-joindre"):
        assert f"<loc>{built.installation.settings.site.url}{path}</loc>" in body
    private = [slug for endpoint, (slug, _) in ADDRESSES.items() if endpoint in {"account", "staff_requests", "delete"}]
    assert not any(slug in body for slug in private)


@pytest.mark.parametrize(
    ("site", "named"),
    [
        ("https://vieprivee.example.org", {"vieprivee.example.org", "vieprivee.example.org:443"}),
        ("https://Vieprivee.example.org:443", {"vieprivee.example.org", "vieprivee.example.org:443"}),
        ("https://vieprivee.example.org:8443", {"vieprivee.example.org:8443"}),
    ],
)
def test_the_public_name_is_known_with_and_without_its_own_port(site: str, named: set[str]) -> None:
    assert known_hosts(site, "0.0.0.0", 8000) == named  # noqa: S104 - an address to listen on, only compared


def test_another_host_is_refused_before_any_page(built: Built) -> None:
    for method in ("GET", "HEAD"):
        answer = built.app.test_client().open("/fr/", base_url="http://evil.example", method=method)
        assert answer.status_code == 400
        assert answer.headers["Cache-Control"] == "no-store"
        assert bool(answer.data) is (method == "GET")


def request_environ(method: str, path: str) -> dict[str, object]:
    """What a server hands over for a request."""
    from werkzeug.test import create_environ

    return create_environ(path, BASE, method=method)


class _Pages:
    """A small app under the layer; it counts the pages it makes, and can be held in the middle of one."""

    def __init__(self, *headers: tuple[str, str]) -> None:
        self.edition, self.away, self.made = 1, False, 0
        self.began, self.hold = threading.Event(), threading.Event()
        self.hold.set()
        app = Flask(__name__)

        @app.get("/<name>")
        def page(name: str) -> Response:
            self.made += 1
            body = f"edition {self.edition}"
            if name == "page":
                self.began.set()
                self.hold.wait(5)
            request.environ[READING] = True
            return Response(body, headers=dict(headers))

        self.layer = ReadingPages(app.wsgi_app, self._present)

    def _present(self) -> int:
        if self.away:
            raise DatabaseAway("away")
        return self.edition

    def get(self, path: str, host: str = "http://localhost") -> TestResponse:
        return Client(self.layer).get(path, base_url=host)
