"""A page gives its template no value named like one of the layout's: the layout would show it in the place of its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "portal" / "web" / "pages.py"

MEANT = {("portal/web/rights.py", "viewer")}
"""A form open to all shows the menu of whoever is signed in; it alone says so."""


def names_of_the_layout() -> set[str]:
    """The keys of what every page shows."""
    tree = ast.parse(PAGES.read_text(encoding="utf-8"))
    made = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "_every_page")
    given = next(node.value for node in made.body if isinstance(node, ast.Return))
    assert isinstance(given, ast.Dict)
    return {key.value for key in given.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)}


def names_of_pages() -> Iterator[tuple[str, str]]:
    """Each name a page gives its template, with where."""
    for path in sorted((ROOT / "portal").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "page":
                yield from ((str(path.relative_to(ROOT)), word.arg) for word in node.keywords if word.arg)


def test_no_page_takes_a_name_of_the_layout() -> None:
    layout, given = names_of_the_layout(), list(names_of_pages())
    assert {"contact", "viewer", "lang"} <= layout
    assert len(given) > 100
    assert {(where, name) for where, name in given if name in layout} == MEANT
