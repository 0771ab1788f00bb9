"""A service that lies is not believed: nothing comes of it but the protocol, and one value it cannot say harms no other."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.domain.data_map import Retention
from portal.domain.periods import period
from portal.sources.base import UNREADABLE, Batch, SourceRefused, SourceUnavailable
from portal.sources.http import HttpSource
from tests.sources.dated_contract import days
from tests.sources.invented_service import ACCOUNTS, CAMILLE, INVOICES, NOW, PEOPLE, REQUESTS, column, consent
from tests.sources.rogue import Rogue, answer, misbehaving, saying
from tests.sources.serving import asked_at


def test_one_value_that_cannot_be_read_is_said_of_that_value_alone() -> None:
    cells = [
        {"instant": "yesterday"},
        {"date": "0000-00-00"},
        [1],
        1e400,
        2**70,
        {"bytes": "?"},
        {"decimal": "1e9"},
        {},
    ]
    for cell in [*cells, "half \ud800"]:
        row = {"id": 1, "account_id": 1, "requested_at": cell, "ip": "203.0.113.1", "path": "/", "more": "dropped"}
        written = json.dumps({"rows": [row], "next": None}).replace("Infinity", "1e400").encode()
        with misbehaving(saying(answer(written))) as rogue:
            source = asked_at(rogue.port)
            (read,) = source.page(REQUESTS, CAMILLE, after=None, limit=5).rows
            source.close()
        assert read == {"id": 1, "account_id": 1, "requested_at": UNREADABLE, "ip": "203.0.113.1", "path": "/"}


@pytest.mark.parametrize(
    ("told", "found"),
    [("Mike@Example.org", [(7,)]), ("m\u0131ke@example.org", []), ("mike@example.com", []), (None, []), (5, [])],
)
def test_whom_a_service_proposes_is_compared_again(told: object, found: list[Any]) -> None:
    proposed = answer(json.dumps({"people": [{"key": [7], "addresses": [told]}]}).encode())
    with misbehaving(saying(proposed)) as rogue:
        source = asked_at(rogue.port)
        assert list(source.people_matching(PEOPLE, "mike@example.org")) == found
        source.close()


def test_what_is_only_said_to_be_held_is_never_shown_whatever_the_service_tells() -> None:
    table = replace(ACCOUNTS, columns=(column("password_hash", show="held"),))
    with misbehaving(saying(answer(b'{"row": {"id": 1, "password_hash": "scrypt$secret"}}'))) as rogue:
        source = asked_at(rogue.port)
        assert source.row(table, CAMILLE, CAMILLE) == {"id": 1, "password_hash": True}
        source.close()


A_DAY = days("2026-01-02", "2026-01-02")


@pytest.mark.parametrize(
    ("cell", "believed"),
    [
        ({"instant": "2026-01-02T05:00:00Z"}, True),
        ({"instant": "2026-01-02T04:59:59.999999Z"}, False),
        ({"instant": "2026-01-03T05:00:00Z"}, False),
        ({"date": "2026-01-02"}, True),
        ({"date": "2026-01-03"}, False),
        ({"unreadable": True}, True),
    ],
)
def test_a_service_that_takes_no_heed_of_the_days_is_not_shown_as_if_it_did(cell: object, believed: bool) -> None:
    row = {"id": 1, "account_id": 1, "requested_at": cell, "ip": "203.0.113.1", "path": "/"}
    with misbehaving(saying(answer(json.dumps({"rows": [row], "next": None}).encode()))) as rogue:
        source = asked_at(rogue.port)
        for read in (
            lambda: source.page(REQUESTS, CAMILLE, after=None, limit=5, within=A_DAY).rows,
            lambda: list(source.chunks(REQUESTS, CAMILLE, within=A_DAY)),
        ):
            if believed:
                assert len(read()) == 1
            else:
                with pytest.raises(SourceUnavailable, match="other days than those asked for"):
                    read()
        assert len(source.page(REQUESTS, CAMILLE, after=None, limit=5).rows) == 1
        source.close()


def test_a_service_in_which_no_days_can_be_chosen_may_say_so() -> None:
    refusal = b"HTTP/1.1 501 X\r\nContent-Type: application/json\r\n"
    with misbehaving(saying(answer(b'{"error": "unsupported"}', refusal))) as rogue:
        source = asked_at(rogue.port)
        assert source.dates(REQUESTS, CAMILLE, bound=5) is None
        source.close()


OUTLIVED = {"before": NOW, "bound": 9, "now": NOW}
EVERY: dict[str, Callable[[HttpSource], Any]] = {
    "describe": lambda source: source.describe(),
    "people_matching": lambda source: source.people_matching(PEOPLE, "camille@example.org"),
    "language_of": lambda source: source.language_of(PEOPLE, CAMILLE),
    "people_page": lambda source: source.people_page(PEOPLE, after=None, limit=5),
    "page": lambda source: source.page(REQUESTS, CAMILLE, after=None, limit=5),
    "chunks": lambda source: next(source.chunks(REQUESTS, CAMILLE), None),
    "row": lambda source: source.row(REQUESTS, CAMILLE, (1,)),
    "counts": lambda source: source.counts([REQUESTS, ACCOUNTS], CAMILLE, bound=5),
    "page of days": lambda source: source.page(REQUESTS, CAMILLE, after=None, limit=5, within=A_DAY),
    "dates": lambda source: source.dates(REQUESTS, CAMILLE, bound=5),
    "correct": lambda source: source.correct(ACCOUNTS, CAMILLE, CAMILLE, "order", before="a", value="b"),
    "read_consent": lambda source: source.read_consent(consent("news_ok", 1, 0), PEOPLE, CAMILLE),
    "write_consent": lambda source: source.write_consent(consent("news_ok", 1, 0), PEOPLE, CAMILLE, given=True),
    "count_erasable": lambda source: source.count_erasable(REQUESTS, CAMILLE, now=NOW),
    "count_held": lambda source: source.count_held(INVOICES, CAMILLE, now=NOW),
    "count_outlived": lambda source: source.count_outlived(_with_retention(), **OUTLIVED),
    "next_batch": lambda source: source.next_batch(REQUESTS, CAMILLE, after=None, limit=5, now=NOW),
    "erase": lambda source: source.erase(REQUESTS, CAMILLE, Batch((1,), (5,), 5), now=NOW),
    "accesses": lambda source: source.accesses(PEOPLE, CAMILLE, None, after=None, limit=5),
}
NAMES = [
    "version",
    "tables",
    "name",
    "schema",
    "columns",
    "people",
    "key",
    "addresses",
    "language",
    "rows",
    "next",
    "row",
    "counts",
    "dates",
    "oldest",
    "newest",
    "undated",
    "present",
    "given",
    "count",
    "until",
    "batch",
    "first",
    "last",
    "changed",
    "accesses",
    "role",
    "at",
    "why",
    "error",
    "reason",
    "limit",
]
FINDS_A_ROW = ("correct", "write_consent")
LEAVES = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=5)
TAGGED = st.dictionaries(st.sampled_from(["int", "decimal", "instant", "date", "bytes", "x"]), LEAVES, max_size=2)
ANYTHING = st.recursive(
    LEAVES | TAGGED,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)
STATUS = st.sampled_from(["200", "400", "404", "409", "422", "501"])
ERROR = st.sampled_from(["bad_place", "no_row", "changed", "refused", "unsupported", "x"])


def _with_retention() -> Any:
    return replace(INVOICES, retention=Retention("issued_at", period("P1Y")))


@pytest.mark.parametrize("name", EVERY)
def test_whatever_a_service_says_nothing_but_the_protocol_comes_of_it(name: str) -> None:
    """Lies of any shape: an answer, or one of the exceptions that every caller expects."""
    said = [b""]

    def manner(line: socket.socket, rogue: Rogue) -> None:
        while rogue.read(line):
            line.sendall(said[0])

    with misbehaving(manner) as rogue:
        source = asked_at(rogue.port)

        @settings(max_examples=40, suppress_health_check=list(HealthCheck))
        @given(STATUS, ERROR, st.dictionaries(st.sampled_from(NAMES), ANYTHING))
        def lies(status: str, error: str, told: dict[str, Any]) -> None:
            body = json.dumps({"error": error} | told).encode()
            said[0] = answer(body, f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n".encode())
            with suppress(SourceUnavailable, SourceRefused, *([LookupError] if name in FINDS_A_ROW else [])):
                EVERY[name](source)

        lies()
        source.close()
