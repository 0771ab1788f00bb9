"""Addresses: letters lead where pages are, proxies are believed only when they are ours."""

from dataclasses import replace
from pathlib import Path

import pytest

from portal.services.letters import FOLLOW_PATHS, REQUEST_PATHS, STAFF_PATHS
from portal.services.links import LINK_PATHS
from portal.web.languages import ADDRESSES, PREFIXES
from portal.web.site import TrustedProxies
from tests.installation import an_installation


def test_letters_lead_where_the_pages_are() -> None:
    leading = (
        (REQUEST_PATHS, "request_page"),
        (STAFF_PATHS, "staff_request"),
        (LINK_PATHS, "sign_in_link"),
        (FOLLOW_PATHS, "follow"),
    )
    for paths, endpoint in leading:
        english, french = ADDRESSES[endpoint]
        assert paths == {
            "en": PREFIXES["en"] + english.partition("<")[0],
            "fr": PREFIXES["fr"] + french.partition("<")[0],
        }


@pytest.mark.parametrize(
    ("peer", "believed"), [("10.1.2.3", True), ("127.0.0.1", True), ("192.0.2.7", False), ("", False)]
)
def test_only_our_own_proxies_say_who_asks(peer: str, believed: bool) -> None:
    seen: dict[str, str] = {}

    def application(environ: dict[str, str], _start: object) -> list[bytes]:
        seen.update(environ)
        return []

    layer = TrustedProxies(application, ("10.0.0.0/8", "127.0.0.1/32"))
    layer({"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": "203.0.113.9", "HTTP_X_FORWARDED_HOST": "evil"}, None)
    assert (seen["REMOTE_ADDR"] == "203.0.113.9") is believed
    assert seen.get("HTTP_HOST") != "evil"


def test_over_https_the_cookie_and_the_headers_are_those_of_https(tmp_path: Path) -> None:
    built = an_installation(
        tmp_path,
        change=lambda settings: replace(settings, site=replace(settings.site, url="https://vieprivee.example.org")),
    )
    answer = built.app.test_client().get("/fr/connexion", base_url="https://vieprivee.example.org")
    assert answer.status_code == 200
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    [cookie] = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-portal=")
    assert "Secure" in cookie
    assert "Domain" not in cookie
