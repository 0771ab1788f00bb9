"""Every kind of bad value in every field of every form and in every address: refused in words or kept whole, never a fault.

The numbers in payload names are the rows of the bad-input matrix (docs/security-rows.md).
"""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from html5lib.html5parser import ParseError
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from portal.web.languages import ADDRESSES
from portal.web.views import VIEWS
from tests.client import BASE, Page, check_headers, check_page
from tests.journeys import story
from tests.services.drafts import draft_of
from tests.web.bad_values import FEW, HOSTILE, PAYLOADS, QUERIES
from tests.web.world import PRESENT, World, a_cell, a_world

SECONDS = 5
"""Each answer comes far sooner; a shared machine may be slow, a runaway pattern would take minutes."""


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
        query = dict.fromkeys(QUERIES, value) | (a_cell(world.built) if endpoint == "correct" else {})
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
        shown = "".join(page.all("textarea", name="message")[0].itertext())
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
    form = visitor.open(f"{visitor.address('correct', category='account')}?{_query(a_cell(world.built))}").form(
        "/correct"
    )
    answer = _post(world, "correct", form | {"value": typed}, 1)
    if answer.status_code == 422:
        assert "#value" in Page(answer, "en").links().values()
        return
    assert answer.status_code == 303, name
    check_page(visitor.open(answer.location))
    again = visitor.open(f"{visitor.address('correct', category='account')}?" + _query(a_cell(world.built)))
    assert _same(again.form("/correct")["before"], typed)


def _post(world: World, endpoint: str, fields: Mapping[str, str] | MultiDict[str, str], number: int) -> TestResponse:
    """Send a form as from another network each time: what is asked here is not how many may come."""
    visitor = world.visitor(endpoint)
    data: MultiDict[str, str] = MultiDict(fields)
    data["csrf_token"] = world.token(visitor)
    if data.get("version") == PRESENT:
        draft = draft_of(world.built, "governance" if "governance" in endpoint else "privacy")
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
    if answer.mimetype == "text/html" and answer.status_code not in {302, 303}:
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
