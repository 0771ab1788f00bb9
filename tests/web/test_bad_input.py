"""Every kind of bad value in every field of every form and in every address: refused in words or kept whole, never a fault.

The numbers in payload names are the rows of the bad-input matrix (docs/security-rows.md).
"""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from html5lib.html5parser import ParseError
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from portal.domain.rights import Kind, Level
from portal.services.identities import identities_of
from portal.services.information import row_token
from portal.services.paper import enter
from portal.services.rights import Asked, open_request
from portal.web.languages import ADDRESSES
from portal.web.views import VIEWS
from tests.client import BASE, Page, Visitor, check_headers, check_page
from tests.installation import CAMILLE, MARGUERITE, Built, on_paper
from tests.journeys import story
from tests.services.drafts import a_draft, draft_of

OFFICER = "officer@example.org"
PRESENT = "present"
"""Stands for the version of the policy's draft when the form is sent, so that every value reaches what it is for."""
SECONDS = 5
"""Each answer comes far sooner; a shared machine may be slow, a runaway pattern would take minutes."""

PAYLOADS = {
    "B-1 empty": "",
    "B-2 no-break spaces": "\u00a0 \u202f",
    "B-2 zero width": "\u200b\u200d\u2060",
    "B-3 NUL alone": "\x00",
    "B-3 NUL inside": "a\x00b",
    "B-4 header": "Camille\r\nBcc: victim@example.org",
    "B-5 controls": "a\x0b\x1b[31m\x07b",
    "B-5 next line": "a\x85b",
    "B-6 ten thousand": "a" * 10_000,
    "B-6 sixty thousand": "é " * 30_000,
    "B-7 decomposed": "e\u0301" * 5_000,
    "B-9 script": "<script>alert(1)</script>",
    "B-9 image": '"><img src=x onerror=alert(1)>',
    "B-9 drawing": "<svg/onload=alert(1)>",
    "B-10 template": "{{7*7}}${7*7}#{7*7}{%raise%}",
    "B-11 quotes": "' OR '1'='1",
    "B-11 union": "1) UNION SELECT * FROM staff--",
    "B-11 pattern": "%_\\",
    "B-12 formula": "=1+1",
    "B-12 full width": "\uff1d1+1",
    "B-13 path": "../../etc/passwd",
    "B-13 drive": "C:\\con",
    "B-14 format": "%s%n%(x)s{0}{x!r}",
    "B-16 bidi": "\u202etxt\u2066\ufeff",
    "B-17 zero width address": "a\u200bb@example.org",
    "B-18 homoglyph": "c\u0430mille.tremblay@example.org",
    "B-19 full width address": "ｃａｍｉｌｌｅ.tremblay@example.org",
    "B-20 combining": "o" + "\u0301" * 500,
    "B-21 emoji": "👩‍👩‍👧‍👦🇨🇦𝒳",
    "B-23 negative": "-1",
    "B-23 endless": "9" * 400,
    "B-23 more than a number may have": "9" * 5_000,
    "B-23 infinite": "1e309",
    "B-23 not a number": "NaN",
    "B-23 truth": "true",
    "B-23 hexadecimal": "0x10",
    "B-23 full width digits": "１２",
    "B-24 zero": "0",
    "B-24 just too large": str(2**63),
    "B-27 date": "2026-02-30",
    "B-27 year zero": "0000-00-00",
    "B-29 two addresses": "a@example.org, b@example.org",
    "B-29 no dot": "a@b",
    "B-29 long": "a" * 300 + "@example.org",
    "B-29 quoted": '"a b"@example.org',
    "B-30 script address": "javascript:alert(1)",
    "B-42 elsewhere": "//x.example",
    "noncharacter": "a\ufffeb\U0010ffff",
    "line separators": "a\u2028b\u2029c",
}
FEW = {
    name: PAYLOADS[name]
    for name in ("B-3 NUL inside", "B-11 quotes", "B-21 emoji", "B-24 just too large", "noncharacter")
}
"""What databases take differently."""

HOSTILE = [value for name, value in PAYLOADS.items() if name.startswith(("B-4", "B-9", "B-16", "B-21"))]

QUERIES = (
    "next", "before", "after", "table", "row", "field", "kind", "state", "ended", "show", "changed", "unchanged", "page",
    "per_page", "id[]", "email",
)  # fmt: skip
"""Every name a page reads from its query, and some that none does."""


@dataclass
class World:
    """An installation with somebody signed in of each kind, and something at each address."""

    built: Built
    nobody: Visitor
    person: Visitor
    staff: Visitor
    reference: str
    letter_id: int
    tokens: dict[str, str] = field(default_factory=dict)

    def token(self, visitor: Visitor) -> str:
        """A browser's token, asked for again when its session is another one."""
        cookie = visitor.client.get_cookie("portal", "127.0.0.1")
        known = cookie.value if cookie else ""
        if known not in self.tokens:
            self.tokens[known] = visitor.token("en")
            cookie = visitor.client.get_cookie("portal", "127.0.0.1")
            self.tokens[cookie.value if cookie else ""] = self.tokens[known]
        return self.tokens[known]

    def visitor(self, endpoint: str) -> Visitor:
        """Who may open a page."""
        if endpoint.startswith("staff_"):
            return self.staff
        return self.nobody if endpoint in {"sign_in", "sign_in_code", "sign_in_link", "keeper"} else self.person

    def arguments(self, endpoint: str) -> dict[str, str]:
        """What its address is made of, all of it existing."""
        return {
            "category": {"category": "account"},
            "correct": {"category": "account"},
            "consent": {"purpose": "news"},
            "sign_in_link": {"token": "x" * 43},
            "keeper": {"token": "x" * 43},
            "send_mine": {"category": "paper"},
            **{
                name: {"reference": self.reference, "number": "1"}
                for name in ("given_file", "staff_line", "staff_line_help", "staff_file")
            },
            "policy_version": {"version_id": "2025-02-25"},
            "policy_comparison": {"pair": "2025-02-25..2026-06-15"},
            "end_session": {"session_id": "999999"},
            "staff_colleague": {"member": "2"},
            "staff_settings_category": {"category": "usage"},
            "staff_settings_purpose": {"purpose": "improve"},
            "staff_letter": {"letter_id": str(self.letter_id)},
            "staff_letter_paper": {"letter_id": str(self.letter_id)},
            "staff_letter_sample": {"kind": "outcome_refused"},
            "staff_letter_kind": {"kind": "outcome_refused"},
            **{name: {"member": "2"} for name in ADDRESSES if name.startswith("staff_colleague_")},
            "staff_policy_section": {"key": "collected"},
        }.get(endpoint) or ({"reference": self.reference} if "<reference>" in ADDRESSES[endpoint][0] else {})

    def fields(self, endpoint: str) -> dict[str, str]:
        """A form that would be accepted, or nearly."""
        return {
            "sign_in": {"email": CAMILLE, "next": "/en/my-information"},
            "sign_in_code": {"code": "123456"},
            "confirm": {"code": "123456", "next": "/en/delete", "send": ""},
            "download": {"form_id": "f" * 24},
            "correct": _cell(self.built) | {"value": "Camille T.", "reason": "", "before": "x", "form_id": "f" * 24},
            "new_request": {"kind": "info", "message": "Hello", "form_id": "g" * 24, "email": CAMILLE},
            "consent": {"state": "withdrawn", "seen": "given", "form_id": "h" * 24},
            "account_language": {"language": "en"},
            "delete": {"confirm": "", "form_id": "i" * 24},
            "staff_decision": {"decision": "refused", "ground": "", "reason": "r", "provision": "p", "version": "1"},
            "staff_take_up": {"version": "77"},
            "send_mine": {"hint": "x", "form_id": "k" * 24},
            "staff_line": {"state": "nothing", "note": "n", "version": "77"},
            "staff_line_help": {"hint": "x"},
            "staff_request_new": {
                "name": "Rose",
                "postal": "8, rang du Lac\nQuébec",
                "language": "fr",
                "kind": "access",
                "message": "Tout",
                "received_on": "2026-11-20",
                "identity": "Permis",
                "form_id": "k" * 24,
            },
            "staff_letter": {"posted_on": "2026-01-01"},
            "staff_letter_kind": {"paragraph_fr": "a", "paragraph_en": "b", "version": "0"},
            "staff_colleagues": {"email": "new@example.org", "role": "agent", "language": "fr", "form_id": "j" * 24},
            "staff_colleague_role": {"role": "agent"},
            "staff_colleague_leave": {"heir": "1", "act": "hand_over"},
            "staff_policy_start": {"from": "starter"},
            "staff_policy_arrange": {"do": "add", "key": "collected", "version": PRESENT},
            "staff_policy_discard": {"version": PRESENT},
            "staff_policy_paste": {
                "fr": "1. Vos droits\n\nAccès.",
                "en": "",
                "fr_html": "<h1>Vos droits</h1><p>x</p>",
                "version": PRESENT,
            },
            "staff_policy_sections": {"fr_0": "rights", "fr_1": "-", "version": PRESENT},
            "staff_policy_section": {
                "title_fr": "a",
                "body_fr": "b",
                "title_en": "c",
                "body_en": "d",
                "do": "save",
                "version": PRESENT,
            },
            "staff_policy_publish": {
                "summary_fr": "a",
                "summary_en": "b",
                "kind": "wording",
                "day": "2026-12-01",
                "do": "publish",
                "version": PRESENT,
            },
        }.get(endpoint, {"anything": "x"})


def _cell(built: Built) -> dict[str, str]:
    portal = built.installation
    mapped = next(table for _, table in portal.data_map.tables() if str(table.name) == "service.accounts")
    key = identities_of(portal, CAMILLE).keys["service"]
    return {"table": "service.accounts", "row": row_token(portal, mapped, key), "field": "name"}


def a_world(built: Built) -> World:
    now = built.clock()
    with built.installation.database.writing() as store:
        other = store.people.ensure(MARGUERITE, language="fr", now=now)
        asked = Asked(Kind.ACCESS, "fr", Level.L2, "Bonjour")
        reference = open_request(built.installation, store, other, asked, form_id=None, now=now).reference
        agent = store.staff.by_address("agent@example.org")
        assert agent
        paper = enter(built.installation, store, agent, on_paper(built), form_id="p" * 24, now=now)
        letter_id = store.letters.of_request(paper.id)[0].id
    nobody, person, staff = (Visitor(built, "en") for _ in range(3))
    person.sign_in(CAMILLE)
    staff.sign_in(OFFICER)
    nobody.send("sign_in", {"email": "nobody.yet@example.org"})
    a_draft(built, pasted="Vos droits\n\nAccès.")
    return World(built, nobody, person, staff, reference, letter_id)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with story.on_sqlite(tmp_path) as built:
        yield a_world(built)


FORMS = sorted(endpoint for endpoint, (_, methods) in VIEWS.items() if "POST" in methods and endpoint != "sign_out")
PAGES = sorted(endpoint for endpoint, (_, methods) in VIEWS.items() if "GET" in methods)


@pytest.mark.parametrize("endpoint", FORMS)
def test_no_value_in_any_field_is_a_fault(world: World, endpoint: str) -> None:
    fields = world.fields(endpoint)
    for name in fields:
        for number, (payload, value) in enumerate(PAYLOADS.items()):
            answer = _post(world, endpoint, fields | {name: value}, number)
            _found_right(answer, f"{endpoint}.{name} {payload}")


@pytest.mark.parametrize("endpoint", FORMS)
def test_fields_missing_doubled_and_unknown_are_no_fault(world: World, endpoint: str) -> None:
    fields = world.fields(endpoint)
    for name in fields:
        without = {key: value for key, value in fields.items() if key != name}
        _found_right(_post(world, endpoint, without, 1), f"{endpoint} without {name}")
    doubled = MultiDict([(name, value) for name in fields for value in ("<b>", fields[name])])
    _found_right(_post(world, endpoint, doubled, 2), f"{endpoint} doubled")
    forged = {"status": "approved", "state": "closed", "user_id": "2", "person_id": "2", "is_staff": "1", "id[]": "1"}
    _found_right(_post(world, endpoint, forged | fields, 3), f"{endpoint} unknown fields")


@pytest.mark.parametrize("endpoint", PAGES)
def test_no_value_in_any_query_is_a_fault(world: World, endpoint: str) -> None:
    visitor, path = world.visitor(endpoint), _path(world, endpoint)
    for payload, value in PAYLOADS.items():
        if len(value) > 8_000:
            continue  # the server refuses such an address before anyone reads it
        begun = time.monotonic()
        query = dict.fromkeys(QUERIES, value) | (_cell(world.built) if endpoint == "correct" else {})
        answer = visitor.client.get(path, query_string=query, base_url=BASE)
        _found_right(answer, f"{endpoint}?{payload}")
        assert time.monotonic() - begun < SECONDS, payload


@pytest.mark.parametrize(
    "endpoint", ["requests", "category", "correct", "staff_requests", "staff_letters", "staff_audit"]
)
def test_no_value_in_one_query_alone_is_a_fault(world: World, endpoint: str) -> None:
    visitor, path = world.visitor(endpoint), _path(world, endpoint)
    for name in QUERIES:
        for payload, value in PAYLOADS.items():
            if len(value) < 8_000:
                answer = visitor.client.get(path, query_string={name: value}, base_url=BASE)
                assert answer.status_code < 500, (endpoint, name, payload)


@pytest.mark.parametrize("endpoint", sorted(name for name, slugs in ADDRESSES.items() if "<" in slugs[0]))
def test_no_value_in_any_address_is_a_fault(world: World, endpoint: str) -> None:
    visitor, method = world.visitor(endpoint), "GET" if "GET" in VIEWS[endpoint][1] else "POST"
    name = next(iter(world.arguments(endpoint)))
    path = _path(world, endpoint)
    existing = world.arguments(endpoint)[name]
    for payload, value in PAYLOADS.items():
        if len(value) > 8_000:
            continue
        changed = path.replace(existing, quote(value, safe=""))
        data = {"csrf_token": visitor.token()} if method == "POST" else None
        answer = visitor.client.open(changed, method=method, data=data, base_url=BASE)
        assert 300 <= answer.status_code < 500 or endpoint in {"sign_in_link"}, (endpoint, payload, answer.status_code)
        _found_right(answer, f"{endpoint}/{payload}")


@pytest.mark.parametrize(
    "cookie", ["", "x", "é", "\x00", ".eJw.x.y", "a" * 8_000, "portal=portal=;;", "eyJfdXNlcl9pZCI6MX0.x.y"]
)
def test_no_cookie_is_a_fault(world: World, cookie: str) -> None:
    client = world.built.app.test_client()
    for path, status in (("/en/my-information", 303), ("/en/sign-in", 200), ("/en/policy", 200)):
        answer = client.get(path, base_url=BASE, environ_overrides={"HTTP_COOKIE": f"portal={cookie}"})
        assert answer.status_code == status, (path, cookie[:20])


def test_a_message_is_kept_whole_or_refused_with_what_was_typed(world: World) -> None:
    for name in PAYLOADS:
        _send_message(world, name)


def _send_message(world: World, name: str) -> None:
    visitor, typed = world.person, PAYLOADS[name]
    form = visitor.visit("new_request").form()
    answer = _post(world, "new_request", form | {"kind": "info", "message": typed}, 1)
    if answer.status_code == 422:
        page = Page(answer, "en")
        shown = "".join(page.all("textarea")[0].itertext())
        assert len(shown) >= len(typed.strip()) - 4 or name.startswith("B-7")
        assert page.form("/new")["kind"] == "info"
        assert "#message" in page.links().values()
        return
    assert answer.status_code == 303, name
    with world.built.installation.database.reading() as store:
        found = store.requests.by_reference(answer.location.rsplit("/", 1)[1])
    assert found
    assert found.message
    assert _same(found.message, typed)
    page = visitor.open(answer.location)
    assert any(
        _same("".join(part.itertext()), typed) for tag in ("bdi", "p", "blockquote", "div") for part in page.all(tag)
    )
    if typed not in HOSTILE:
        return
    staff = world.staff.visit("staff_request", reference=found.reference)
    assert "<script>alert" not in staff.html
    letters = [letter for letter in world.built.mailbox() if letter["reference"] == found.reference]
    assert letters
    assert all(typed not in str(letter["text"]) for letter in letters if len(typed) > 3)


def test_a_correction_is_kept_whole_or_refused_with_what_was_typed(world: World) -> None:
    for name in PAYLOADS:
        _correct(world, name)


def test_databases_take_the_same_values(tmp_path: Path) -> None:
    with story.on_postgresql(tmp_path) as built:
        world = a_world(built)
        for endpoint in FORMS:
            for name in (fields := world.fields(endpoint)):
                for number, (payload, value) in enumerate(FEW.items()):
                    answer = _post(world, endpoint, fields | {name: value}, number)
                    assert answer.status_code < 500, (endpoint, name, payload)
        for endpoint in ("requests", "category", "sign_in", "staff_requests", "staff_letters", "staff_audit"):
            for payload, value in FEW.items():
                answer = world.visitor(endpoint).client.get(
                    _path(world, endpoint), query_string=dict.fromkeys(QUERIES, value), base_url=BASE
                )
                assert answer.status_code < 500, (endpoint, payload)
        for name in FEW:
            _send_message(world, name)
            _correct(world, name)


def _correct(world: World, name: str) -> None:
    visitor, typed = world.person, PAYLOADS[name]
    form = visitor.open(f"{visitor.address('correct', category='account')}?{_query(_cell(world.built))}").form(
        "/correct"
    )
    answer = _post(world, "correct", form | {"value": typed}, 1)
    if answer.status_code == 422:
        assert "#value" in Page(answer, "en").links().values()
        return
    assert answer.status_code == 303, name
    check_page(visitor.open(answer.location))
    again = visitor.open(f"{visitor.address('correct', category='account')}?" + _query(_cell(world.built)))
    assert _same(again.form("/correct")["before"], typed)


def _post(world: World, endpoint: str, fields: Mapping[str, str] | MultiDict[str, str], number: int) -> TestResponse:
    """Send a form as from another network each time: what is asked here is not how many may come."""
    visitor = world.visitor(endpoint)
    data: MultiDict[str, str] = MultiDict(fields)
    data["csrf_token"] = world.token(visitor)
    if data.get("version") == PRESENT:
        draft = draft_of(world.built)
        data["version"] = str(draft.version if draft else 0)
    begun = time.monotonic()
    answer: TestResponse = visitor.client.post(
        _path(world, endpoint),
        data=data,
        base_url=BASE,
        environ_overrides={"REMOTE_ADDR": f"198.51.100.{number}"},
    )
    assert time.monotonic() - begun < SECONDS
    assert answer.status_code != 400, "the token was refused, so nothing else was looked at"
    return answer


def _path(world: World, endpoint: str) -> str:
    return world.visitor(endpoint).address(endpoint, "en", **world.arguments(endpoint))


def _found_right(answer: TestResponse, what: str) -> None:
    assert answer.status_code < 500, (what, answer.status_code)
    check_headers(answer)
    assert "x.example" not in (answer.location or ""), what
    if answer.mimetype == "text/html" and answer.status_code != 303:
        html = answer.get_data(as_text=True)
        assert "<script>alert" not in html, what
        try:
            if len(html) < 60_000 and _shape(html) not in SEEN:
                check_page(Page(answer, "en"))
                SEEN.add(_shape(html))
        except (AssertionError, ParseError) as error:
            raise AssertionError(what) from error


SEEN: set[int] = set()
"""Pages found right already, but for what differs at every showing."""


def _shape(html: str) -> int:
    return hash(re.sub(r'name="(?:csrf_token|form_id)" value="[^"]*"', "", html))


def _same(kept: str, typed: str) -> bool:
    """Whether a text is the one typed, but for spaces around, line ends and composition."""
    return _plain(kept) == _plain(typed)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()


def _query(fields: dict[str, str]) -> str:
    return urlencode(fields)
