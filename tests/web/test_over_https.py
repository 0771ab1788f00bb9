"""A site served to the world: its cookies and headers over HTTPS, and nothing of the demo's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from portal.config import Settings
from portal.web.views import VIEWS
from tests.client import Visitor
from tests.installation import Built, an_installation

PUBLIC = "https://privacy.example.org"


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path, change=_over_https)


def test_every_cookie_is_for_this_host_and_https_alone(built: Built) -> None:
    answer = built.app.test_client().get("/en/sign-in", base_url=PUBLIC)
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-portal=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert "Domain=" not in cookie


@pytest.mark.parametrize(
    "path", ["/", "/en/policy", "/en/sign-in", "/en/account", "/en/nowhere", "/static/favicon.svg"]
)
def test_every_answer_asks_for_https_for_a_year(built: Built, path: str) -> None:
    answer = built.app.test_client().get(path, base_url=PUBLIC)
    said = answer.headers["Strict-Transport-Security"]
    assert int(said.split("max-age=")[1].split(";")[0]) >= 31_536_000
    assert "includeSubDomains" in said


@pytest.mark.parametrize("path", ["/demo", "/demo/be", "/mailbox", "/mailbox/x", "/mailbox.json"])
def test_what_is_the_demos_is_not_there(built: Built, path: str) -> None:
    for method in ("GET", "POST"):
        assert built.app.test_client().open(path, method=method, base_url=PUBLIC).status_code == 404


def test_no_page_carries_the_strip_of_the_demo(built: Built) -> None:
    html = built.app.test_client().get("/en/", base_url=PUBLIC).get_data(as_text=True)
    assert "/demo" not in html
    assert "/mailbox" not in html


@pytest.mark.parametrize("tail", ["/x.css", ";x.css", ".css", "%0ax.css", "/x.js", "%2fx.css"])
def test_no_address_of_a_private_page_looks_like_a_file_to_keep(built: Built, tail: str) -> None:
    visitor = Visitor(built, "en")
    for endpoint, (_, methods) in VIEWS.items():
        if "GET" in methods and endpoint in {"my_information", "account", "requests", "delete", "staff_requests"}:
            answer = built.app.test_client().get(visitor.address(endpoint) + tail, base_url=PUBLIC)
            assert answer.status_code in {303, 404}
            assert "no-store" in answer.headers["Cache-Control"]


def _over_https(settings: Settings) -> Settings:
    assert settings.mail
    mail = replace(settings.mail, url="smtp://127.0.0.1:1025")
    return replace(settings, site=replace(settings.site, url=PUBLIC), mail=mail)
