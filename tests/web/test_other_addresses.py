"""Other addresses one uses: a code shows that they are one's own, no other way does, and they can be taken back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from portal.domain.audit import AuditEvent
from portal.domain.languages import Language
from portal.domain.people import MOST_OTHER_ADDRESSES, PROVED_FOR
from portal.domain.rights import Level
from tests.client import BASE, Page, Visitor
from tests.installation import CAMILLE, EMILY, MARGUERITE, NOBODY, Built, an_installation
from tests.other_addresses import OTHER, show, somebody_with_two

EVENTS = {AuditEvent.OTHER_ADDRESS_PROVED, AuditEvent.OTHER_ADDRESS_REMOVED, AuditEvent.OTHER_ADDRESS_LOST}


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_address_is_shown_by_a_code_and_is_on_the_pages_that_say_what_is_kept(
    built: Built, language: Language
) -> None:
    visitor = somebody_with_two(built, language)
    for endpoint, arguments in (
        ("other_addresses", {}),
        ("account", {}),
        ("my_information", {}),
        ("category", {"category": "portal"}),
    ):
        assert OTHER in visitor.visit(endpoint, **arguments).text(), endpoint
    said = "Confirmée le" if language == "fr" else "Shown to be yours on"
    assert said in visitor.visit("other_addresses").text()
    assert built.mailbox()[0]["kind"] == "other_address_code"


def test_nothing_is_shown_before_the_code_is_given_nor_after_it_is_taken_back(built: Built) -> None:
    visitor = signed_in(built)
    visitor.send("other_addresses", {"email": OTHER})
    assert "Emily Clarke" not in visitor.visit("category", category="account").text()
    visitor.visit("other_address_code")
    visitor.send("other_address_code", {"code": visitor.code_for(OTHER)})
    assert "Emily Clarke" in visitor.visit("category", category="account").text()
    [number] = numbers_of(built)
    visitor.send("other_address_remove", {}, number=number)
    assert "Emily Clarke" not in visitor.visit("category", category="account").text()
    assert lines(built) == [AuditEvent.OTHER_ADDRESS_PROVED, AuditEvent.OTHER_ADDRESS_REMOVED]


def test_a_code_that_is_guessed_dies_and_shows_nothing(built: Built) -> None:
    visitor = signed_in(built)
    visitor.send("other_addresses", {"email": OTHER})
    right = visitor.code_for(OTHER)
    wrong = "000000" if right != "000000" else "000001"
    for _ in range(5):
        visitor.send("other_address_code", {"code": wrong}, status=422)
    page = visitor.send("other_address_code", {"code": right}, status=422)
    assert isinstance(page, Page)
    assert "no longer works" in page.text()
    assert numbers_of(built) == []


def test_a_code_serves_the_flow_the_browser_and_the_person_that_asked_for_it(built: Built) -> None:
    visitor, stranger = signed_in(built), signed_in(built, MARGUERITE)
    visitor.send("other_addresses", {"email": OTHER})
    code = visitor.code_for(OTHER)
    answer = stranger.send("other_address_code", {"code": code})
    assert isinstance(answer, TestResponse)
    assert answer.location == "/en/account/addresses"
    visitor.send("confirm", {"code": code, "send": ""}, status=422)
    elsewhere = Visitor(built, "en")
    elsewhere.send("sign_in", {"email": OTHER})
    elsewhere.send("sign_in_code", {"code": code}, status=422)
    signing_in = elsewhere.code_for(OTHER)
    visitor.send("other_address_code", {"code": signing_in if signing_in != code else "000000"}, status=422)
    assert numbers_of(built) == []


def test_who_signs_in_after_another_in_one_browser_finishes_nothing_of_theirs(built: Built) -> None:
    visitor = signed_in(built)
    visitor.send("other_addresses", {"email": OTHER})
    code = visitor.code_for(OTHER)
    visitor.send("sign_out", {})
    visitor.sign_in(MARGUERITE)
    visitor.send("other_address_code", {"code": code})
    assert numbers_of(built) == []


def test_the_answer_is_the_same_whether_an_address_is_known_or_not(built: Built) -> None:
    with built.installation.database.writing() as store:
        store.people.ensure(MARGUERITE, language="fr", now=built.clock())
    answers = []
    for address in (MARGUERITE, NOBODY, "agent@example.org"):
        visitor = signed_in(built)
        sent = visitor.send("other_addresses", {"email": address})
        assert isinstance(sent, TestResponse)
        answers.append((sent.location, visitor.visit("other_address_code").text().replace(address, "…")))
    assert len(set(answers)) == 1
    assert {letter["kind"] for letter in built.mailbox()[:1]} == {"other_address_code"}


@pytest.mark.parametrize("typed", [CAMILLE, CAMILLE.upper(), "", "nobody", "a@b@c", "x\x00@example.org"])
def test_ones_own_address_and_what_is_none_are_refused_with_a_sentence(built: Built, typed: str) -> None:
    page = signed_in(built).send("other_addresses", {"email": typed}, status=422)
    assert isinstance(page, Page)
    assert page.all("div", class_="error-summary")
    assert built.mailbox()[0]["kind"] == "sign_in_code"


@pytest.mark.parametrize(
    "typed", [OTHER.upper(), f"  {OTHER} ", "Emily.Clarke@EXAMPLE.org"], ids=["capitals", "spaces", "both"]
)
def test_an_address_is_one_however_it_is_typed(built: Built, typed: str) -> None:
    visitor = somebody_with_two(built)
    visitor.send("other_addresses", {"email": typed})
    visitor.send("other_address_code", {"code": visitor.code_for(OTHER)})
    assert len(numbers_of(built)) == 1


def test_composed_letters_and_names_of_domains_are_the_same_address(built: Built) -> None:
    visitor = signed_in(built)
    for typed in ("jo@exe\u0301mple.org", "jo@ex\u00e9mple.org", "jo@XN--exmple-cva.org"):
        visitor.send("other_addresses", {"email": typed})
        address = next(str(letter["to"]) for letter in built.mailbox())
        visitor.send("other_address_code", {"code": visitor.code_for(address)})
    assert len(numbers_of(built)) == 1


def test_an_address_shown_by_somebody_else_is_theirs_and_the_first_has_it_no_more(built: Built) -> None:
    first, second = somebody_with_two(built), signed_in(built, MARGUERITE)
    show(second, OTHER)
    assert "Emily Clarke" not in first.visit("category", category="account").text()
    assert "Emily Clarke" in second.visit("category", category="account").text()
    assert numbers_of(built) == []
    assert lines(built)[-2:] == [AuditEvent.OTHER_ADDRESS_LOST, AuditEvent.OTHER_ADDRESS_PROVED]


def test_the_requests_of_who_signs_in_with_it_are_not_merged(built: Built) -> None:
    emily = signed_in(built, EMILY)
    emily.send("new_request", {"kind": "info", "message": "Ask", "form_id": "f" * 24})
    visitor = somebody_with_two(built)
    assert "no request" in visitor.visit("requests").text().lower() or "R-" not in visitor.visit("requests").text()
    assert "R-" in emily.visit("requests").text()


def test_nobody_takes_back_somebody_elses(built: Built) -> None:
    somebody_with_two(built)
    [number] = numbers_of(built)
    other = signed_in(built, MARGUERITE)
    for unknown in (number, 10**12):
        other.send("other_address_remove", {}, number=unknown, status=404)
    assert numbers_of(built) == [number]


@pytest.mark.parametrize("typed", ["9223372036854775808", "9" * 40, "9" * 5_000, "0", "-1"])
def test_a_number_that_no_database_holds_is_that_of_nothing(built: Built, typed: str) -> None:
    person = signed_in(built, MARGUERITE)
    token = person.token()
    for endpoint, name in (("other_address_remove", "number"), ("end_session", "session_id")):
        path = person.address(endpoint, **{name: 7}).replace("/7/", f"/{typed}/")
        assert person.client.post(path, data={"csrf_token": token}, base_url=BASE).status_code == 404


def test_a_fresh_proof_is_asked_first_and_what_was_typed_waits(built: Built) -> None:
    visitor = signed_in(built)
    built.clock.advance(minutes=16)
    answer = visitor.send("other_addresses", {"email": OTHER})
    assert isinstance(answer, TestResponse)
    assert "/confirm" in answer.location
    assert {letter["to"] for letter in built.mailbox()} == {CAMILLE}
    visitor.confirm(CAMILLE)
    assert OTHER in visitor.visit("resume").html


def test_there_are_only_so_many(built: Built) -> None:
    visitor = signed_in(built)
    for number in range(MOST_OTHER_ADDRESSES):
        show(visitor, f"autre{number}@example.net")
    page = visitor.send("other_addresses", {"email": "encore@example.net"}, status=422)
    assert isinstance(page, Page)
    assert "the most you can have" in page.text()
    show(visitor, "autre0@example.net")
    assert len(numbers_of(built)) == MOST_OTHER_ADDRESSES


def test_an_address_a_source_holds_raises_what_the_session_proves_and_losing_it_lowers_it(built: Built) -> None:
    visitor = signed_in(built, NOBODY)
    assert level(built) is Level.L1
    show(visitor, OTHER)
    assert level(built) is Level.L2
    with built.installation.database.reading() as store:
        person = store.people.by_address(NOBODY)
        assert person
        [found] = store.other_addresses.of_person(person.id, proved_after=built.clock() - timedelta(days=1))
    visitor.send("other_address_remove", {}, number=found.id)
    assert level(built) is Level.L1


def level(built: Built) -> Level:
    with built.installation.database.reading() as store:
        person = store.people.by_address(NOBODY)
        assert person
        [session] = store.sessions.open_of(person_id=person.id)
        return session.level


def test_no_line_of_the_log_nor_subject_names_an_address(built: Built) -> None:
    visitor = somebody_with_two(built)
    visitor.send("other_address_remove", {}, number=numbers_of(built)[0])
    with built.installation.database.reading() as store:
        assert OTHER not in repr(store.audit.newest(limit=500))
    assert all(OTHER not in str(letter["subject"]) for letter in built.mailbox())


def signed_in(built: Built, address: str = CAMILLE) -> Visitor:
    visitor = Visitor(built, "en")
    visitor.sign_in(address)
    return visitor


def numbers_of(built: Built) -> list[int]:
    """The numbers of Camille's other addresses."""
    with built.installation.database.reading() as store:
        person = store.people.by_address(CAMILLE)
        assert person
        long_ago = built.clock() - timedelta(days=10_000)
        return [one.id for one in store.other_addresses.of_person(person.id, proved_after=long_ago)]


def lines(built: Built) -> list[AuditEvent]:
    with built.installation.database.reading() as store:
        return [line.event for line in reversed(store.audit.newest(limit=500)) if line.event in EVENTS]


def test_an_address_proved_again_after_its_proof_had_lapsed_is_new(tmp_path: Path) -> None:
    """What was decided in between was not decided on it, and erases nothing of it."""
    built = an_installation(tmp_path)
    with built.installation.database.writing() as store:
        person = store.people.ensure(CAMILLE, language="en", now=built.clock())
        store.other_addresses.prove(person.id, OTHER, built.clock())
        built.clock.advance(days=100)
        store.other_addresses.prove(person.id, OTHER, built.clock())
        [again] = store.other_addresses.of_person(person.id, proved_after=PROVED_FOR.before(built.clock()))
        assert again.added_at < again.proved_at
        built.clock.advance(days=400)
        store.other_addresses.prove(person.id, OTHER, built.clock())
        [anew] = store.other_addresses.of_person(person.id, proved_after=PROVED_FOR.before(built.clock()))
        assert anew.added_at == anew.proved_at == built.clock()
