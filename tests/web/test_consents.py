"""Consents on their pages: the consequence first, one button each way, and a plain word when it cannot be done."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from portal.config import Settings
from portal.domain.languages import Language
from tests.client import Page, Visitor
from tests.installation import CAMILLE, NOBODY, Built, an_installation


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_withdrawing_and_giving_take_the_same_steps(built: Built, lang: Language) -> None:
    visitor = _person(built, lang=lang)
    sent_before = len(built.mailbox())
    for state, column in (("withdrawn", 0), ("given", 1)):
        here = visitor.address("consent", purpose="improve")
        assert here in visitor.visit("consents").links().values()
        page = visitor.visit("consent", purpose="improve")
        form = page.form(here)
        assert form["state"] == state
        answer = visitor.send("consent", form, purpose="improve")
        assert _column(built, "improve_ok") == column
        after = visitor.open(answer.location)  # type: ignore[union-attr]  # a redirect
        assert after.all("div", class_="notice--success")
    letters = built.mailbox()
    assert len(letters) - sent_before == 2
    assert {str(letter["kind"]) for letter in letters[:2]} == {"consent_changed", "contact_closed"}


def test_the_consequence_is_told_before_the_button(built: Built) -> None:
    page = _person(built).visit("consent", purpose="news")
    told = page.html.index("You will no longer receive our news.")
    assert told < page.html.index('value="withdrawn"')


def test_the_same_answer_again_is_said_plainly_and_sends_no_letter(built: Built) -> None:
    visitor = _person(built)
    form = visitor.visit("consent", purpose="improve").form("/improve")
    visitor.send("consent", form, purpose="improve")
    sent = len(built.mailbox())
    for again in (form, form | {"form_id": "z" * 24}, {"state": "withdrawn"}):
        answer = visitor.send("consent", again, purpose="improve")
        assert isinstance(visitor.open(answer.location), Page)  # type: ignore[union-attr]  # a redirect
    assert "this was already your answer" in visitor.open(answer.location).text()  # type: ignore[union-attr]  # a redirect
    assert len(built.mailbox()) == sent


def test_the_history_shows_each_answer(built: Built) -> None:
    visitor = _person(built)
    visitor.send("consent", {"state": "withdrawn"}, purpose="news")
    words = visitor.visit("consents").text()
    assert "Send you news by e-mail Withdrawn November 23, 2026" in words
    assert "Send you news by e-mail Withdrawn" in visitor.visit("category", category="portal").text()


@pytest.mark.parametrize("state", ["", "maybe", "GIVEN", "given\x00", "x" * 10_000, "<script>"])
def test_what_is_no_answer_is_refused_and_changes_nothing(built: Built, state: str) -> None:
    page = _person(built).send("consent", {"state": state}, purpose="improve", status=422)
    assert isinstance(page, Page)
    assert page.all("div", class_="error-summary")
    assert _column(built, "improve_ok") == 1


@pytest.mark.parametrize("purpose", ["provide", "security", "unknown", "improve%00"])
def test_a_purpose_that_does_not_rest_on_consent_has_no_page(built: Built, purpose: str) -> None:
    visitor = _person(built)
    visitor.visit("consent", purpose=purpose, status=404)
    visitor.send("consent", {"state": "withdrawn"}, purpose=purpose, status=404)


def test_when_the_service_is_away_the_answer_is_kept_and_can_be_sent_again(built: Built) -> None:
    visitor = _person(built)
    form = visitor.visit("consent", purpose="improve").form("/improve")
    content = (built.folder / "service.db").read_bytes()
    built.installation.sources["service"].close()
    (built.folder / "service.db").write_bytes(b"this is no database" * 1000)
    assert "does not answer just now" in visitor.visit("consents").text()
    page = visitor.send("consent", form, purpose="improve", status=503)
    assert isinstance(page, Page)
    assert page.response.headers["Retry-After"]
    again = page.form("/improve")
    assert {name: again[name] for name in ("state", "seen", "form_id")} == {
        name: form[name] for name in ("state", "seen", "form_id")
    }
    built.installation.sources["service"].close()
    (built.folder / "service.db").write_bytes(content)
    visitor.send("consent", again, purpose="improve")
    assert _column(built, "improve_ok") == 0


def test_a_consent_without_a_column_is_handled_by_staff(tmp_path: Path) -> None:
    visitor = _person(an_installation(tmp_path, change=_without_columns))
    for page in (visitor.visit("consents"), visitor.visit("consent", purpose="news")):
        assert "Our staff does it for you" in page.text()
        assert visitor.address("new_request", kind="withdraw") in page.links().values()
    visitor.send("consent", {"state": "withdrawn"}, purpose="news", status=409)


def test_who_is_not_known_has_nothing_to_withdraw(built: Built) -> None:
    visitor = _person(built, NOBODY)
    assert "nothing under this address" in visitor.visit("consents").text()
    visitor.send("consent", {"state": "withdrawn"}, purpose="news", status=409)


def test_a_service_that_refuses_the_value_says_staff_will_do_it(built: Built) -> None:
    with sqlite3.connect(built.folder / "service.db") as service:
        service.execute("CREATE TRIGGER no BEFORE UPDATE ON accounts BEGIN SELECT RAISE(ABORT, 'no'); END")
    page = _person(built).send("consent", {"state": "withdrawn"}, purpose="improve", status=409)
    assert isinstance(page, Page)
    assert "Our staff does it for you" in page.text()


def _without_columns(settings: Settings) -> Settings:
    purposes = tuple(replace(purpose, consent=None) for purpose in settings.data_map.purposes)
    return replace(settings, data_map=replace(settings.data_map, purposes=purposes))


def _person(built: Built, address: str = CAMILLE, *, lang: Language = "en") -> Visitor:
    visitor = Visitor(built, lang)
    visitor.sign_in(address)
    return visitor


def _column(built: Built, name: str) -> object:
    with sqlite3.connect(built.folder / "service.db") as service:
        query = f"SELECT {name} FROM accounts WHERE email = ?"
        return service.execute(query, (CAMILLE,)).fetchone()[0]
