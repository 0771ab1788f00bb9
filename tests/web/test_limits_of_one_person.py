"""How much one person may have open and send: bounded in kind words, with nothing lost and staff never stopped."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from portal.config.settings import LimitsSettings
from portal.domain.languages import Language
from portal.domain.rights import Kind, Level
from portal.services.paper import enter
from portal.services.rights import Asked, open_request
from tests.client import BASE, Page, Visitor
from tests.files import a_csv, a_pdf, a_png
from tests.installation import CAMILLE, EMILY, Built, an_installation, on_paper
from tests.keepers import AGENT, a_request, signed_in
from tests.talking import person_writes, said, staff_write
from tests.web.test_corrections import cell

SAYS = {"fr": "Vous avez 2 demandes ouvertes", "en": "You have 2 open requests"}


def limited(**limits: int) -> Callable[[Any], Any]:
    return lambda settings: replace(settings, limits=LimitsSettings(**limits))


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path, change=limited(open_requests=2, kept_megabytes=1), by_hand=True)


def asking(visitor: Visitor, number: int) -> dict[str, str]:
    form = visitor.visit("new_request").form("/nouvelle" if visitor.language == "fr" else "/new")
    return form | {"kind": "access", "message": f"Question {number}", "form_id": f"{number}" * 24}


def number_of(built: Built, address: str = CAMILLE) -> int:
    with built.installation.database.reading() as store:
        person = store.people.by_address(address)
        return store.requests.number_open_of_person(person.id) if person else 0


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_one_request_too_many_is_refused_in_words_and_what_was_typed_stays(built: Built, lang: Language) -> None:
    camille = signed_in(built, CAMILLE, lang)
    for number in (1, 2):
        camille.send("new_request", asking(camille, number))
    page = camille.send("new_request", asking(camille, 3), status=422)
    assert isinstance(page, Page)
    assert SAYS[lang] in page.text()
    assert "Question 3" in page.html
    assert number_of(built) == 2
    camille.send("new_request", asking(camille, 1))  # a second press of a form that was taken finds its request
    emily = signed_in(built, EMILY, lang)
    emily.send("new_request", asking(emily, 4))


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_one_taken_back_makes_room_for_another(built: Built, lang: Language) -> None:
    camille = signed_in(built, CAMILLE, lang)
    for number in (1, 2):
        camille.send("new_request", asking(camille, number))
    page = camille.visit("requests")
    reference = next(word for word in page.html.split('"') if word.rsplit("/", 1)[-1].startswith("R-")).rsplit("/", 1)[
        -1
    ]
    camille.send("take_back", {}, reference=reference)
    camille.send("new_request", asking(camille, 3))
    assert number_of(built) == 2


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_other_doors_to_a_request_are_held_to_it_too_and_give_back_what_was_typed(
    built: Built, lang: Language
) -> None:
    camille = signed_in(built, CAMILLE, lang)
    for number in (1, 2):
        camille.send("new_request", asking(camille, number))
    here = "/suppression" if lang == "fr" else "/delete"
    form = camille.visit("delete").form(here)
    page = camille.send("delete", form | {"confirm": "yes"}, status=422)
    assert isinstance(page, Page)
    assert SAYS[lang] in page.text()
    assert page.form(here)["confirm"] == "yes"
    fields = camille.visit("correct", category="account", **cell(built, "email")).form(
        "/corriger" if lang == "fr" else "/correct"
    )
    fields |= {"value": "nouvelle@example.org", "reason": "J’ai déménagé."}
    page = camille.send("correct", fields, status=422, category="account")
    assert isinstance(page, Page)
    assert SAYS[lang] in page.text()
    for typed in ("nouvelle@example.org", "J’ai déménagé."):
        assert typed in page.html
    assert number_of(built) == 2


def test_staff_enter_what_came_otherwise_however_many_are_open(built: Built) -> None:
    camille = signed_in(built, CAMILLE)
    for number in (1, 2):
        camille.send("new_request", asking(camille, number))
    with built.installation.database.writing() as store:
        agent = store.staff.by_address(AGENT)
        assert agent
        entry = replace(on_paper(built), to=CAMILLE)
        enter(built.installation, store, agent, entry, form_id="x" * 20, now=built.clock())
    assert number_of(built) == 3


def test_requests_sent_at_once_stay_within_it(built: Built) -> None:
    now = built.clock()

    def one(number: int) -> bool:
        with built.installation.database.writing() as store:
            person = store.people.ensure(CAMILLE, language="fr", now=now)
            asks = Asked(Kind.ACCESS, "fr", Level.L2, "Bonjour")
            open_request(built.installation, store, person, asks, form_id=f"{number:024}", now=now)
        return True

    with ThreadPoolExecutor(6) as several:
        done = [future.exception() is None for future in [several.submit(one, number) for number in range(6)]]
    assert (sum(done), number_of(built)) == (2, 2)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_files_of_all_requests_of_one_person_have_one_bound(built: Built, lang: Language) -> None:
    first, second = a_request(built), a_request(built)
    camille = signed_in(built, CAMILLE, lang)
    large = a_png(padding=b"x" * 600_000)
    assert person_writes(built, first, files=[("un.png", large)], visitor=camille).status_code == 303
    answer = person_writes(built, second, "Voici ma preuve", [("deux.png", large)], visitor=camille)
    assert answer.status_code == 413
    page = Page(answer, lang)
    words = {"fr": "plus de place que nous n’en gardons", "en": "more room than we keep for one person"}[lang]
    assert words in page.text()
    assert "Voici ma preuve" in page.html
    assert said(built, second) == []
    assert person_writes(built, second, files=[("petit.pdf", a_pdf())], visitor=camille).status_code == 303
    assert staff_write(built, second, files=[("liste.csv", a_csv())]).status_code == 303
    assert camille.client.get(camille.address("requests"), base_url=BASE).status_code == 200
