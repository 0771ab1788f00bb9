"""What must be true of every page somebody signed in sees, and of the lines written about each visit."""

from __future__ import annotations

import logging
from pathlib import Path
from statistics import median
from time import perf_counter

import pytest

from portal.web.access import Kind, rule_of
from portal.web.languages import ADDRESSES
from portal.web.views import VIEWS
from tests.client import BASE, Visitor
from tests.installation import CAMILLE, NOBODY, Built, an_installation

TRIES = 15
FOR_SOMEBODY = {Kind.SIGNED_IN, Kind.PERSON, Kind.CONFIRMED, Kind.STAFF}


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path, log_rows=6)


@pytest.mark.parametrize("address", [CAMILLE, "officer@example.org"])
def test_each_has_the_button_to_sign_out(built: Built, address: str) -> None:
    visitor = Visitor(built, "en")
    visitor.sign_in(address)
    seen = 0
    for endpoint, (view, methods) in VIEWS.items():
        rule = rule_of(view)
        if not rule or rule.kind not in FOR_SOMEBODY or "GET" not in methods or "<" in ADDRESSES[endpoint][0]:
            continue
        answer = visitor.client.get(visitor.address(endpoint), base_url=BASE)
        if answer.status_code == 200:
            assert f'action="{visitor.address("sign_out")}"' in answer.get_data(as_text=True), endpoint
            assert "no-store" in answer.headers["Cache-Control"], endpoint
            seen += 1
    assert seen >= 3


def test_no_visit_writes_more_than_its_own_line(built: Built, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        built.app.test_client().get(
            "/en/x%0d%0aforged%20line%1b[31m",
            base_url=BASE,
            headers={"User-Agent": "\x1b[2Jagent"},
            query_string="a=%0d%0aforged",
        )
    lines = [record.getMessage() for record in caplog.records]
    assert lines
    assert all(line.isprintable() for line in lines), lines


def test_an_address_known_or_not_takes_as_long(built: Built) -> None:
    def seconds(address: str) -> float:
        visitor = Visitor(built, "en")
        token = visitor.token()
        path, data = visitor.address("sign_in"), {"email": address, "csrf_token": token}
        begun = perf_counter()
        assert visitor.client.post(path, data=data, base_url=BASE).status_code == 303
        return perf_counter() - begun

    pairs = [(seconds(CAMILLE), seconds(NOBODY)) for _ in range(TRIES)]
    known, unknown = (median(times) for times in zip(*pairs, strict=True))
    assert 0.5 < known / unknown < 2, "a shared machine is noisy; a look-up in a source would show far more"
