"""My information: what each category shows, how it is paged, and what is said when it cannot be shown."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from portal.config import Settings
from portal.domain.languages import Language
from portal.domain.rights import Kind, Level
from portal.services.rights import Asked, open_request
from tests.client import Page, Visitor
from tests.installation import CAMILLE, MARGUERITE, NOBODY, Built, an_installation, without_sources

CATEGORIES = ("account", "usage", "technical", "billing", "support", "paper", "portal")
OWN_STATEMENTS, ALL_STATEMENTS = 8, 15


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path, by_hand=True)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_category_is_shown_and_leads_to_its_page(built: Built, lang: Language) -> None:
    visitor = _person(built, lang=lang)
    links = set(visitor.visit("my_information").links().values())
    for category in CATEGORIES:
        assert visitor.address("category", category=category) in links
        visitor.visit("category", category=category)
    for endpoint in ("download", "consents", "delete", "requests"):
        assert visitor.address(endpoint) in links


def test_a_category_says_why_how_who_and_how_long(built: Built) -> None:
    words = _person(built).visit("category", category="account").text()
    for said in (
        "Provide and maintain the service (needed for the service you asked for)",
        "You gave it to us",
        "You give it to us when you open your account",
        "As long as your account is open.",
        "The support team",
        "Our e-mail delivery provider (Ontario)",
        "Ontario. Only your name",
    ):
        assert said in words
    assert "13 months after the date under “Last used”. Then it is destroyed." in _words(built, "technical")
    assert "Legal basis: RLRQ / CQLR, c. A-6.002, art. 35.1." in _words(built, "billing")


def test_values_are_said_in_words_and_a_password_is_never_read(built: Built) -> None:
    _service(built, "UPDATE accounts SET company = NULL, password_hash = 'a-very-secret-hash' WHERE email = ?", CAMILLE)
    page = _person(built).visit("category", category="account")
    words = page.text()
    assert "Password Held, not shown" in words
    assert "a-very-secret-hash" not in page.html
    for said in ("Language French", "Plan Starter", "Consent: improve the service Yes", "Company —"):
        assert said in words


def test_a_field_that_may_be_corrected_leads_to_its_correction(built: Built) -> None:
    page = _person(built).visit("category", category="account")
    corrections = {link.get("aria-label"): link.get("href", "") for link in page.all("a", class_="held-value__correct")}
    assert set(corrections) == {
        "Ask to correct “E-mail address”",
        *(f"Correct “{label}”" for label in ("Name", "Language", "Phone", "Company")),
    }
    assert "/en/my-information/account/correct?" in corrections["Correct “Name”"]
    assert "field=name" in corrections["Correct “Name”"]
    assert not _person(built).visit("category", category="usage").all("a", class_="held-value__correct")


def test_the_pages_of_a_long_list_follow_each_other_to_the_end(built: Built) -> None:
    visitor = _person(built)
    page = visitor.visit("category", category="usage")
    seen = _dates(page)
    pages = 1
    while following := page.all("a", rel="next"):
        page = visitor.open(following[0].get("href", ""))
        seen += _dates(page)
        pages += 1
        assert visitor.address("category", category="usage", table="service.api_requests") in page.links().values()
    total = _count(built, "api_requests")
    assert len(seen) == total
    assert pages == -(-total // 25)


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ({"table": "service.api_requests", "after": "nonsense"}, 200),
        ({"table": "service.api_requests", "after": "\u202e" * 40}, 200),
        ({"after": "nonsense"}, 200),
        ({"table": "service.accounts"}, 404),
        ({"table": "' OR 1=1 --"}, 404),
    ],
)
def test_an_address_that_was_tampered_with_shows_the_first_page_or_none(
    built: Built, arguments: dict[str, str], status: int
) -> None:
    page = _person(built).visit("category", category="usage", status=status, **arguments)
    if status == 200:
        assert len(_dates(page)) == 25


@pytest.mark.parametrize("category", ["nothing", "portal%00", "../account", "é" * 300])
def test_an_unknown_category_is_not_found(built: Built, category: str) -> None:
    _person(built).visit("category", category=category, status=404)


def test_an_address_nobody_knows_is_told_so_with_a_way_on(built: Built) -> None:
    visitor = _person(built, NOBODY)
    page = visitor.visit("my_information")
    assert "We found nothing under this address; you may be known under another one." in page.text()
    assert visitor.address("new_request", kind="access") in page.links().values()
    assert "nothing under this address" in visitor.visit("category", category="usage").text()


def test_an_installation_without_a_map_still_shows_what_the_portal_keeps(tmp_path: Path) -> None:
    visitor = _person(an_installation(tmp_path, change=without_sources))
    assert visitor.address("category", category="portal") in visitor.visit("my_information").links().values()
    assert CAMILLE in visitor.visit("category", category="portal").text()


def test_two_people_of_one_address_are_never_merged(built: Built) -> None:
    _service(
        built,
        "INSERT INTO accounts (email, name, password_hash, plan, created_at) VALUES (?, 'Somebody Else', '!', 'free', ?)",
        CAMILLE.upper(),
        "2026-01-01 00:00:00",
    )
    visitor = _person(built)
    page = visitor.visit("my_information")
    assert "Someone else has the same address" in page.text()
    assert page.form("/ask-us-to-look")
    account = visitor.visit("category", category="account")
    assert "Somebody Else" not in account.html
    assert "Camille" not in account.text()


@pytest.mark.parametrize("endpoint", ["my_information", "category"])
def test_a_source_that_is_away_marks_its_part_and_the_page_is_there(built: Built, endpoint: str) -> None:
    visitor = _person(built)
    _lose_the_service(built)
    arguments = {"category": "usage"} if endpoint == "category" else {}
    assert "cannot be read just now" in visitor.visit(endpoint, **arguments).text()
    assert CAMILLE in visitor.visit("category", category="portal").text()


def test_hostile_values_are_shown_as_text(built: Built) -> None:
    hostile = '<script>alert(1)</script>"><img src=x onerror=alert(1)>\u202e\ufeff{{ 7*7 }}\x00\x1b[31m'
    _service(built, "UPDATE accounts SET name = ?, phone = CAST(x'ff41fe' AS TEXT) WHERE email = ?", hostile, CAMILLE)
    _service(built, "UPDATE accounts SET company = ?, created_at = '0000-00-00 00:00:00'", "é" * 10_000_000)
    for lang in ("en", "fr"):
        page = _person(built, lang=lang).visit("category", category="account")
        assert len(page.html) < 100_000
        assert not page.all("img")
        shown = ["".join(value.itertext()) for value in page.all("bdi", class_="held-value")]
        assert any(text.startswith("<script>alert(1)</script>") and "{{ 7*7 }}" in text for text in shown)
    assert "Not readable" in (words := _words(built, "account"))
    assert "(cut here; the whole is in your copy)" in words


def test_sensitive_information_stays_hidden_until_asked_for(tmp_path: Path) -> None:
    built = an_installation(tmp_path, change=_with_sensitive("account"))
    visitor = _person(built)
    hidden = visitor.visit("category", category="account")
    assert "Camille Tremblay" not in hidden.html
    show = visitor.address("category", category="account", show="yes")
    assert show in hidden.links().values()
    assert "Camille Tremblay" in visitor.open(show).text()


def test_a_category_without_a_table_names_its_system_and_its_keeper(built: Built) -> None:
    visitor = _person(built)
    page = visitor.visit("category", category="support")
    for said in ("Support mailbox", "support@example.org", "Two years after the last exchange."):
        assert said in page.text()
    assert page.form("/send-me-mine")["form_id"]


def _asked_by(built: Built, visitor: Visitor, path: str) -> list[str]:
    """What opening a page asks; once a second of the clock on the wall, any page also asks what was published since."""
    with _statements(built) as own:
        visitor.open(path)
    return own


def test_a_page_costs_the_same_statements_whatever_there_is_to_show(tmp_path: Path) -> None:
    few, many = an_installation(tmp_path / "few", log_rows=5), an_installation(tmp_path / "many", log_rows=1_000)
    counts = []
    for built in (few, many):
        visitor = _person(built)
        for endpoint, arguments in (("my_information", {}), ("category", {"category": "usage"})):
            path = visitor.address(endpoint, **arguments)
            visitor.open(path)
            own = min((_asked_by(built, visitor, path) for _ in range(3)), key=len)
            counts.append((endpoint, len(own)))
            assert len(own) <= (OWN_STATEMENTS if endpoint == "my_information" else ALL_STATEMENTS), own
    assert counts[:2] == counts[2:]


def test_requests_under_way_come_by_their_last_day_and_lead_to_their_page(built: Built) -> None:
    visitor = _person(built)
    portal = built.installation
    references = []
    with portal.database.writing() as store:
        person = store.people.by_address(CAMILLE)
        assert person
        for days in (0, 20):
            asked = Asked(kind=Kind.ACCESS, language="en", level=Level.L2)
            at = built.clock() - timedelta(days=days)
            references.append(open_request(portal, store, person, asked, form_id=None, now=at).reference)
    page = visitor.visit("my_information")
    words = page.text()
    assert words.index(references[1]) < words.index(references[0])
    assert "10 days left" in words
    assert visitor.address("request_page", reference=references[0]) in page.links().values()


def test_nobody_else_sees_it(built: Built) -> None:
    stranger = Visitor(built, "en")
    for endpoint, arguments in (("my_information", {}), ("category", {"category": "account"})):
        answer = stranger.client.get(stranger.address(endpoint, **arguments), base_url="http://127.0.0.1:8000")
        assert answer.status_code == 303
        assert "/en/sign-in" in answer.location
    page = _person(built, MARGUERITE).visit("category", category="account")
    assert "Marguerite Roy" in page.text()
    assert "Camille" not in page.html


def _person(built: Built, address: str = CAMILLE, *, lang: Language = "en") -> Visitor:
    visitor = Visitor(built, lang)
    visitor.sign_in(address)
    return visitor


def _words(built: Built, category: str) -> str:
    return _person(built).visit("category", category=category).text()


def _dates(page: Page) -> list[str]:
    """The first cell of each row: the row's date."""
    return ["".join(head.itertext()) for head in page.all("th", scope="row")]


def _service(built: Built, statement: str, *values: object) -> None:
    with sqlite3.connect(built.folder / "service.db") as service:
        service.execute(statement, values)


def _count(built: Built, table: str) -> int:
    with sqlite3.connect(built.folder / "service.db") as service:
        query = f"SELECT count(*) FROM {table} JOIN accounts ON accounts.id = account_id WHERE email = ?"
        return int(service.execute(query, (CAMILLE,)).fetchone()[0])


def _lose_the_service(built: Built) -> None:
    built.installation.sources["service"].close()
    (built.folder / "service.db").write_bytes(b"this is no database" * 1000)


def _with_sensitive(category: str) -> Callable[[Settings], Settings]:
    def change(settings: Settings) -> Settings:
        categories = tuple(replace(found, sensitive=found.id == category) for found in settings.data_map.categories)
        return replace(settings, data_map=replace(settings.data_map, categories=categories))

    return change


@contextmanager
def _statements(built: Built) -> Iterator[list[str]]:
    """The statements sent to the portal's own database meanwhile."""
    seen: list[str] = []

    def note(connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if getattr(connection, "engine", None) is built.installation.database.engine:
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)
