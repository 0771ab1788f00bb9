"""The chain of the erasure ledger: whatever is changed, taken out or put in is found; nothing personal is in it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.keys import Keys
from portal.domain.ledger import (
    USE,
    Begun,
    Erased,
    Erasing,
    Fact,
    KeyMissing,
    LedgerBroken,
    Replayed,
    RequestNoted,
    follow_on,
    hash_of_address,
    hash_of_person,
    keys_by_id,
    number_of,
    proved,
    read,
)

NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
KEYS = Keys(b"k" * 32)
KEY = KEYS.for_(USE)
FACTS: list[Fact] = [
    Begun("a" * 32),
    RequestNoted("R-7F3K-9QXM-2T4W", "deletion", NOW, date(2026, 12, 23)),
    Erasing("R-7F3K-9QXM-2T4W", "service", "account", "service.accounts", "delete", "p" * 64, "a" * 64),
    Erased("R-7F3K-9QXM-2T4W", "service", "service.accounts", "delete", "p" * 64, 3, 1, NOW),
    Erased("R-7F3K-9QXM-2T4W", "service", "service.devices", "columns", "p" * 64, 0, 0, None),
    Replayed("R-7F3K-9QXM-2T4W", "service", "service.accounts", "p" * 64, 2),
]
LINES = follow_on(FACTS, None, key=KEY, at=NOW)


def test_what_was_recorded_is_read_back() -> None:
    entries = list(proved(LINES, keys_by_id(KEYS)))
    assert [entry.fact for entry in entries] == FACTS
    assert [entry.number for entry in entries] == [number_of(line) for line in LINES] == [1, 2, 3, 4, 5, 6]
    assert {entry.at for entry in entries} == {NOW}


def test_more_follows_on_what_is_there() -> None:
    first = follow_on(FACTS[:2], None, key=KEY, at=NOW)
    then = follow_on(FACTS[2:], read(first[-1]).head, key=KEY, at=NOW)
    assert first + then == LINES
    assert len(list(proved(then, keys_by_id(KEYS), after=read(first[-1]).head))) == 4


def test_every_character_counts() -> None:
    """Each digit and letter of each line is changed in turn: no change passes for what was written."""
    keys = keys_by_id(KEYS)
    for place, line in enumerate(LINES):
        for at, present in enumerate(line):
            if not present.isalnum():
                continue
            other = line[:at] + ("7" if present != "7" else "8") + line[at + 1 :]
            with pytest.raises((LedgerBroken, KeyMissing)):
                list(proved([*LINES[:place], other, *LINES[place + 1 :]], keys))


@given(st.data())
def test_an_entry_taken_out_moved_or_written_twice_is_found(data: st.DataObject) -> None:
    order = data.draw(st.lists(st.integers(0, len(LINES) - 1), min_size=1, max_size=8))
    if order == list(range(len(order))):
        return
    with pytest.raises(LedgerBroken):
        list(proved([LINES[place] for place in order], keys_by_id(KEYS)))


@given(st.text(max_size=60))
def test_what_is_no_entry_is_refused(text: str) -> None:
    with pytest.raises(LedgerBroken):
        list(proved([text], keys_by_id(KEYS)))


@pytest.mark.parametrize("said", ["[]", "null", "1", '"a"', "{}", '{"number":1,"kind":"begun","fact":[]}'])
def test_json_that_is_no_entry_is_refused(said: str) -> None:
    with pytest.raises(LedgerBroken):
        list(proved([said], keys_by_id(KEYS)))


def test_somebody_without_the_key_can_add_nothing() -> None:
    forged = follow_on([FACTS[2]], read(LINES[-1]).head, key=b"another key", at=NOW)
    told = json.loads(forged[0])
    told["key"] = read(LINES[0]).key_id
    with pytest.raises(LedgerBroken):
        list(proved([*LINES, json.dumps(told, separators=(",", ":"))], keys_by_id(KEYS)))


def test_entries_of_an_older_secret_are_proved_while_it_is_kept_and_named_when_it_is_not() -> None:
    newer = Keys(b"n" * 32, (KEYS.current,))
    more = follow_on([FACTS[2]], read(LINES[-1]).head, key=newer.for_(USE), at=NOW)
    assert len(list(proved([*LINES, *more], keys_by_id(newer)))) == len(LINES) + 1
    with pytest.raises(KeyMissing) as missing:
        list(proved([*LINES, *more], keys_by_id(Keys(newer.current))))
    assert missing.value.number == 1


def test_people_are_told_apart_by_their_source_and_key_alone() -> None:
    told = {
        hash_of_person(KEY, "service", ("1",)),
        hash_of_person(KEY, "service", (1,)),
        hash_of_person(KEY, "shop", (1,)),
        hash_of_person(KEY, "service", (1, None)),
        hash_of_person(b"another key", "service", (1,)),
        hash_of_address(KEY, "camille@example.org"),
    }
    assert len(told) == 6


@pytest.mark.parametrize(
    "line",
    ["[" * 100_000, LINES[0].replace('"number":1,', '"number":1e999,'), "null", "5", '"x"', "\udcff", '{"kind":{}}'],
)
def test_a_line_that_no_entry_could_be_breaks_the_chain_and_nothing_else(line: str) -> None:
    with pytest.raises(LedgerBroken):
        list(proved([line], keys_by_id(KEYS)))
