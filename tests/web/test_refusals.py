"""Refusals: a sentence in the reader's language, the right number, nothing lost, never a trace."""

from __future__ import annotations

import io
import logging
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from portal.domain.languages import Language
from portal.storage import database as storage
from portal.web import access
from portal.web.site import make_site
from portal.web.views import VIEWS
from tests.client import BASE, Page, Visitor, check_page
from tests.installation import CAMILLE, Built, an_installation


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


@pytest.mark.parametrize(
    ("path", "lang"),
    [
        ("/fr/policy", "fr"),
        ("/en/politique", "en"),
        ("/fr/nulle-part", "fr"),
        ("/en/nowhere/", "en"),
        ("/en/policy/", "en"),
        ("/xx/", "fr"),
        ("/en//policy", "en"),
        ("/en/%2e%2e/%2e%2e/etc/passwd", "en"),
        ("/.git/HEAD", "fr"),
        ("/.env", "fr"),
        ("/console", "fr"),
        ("/static/", "fr"),
        ("/static/css/00-tokens.css", "fr"),
        ("/static/../portal.toml", "fr"),
        ("/en/" + "a" * 7000, "en"),
    ],
)
def test_what_is_no_page_is_a_page_that_says_so(built: Built, path: str, lang: Language) -> None:
    Visitor(built).open(path, status=404, lang=lang)


def test_the_root_leads_to_the_readers_language(built: Built) -> None:
    client = built.app.test_client()
    for accepted, home in (
        ("", "/fr/"),
        ("en-CA,fr;q=0.5", "/en/"),
        ("de", "/fr/"),
        ("fr", "/fr/"),
        ("x" * 8000, "/fr/"),
    ):
        answer = client.get("/", headers={"Accept-Language": accepted}, base_url=BASE)
        assert (answer.status_code, answer.location) == (302, home)
        assert answer.headers["Vary"] == "Accept-Language"
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1:9999", "127.0.0.1.evil.example", "", "127.0.0.1:8000@evil.example"]
)
def test_another_host_is_refused(built: Built, host: str) -> None:
    answer = built.app.test_client().get("/fr/connexion", headers={"Host": host})
    assert answer.status_code == 400
    assert host not in answer.get_data(as_text=True) or host == ""


@pytest.mark.parametrize("name", ["X-Forwarded-Host", "Forwarded", "X-Host", "X-Forwarded-For", "X-Forwarded-Proto"])
def test_forwarding_headers_are_not_believed(built: Built, name: str) -> None:
    answer = built.app.test_client().get("/", headers={name: "evil.example"}, base_url=BASE)
    assert answer.location == "/fr/"


def test_a_method_that_is_none_is_refused(built: Built) -> None:
    visitor = Visitor(built)
    for method in ("PUT", "DELETE", "PATCH", "TRACE", "FROBNICATE"):
        answer = visitor.client.open(visitor.address("sign_in"), method=method, base_url=BASE)
        assert answer.status_code == 405, method
        assert "POST" in answer.headers["Allow"]
    answer = visitor.client.head(visitor.address("sign_out"), base_url=BASE)
    assert answer.status_code == 405


def test_a_body_too_large_is_refused(built: Built) -> None:
    visitor = Visitor(built)
    answer = visitor.client.post(
        visitor.address("sign_in"),
        data=b"x=" + b"y" * 3_000_000,
        base_url=BASE,
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 413
    check_page(Page(answer, "fr"))


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"--x\r\nbroken", "multipart/form-data; boundary=y"),
        (b"{}", "application/json"),
        (b"email=%ff%fe&csrf_token=x", "application/x-www-form-urlencoded"),
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
        (b"&".join(b"f%d=1" % number for number in range(10_000)), "application/x-www-form-urlencoded"),
        (
            b"".join(b'--b\r\nContent-Disposition: form-data; name="f%d"\r\n\r\n1\r\n' % n for n in range(2_000))
            + b"--b--",
            "multipart/form-data; boundary=b",
        ),
    ],
)
def test_a_damaged_body_is_refused(built: Built, body: bytes, content_type: str) -> None:
    visitor = Visitor(built)
    answer = visitor.client.post(
        visitor.address("sign_in"),
        input_stream=io.BytesIO(body),
        content_length=len(body),
        content_type=content_type,
        base_url=BASE,
    )
    assert 400 <= answer.status_code < 500
    check_page(Page(answer, "fr"))


@pytest.mark.parametrize("query", ["next=%00", "next=%ff", "email[]=1", "email=a&email=b", "x" * 5000])
def test_a_damaged_query_never_breaks_a_page(built: Built, query: str) -> None:
    answer = built.app.test_client().get(f"/fr/connexion?{query}", base_url=BASE)
    assert answer.status_code in {200, 400}


def test_a_locked_database_says_to_try_again_and_loses_nothing(built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = Visitor(built)
    token = visitor.token()
    built.installation.database.close()
    monkeypatch.setattr(storage, "BUSY_SECONDS", 0.2)
    built.installation.database.engine = storage._engine(built.installation.settings.database.url)
    holder = sqlite3.connect(built.folder / "portal.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    page = visitor.send("sign_in", {"email": CAMILLE, "csrf_token": token}, status=503)
    assert isinstance(page, Page)
    assert page.response.headers["Retry-After"] == "10"
    assert page.form("/connexion")["email"] == CAMILLE
    visitor.visit("sign_in")
    holder.execute("ROLLBACK")
    visitor.send("sign_in", page.form("/connexion"))
    assert [letter["to"] for letter in built.mailbox()] == [CAMILLE]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_fault_of_ours_shows_no_trace_and_logs_no_value(
    built: Built, lang: Language, caplog: pytest.LogCaptureFixture
) -> None:
    @access.open_form
    def broken() -> Any:
        raise RuntimeError("camille@example.org is a value")

    app = make_site(built.installation, VIEWS | {"contact": (broken, ("GET",))}, lambda: 0)
    built.app = app
    with caplog.at_level(logging.DEBUG):
        visitor = Visitor(built, lang)
        page = visitor.open(visitor.address("contact"), status=500)
    assert "RuntimeError" not in page.html
    assert "Traceback" not in page.html
    assert "camille@example.org" not in caplog.text


def test_a_person_on_a_staff_page_finds_no_page(built: Built) -> None:
    visitor = Visitor(built)
    visitor.sign_in(CAMILLE)
    refused = visitor.open(visitor.address("staff_requests"), status=404)
    unknown = visitor.open("/fr/nulle-part", status=404)
    assert refused.heading == unknown.heading


def test_staff_without_the_right_are_told_who_may(built: Built) -> None:
    visitor = Visitor(built)
    visitor.sign_in("agent@example.org")
    page = visitor.open(visitor.address("staff_letters"), status=403)
    assert "/fr/personnel/demandes" in page.links().values()
    with built.installation.database.reading() as store:
        assert any(line.event.value == "access_refused" for line in store.audit.newest())


TARGETS = [
    "https://x.example",
    " https://x.example",
    "//x.example",
    "///x.example",
    "/\\x.example",
    "\\\\x.example",
    "https:x.example",
    "/%09/x.example",
    "/%5cx.example",
    "https://x.example%00.localhost",
    "http://localhost@x.example",
    "javascript:alert(1)",
    "/fr/%2f%2fx.example",
    "/fr/..//x.example",
    "/fr\n/x",
]


@pytest.mark.parametrize("target", TARGETS)
def test_no_next_leads_away_from_the_site(built: Built, target: str) -> None:
    visitor = Visitor(built)
    answer = visitor.sign_in(CAMILLE, next_page=target)
    assert answer.location == "/fr/mes-renseignements"
    page = visitor.client.get("/fr/connexion", query_string={"next": target}, base_url=BASE)
    assert "x.example" not in str(page.location)
