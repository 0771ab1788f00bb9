"""Signing in by letter, confirming again, signing out, and what was typed given back."""

import re
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from portal.domain.languages import Language
from tests.client import BASE, Page, Visitor
from tests.installation import CAMILLE, NOBODY, Built, an_installation


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


@pytest.mark.parametrize(("lang", "first_page"), [("fr", "/fr/mes-renseignements"), ("en", "/en/my-information")])
def test_a_person_comes_in_with_the_code_of_the_letter(built: Built, lang: Language, first_page: str) -> None:
    visitor = Visitor(built, lang)
    visitor.visit("sign_in")
    answer = visitor.sign_in(CAMILLE)
    assert answer.location == first_page


def test_staff_come_in_by_the_same_door_to_their_requests(built: Built) -> None:
    assert Visitor(built).sign_in("officer@example.org").location == "/fr/personnel/demandes"


def test_a_member_of_staff_may_come_in_as_a_person(built: Built) -> None:
    answer = Visitor(built).sign_in("officer@example.org", next_page="/fr/compte")
    assert answer.location == "/fr/compte"


@pytest.mark.parametrize("address", [CAMILLE, NOBODY, "never.seen@example.org"])
def test_known_and_unknown_addresses_get_the_same_answer_and_one_letter(built: Built, address: str) -> None:
    visitor = Visitor(built)
    answer = visitor.send("sign_in", {"email": address})
    assert (answer.status_code, answer.location) == (303, "/fr/connexion/code")
    assert [letter["to"] for letter in built.mailbox()] == [address]
    page = visitor.visit("sign_in_code")
    assert page.text().replace(address, "X").count("X") == 1


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "\u00a0\u200b",
        "a@b",
        "two@example.org, three@example.org",
        "x" * 300 + "@example.org",
        "a\x00b@example.org",
        "sp ace@example.org",
        '"quoted"@example.org',
        "ｆull@example.org",
        "cam\u200bille@example.org",
        "камил@example.org",
    ],
)
def test_what_is_no_address_is_refused_beside_its_field(built: Built, typed: str) -> None:
    page = Visitor(built).send("sign_in", {"email": typed}, status=422)
    assert isinstance(page, Page)
    assert page.all("div", role="alert")
    assert page.all("input", id="email")[0].get("aria-invalid") == "true"
    assert built.mailbox() == []


def test_an_address_is_one_however_its_letters_are_cased(built: Built) -> None:
    visitor = Visitor(built)
    visitor.send("sign_in", {"email": "  Camille.TREMBLAY@Example.ORG "})
    assert visitor.send("sign_in_code", {"code": visitor.code_for(CAMILLE)}).status_code == 303


def test_spaces_and_dashes_in_a_code_do_not_matter(built: Built) -> None:
    visitor = Visitor(built)
    visitor.send("sign_in", {"email": CAMILLE})
    code = visitor.code_for(CAMILLE)
    assert visitor.send("sign_in_code", {"code": f" {code[:3]}-{code[3:]} "}).status_code == 303


def test_a_code_works_once(built: Built) -> None:
    first = Visitor(built)
    first.send("sign_in", {"email": CAMILLE})
    code = first.code_for(CAMILLE)
    first.send("sign_in_code", {"code": code})
    first.client.set_cookie("portal", "", domain="127.0.0.1")
    again = Visitor(built)
    again.send("sign_in", {"email": NOBODY})
    assert again.send("sign_in_code", {"code": code}, status=422).status == 422  # type: ignore[union-attr]  # a page


def test_a_code_is_dead_after_ten_minutes_and_a_clock_set_back_does_not_revive_it(built: Built) -> None:
    visitor = Visitor(built)
    visitor.send("sign_in", {"email": CAMILLE})
    code = visitor.code_for(CAMILLE)
    built.clock.advance(minutes=11)
    visitor.send("sign_in_code", {"code": code}, status=422)
    built.clock.advance(hours=-2)
    visitor.send("sign_in_code", {"code": code}, status=422)


def test_five_wrong_tries_kill_a_code(built: Built) -> None:
    visitor = Visitor(built)
    visitor.send("sign_in", {"email": CAMILLE})
    code = visitor.code_for(CAMILLE)
    for _ in range(5):
        visitor.send("sign_in_code", {"code": _another(code)}, status=422)
    visitor.send("sign_in_code", {"code": code}, status=422)


def test_wrong_tries_are_limited_over_every_browser_and_others_are_unaffected(built: Built) -> None:
    for _ in range(2):
        visitor = Visitor(built)
        visitor.send("sign_in", {"email": CAMILLE})
        code = visitor.code_for(CAMILLE)
        for _ in range(5):
            visitor.send("sign_in_code", {"code": _another(code)}, status=422)
    visitor = Visitor(built)
    visitor.send("sign_in", {"email": CAMILLE})
    refused = visitor.send("sign_in_code", {"code": visitor.code_for(CAMILLE)}, status=429)
    assert isinstance(refused, Page)
    assert int(refused.response.headers["Retry-After"]) > 0
    assert Visitor(built).sign_in(NOBODY).status_code == 303
    built.clock.advance(minutes=16)
    assert Visitor(built).sign_in(CAMILLE).status_code == 303


def test_asking_for_codes_without_end_is_refused(built: Built) -> None:
    visitor = Visitor(built)
    for _ in range(20):
        visitor.send("sign_in", {"email": CAMILLE})
    page = visitor.send("sign_in", {"email": CAMILLE}, status=429)
    assert isinstance(page, Page)
    assert page.response.headers["Retry-After"]


def test_a_code_is_bound_to_the_browser_and_the_flow_that_asked(built: Built) -> None:
    asked, other = Visitor(built), Visitor(built)
    asked.send("sign_in", {"email": CAMILLE})
    code = asked.code_for(CAMILLE)
    other.send("sign_in", {"email": NOBODY})
    other.send("sign_in_code", {"code": code}, status=422)
    signed = Visitor(built)
    signed.sign_in(NOBODY)
    signed.send("confirm", {"send": "1"}, status=200)
    signed.send("confirm", {"code": code}, status=422)


def test_no_code_is_kept_in_clear_nor_as_a_hash_anyone_can_make(built: Built) -> None:
    import hashlib

    visitor = Visitor(built)
    visitor.send("sign_in", {"email": CAMILLE})
    code = visitor.code_for(CAMILLE)
    dump = "\n".join(sqlite3.connect(built.folder / "portal.db").iterdump())
    assert not re.search(rf"\b{code}\b", dump)
    hashes = {hashlib.new(name, code.encode()).hexdigest() for name in ("md5", "sha1", "sha256", "sha512")}
    assert not [digest for digest in hashes if digest in dump]


def test_signing_out_kills_a_copied_cookie(built: Built) -> None:
    visitor = Visitor(built)
    visitor.sign_in(CAMILLE)
    copied = visitor.client.get_cookie("portal", domain="127.0.0.1")
    assert copied
    visitor.send("sign_out", {})
    thief = Visitor(built)
    thief.client.set_cookie("portal", copied.value, domain="127.0.0.1")
    answer = thief.client.get(thief.address("account"), base_url=BASE)
    assert answer.status_code == 303
    assert "/fr/connexion?next=" in str(answer.location)


def test_the_cookie_changes_at_sign_in_and_at_confirmation(built: Built) -> None:
    visitor = Visitor(built)
    visitor.visit("sign_in")
    seen = [visitor.client.get_cookie("portal", domain="127.0.0.1")]
    visitor.sign_in(CAMILLE)
    seen.append(visitor.client.get_cookie("portal", domain="127.0.0.1"))
    old = seen[-1]
    assert old
    visitor.confirm(CAMILLE)
    seen.append(visitor.client.get_cookie("portal", domain="127.0.0.1"))
    assert len({cookie.value for cookie in seen if cookie}) == 3
    thief = Visitor(built)
    thief.client.set_cookie("portal", old.value, domain="127.0.0.1")
    assert thief.client.get(thief.address("account"), base_url=BASE).status_code == 303


@pytest.mark.parametrize("hours", [2.1, 13])
def test_a_session_ends_by_itself(built: Built, hours: float) -> None:
    visitor = Visitor(built)
    visitor.sign_in(CAMILLE)
    built.clock.advance(hours=hours)
    assert visitor.client.get(visitor.address("account"), base_url=BASE).status_code == 303


def test_last_seen_is_written_at_most_once_a_minute(built: Built) -> None:
    visitor = Visitor(built)
    visitor.sign_in(CAMILLE)
    opened = built.clock()
    for seconds in (20, 20, 30, 20):
        built.clock.advance(seconds=seconds)
        visitor.visit("account")
    with built.installation.database.reading() as store:
        person = store.people.by_address(CAMILLE)
        assert person
        [session] = store.sessions.open_of(person_id=person.id)
    assert session.last_seen_at == opened + timedelta(seconds=70)


def test_what_was_typed_is_given_back_to_the_same_address_only(built: Built) -> None:
    visitor = Visitor(built)
    visitor.sign_in(CAMILLE)
    form = {"kind": "other", "message": "Une longue question", "form_id": "f" * 24}
    token = visitor.token()
    visitor.send("sign_out", {})
    refused = visitor.send("account_language", form | {"csrf_token": token}, status=401)
    assert isinstance(refused, Page)
    answer = visitor.sign_in(CAMILLE, next_page="/fr/reprendre")
    assert answer.location == "/fr/reprendre"
    assert "Une longue question" in visitor.visit("resume").text()

    visitor.send("sign_out", {})
    visitor.send("account_language", form, status=401)
    visitor.sign_in(NOBODY, next_page="/fr/reprendre")
    visitor.visit("resume", status=404)


def test_a_stale_token_loses_nothing(built: Built) -> None:
    visitor = Visitor(built)
    page = visitor.send("sign_in", {"email": CAMILLE, "csrf_token": "stale"}, status=400)
    assert isinstance(page, Page)
    again = page.form("/connexion")
    assert again["email"] == CAMILLE
    assert again["csrf_token"] not in {"", "stale"}


@pytest.mark.parametrize("headers", [{"Origin": "https://x.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_form_from_another_site_is_refused_whatever_its_token(built: Built, headers: dict[str, str]) -> None:
    visitor = Visitor(built)
    answer = visitor.client.post(
        visitor.address("sign_in"),
        data={"email": CAMILLE, "csrf_token": visitor.token()},
        headers=headers,
        base_url=BASE,
    )
    assert answer.status_code == 400
    assert built.mailbox() == []


def test_a_one_time_link_lets_a_member_in_once_and_looking_uses_nothing_up(built: Built) -> None:
    from portal.services.links import invite

    with built.installation.database.writing() as store:
        member = store.staff.by_address("agent@example.org")
        assert member
        token = invite(built.installation, store, member)
    visitor = Visitor(built)
    for _ in range(3):
        visitor.visit("sign_in_link", token=token)
    assert visitor.send("sign_in_link", {}, token=token).location == "/fr/personnel/demandes"  # type: ignore[union-attr]  # a redirect
    Visitor(built).visit("sign_in_link", token=token, status=410)


def test_a_disabled_member_is_out_at_once(built: Built) -> None:
    from portal.services.members import disable

    visitor = Visitor(built)
    visitor.sign_in("agent@example.org")
    with built.installation.database.writing() as store:
        member = store.staff.by_address("agent@example.org")
        assert member
        disable(built.installation, store, None, member, heir=None)
    assert visitor.client.get(visitor.address("staff_requests"), base_url=BASE).status_code == 303


@pytest.mark.parametrize("damaged", ["", "x", "é" * 20, "a.b.c", "." * 8000])
def test_a_damaged_cookie_counts_as_none(built: Built, damaged: str) -> None:
    visitor = Visitor(built)
    headers = {"Cookie": f"portal={damaged}".encode().decode("latin-1")}
    answer = visitor.client.get(visitor.address("account"), headers=headers, base_url=BASE)
    assert answer.status_code == 303


def _another(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"
