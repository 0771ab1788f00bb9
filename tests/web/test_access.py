"""Who may open what: every view against every kind of visitor, every form without its token, every GET without a trace."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

import pytest

from portal.domain.rights import Kind as AskedKind
from portal.domain.rights import Level, Role
from portal.services.rights import Asked, open_request
from portal.web.access import Kind, rule_of
from portal.web.languages import ADDRESSES
from portal.web.views import VIEWS
from tests.client import BASE, Visitor
from tests.installation import CAMILLE, EMILY, Built, an_installation
from tests.services.telling import a_change, drafted
from tests.web.addresses import OF_GOVERNANCE
from tests.web.register_visits import figures_for_everybody, written_in_registers

WHO = {"nobody": "", "person": CAMILLE, **{role.value: f"{role.value}@example.org" for role in Role}}
WRITTEN_BY_A_GET = {"sessions", "audit", "counts"}
"""The three writes a GET may make: last-seen, the who-looked line, counters (design §2.3)."""


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path, by_hand=True)


NOT_THERE = {
    "correct",
    "other_address_code",
    "request_calendar",
    "request_comments",
    "request_messages",
    "request_page",
    "resume",
    "sign_in_code",
    "staff_capacity",
    "staff_letter",
    "staff_letter_paper",
}
"""Pages of something that is not there, or not theirs."""


def arguments_of(built: Built) -> dict[str, dict[str, str]]:
    """What each address with a name in it is opened with: a request of somebody else's, and things that exist."""
    now = built.clock()
    with built.installation.database.writing() as store:
        other = store.people.ensure(EMILY, language="en", now=now)
        request = open_request(
            built.installation, store, other, Asked(AskedKind.ACCESS, "en", Level.L2, "Hello"), form_id=None, now=now
        )
        agent = store.staff.by_address("agent@example.org")
        assert agent
        disclosure, incident = map(str, written_in_registers(store, agent, now))
    figures_for_everybody(built)
    reference = {"reference": request.reference}
    return {
        "policy_version": {"version_id": "2025-02-25"},
        **{name: {"version_id": "2025-02-25"} for name in ("policy_markdown", "policy_plain", "policy_data")},
        "policy_comparison": {"pair": "2025-02-25..2026-06-15"},
        "sign_in_link": {"token": "x" * 43},
        "staff_due_calendar": {"token": "x" * 43},
        "category": {"category": "account"},
        "correct": {"category": "account"},
        "consent": {"purpose": "news"},
        "request_page": reference,
        "request_messages": reference,
        "request_comments": reference,
        "take_back": reference,
        "request_calendar": reference,
        "staff_request_calendar": reference,
        "staff_request": reference,
        "staff_request_file": reference,
        "staff_take_up": reference,
        "staff_identity": reference,
        "staff_capacity": reference,
        "staff_same": reference,
        "staff_decision": reference,
        "staff_act": reference | {"act": "apply"},
        "staff_delegation": {"member": "2"},
        "follow_code": reference,
        "staff_follow_code": reference,
        "staff_messages": reference,
        "staff_go_on": reference,
        "send_mine": {"category": "paper"},
        "given_file": reference | {"number": "1"},
        "keeper": {"token": "x" * 43},
        "staff_line": reference | {"number": "1"},
        "staff_line_help": reference | {"number": "1"},
        "staff_file": reference | {"number": "1"},
        "end_session": {"session_id": "999999"},
        "other_address_remove": {"number": "999999"},
        **{name: {"member": "2"} for name in ADDRESSES if name.startswith("staff_colleague_")},
        "staff_colleague": {"member": "2"},
        "staff_disclosure": {"number": disclosure},
        "staff_incident": {"number": incident},
        **{name: {"register": "requests"} for name in ("staff_register_csv", "staff_register_data")},
        "staff_letter": {"letter_id": "1"},
        "staff_letter_paper": {"letter_id": "1"},
        "staff_letter_sample": {"kind": "outcome_refused"},
        "staff_settings_category": {"category": "usage"},
        "staff_settings_purpose": {"purpose": "improve"},
        "staff_letter_kind": {"kind": "outcome_refused"},
        "staff_policy_section": {"key": "collected"},
        **OF_GOVERNANCE,
        "staff_notice": {"number": str(drafted(built.installation, a_change(built.installation)).id)},
    }


@pytest.mark.parametrize("who", WHO)
def test_nobody_opens_what_is_not_for_them(built: Built, who: str) -> None:
    arguments = arguments_of(built)
    visitor = Visitor(built, "en")
    if WHO[who]:
        visitor.sign_in(WHO[who])
    for endpoint, (view, methods) in VIEWS.items():
        rule = rule_of(view)
        assert rule
        if "GET" not in methods:
            continue
        path = visitor.address(endpoint, **arguments.get(endpoint, {}))
        status = visitor.client.get(path, base_url=BASE).status_code
        assert status in _expected(rule.kind, rule.roles, who, endpoint), (endpoint, who, status)


@pytest.mark.parametrize("who", WHO)
def test_no_form_is_taken_without_its_token(built: Built, who: str) -> None:
    arguments = arguments_of(built)
    visitor = Visitor(built, "en")
    if WHO[who]:
        visitor.sign_in(WHO[who])
    built.work()
    before = _digests(built)
    for endpoint, (_view, methods) in VIEWS.items():
        if "POST" not in methods:
            continue
        path = visitor.address(endpoint, **arguments.get(endpoint, {}))
        for token in ({}, {"csrf_token": "x"}):
            answer = visitor.client.post(path, data={"confirm": "yes", **token}, base_url=BASE)
            assert answer.status_code in {400, 401, 403, 404}, (endpoint, who, answer.status_code)
    after = _digests(built)
    changed = {table for table in after if after[table] != before.get(table)}
    assert changed <= WRITTEN_BY_A_GET | {"kept_texts"}


@pytest.mark.parametrize("who", WHO)
def test_a_get_changes_nothing(built: Built, who: str) -> None:
    arguments = arguments_of(built)
    visitor = Visitor(built)
    if WHO[who]:
        visitor.sign_in(WHO[who])
    built.work()
    before = _digests(built)
    for endpoint in ADDRESSES:
        path = visitor.address(endpoint, **arguments.get(endpoint, {}))
        for method in ("GET", "HEAD"):
            answer = visitor.client.open(path, method=method, base_url=BASE)
            assert answer.status_code < 500, (endpoint, answer.status_code)
    after = _digests(built)
    assert {table for table in after if after[table] != before[table]} <= WRITTEN_BY_A_GET


def test_somebody_elses_request_looks_like_none(built: Built) -> None:
    reference = arguments_of(built)["request_page"]["reference"]
    visitor = Visitor(built)
    visitor.sign_in(CAMILLE)
    theirs = visitor.visit("request_page", reference=reference, status=404)
    none = visitor.visit("request_page", reference="R-0000-0000-0000", status=404)
    assert theirs.text() == none.text()
    refused = visitor.send("take_back", {}, reference=reference, status=404)
    assert refused.status == 404  # type: ignore[union-attr]  # a page


def _expected(kind: Kind, roles: frozenset[Role], who: str, endpoint: str) -> set[int]:
    found = {200, 302, 303, 404} if endpoint in NOT_THERE else {200, 302}
    if kind in {Kind.READING, Kind.OPEN_FORM}:
        return found | {303}
    if kind is Kind.TOKEN:
        return {404} if endpoint == "staff_due_calendar" else {410}
    if kind is Kind.STAFF:
        if who == "nobody":
            return {303}
        if who == "person":
            return {404}
        if endpoint == "staff_act" and who == "agent":
            return {403}  # an application for more time is the officer's: the page itself says so
        return found if Role(who) in roles else {403}
    signed_in = who != "nobody" if kind is Kind.SIGNED_IN else who == "person"
    return found if signed_in else {303}


def _digests(built: Built) -> dict[str, str]:
    connection = sqlite3.connect(built.folder / "portal.db")
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {
        table: hashlib.sha256(repr(connection.execute(f"SELECT * FROM {table}").fetchall()).encode()).hexdigest()
        for table in tables
    }
