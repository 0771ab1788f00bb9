"""A request that a restored backup did not hold: its reference still opens a page, and told again it keeps its day."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from portal.domain.languages import Language
from portal.domain.ledger import RequestNoted
from portal.domain.people import Person
from portal.domain.rights import Kind, Level
from portal.services.rights import Asked, open_request
from tests.client import Page, Visitor
from tests.installation import CAMILLE, EMILY, Built, an_installation, an_installation_on

REFERENCE = "R-7F3K-9QXM-2T4W"
RECEIVED, DUE = datetime(2026, 11, 12, 15, 0, tzinfo=UTC), date(2026, 12, 12)
KNOWN = {
    "fr": "Nous savons que vous avez fait une demande le 12 novembre 2026",
    "en": "We know of your request of November 12, 2026",
}
DUE_SAID = {"fr": "12 décembre 2026", "en": "December 12, 2026"}


@pytest.fixture
def built(tmp_path: Path) -> Built:
    made = an_installation(tmp_path)
    with made.installation.database.writing() as store:
        store.lost_requests.add([RequestNoted(REFERENCE, "deletion", RECEIVED, DUE)])
    return made


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_its_person_is_told_and_asks_again_under_the_same_reference_and_day(built: Built, lang: Language) -> None:
    visitor = Visitor(built, lang)
    visitor.sign_in(CAMILLE)
    page = visitor.visit("request_page", reference=REFERENCE)
    assert KNOWN[lang] in page.text()
    assert DUE_SAID[lang] in page.text()
    form = visitor.visit("new_request", kind="deletion", again=REFERENCE)
    assert f"again={REFERENCE}" in page.html
    assert REFERENCE in form.text()
    visitor.send(
        "new_request",
        {"kind": "deletion", "message": "Tout, s’il vous plaît.", "answer_in": lang, "again": REFERENCE.lower()},
    )
    with built.installation.database.reading() as store:
        request = store.requests.by_reference(REFERENCE)
        assert store.lost_requests.by_reference(REFERENCE) is None
    assert request
    assert (request.kind, request.received_at, request.due) == (Kind.DELETION, RECEIVED, DUE)
    assert DUE_SAID[lang] in visitor.visit("request_page", reference=REFERENCE).text()


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_whoever_has_no_account_is_told_with_the_reference_whatever_the_code(built: Built, lang: Language) -> None:
    visitor = Visitor(built, lang)
    page = visitor.send("follow", {"reference": "r7f3k 9qxm2t4w", "code": "AAAA-AAAA"}, status=200)
    assert isinstance(page, Page)
    assert KNOWN[lang] in page.text()


def test_once_told_again_it_is_its_person_s_alone(built: Built) -> None:
    first = Visitor(built, "fr")
    first.sign_in(CAMILLE)
    first.send("new_request", {"kind": "deletion", "message": "Tout.", "answer_in": "fr", "again": REFERENCE})
    other = Visitor(built, "fr")
    other.sign_in(EMILY)
    other.visit("request_page", reference=REFERENCE, status=404)
    other.send("new_request", {"kind": "info", "message": "Encore.", "answer_in": "fr", "again": REFERENCE})
    with built.installation.database.reading() as store:
        person = store.people.by_address(EMILY)
        assert person
        [request] = store.requests.of_person(person.id, before=None, limit=5)
    assert request.reference != REFERENCE


@pytest.mark.parametrize("typed", ["", "R-0000-0000-0000", "nonsense", "R-" + "9" * 500, "\x00"])
def test_a_reference_nobody_knows_is_no_lost_request(built: Built, typed: str) -> None:
    visitor = Visitor(built, "en")
    visitor.sign_in(CAMILLE)
    visitor.send("new_request", {"kind": "info", "message": "Where?", "answer_in": "en", "again": typed})
    with built.installation.database.reading() as store:
        assert store.lost_requests.by_reference(REFERENCE) is not None


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_two_who_tell_one_request_again_at_once_make_two_and_one_keeps_its_day(engine: str, tmp_path: Path) -> None:
    with an_installation_on(engine, tmp_path) as built:
        portal, clock = built.installation, built.clock
        with portal.database.writing() as store:
            store.lost_requests.add([RequestNoted(REFERENCE, "access", RECEIVED, DUE)])
            people = [store.people.ensure(one, language="en", now=clock()) for one in (CAMILLE, EMILY)]
        both = threading.Barrier(2)

        def tell(person: Person) -> str:
            asked = Asked(Kind.ACCESS, "en", Level.L2, message="Again.", again=REFERENCE)
            both.wait()
            with portal.database.writing() as store:
                return open_request(portal, store, person, asked, form_id=None, now=clock()).reference

        with ThreadPoolExecutor(2) as pool:
            references = list(pool.map(tell, people))
        assert REFERENCE in references
        assert len(set(references)) == 2
