"""A person whom one service knows by two accounts, each under an address they proved: both are seen, and handled together."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from zipfile import ZipFile

import pytest
from werkzeug.test import TestResponse

from portal.config import Settings
from portal.domain.languages import Language
from portal.domain.letters import LetterKind
from portal.domain.periods import Period
from portal.domain.rights import Decision, RightsRequest, State
from portal.services import decisions
from portal.services.decisions import Verdict
from tests.client import BASE, Page, Visitor
from tests.installation import CAMILLE, MARGUERITE, NOBODY, Built, an_installation
from tests.other_addresses import OTHER, key_in_service, show, somebody_with_two


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path, log_rows=60)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_counts_add_up_and_each_account_has_its_own_list(built: Built, language: Language) -> None:
    visitor = somebody_with_two(built, language)
    total = rows_of(built, "api_requests", CAMILLE) + rows_of(built, "api_requests", OTHER)
    held = visitor.visit("my_information").text()
    assert re.search(rf"\b{total}\s(éléments|entries)", held)
    page = visitor.visit("category", category="usage")
    captions = ["".join(caption.itertext()) for caption in page.all("caption")]
    under = "sous l’adresse" if language == "fr" else "under the address"
    assert [f"{under} {address}" in caption for address, caption in zip((CAMILLE, OTHER), captions, strict=True)] == [
        True,
        True,
    ]


def test_a_single_account_is_called_by_no_address(built: Built) -> None:
    visitor = Visitor(built, "en")
    visitor.sign_in(CAMILLE)
    show(visitor, NOBODY)
    assert "under the address" not in visitor.visit("category", category="usage").text()


def test_turning_the_pages_of_both_meets_every_row_once(built: Built) -> None:
    visitor = somebody_with_two(built)
    page = visitor.visit("category", category="usage")
    firsts = next_links(page)
    assert len(firsts) == 2
    seen = [len(rows) for rows in tables_of(page)]
    assert seen == [25, 25]
    found = []
    for first in firsts:
        number = 25
        link: str | None = first
        while link:
            assert "@" not in link
            turned = visitor.open(link)
            [rows] = tables_of(turned)
            number += len(rows)
            link = next(iter(next_links(turned)), None)
        found.append(number)
    assert found == [rows_of(built, "api_requests", CAMILLE), rows_of(built, "api_requests", OTHER)]


def test_the_account_in_an_address_is_one_of_ones_own_or_the_page_is_not_there(built: Built) -> None:
    theirs = Visitor(built, "en")
    theirs.sign_in(MARGUERITE)
    show(theirs, OTHER)
    [taken, shared] = next_links(theirs.visit("category", category="usage"))
    visitor = somebody_with_two(built)
    visitor.open(taken, status=404)
    mine = visitor.open(shared)
    assert OTHER in mine.text()
    query = {name: values[0] for name, values in parse_qs(urlsplit(shared).query).items()}
    for account in ("0", "1", "x", query["account"][:-2], "é"):
        visitor.visit("category", category="usage", table="service.api_requests", account=account, status=404)
    visitor.visit("category", category="usage", account=query["account"], status=404)
    theirs.open(shared, status=404)


def test_days_are_chosen_in_the_list_of_one_account_and_stay_there(built: Built) -> None:
    visitor = somebody_with_two(built)
    page = visitor.open(next_links(visitor.visit("category", category="usage"))[1])
    (form,) = [form for form in page.all("form", method="get") if form.get("action", "").endswith("/usage")]
    fields = {field.get("name", ""): field.get("value") or "" for field in form.iter() if field.get("name")}
    chosen = visitor.visit("category", category="usage", **fields | {"from": "2001-01-01", "to": "2026-12-31"})
    assert [OTHER in "".join(caption.itertext()) for caption in chosen.all("caption")] == [True]


def test_a_value_of_the_second_account_is_corrected_and_the_first_is_left_alone(built: Built) -> None:
    visitor = somebody_with_two(built)
    links = [link for _, link in page_links(visitor.visit("category", category="account")) if "field=name" in link]
    page = visitor.open(links[1])
    form = page.form("/correct")
    assert form["before"] == "Emily Clarke"
    answer = visitor.send("correct", form | {"value": "Camille T. Clarke"}, category="account")
    assert isinstance(answer, TestResponse)
    assert held(built, "name", OTHER) == "Camille T. Clarke"
    assert held(built, "name", CAMILLE) == "Camille Tremblay"


def test_a_correction_of_the_second_account_for_staff_is_carried_out_there(built: Built) -> None:
    visitor = somebody_with_two(built)
    links = [link for _, link in page_links(visitor.visit("category", category="account")) if "field=email" in link]
    form = visitor.open(links[1]).form("/correct")
    visitor.send("correct", form | {"value": "camille.clarke@example.org", "reason": "Mine"}, category="account")
    decided(built, Verdict(Decision.GRANTED, "", ""))
    built.work()
    assert held(built, "name", "camille.clarke@example.org") == "Emily Clarke"
    assert held(built, "name", CAMILLE) == "Camille Tremblay"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_copy_holds_both_and_says_which_is_which(built: Built, language: Language) -> None:
    visitor = somebody_with_two(built, language)
    archive = copy_of(visitor)
    described = json.loads(archive.read("data.json"))
    assert described["person"] == {"address": CAMILLE, "other_addresses": [OTHER]}
    [usage] = [one for one in described["categories"] if one["id"] == "usage"]
    assert [table["under"] for table in usage["tables"]] == [CAMILLE, OTHER]
    for table, address in zip(usage["tables"], (CAMILLE, OTHER), strict=True):
        lines = list(csv.reader(io.StringIO(archive.read(table["file"]).decode("utf-8-sig"))))
        assert len(lines) - 2 == table["count"] == rows_of(built, "api_requests", address)
    assert OTHER in archive.read("index.html").decode()
    assert OTHER in archive.read("csv/portal-other_addresses.csv").decode()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_deleting_erases_both_and_then_the_portal_keeps_no_other_address(built: Built, language: Language) -> None:
    with service(built) as connection:
        connection.execute("DELETE FROM invoices")
    keys = [key_in_service(built, address) for address in (CAMILLE, OTHER)]
    visitor = somebody_with_two(built, language)
    total = rows_of(built, "api_requests", CAMILLE) + rows_of(built, "api_requests", OTHER)
    page = visitor.visit("delete")
    assert re.search(rf"\b{total}\b", page.text())
    visitor.send("delete", page.form() | {"confirm": "yes"})
    decided(built, Verdict(Decision.GRANTED, "", ""))
    built.work()
    built.clock.advance(days=4)
    built.work()
    with service(built) as connection:
        for table in ("api_requests", "devices", "sign_ins"):
            left = connection.execute(f"SELECT count(*) FROM {table} WHERE account_id IN (?, ?)", keys).fetchone()[0]
            assert left == 0, table
    assert request_of(built).state is State.CLOSED
    visitor.sign_in(CAMILLE)
    page = visitor.visit("request_page", reference=request_of(built).reference)
    assert re.search(rf"\b{total}\b", page.text())
    assert sum(letter["kind"] == LetterKind.ERASURE_DONE for letter in built.mailbox()) == 1
    with built.installation.database.reading() as store:
        assert not store.other_addresses.joined(CAMILLE, OTHER)


def test_an_account_added_after_the_decision_is_not_erased_by_it(tmp_path: Path) -> None:
    built = an_installation(tmp_path, change=waits_three_days)
    visitor = Visitor(built, "en")
    visitor.sign_in(CAMILLE)
    visitor.send("delete", visitor.visit("delete").form() | {"confirm": "yes"})
    decided(built, Verdict(Decision.GRANTED, "", ""))
    built.clock.advance(minutes=1)
    show(visitor, OTHER)
    before = [rows_of(built, "api_requests", address) for address in (CAMILLE, OTHER)]
    built.clock.advance(days=4)
    built.work()
    assert request_of(built).state is State.CLOSED
    assert all(before)
    assert [rows_of(built, "api_requests", address) for address in (CAMILLE, OTHER)] == [0, before[1]]


def waits_three_days(settings: Settings) -> Settings:
    return replace(settings, erasure=replace(settings.erasure, wait=Period(0, 3)))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_consent_is_given_only_when_every_account_says_so_and_one_answer_sets_them_all(
    built: Built, language: Language
) -> None:
    with service(built) as connection:
        connection.execute(
            "UPDATE accounts SET improve_ok = (email = ?) WHERE email IN (?, ?)", [CAMILLE, CAMILLE, OTHER]
        )
    visitor = somebody_with_two(built, language)
    part = "dans une partie de vos comptes" if language == "fr" else "in part of your accounts only"
    assert part in visitor.visit("consents").text()
    page = visitor.visit("consent", purpose="improve")
    assert part in page.text()
    forms = [form for form in page.all("form", method="post") if "improve" in form.get("action", "")]
    assert len(forms) == 2
    fields = page.form("/improve")
    assert (fields["state"], fields["seen"]) == ("withdrawn", "in_part")
    visitor.send("consent", fields, purpose="improve")
    assert [held(built, "improve_ok", address) for address in (CAMILLE, OTHER)] == [0, 0]
    given = visitor.visit("consent", purpose="improve").form("/improve")
    visitor.send("consent", given, purpose="improve")
    assert [held(built, "improve_ok", address) for address in (CAMILLE, OTHER)] == [1, 1]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_consent_of_one_account_alone_is_told_as_such_in_the_copy(built: Built, language: Language) -> None:
    with service(built) as connection:
        connection.execute("UPDATE accounts SET improve_ok = (email = ?)", [CAMILLE])
    answer = somebody_with_two(built, language).send("download", {}, status=200)
    assert isinstance(answer, TestResponse)
    archive = ZipFile(io.BytesIO(answer.get_data()))
    said = next(one for one in json.loads(archive.read("data.json"))["consents"] if one["purpose"] == "improve")
    assert (said["given"], said["in_part"]) == (False, True)
    told = "d’autres disent le contraire" if language == "fr" else "and others do not"
    assert told in archive.read("index.html").decode()


def test_nothing_recorded_in_one_account_and_no_in_another_is_simply_not_given(built: Built) -> None:
    with service(built) as connection:
        connection.execute("UPDATE accounts SET improve_ok = NULL WHERE email = ?", [CAMILLE])
        connection.execute("UPDATE accounts SET improve_ok = 0 WHERE email = ?", [OTHER])
    assert "in part of your accounts" not in somebody_with_two(built).visit("consent", purpose="improve").text()


def test_an_answer_that_one_account_refuses_is_said_and_the_same_answer_finishes_it(built: Built) -> None:
    with service(built) as connection:
        connection.execute("UPDATE accounts SET improve_ok = 1")
        connection.execute(
            "CREATE TRIGGER no_change BEFORE UPDATE ON accounts WHEN OLD.email = 'emily.clarke@example.org'"
            " BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    visitor = somebody_with_two(built)
    fields = visitor.visit("consent", purpose="improve").form("/improve")
    page = visitor.send("consent", fields, status=409, purpose="improve")
    assert isinstance(page, Page)
    assert "could not be in another" in page.text()
    assert [held(built, "improve_ok", address) for address in (CAMILLE, OTHER)] == [0, 1]
    assert "given no answer" in visitor.visit("consents").text()
    with service(built) as connection:
        connection.execute("DROP TRIGGER no_change")
    visitor.send("consent", page.form("/improve"), purpose="improve")
    assert [held(built, "improve_ok", address) for address in (CAMILLE, OTHER)] == [0, 0]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_where_an_address_is_shared_only_that_part_is_left_to_staff_who_are_asked_in_one_click(
    built: Built, language: Language
) -> None:
    with service(built) as connection:
        connection.execute(
            "INSERT INTO accounts (email, name, password_hash, plan, created_at)"
            " VALUES (?, 'Somebody Else', '!', 'free', '2026-01-01 00:00:00')",
            [OTHER.upper()],
        )
    visitor = somebody_with_two(built, language)
    page = visitor.visit("category", category="account")
    assert "Camille Tremblay" in page.text()
    assert "Somebody Else" not in page.html
    assert "Emily Clarke" not in page.html
    fields = visitor.visit("my_information").form("verifier" if language == "fr" else "look")
    first = visitor.send("ask_to_look", fields)
    second = visitor.send("ask_to_look", fields)
    assert isinstance(first, TestResponse)
    assert isinstance(second, TestResponse)
    assert first.location == second.location
    said = "la même adresse que moi" if language == "fr" else "the same address as I do"
    assert said in visitor.open(first.location).text()


def test_staff_read_every_address_under_which_to_look(built: Built) -> None:
    visitor = somebody_with_two(built)
    visitor.send("delete", visitor.visit("delete").form() | {"confirm": "yes"})
    staff = Visitor(built, "fr")
    staff.sign_in("officer@example.org")
    page = staff.visit("staff_request", reference=request_of(built).reference)
    assert CAMILLE in page.text()
    assert OTHER in page.text()
    searched = staff.send("staff_requests_search", {"typed": OTHER}, status=200)
    assert isinstance(searched, Page)
    assert request_of(built).reference in searched.text()
    total = rows_of(built, "api_requests", CAMILLE) + rows_of(built, "api_requests", OTHER)
    assert re.search(rf"\b{total}\b", page.text())


def test_nobody_handles_the_request_of_whoever_proved_their_address(built: Built) -> None:
    visitor = somebody_with_two(built, other="officer@example.org")
    visitor.send("new_request", {"kind": "info", "message": "Ask", "form_id": "f" * 24})
    staff = Visitor(built, "en")
    staff.sign_in("officer@example.org")
    answer = staff.client.post(
        staff.address("staff_take_up", reference=request_of(built).reference),
        data={"version": "1", "csrf_token": staff.token()},
        base_url=BASE,
    )
    assert answer.status_code == 409
    assert "This is your own request" in answer.get_data(as_text=True)
    assert request_of(built).state is State.RECEIVED


def service(built: Built) -> sqlite3.Connection:
    return sqlite3.connect(built.folder / "service.db")


def held(built: Built, field: str, address: str) -> object:
    return service(built).execute(f"SELECT {field} FROM accounts WHERE email = ?", [address]).fetchone()[0]


def rows_of(built: Built, table: str, address: str) -> int:
    query = f"SELECT count(*) FROM {table} JOIN accounts ON accounts.id = account_id WHERE accounts.email = ?"
    return int(service(built).execute(query, [address]).fetchone()[0])


def page_links(page: Page) -> list[tuple[str, str]]:
    return [("".join(link.itertext()), link.get("href", "")) for link in page.all("a")]


def next_links(page: Page) -> list[str]:
    """Where the next page of each list begins; the link to the other language keeps this page's own place."""
    return [link for _, link in page_links(page) if "after=" in link and link.startswith("/en/")]


def tables_of(page: Page) -> list[list[object]]:
    """The rows of each table of a page."""
    return [list(table.iterfind(".//{*}tbody/{*}tr")) for table in page.all("table")]


def copy_of(visitor: Visitor) -> ZipFile:
    answer = visitor.send("download", {}, status=200)
    assert isinstance(answer, TestResponse)
    return ZipFile(io.BytesIO(answer.get_data()))


def request_of(built: Built) -> RightsRequest:
    """Camille's newest request."""
    with built.installation.database.reading() as store:
        person = store.people.by_address(CAMILLE)
        assert person
        return store.requests.of_person(person.id)[0]


def decided(built: Built, verdict: Verdict) -> None:
    request = request_of(built)
    with built.installation.database.writing() as store:
        officer = store.staff.by_address("officer@example.org")
        assert officer
        decisions.decide(built.installation, store, officer, request, verdict, seen_version=request.version)
