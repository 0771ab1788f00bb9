"""Rows in data files: whatever a cell holds, the file can be read back and no spreadsheet obeys it."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.copies.rows import csv_lines, json_rows
from portal.domain.spreadsheets import FORMULAS
from portal.sources.base import UNREADABLE

ANYTHING = st.one_of(
    st.none(),
    st.text(),
    st.text(alphabet="=+-@\t\r\n\"',;＝＋－＠\x00\ud800 a0"),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
    st.datetimes(timezones=st.sampled_from([timezone(timedelta(hours=-5))])),
    st.binary(),
    st.just(UNREADABLE),
)
ROWS = st.lists(st.tuples(ANYTHING, ANYTHING), min_size=1, max_size=12)
TEXTS = st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"])), min_size=1, max_size=12)


def read_back(written: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(written.decode(), newline="")))


def one(value: object) -> str:
    return read_back(csv_lines([(value,)], {}, "Not readable"))[0][0]


@given(ROWS)
def test_any_row_gives_one_line_with_as_many_cells(rows: list[tuple[object, ...]]) -> None:
    lines = read_back(csv_lines(rows, {}, "Not readable"))
    assert [len(line) for line in lines] == [2] * len(rows)


@pytest.mark.parametrize("number", [2**53, -(2**53), 2**63 - 1, 2**70, Decimal("1234567890.123456789")])
def test_a_number_that_spreadsheets_round_is_text_in_both_files(number: int | Decimal) -> None:
    assert csv_lines([(number, 7)], {}, "Not readable") == f'"{number}",7\r\n'.encode()
    assert json.loads(b"[" + json_rows([(number, 7)]) + b"]") == [[str(number), 7]]


@pytest.mark.parametrize("number", [0, -1, 2**53 - 1, 1 - 2**53])
def test_a_number_that_every_program_keeps_is_a_number_in_both_files(number: int) -> None:
    assert csv_lines([(number, 7)], {}, "Not readable") == f"{number},7\r\n".encode()
    assert json.loads(b"[" + json_rows([(number, 7)]) + b"]") == [[number, 7]]


@given(ROWS)
def test_no_cell_of_text_begins_a_formula(rows: list[tuple[object, ...]]) -> None:
    lines = read_back(csv_lines(rows, {}, "Not readable"))
    for row, line in zip(rows, lines, strict=True):
        for value, cell in zip(row, line, strict=True):
            if isinstance(value, str):
                assert cell[:1] not in FORMULAS or cell.removeprefix("-").replace(",", ".").replace(".", "").isdigit()


@given(TEXTS)
def test_text_comes_back_but_for_the_apostrophe_and_nul(texts: list[str]) -> None:
    cells = [line[0] for line in read_back(csv_lines([(text,) for text in texts], {}, "?"))]
    for text, cell in zip(texts, cells, strict=True):
        plain = text.replace("\x00", "\N{REPLACEMENT CHARACTER}")
        assert cell in {plain, f"'{plain}"}
        assert (cell == plain) or text.lstrip("'")[0] in FORMULAS


@given(st.lists(st.text(alphabet="'=+-@\t\r\n\",;＝＋－＠ a05"), min_size=1, max_size=12))
def test_without_one_apostrophe_before_a_formula_every_text_is_itself_again(texts: list[str]) -> None:
    cells = [line[0] for line in read_back(csv_lines([(text, 1) for text in texts], {}, "?"))]
    assert [cell[1:] if re.match("'+[=+\\-@\t\r\n＝＋－＠]", cell) else cell for cell in cells] == texts


@pytest.mark.parametrize("beside", ["plain", 'a "b"', "=1"])
def test_nothing_is_an_empty_cell_and_empty_text_is_two_quotes(beside: str) -> None:
    at = datetime(2026, 2, 3, tzinfo=UTC)
    rows = [(None, beside, None, at, None), ("", beside, None, None, 5)]
    written = csv_lines(rows, {}, "?").decode().split("\r\n")
    assert [(line.split(",")[0], line.split(",")[2:]) for line in written[:-1]] == [
        ("", ["", '"2026-02-03T00:00:00Z"', ""]),
        ('""', ["", "", "5"]),
    ]


def test_a_lone_cell_of_nothing_is_still_a_line() -> None:
    assert read_back(csv_lines([(None,), ("a",), (None,)], {}, "?")) == [[""], ["a"], [""]]


@given(ROWS)
def test_a_row_is_written_the_same_alone_or_among_others(rows: list[tuple[object, ...]]) -> None:
    together = csv_lines(rows, {}, "?")
    assert together == b"".join(csv_lines([row], {}, "?") for row in rows)


@given(ROWS)
def test_a_row_is_written_the_same_beside_one_that_json_writes_otherwise(rows: list[tuple[object, ...]]) -> None:
    beside = csv_lines([*rows, ("=", "\\")], {}, "?")
    assert beside == csv_lines(rows, {}, "?") + csv_lines([("=", "\\")], {}, "?")


@given(ROWS)
def test_any_row_is_json(rows: list[tuple[object, ...]]) -> None:
    assert len(json.loads(b"[" + json_rows(rows) + b"]")) == len(rows)


@given(TEXTS)
def test_json_keeps_every_text(texts: list[str]) -> None:
    written = json_rows([(text,) for text in texts])
    assert json.loads(b"[" + written + b"]") == [[text] for text in texts]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (True, "true"),
        (-5, "-5"),
        (Decimal("-12.50"), "-12.50"),
        (date(2026, 2, 3), "2026-02-03"),
        (datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC), "2026-02-03T04:05:06Z"),
        (b"\x00\xff", "base64:AP8="),
        (UNREADABLE, "Not readable"),
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+1 418 555-0117", "'+1 418 555-0117"),
        ("\t=1", "'\t=1"),
        ("＝1", "'＝1"),
        ("-12,5", "-12,5"),
        ("-12+3", "'-12+3"),
        ("'=1", "''=1"),
        ("'Twas", "'Twas"),
        ('a "b", c\r\nd', 'a "b", c\r\nd'),
    ],
)
def test_a_cell_is_written_so(value: object, cell: str) -> None:
    assert one(value) == cell


def test_what_is_held_is_said_in_words() -> None:
    rows = [(1, True), (2, None)]
    assert read_back(csv_lines(rows, {1: "Held, not shown"}, "?")) == [["1", "Held, not shown"], ["2", ""]]


@pytest.mark.parametrize("text", ["],[", "null", 'a"],["b', "[null,null]", "\\", '"=', "a\r\n"])
def test_text_that_looks_like_json_is_text(text: str) -> None:
    rows = [(text, 1), ("plain", None), (text, 2)]
    assert read_back(csv_lines(rows, {}, "?")) == [[text, "1"], ["plain", ""], [text, "2"]]
