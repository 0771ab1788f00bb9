"""Reads the data map of the file piece by piece, so that a wrong column hides nothing that is wrong beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.config.map_shapes import AccessShape, CategoryShape, ColumnShape, PeopleShape, PurposeShape, TableShape
from portal.config.problems import KeyPath, Problems
from portal.config.reading import items, piece, pieces

Tree = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class TablePiece:
    """One table of a category where it stands in the file; what could not be read is None or left out."""

    at: KeyPath
    shape: TableShape | None
    columns: Mapping[str, ColumnShape]


@dataclass(frozen=True, slots=True)
class CategoryPiece:
    """One category where it stands in the file."""

    at: KeyPath
    shape: CategoryShape | None
    tables: tuple[TablePiece, ...]
    names_tables: bool


@dataclass(frozen=True, slots=True)
class MapPieces:
    """All of the map that could be read, and every id it writes, so that a wrong piece still counts as named."""

    purposes: tuple[tuple[int, PurposeShape], ...]
    people: tuple[tuple[int, PeopleShape], ...]
    categories: tuple[CategoryPiece, ...]
    accesses: tuple[tuple[int, AccessShape], ...]
    ids: Mapping[str, tuple[tuple[int, str], ...]]


def read_pieces(tree: Tree, problems: Problems) -> MapPieces:
    """The map's pieces; what is wrong with the shape of each is noted."""
    return MapPieces(
        purposes=tuple(pieces(PurposeShape, tree.get("purposes", []), ("purposes",), problems)),
        people=tuple(pieces(PeopleShape, tree.get("people", []), ("people",), problems)),
        categories=tuple(
            _category(item, ("categories", index), problems)
            for index, item in items(tree.get("categories", []), ("categories",), problems)
        ),
        accesses=tuple(pieces(AccessShape, tree.get("accesses", []), ("accesses",), problems)),
        ids={name: _ids(tree.get(name)) for name in ("purposes", "sources", "categories")},
    )


def _category(value: object, at: KeyPath, problems: Problems) -> CategoryPiece:
    own = {key: inner for key, inner in value.items() if key != "tables"} if isinstance(value, dict) else value
    tables = value.get("tables", []) if isinstance(value, dict) else []
    return CategoryPiece(
        at=at,
        shape=piece(CategoryShape, own, at, problems),
        tables=tuple(
            _table(item, (*at, "tables", index), problems) for index, item in items(tables, (*at, "tables"), problems)
        ),
        names_tables=bool(tables),
    )


def _table(value: object, at: KeyPath, problems: Problems) -> TablePiece:
    own = {key: inner for key, inner in value.items() if key != "columns"} if isinstance(value, dict) else value
    columns = value.get("columns") if isinstance(value, dict) else {}
    return TablePiece(
        at=at,
        shape=piece(TableShape, own, at, problems),
        columns=_columns(columns, (*at, "columns"), problems),
    )


def _columns(value: object, at: KeyPath, problems: Problems) -> Mapping[str, ColumnShape]:
    if value is None or value == {}:
        problems.add(at, "missing", expected="the columns that are shown, at least one")
        return {}
    if not isinstance(value, dict):
        problems.add(at, "wrong", expected="a table of columns")
        return {}
    read = {name: piece(ColumnShape, inner, (*at, name), problems) for name, inner in value.items()}
    return {name: shape for name, shape in read.items() if shape is not None}


def _ids(value: object) -> tuple[tuple[int, str], ...]:
    """Every id that a list of tables writes, with its position."""
    listed = value if isinstance(value, list) else []
    return tuple(
        (index, item["id"])
        for index, item in enumerate(listed)
        if isinstance(item, dict) and isinstance(item.get("id"), str)
    )
