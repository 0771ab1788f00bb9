"""The link in a keeper's letter: what it shows before its button, whom it lets answer, and when it is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.client import Visitor
from tests.files import a_csv
from tests.installation import CAMILLE, Built, an_installation
from tests.keepers import (
    KEEPERS,
    a_request,
    lines,
    link_to,
    look,
    post,
    signed_in,
    token_of,
)


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Built:
    return an_installation(tmp_path, by_hand=True)


def test_the_keeper_is_told_nothing_of_the_person_before_the_button(on_sqlite: Built) -> None:
    request = a_request(on_sqlite)
    letter = next(letter for letter in on_sqlite.mailbox() if letter["to"] == KEEPERS["paper"])
    keeper, token = Visitor(on_sqlite), token_of(link_to(on_sqlite, "paper"))
    page = keeper.visit("keeper", token=token)
    for text in (str(letter["subject"]), str(letter["text"]), str(letter["html"]), page.html):
        assert CAMILLE not in text
        assert request.reference in text
    with on_sqlite.installation.database.reading() as store:
        assert "keeper_viewed_person" not in {line.event.value for line in store.audit.newest()}
    assert page.response.headers["Cache-Control"] == "no-store, private"
    assert page.all("meta", name="robots", content="noindex")


def test_what_was_found_is_not_shown_before_the_button(on_sqlite: Built) -> None:
    a_request(on_sqlite)
    keeper, token, page = look(on_sqlite, "paper")
    answer = page.form(f"/{token}") | {"state": "found", "note": "Suivi médical de 2019"}
    assert post(keeper, "keeper", answer, [("Camille Tremblay.csv", a_csv())], token=token).status_code == 303
    assert "Camille Tremblay" in keeper.visit("keeper", token=token).text()
    scanner = Visitor(on_sqlite).visit("keeper", token=token)
    assert "Trouvé" in scanner.text()
    assert "Camille" not in scanner.html
    assert "médical" not in scanner.html


def test_nobody_answers_before_the_button_was_pressed(on_sqlite: Built) -> None:
    request = a_request(on_sqlite)
    keeper, token = Visitor(on_sqlite), token_of(link_to(on_sqlite, "paper"))
    form = keeper.visit("keeper", token=token).form(f"/{token}")
    answer = {"csrf_token": form["csrf_token"], "state": "nothing", "note": "", "version": "1"}
    assert post(keeper, "keeper", answer, token=token).status_code == 409
    assert lines(on_sqlite, request.reference)["paper"].is_open


def test_that_a_keeper_looked_is_written_down_and_read_by_the_person(on_sqlite: Built) -> None:
    request = a_request(on_sqlite)
    look(on_sqlite, "paper")
    assert request.reference in signed_in(on_sqlite, CAMILLE).visit("account").text()


def test_the_button_is_asked_for_again_later_and_in_another_browser(on_sqlite: Built) -> None:
    a_request(on_sqlite)
    keeper, token, page = look(on_sqlite, "paper")
    assert CAMILLE in page.text()
    assert CAMILLE not in Visitor(on_sqlite).visit("keeper", token=token).text()
    on_sqlite.clock.advance(minutes=31)
    assert CAMILLE not in keeper.visit("keeper", token=token).text()


@pytest.mark.parametrize("token", ["x", "A" * 43, "%00", "é", "R-2345-6789-ABCD"])
def test_a_link_that_is_none_says_so(on_sqlite: Built, token: str) -> None:
    page = Visitor(on_sqlite).open(f"/fr/gardien/{token}", status=410)
    assert "Ce lien" in page.heading
