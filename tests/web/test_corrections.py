"""Correcting a value on its page: at once, through staff, and every way it can be refused with nothing half done."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.test import TestResponse

from portal.domain.audit import AuditEvent
from portal.domain.people import Person
from portal.domain.rights import CorrectionAsked, Kind, RightsRequest, State
from portal.services.identities import identities_of
from portal.services.information import row_token
from portal.web.languages import ADDRESSES
from tests.client import BASE, Page, Visitor
from tests.installation import CAMILLE, EMILY, NOBODY, Built, an_installation


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def signed_in(built: Built, address: str = CAMILLE) -> Visitor:
    visitor = Visitor(built, "en")
    visitor.sign_in(address)
    return visitor


def service(built: Built) -> sqlite3.Connection:
    return sqlite3.connect(built.folder / "service.db", isolation_level=None)


def held(built: Built, field: str, address: str = CAMILLE) -> object:
    return service(built).execute(f"SELECT {field} FROM accounts WHERE email = ?", [address]).fetchone()[0]


def cell(built: Built, field: str, *, table: str = "service.accounts", address: str = CAMILLE) -> dict[str, str]:
    """What names one value of a person in addresses."""
    portal = built.installation
    mapped = next(found for _, found in portal.data_map.tables() if str(found.name) == table)
    key = identities_of(portal, address).keys_in("service")[0]
    return {"table": table, "row": row_token(portal, mapped, key), "field": field}


def form_of(visitor: Visitor, field: str, **changed: str) -> dict[str, str]:
    page = visitor.visit("correct", category="account", **cell(visitor.built, field))
    return page.form("/correct") | changed


def refused(visitor: Visitor, fields: dict[str, str], status: int = 422) -> Page:
    answer = visitor.send("correct", fields, status=status, category="account")
    assert isinstance(answer, Page)
    return answer


def made(visitor: Visitor, fields: dict[str, str]) -> Page:
    answer = visitor.send("correct", fields, category="account")
    assert isinstance(answer, TestResponse)
    return visitor.open(answer.location)


def requests_of(built: Built, address: str = CAMILLE) -> list[RightsRequest]:
    with built.installation.database.reading() as store:
        person = store.people.by_address(address)
        assert isinstance(person, Person)
        return list(store.requests.of_person(person.id))


def audited(built: Built) -> int:
    with built.installation.database.reading() as store:
        return sum(line.event is AuditEvent.CORRECTED for line in store.audit.newest(limit=500))


def test_the_address_of_the_page_is_the_one_the_category_links_to(built: Built) -> None:
    links = signed_in(built).visit("category", category="account").links().values()
    found = [parse_qs(urlsplit(link).query) for link in links if "/correct?" in link]
    assert {name: [value] for name, value in cell(built, "email").items()} in found


def test_a_value_of_ones_own_is_corrected_at_once_with_its_proof(built: Built) -> None:
    visitor = signed_in(built)
    page = made(visitor, form_of(visitor, "name", value="Camille Tremblay-Roy"))
    assert held(built, "name") == "Camille Tremblay-Roy"
    assert "Camille Tremblay Correct" not in page.text()
    assert "Before Camille Tremblay After Camille Tremblay-Roy" in page.text()
    [request] = requests_of(built)
    assert (request.kind, request.state) == (Kind.RECTIFICATION, State.CLOSED)
    assert audited(built) == 1
    letters = [letter for letter in built.mailbox() if letter["reference"] == request.reference]
    assert {str(letter["kind"]) for letter in letters} == {"correction_done", "contact_closed"}
    assert len(letters) == 2


def test_a_value_under_review_waits_for_staff(built: Built) -> None:
    visitor = signed_in(built)
    page = made(visitor, form_of(visitor, "email", value="new@example.org", reason="I moved."))
    assert held(built, "email") == CAMILLE
    assert "I moved." in page.text()
    assert f"Before {CAMILLE} After new@example.org" in page.text()
    [request] = requests_of(built)
    assert request.state is State.RECEIVED
    assert isinstance(request.correction, CorrectionAsked)
    assert (request.correction.before, request.correction.value) == (CAMILLE, "new@example.org")
    assert audited(built) == 0


def test_a_value_with_words_is_chosen_among_them(built: Built) -> None:
    visitor = signed_in(built)
    page = visitor.visit("correct", category="account", **cell(built, "locale"))
    assert "French" in page.text()
    assert "fr-CA" not in page.text()
    assert "Choose one of the values." in refused(visitor, page.form("/correct") | {"value": "xx"}).text()
    text = made(visitor, page.form("/correct") | {"value": "en-CA"}).text()
    assert "Before French After English" in text
    assert held(built, "locale") == "en-CA"


def test_the_value_held_already_is_said_to_be_so(built: Built) -> None:
    visitor = signed_in(built)
    page = refused(visitor, form_of(visitor, "name"))
    assert "This is the value we hold already." in page.text()
    assert not requests_of(built)


@pytest.mark.parametrize("field", ["name", "email"])
def test_a_value_that_changed_meanwhile_is_shown_beside_the_one_seen_and_theirs(built: Built, field: str) -> None:
    visitor = signed_in(built)
    fields = form_of(visitor, field, value="mine@example.org", before="seen@example.org")
    page = refused(visitor, fields, 409)
    text = page.text()
    for value in ("seen@example.org", str(held(built, field)), "mine@example.org"):
        assert value in text
    assert not requests_of(built)
    assert held(built, "name") == "Camille Tremblay"
    made(visitor, page.form("/correct"))
    assert len(requests_of(built)) == 1


def test_a_value_emptied_where_the_service_needs_one_is_refused_in_a_sentence(built: Built) -> None:
    connection = service(built)
    connection.execute(
        "CREATE TRIGGER needed BEFORE UPDATE OF name ON accounts WHEN NEW.name = '' BEGIN SELECT RAISE(ABORT, 'no'); END"
    )
    visitor = signed_in(built)
    page = refused(visitor, form_of(visitor, "name", value=""))
    assert "The service refuses this value." in page.text()
    assert held(built, "name") == "Camille Tremblay"
    assert not requests_of(built)
    assert audited(built) == 0


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("x" * 4_001, "This text has 4,001 characters. The limit is 4,000 characters."),
        ("a\x00b", "This text holds a character that cannot be kept."),
        ("a\x07b", "This text holds a character that cannot be kept."),
    ],
)
def test_what_cannot_be_kept_is_refused_in_a_sentence(built: Built, value: str, sentence: str) -> None:
    visitor = signed_in(built)
    page = refused(visitor, form_of(visitor, "name", value=value))
    assert sentence in page.text()
    assert held(built, "name") == "Camille Tremblay"


@pytest.mark.parametrize(
    "value", ["<script>alert(1)</script>", "{{ 7*7 }}", "'; DROP TABLE accounts; --", "%s%n", "=1+1", "é🙂"]
)
def test_hostile_text_is_stored_and_shown_as_text(built: Built, value: str) -> None:
    visitor = signed_in(built)
    page = made(visitor, form_of(visitor, "name", value=value))
    assert held(built, "name") == value
    assert value in page.text()


@pytest.mark.parametrize(
    "changed",
    [
        {"field": "plan"},
        {"field": "password_hash"},
        {"field": "account_id"},
        {"field": ""},
        {"table": "service.invoices"},
        {"table": "service.unknown"},
        {"row": "AAAA"},
        {"row": "\u0660"},
        {"row": ""},
    ],
)
def test_what_may_not_be_corrected_is_not_there(built: Built, changed: dict[str, str]) -> None:
    visitor = signed_in(built)
    names = cell(built, "name") | changed
    visitor.visit("correct", category="account", status=404, **names)
    refused(visitor, names | {"before": "Camille Tremblay", "value": "x"}, 404)
    assert not requests_of(built)


def test_another_persons_row_is_not_there(built: Built) -> None:
    visitor = signed_in(built)
    names = cell(built, "name", address=EMILY)
    visitor.visit("correct", category="account", status=404, **names)
    refused(visitor, names | {"before": str(held(built, "name", EMILY)), "value": "x"}, 404)
    assert held(built, "name", EMILY) != "x"


def test_somebody_no_source_knows_corrects_nothing(built: Built) -> None:
    signed_in(built, NOBODY).visit("correct", category="account", status=404, **cell(built, "name"))


def test_a_source_away_changes_nothing_and_loses_nothing(built: Built) -> None:
    visitor = signed_in(built)
    fields = form_of(visitor, "name", value="Camille Roy")
    service(built).execute("ALTER TABLE accounts RENAME TO elsewhere")
    page = refused(visitor, fields, 503)
    assert "Nothing was changed." in page.text()
    assert page.response.headers["Retry-After"]
    assert not requests_of(built)


def test_twenty_presses_at_once_are_one_correction(built: Built) -> None:
    visitor = signed_in(built)
    fields = form_of(visitor, "name", value="Camille Roy") | {"csrf_token": visitor.token()}
    cookie = visitor.client.get_cookie("portal", domain="127.0.0.1")
    assert cookie is not None

    def press(_number: int) -> int:
        client = built.app.test_client()
        client.set_cookie("portal", cookie.value, domain="127.0.0.1")
        path = "/en" + ADDRESSES["correct"][0].replace("<category>", "account")
        return client.post(path, data=fields, base_url=BASE).status_code

    with ThreadPoolExecutor(5) as pool:
        assert set(pool.map(press, range(20))) == {303}
    assert len(requests_of(built)) == 1
    assert audited(built) == 1


def test_a_form_sent_again_after_our_own_commit_failed_records_what_is_missing(built: Built) -> None:
    visitor = signed_in(built)
    fields = form_of(visitor, "name", value="Camille Roy")
    service(built).execute("UPDATE accounts SET name = 'Camille Roy' WHERE email = ?", [CAMILLE])
    made(visitor, fields)
    [request] = requests_of(built)
    assert request.state is State.CLOSED


def test_a_value_no_form_can_carry_is_asked_for_in_words(built: Built) -> None:
    service(built).execute("UPDATE accounts SET name = ? WHERE email = ?", ["x" * 5_000, CAMILLE])
    visitor = signed_in(built)
    answer = visitor.client.get(visitor.address("correct", category="account", **cell(built, "name")), base_url=BASE)
    assert answer.status_code == 303
    assert answer.location == "/en/requests/new?kind=rectification"
