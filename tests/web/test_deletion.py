"""Asking for deletion: what goes and what stays is told first, one box and one button ask, and asking twice asks once."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from portal.config import Settings
from portal.domain.languages import Language
from portal.domain.rights import Kind, Level, RightsRequest, State
from portal.sources.base import SourceUnavailable
from tests.client import Page, Visitor
from tests.installation import CAMILLE, MARGUERITE, NOBODY, Built, an_installation


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def signed_in(built: Built, address: str, lang: Language = "fr") -> Visitor:
    visitor = Visitor(built, lang)
    visitor.sign_in(address)
    return visitor


def deletions(built: Built, address: str) -> list[RightsRequest]:
    with built.installation.database.reading() as store:
        person = store.people.by_address(address)
        return [one for one in store.requests.of_person(person.id) if one.kind is Kind.DELETION] if person else []


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_what_goes_and_what_stays_is_told_with_why_and_until_when(built: Built, lang: Language) -> None:
    text = signed_in(built, MARGUERITE, lang).visit("delete").text()
    [hold] = [table.hold for _, table in built.installation.data_map.tables() if table.hold]
    assert hold.because.in_(lang) in text
    assert hold.provision in text
    assert "72" in text
    assert deletions(built, MARGUERITE) == []


def kept_five_years(settings: Settings) -> Settings:
    """An operator's row that keeps records longer, beside a law that keeps them longer still."""
    rows = settings.law.regimes
    changed = {
        "qc_p391": replace(rows["qc_p391"], record_months=60),
        "eu_gdpr": replace(rows["eu_gdpr"], record_months=84),
    }
    return replace(settings, other_regimes=("eu_gdpr",), law=replace(settings.law, regimes={**rows, **changed}))


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_pages_say_how_long_the_row_of_the_law_keeps_a_request(tmp_path: Path, lang: Language) -> None:
    built = an_installation(tmp_path, change=kept_five_years)
    visitor = signed_in(built, CAMILLE, lang)
    five, seven, three = {
        "fr": ("5 ans", "7 ans", "3 ans après la"),
        "en": ("5 years", "7 years", "3 years after your"),
    }[lang]
    told = visitor.visit("delete")
    assert five in told.text().replace("\u00a0", " ")
    assert seven in told.text().replace("\u00a0", " "), "should another law protect them"
    for page in (visitor.visit("my_information"), visitor.visit("category", category="portal")):
        said = page.text().replace("\u00a0", " ")
        assert five in said
        assert three not in said
    asked = {"confirm": "yes", "other_regimes": "eu_gdpr"}
    visitor.send("delete", visitor.visit("delete").form("/delete" if lang == "en" else "/suppression") | asked)
    assert seven in visitor.visit("account").text().replace("\u00a0", " "), "what the request itself froze"


def test_one_box_and_one_button_ask_and_lead_to_the_request(built: Built) -> None:
    visitor = signed_in(built, CAMILLE)
    form = visitor.visit("delete").form()
    assert "confirm" not in form
    answer = visitor.send("delete", form | {"confirm": "yes"})
    [request] = deletions(built, CAMILLE)
    assert not isinstance(answer, Page)
    assert answer.location.endswith(request.reference)
    assert (request.state, request.level) == (State.RECEIVED, Level.L2)
    assert visitor.address("request_page", reference=request.reference) in visitor.visit("delete").links().values()


@pytest.mark.parametrize("confirm", ["", "no", None])
def test_without_the_box_nothing_is_asked(built: Built, confirm: str | None) -> None:
    visitor = signed_in(built, CAMILLE)
    form = visitor.visit("delete").form() | ({"confirm": confirm} if confirm is not None else {})
    visitor.send("delete", form, status=422)
    assert deletions(built, CAMILLE) == []


def test_twenty_presses_at_once_open_one_request(built: Built) -> None:
    visitor = signed_in(built, CAMILLE)
    form = visitor.visit("delete").form() | {"confirm": "yes"}
    path, cookie = visitor.address("delete"), visitor.client.get_cookie("portal", domain="127.0.0.1")
    assert cookie
    answers: list[tuple[int, str | None]] = []

    def press(number: int) -> None:
        client = built.app.test_client()
        client.set_cookie("portal", cookie.value, domain="127.0.0.1")
        given = form if number % 2 else form | {"form_id": f"{number:020d}"}
        answer = client.post(path, data=given, base_url="http://127.0.0.1:8000")
        answers.append((answer.status_code, answer.location))

    threads = [threading.Thread(target=press, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [request] = deletions(built, CAMILLE)
    assert {status for status, _ in answers} == {303}
    assert all((location or "").endswith(request.reference) for _, location in answers)


def test_a_recent_code_is_asked_for(built: Built) -> None:
    visitor = signed_in(built, CAMILLE)
    built.clock.advance(minutes=16)
    answer = visitor.client.get(visitor.address("delete"), base_url="http://127.0.0.1:8000")
    assert answer.status_code == 303
    assert visitor.address("confirm") in answer.location
    visitor.confirm(CAMILLE)
    visitor.visit("delete")


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_somebody_no_source_knows_may_still_ask(built: Built, lang: Language) -> None:
    visitor = signed_in(built, NOBODY, lang)
    form = visitor.visit("delete").form()
    visitor.send("delete", form | {"confirm": "yes"})
    [request] = deletions(built, NOBODY)
    assert request.level is Level.L1


class Away:
    """A source that no longer answers."""

    def __getattr__(self, name: str) -> object:
        def refuse(*_arguments: object, **_named: object) -> object:
            raise SourceUnavailable

        return refuse


def test_a_source_that_is_away_is_said_and_one_may_still_ask(built: Built) -> None:
    visitor = signed_in(built, CAMILLE, "en")
    gone = replace(built.installation, sources={"service": Away()})  # type: ignore[dict-item]  # answers nothing
    built.app.extensions["portal"] = gone
    page = visitor.visit("delete")
    assert "does not answer right now" in page.text()
    visitor.send("delete", page.form() | {"confirm": "yes"})
    assert len(deletions(built, CAMILLE)) == 1


def test_after_it_was_answered_one_may_ask_again(built: Built) -> None:
    visitor = signed_in(built, CAMILLE)
    form = visitor.visit("delete").form()
    visitor.send("delete", form | {"confirm": "yes"})
    [request] = deletions(built, CAMILLE)
    visitor.send("take_back", {}, reference=request.reference)
    visitor.send("delete", visitor.visit("delete").form() | {"confirm": "yes"})
    assert len(deletions(built, CAMILLE)) == 2
