"""Bad values in every page of settings: refused in words, or kept and shown as text everywhere, never a fault."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import cycle
from pathlib import Path

import pytest
from html5lib.html5parser import ParseError
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.client import BASE, Page, Visitor, check_headers, check_page
from tests.installation import Built, an_installation
from tests.services import fresh_postgresql
from tests.web.bad_values import FEW, PAYLOADS
from tests.web.settings_visits import fields_of, officer, rows

VALID: dict[str, dict[str, str]] = {
    "staff_settings_contact": {
        "email": "new@example.org",
        "backup": "",
        "delegated_on": "",
        "away_from": "",
        "away_to": "",
    },
    "staff_settings_category": {
        "purposes": "improve",
        "keep0_number": "13",
        "keep0_unit": "M",
        "purpose_basis": "contract",
    },
    "staff_settings_category_new": {
        "keeper": "k@example.org",
        "origin": "given",
        "purposes": "improve",
        "purpose_basis": "contract",
    },
    "staff_settings_purpose": {"basis": "consent"},
    "staff_settings_purpose_new": {"basis": "contract"},
    "staff_settings_holidays": {"day_0": "2026-12-24", "day_1": "2026-12-25", "day_2": "2026-12-28"},
    "staff_settings_replies": {},
    "staff_settings_look": {"accent": "#0f5450"},
    "staff_settings_reminders": {"days": "10, 5", "backup": "5", "unopened": "3"},
    "staff_letter_kind": {},
}
"""For each page, what its fields that are no free text hold so that it may be saved."""

ARGUMENTS = {
    "staff_settings_category": {"category": "usage"},
    "staff_settings_purpose": {"purpose": "improve"},
    "staff_letter_kind": {"kind": "outcome_refused"},
}
KEYS = {
    "staff_settings_contact": "contact",
    "staff_settings_category": "cat:usage",
    "staff_settings_purpose": "pur:improve",
    "staff_settings_holidays": "holidays",
    "staff_settings_replies": "replies",
    "staff_settings_look": "look",
    "staff_settings_reminders": "reminders",
    "staff_letter_kind": "let:outcome_refused",
}

TRIED = [
    name
    for name in PAYLOADS
    if name.startswith(
        ("B-2 zero", "B-3", "B-4", "B-5", "B-9", "B-10", "B-12 form", "B-13 drive", "B-16", "B-23 endless")
    )
    or name in {"B-6 ten thousand", "B-24 just too large", "B-27 date", "noncharacter", "line separators"}
]
"""One of each kind; the pages they come back on are long."""

NETWORKS = cycle(range(250))
"""Where each form comes from: what is asked here is not how many may come."""

LONGEST_READ = 40_000
"""Bytes of a page read strictly; a longer one repeats a value many times over, and reading it takes seconds."""

NO_FREE_TEXT = {"staff_settings_look", "staff_settings_reminders"}
"""Settings of which no word is free."""

NOT_TYPED = {"csrf_token", "version", "confirmed"}
SHOWN = ("home", "contact", "rights", "staff_settings")


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path, by_hand=True)


@pytest.mark.parametrize("endpoint", VALID)
def test_no_value_of_a_setting_is_a_fault(built: Built, endpoint: str) -> None:
    visitor = officer(built, "en")
    form = _form(visitor, endpoint)
    for payload in TRIED:
        _try(visitor, endpoint, form, payload)
    kept = _shown(visitor, endpoint)
    assert ("&lt;script&gt;alert" in kept) is (endpoint not in NO_FREE_TEXT), "kept, and shown as text"
    for text in ("<script>alert", "<img src=x", "<svg/onload"):
        assert text not in kept


def test_databases_take_the_same_settings(tmp_path: Path) -> None:
    with fresh_postgresql() as url:
        built = an_installation(tmp_path, by_hand=True, database_url=url.render_as_string(hide_password=False))
        visitor = officer(built, "en")
        built.app.testing = False  # a fault is a page with 500, as people would see it
        for endpoint in VALID:
            form = _form(visitor, endpoint)
            for payload in FEW:
                _try(visitor, endpoint, form, payload)
        _undo_what_is_no_setting(visitor)
        built.installation.database.close()


def test_what_is_no_setting_is_not_undone(built: Built) -> None:
    _undo_what_is_no_setting(officer(built, "en"))
    for key in ("cat:nothing", "let:nothing", "pur:"):
        assert not rows(built, key)


def test_fields_that_are_not_asked_change_nothing(built: Built) -> None:
    visitor = officer(built, "en")
    form = _form(visitor, "staff_settings_category")
    forged = {"keeper": "thief@example.org", "system_fr": "x", "system_en": "x", "sensitive": "y", "origin": "given"}
    before = rows(built, "cat:usage")[0].value
    form |= forged | {"id": "account", "tables": "x", "staff_id": "2", "label_en": "Calls"}
    assert _send(visitor, "staff_settings_category", form).status_code == 303
    assert rows(built, "cat:usage")[0].value == before | {"label": before["label"] | {"en": "Calls"}}


def _try(visitor: Visitor, endpoint: str, form: Mapping[str, object], payload: str) -> None:
    """The value in every field, then in the free texts alone, so that it is refused once and, if it may be, kept once."""
    typed = {name: PAYLOADS[payload] for name in form if name not in NOT_TYPED}
    for valid in ({}, VALID[endpoint]):
        present = rows(visitor.built, KEYS.get(endpoint, ""))
        version = str(present[0].id if present else 0)
        answer = _send(visitor, endpoint, {**form, **typed, **valid, "version": version})
        _found_right(answer, f"{endpoint} {payload}")


def _form(visitor: Visitor, endpoint: str) -> dict[str, str]:
    address = visitor.address(endpoint, **ARGUMENTS.get(endpoint, {}))
    page = Page(visitor.client.get(address, base_url=BASE), "en")
    assert page.status == 200
    return fields_of(page, address)


def _send(visitor: Visitor, endpoint: str, form: Mapping[str, object]) -> TestResponse:
    several = MultiDict(
        [(name, one) for name, value in form.items() for one in (value if isinstance(value, list) else [value])]
    )
    address = visitor.address(endpoint, **ARGUMENTS.get(endpoint, {}))
    network = {"REMOTE_ADDR": f"198.51.100.{next(NETWORKS)}"}
    answer: TestResponse = visitor.client.post(address, data=several, base_url=BASE, environ_overrides=network)
    return answer


def _shown(visitor: Visitor, endpoint: str) -> str:
    """Every page that shows what is set."""
    pages = [visitor.open(visitor.address(name)) for name in SHOWN]
    pages.append(visitor.open(visitor.address(endpoint, **ARGUMENTS.get(endpoint, {}))))
    return "".join(page.html for page in pages)


def _undo_what_is_no_setting(visitor: Visitor) -> None:
    for key in (
        "cat:nothing",
        "let:nothing",
        "pur:",
        "cat:" + "x" * 200,
        "cat:a\x00b",
        "cat:\U0010ffff",
        "",
        "nothing",
    ):
        for row in ("file", "1", "-1", "9" * 400):
            visitor.send("staff_settings_undo", {"key": key, "row": row, "version": "0"}, status=404)


def _found_right(answer: TestResponse, what: str) -> None:
    assert answer.status_code in {303, 409, 413, 422}, (what, answer.status_code, answer.location)
    check_headers(answer)
    if answer.status_code != 303 and len(answer.get_data()) < LONGEST_READ:
        try:
            check_page(Page(answer, "en"))
        except (AssertionError, ParseError) as error:
            raise AssertionError(what) from error
