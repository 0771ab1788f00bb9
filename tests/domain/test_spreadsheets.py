"""Cells that a spreadsheet would run, told from numbers and words."""

from __future__ import annotations

import time

import pytest

from portal.domain.spreadsheets import holds_formula_cells


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "nom;=cmd|' /C calc'!A0",
        'nom,"=HYPERLINK(""http://x"")"',
        "a\tb\n@SUM(A1)",
        "a; +SUM(A1)",
        "a;-SUM(A1)",
        "a;＝1",
        'a\r\n"  =1"',
    ],
)
def test_a_cell_that_begins_a_formula_is_seen_whatever_parts_the_cells(text: str) -> None:
    assert holds_formula_cells(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nom;montant\nCamille;-12,50",
        "a;+1 514 873-4196;b",
        "a;-118,40 $",
        "camille@example.org;1=1;a-b;a + b",
        "'=1",
        "2023-02-14;x",
    ],
)
def test_numbers_and_words_are_no_formulas(text: str) -> None:
    assert not holds_formula_cells(text)


@pytest.mark.parametrize("text", ["\t" * 2_000_000, "; " * 1_000_000, '"' * 2_000_000, "-1;" * 700_000])
def test_no_text_takes_long(text: str) -> None:
    began = time.perf_counter()
    assert not holds_formula_cells(text)
    assert time.perf_counter() - began < 5
