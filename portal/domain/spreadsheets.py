"""What a spreadsheet takes for a formula (security.md B-12), and whether the cells of a text hold one."""

from __future__ import annotations

import re

FORMULAS = frozenset("=+-@\t\r\n＝＋－＠")  # full-width forms are obeyed too
"""What a spreadsheet takes for the beginning of a formula, full-width forms included."""

_CELL = re.compile(r"(?:^|[,;\t|])[\" \u00a0]{0,4}([=+@＝＋－＠-][^,;\t|\"\r\n]{0,200})", re.MULTILINE)
"""A cell that begins a formula, after whatever parts cells; bounded, so that no text takes long."""

_NUMBER = re.compile(r"[+-][\d\s().$€%-]*")
"""A signed number, an amount or a telephone: worked out, it harms nobody."""


def holds_formula_cells(text: str) -> bool:
    """Whether a spreadsheet would run a cell of this text, whichever sign parts its cells."""
    return any(not _NUMBER.fullmatch(cell[1]) for cell in _CELL.finditer(text))
