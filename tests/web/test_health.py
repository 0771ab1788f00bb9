"""The health page: each part in words, green or red said in words, whom to call and what to say; never slow, never a fault."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from portal.config import Settings
from portal.domain.languages import Language
from portal.domain.outbox import DeliveryOutcome
from portal.domain.rights import Kind, Level, Role
from portal.services import health, members
from portal.services.health_report import PATIENCE
from portal.services.rights import Asked, open_request
from portal.services.work import purge
from tests.client import Page, Visitor, folded
from tests.installation import CAMILLE, Built, an_installation

OFFICER = "officer@example.org"
GOOD, BAD = {"fr": "En ordre", "en": "Well"}, {"fr": "À corriger", "en": "To fix"}
LANGUAGES: tuple[Language, ...] = ("fr", "en")


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def the_page(built: Built, lang: Language) -> Page:
    """The page as its officer sees it, come in by a link: no letter need leave."""
    visitor = Visitor(built, lang)
    with built.installation.database.writing() as store:
        token = members.add(built.installation, store, OFFICER, Role.OFFICER, language=lang)
    visitor.send("sign_in_link", visitor.visit("sign_in_link", token=token).form(token), token=token)
    return visitor.visit("staff_health")


def lines_of(page: Page) -> dict[str, str]:
    """What is said of each part, by its name."""
    rows = [row for row in page.all("tr") if row.get("class") == "table__row"]
    cells = [[folded("".join(cell.itertext())) for cell in row] for row in rows]
    return {name: f"{mark} {said}" for name, mark, said in cells}


def all_well(built: Built) -> None:
    built.work()
    purge(built.installation, 0, built.clock())
    health.beat(built.installation)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_when_all_is_well_each_line_says_so(built: Built, lang: Language) -> None:
    all_well(built)
    page = the_page(built, lang)
    lines = lines_of(page)
    assert len(lines) >= 7
    assert all(line.startswith(GOOD[lang]) for line in lines.values()), lines
    assert {"fr": "Tout va bien.", "en": "All is well."}[lang] in page.text()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_silent_worker_is_named_with_whom_to_call_and_what_to_say(built: Built, lang: Language) -> None:
    all_well(built)
    built.clock.advance(minutes=5)
    line = lines_of(the_page(built, lang))[{"fr": "Travail d’arrière-plan", "en": "Work in the background"}[lang]]
    assert line.startswith(BAD[lang])
    said = {"fr": "Dites à la personne qui s’occupe du serveur", "en": "Tell the person who runs the server"}[lang]
    assert said in line
    assert "portal worker" in line
    assert {"fr": "12\xa0h", "en": "12:00"}[lang] in line


def test_a_worker_that_never_began_is_said(built: Built) -> None:
    assert "has never answered" in lines_of(the_page(built, "en"))["Work in the background"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_late_is_counted_and_comes_first(built: Built, lang: Language) -> None:
    all_well(built)
    then = built.clock() - timedelta(days=40)
    with built.installation.database.writing() as store:
        person = store.people.ensure(CAMILLE, language="fr", now=then)
        asked = Asked(Kind.ACCESS, "fr", Level.L2, "Bonjour")
        open_request(built.installation, store, person, asked, form_id=None, now=then)
    page = the_page(built, lang)
    lines = lines_of(page)
    assert next(iter(lines)) == {"fr": "Demandes hors délai", "en": "Requests past their time limit"}[lang]
    assert {"fr": "1 demande est en retard.", "en": "1 request is late."}[lang] in lines[next(iter(lines))]
    assert Visitor(built, lang).address("staff_requests") in page.links().values()
    assert CAMILLE not in page.html


def test_letters_that_wait_and_letters_refused_are_told_apart(built: Built) -> None:
    now = built.clock()
    with built.installation.database.writing() as store:
        person = store.people.ensure(CAMILLE, language="fr", now=now)
        request = open_request(
            built.installation, store, person, Asked(Kind.INFO, "fr", Level.L2, "Bonjour"), form_id=None, now=now
        )
        [first, *_] = store.letters.of_request(request.id)
        store.letters.refused(first.id, DeliveryOutcome.REFUSED_FOR_GOOD)
    assert lines_of(the_page(built, "en"))["Letters waiting to leave"].startswith("Well Since November 23, 2026")
    built.clock.advance(hours=2)
    lines = lines_of(the_page(built, "en"))
    assert lines["Letters waiting to leave"].startswith("To fix Since November 23, 2026")
    assert "letters have not been leaving" in lines["Letters waiting to leave"]
    assert lines["Letters refused"].startswith("To fix 1 letter was refused")


def test_the_nightly_deletion_may_miss_one_night_but_not_two(built: Built) -> None:
    name = "Deleting what is no longer kept"
    assert lines_of(the_page(built, "en"))[name].startswith("Well It has not run yet.")
    purge(built.installation, 0, built.clock())
    built.clock.advance(hours=40)
    assert lines_of(the_page(built, "en"))[name].startswith("Well The last run was on November 23, 2026")
    built.clock.advance(hours=10)
    assert lines_of(the_page(built, "en"))[name].startswith("To fix")


def test_a_database_of_another_version_is_said_before_it_hurts(built: Built) -> None:
    with built.installation.database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    line = lines_of(the_page(built, "en"))["Version"]
    assert line.startswith("To fix")
    assert "portal db upgrade" in line


def with_mail(url: str | None) -> object:
    def change(settings: Settings) -> Settings:
        return replace(settings, mail=replace(settings.mail, url=url))

    return change


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_a_mail_server_the_line_says_what_to_ask_for(tmp_path: Path, lang: Language) -> None:
    built = an_installation(tmp_path, change=with_mail(None))  # type: ignore[arg-type]  # a change of settings
    line = lines_of(the_page(built, lang))[{"fr": "Serveur de courriel", "en": "Mail server"}[lang]]
    assert line.startswith(BAD[lang])
    assert "portal.toml" in line


@pytest.mark.parametrize("lang", LANGUAGES)
def test_letters_that_no_mail_server_carries_are_never_well(tmp_path: Path, lang: Language) -> None:
    built = an_installation(tmp_path, change=with_mail(None))  # type: ignore[arg-type]  # a change of settings
    now = built.clock()
    with built.installation.database.writing() as store:
        person = store.people.ensure(CAMILLE, language="fr", now=now)
        open_request(
            built.installation, store, person, Asked(Kind.INFO, "fr", Level.L2, "Bonjour"), form_id=None, now=now
        )
    line = lines_of(the_page(built, lang))[
        {"fr": "Lettres en attente de départ", "en": "Letters waiting to leave"}[lang]
    ]
    assert line.startswith(BAD[lang])


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(8)
        yield listening.getsockname()[1]


def test_a_mail_server_that_says_nothing_costs_a_few_seconds_and_a_line(tmp_path: Path, silent_port: int) -> None:
    change = with_mail(f"smtp://127.0.0.1:{silent_port}?starttls=off")
    built = an_installation(tmp_path, change=change)  # type: ignore[arg-type]  # a change of settings
    begun = time.monotonic()
    line = lines_of(the_page(built, "en"))["Mail server"]
    assert time.monotonic() - begun < 2 * PATIENCE + 4, "the page and its twin"
    assert line.startswith("To fix It did not answer in time.")


def test_a_source_that_is_away_is_one_red_line_and_no_fault(tmp_path: Path) -> None:
    built = an_installation(tmp_path)
    (tmp_path / "service.db").unlink()
    lines = lines_of(the_page(built, "en"))
    assert lines["Database “service”"].startswith("To fix It did not answer in time.")
    assert "does not answer the portal" in lines["Database “service”"]


def test_no_secret_and_no_address_is_on_the_page(built: Built) -> None:
    html = the_page(built, "en").html
    assert "sqlite:" not in html
    assert "kkkk" not in html
