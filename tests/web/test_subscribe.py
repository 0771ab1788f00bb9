"""Subscribing to changes of the policy: a proved address, one answer for all, and one click to stop (RFC 8058)."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from portal.storage.notice_tables import subscribers
from portal.web.access import WITHOUT_CSRF
from tests.client import BASE, Page, Visitor
from tests.installation import CAMILLE, Built, an_installation
from tests.services.telling import subscribe

VISITOR = "visiteuse@example.net"


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def test_an_address_is_subscribed_once_it_is_proved(built: Built) -> None:
    visitor = Visitor(built, "en")
    visitor.visit("subscribe")
    visitor.send("subscribe", {"email": VISITOR, "do": "join"})
    assert subscribed(built) == []
    visitor.visit("subscribe_code")
    page = visitor.send("subscribe_code", {"code": code(built)}, status=200)
    assert isinstance(page, Page)
    assert "You are subscribed" in page.heading
    assert subscribed(built) == [(VISITOR, "en")]


def test_the_answer_is_the_same_whether_an_address_is_subscribed_or_not(built: Built) -> None:
    subscribe(built.installation, VISITOR)
    pages = []
    for address in (VISITOR, "autre@example.net"):
        visitor = Visitor(built, "fr")
        sent = visitor.send("subscribe", {"email": address, "do": "join"})
        assert not isinstance(sent, Page)
        pages.append((sent.headers["Location"], visitor.visit("subscribe_code").text().replace(address, "…")))
    assert pages[0] == pages[1]
    assert [letter["kind"] for letter in built.mailbox()] == ["confirm_code", "confirm_code"]


def test_who_has_no_letter_at_hand_stops_by_a_code(built: Built) -> None:
    subscribe(built.installation, VISITOR)
    visitor = Visitor(built, "fr")
    visitor.send("subscribe", {"email": VISITOR, "do": "leave"})
    page = visitor.send("subscribe_code", {"code": code(built)}, status=200)
    assert isinstance(page, Page)
    assert page.heading == "Votre abonnement a pris fin"
    assert subscribed(built) == []


def test_a_wrong_code_subscribes_nobody_and_is_counted(built: Built) -> None:
    visitor = Visitor(built, "en")
    visitor.send("subscribe", {"email": VISITOR, "do": "join"})
    wrong = "000000" if code(built) != "000000" else "000001"
    for _ in range(5):
        visitor.send("subscribe_code", {"code": wrong}, status=422)
    page = visitor.send("subscribe_code", {"code": code(built)}, status=422)
    assert isinstance(page, Page)
    assert "no longer works" in page.text()
    assert subscribed(built) == []


def test_a_code_to_subscribe_opens_no_session(built: Built) -> None:
    visitor = Visitor(built, "en")
    visitor.send("subscribe", {"email": CAMILLE, "do": "join"})
    visitor.send("sign_in", {"email": "other@example.net"})
    visitor.send("sign_in_code", {"code": codes(built)[CAMILLE]}, status=422)


def test_looking_at_a_letters_link_changes_nothing_and_the_button_ends_it(built: Built) -> None:
    token = subscribe(built.installation, VISITOR)
    visitor = Visitor(built, "fr")
    page = visitor.open(f"/u/{token}", lang="fr")
    assert subscribed(built) == [(VISITOR, "fr")]
    fields = page.form(f"/u/{token}")
    answer = visitor.client.post(f"/u/{token}", data=fields, base_url=BASE)
    assert answer.status_code == 200
    assert subscribed(built) == []


def test_a_letters_link_speaks_the_language_of_the_letter(built: Built) -> None:
    token = subscribe(built.installation, VISITOR, "en")
    program = built.app.test_client()
    french = {"Accept-Language": "fr-CA"}
    shown = program.get(f"/u/{token}", base_url=BASE, headers=french).text
    ended = program.post(f"/u/{token}", data={"List-Unsubscribe": "One-Click"}, base_url=BASE, headers=french).text
    used = program.get(f"/u/{token}", base_url=BASE, headers=french).text
    assert ['lang="en-CA"' in page for page in (shown, ended, used)] == [True, True, False]


def test_a_mail_program_unsubscribes_its_reader_in_one_click_without_any_cookie(built: Built) -> None:
    token = subscribe(built.installation, VISITOR)
    program = built.app.test_client(use_cookies=False)
    for _ in range(2):
        answer = program.post(f"/u/{token}", data={"List-Unsubscribe": "One-Click"}, base_url=BASE)
        assert answer.status_code == 200, "no redirect, and the same again"
    assert subscribed(built) == []


def test_a_link_nobody_was_given_answers_as_any_other(built: Built) -> None:
    token = subscribe(built.installation, VISITOR)
    visitor = Visitor(built, "fr")
    pages = [visitor.open(f"/u/{one}", lang="fr").text() for one in (token, "no-such-link")]
    assert pages[0] == pages[1]
    assert visitor.client.post("/u/no-such-link", base_url=BASE).status_code == 200
    assert subscribed(built) == [(VISITOR, "fr")]


def test_the_exception_from_forms_tokens_is_this_address_alone() -> None:
    assert frozenset({"unsubscribe"}) == WITHOUT_CSRF


def test_a_button_pressed_from_another_site_is_refused(built: Built) -> None:
    token = subscribe(built.installation, VISITOR)
    answer = built.app.test_client().post(f"/u/{token}", base_url=BASE, headers={"Origin": "https://x.example"})
    assert answer.status_code == 400
    assert subscribed(built) == [(VISITOR, "fr")]


@pytest.mark.parametrize("typed", ["", "no address", "a@example.org, b@example.org", "x" * 300 + "@example.org"])
def test_what_is_no_address_is_refused_in_words(built: Built, typed: str) -> None:
    page = Visitor(built, "fr").send("subscribe", {"email": typed, "do": "join"}, status=422)
    assert isinstance(page, Page)
    assert "adresse" in page.text()


def test_a_person_sees_their_subscription_among_what_the_portal_keeps(built: Built) -> None:
    subscribe(built.installation, CAMILLE)
    visitor = Visitor(built, "en")
    visitor.sign_in(CAMILLE)
    page = visitor.visit("category", category="portal")
    assert "Subscribed to changes of the policy" in page.text()


def subscribed(built: Built) -> list[tuple[str, str]]:
    with built.installation.database.reading() as store:
        found = store.connection.execute(sa.select(subscribers.c.address, subscribers.c.language))
        return [(row.address, row.language) for row in found]


def codes(built: Built) -> dict[str, str]:
    """The newest code of each reader."""
    found: dict[str, str] = {}
    for letter in built.mailbox():
        digits = [line for line in str(letter["text"]).splitlines() if line.isdigit() and len(line) == 6]
        if digits:
            found.setdefault(str(letter["to"]), digits[0])
    return found


def code(built: Built) -> str:
    return next(iter(codes(built).values()))
