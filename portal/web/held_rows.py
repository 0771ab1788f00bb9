"""Rows of a source as a page shows them: values in words, long ones cut, each with the way to correct it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request

from portal.domain.data_map import Category, Column, Table
from portal.domain.rights import Withheld
from portal.domain.statements import Statement
from portal.domain.withholding import ALL_GIVEN, AllLeftOut
from portal.services.corrections import as_text, same_text
from portal.services.information import Reach, TablePage, token_of
from portal.services.statements import beside
from portal.web.access import portal
from portal.web.languages import page_language, url
from portal.web.pages import effective, words
from portal.web.statement_views import StatementView, statement_view
from portal.web.typed import shown_again
from portal.wording.left_out import left_out_by, part_label, table_label
from portal.wording.values import value_words

LONGEST_SHOWN = 500
"""Characters of one value; the whole of it is in the copy (security.md B-45)."""


@dataclass(frozen=True, slots=True)
class Correction:
    """The way to correct one value: where, and what the link says, alone and among others."""

    href: str
    label: str
    full_label: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One value in words. `comments`: those kept beside it; `changed`: they were written about another value."""

    label: str
    text: str
    cut: bool
    correct: Correction | None
    comments: StatementView | None = None
    changed: bool = False


@dataclass(frozen=True, slots=True)
class LeftOutNote:
    """That something is left out of a table, the reason, and where the whole answer is."""

    said: str
    reason: str
    href: str


@dataclass(frozen=True, slots=True)
class ShownTable:
    """One table's page: its caption, its columns and rows, and the pages beside it. `notes`: what is left out of it, and why."""

    caption: str
    reach: Reach
    head: list[str]
    rows: list[list[Cell]]
    next_href: str | None
    first_href: str | None
    notes: Sequence[LeftOutNote] = ()


def shown_table(
    category: Category,
    shown: TablePage,
    comments: Sequence[Statement] = (),
    *,
    first: bool,
    left_out: AllLeftOut = ALL_GIVEN,
) -> ShownTable:
    """One table as the page shows it, comments beside their values; `first`: whether this is its first page."""
    table = shown.table
    said = beside(portal(), table, comments)
    more = {"show": "yes"} if request.args.get("show") == "yes" else {}
    address = {"category": category.id, "table": str(table.name)} | more
    return ShownTable(
        caption=table_label(category, table, page_language()),
        reach=shown.reach,
        head=[column.label.in_(page_language()) for column in table.columns],
        rows=[_cells(category, shown, row, said) for row in shown.rows],
        next_href=url("category", after=shown.next_after, **address) if shown.next_after else None,
        first_href=None if first else url("category", **address),
        notes=[_note(one, left_out) for one in left_out.of_table(category.id, table)],
    )


def _note(one: Withheld, left_out: AllLeftOut) -> LeftOutNote:
    why, language = left_out.why(one), page_language()
    said = left_out_by(part_label(effective().data_map, one, language), why, language)
    return LeftOutNote(said, why.reason, url("request_page", reference=why.reference))


def _cells(
    category: Category, shown: TablePage, row: Mapping[str, object], said: Mapping[tuple[str, str], Statement]
) -> list[Cell]:
    table, hidden = shown.table, shown.left_out.fields
    named = bool(said) or any(_may_be_corrected(column) for column in table.columns)
    token = token_of(portal(), table, row) if named else ""
    return [
        _left_out(column)
        if column.name in hidden
        else _cell(category, table, column, row[column.name], token, said.get((token, column.name)))
        for column in table.columns
    ]


def _left_out(column: Column) -> Cell:
    """A field that was not read; why is said below its table."""
    return Cell(label=column.label.in_(page_language()), text=words("Left out by our answer"), cut=False, correct=None)


def _cell(category: Category, table: Table, column: Column, value: object, token: str, said: Statement | None) -> Cell:
    text = value_words(value, column, page_language(), portal().settings.zone)
    return Cell(
        label=column.label.in_(page_language()),
        text=shown_again(text[:LONGEST_SHOWN]),
        cut=len(text) > LONGEST_SHOWN,
        correct=_correction(category, table, column, token) if _may_be_corrected(column) else None,
        comments=statement_view(said) if said else None,
        changed=said is not None and said.about is not None and not same_text(as_text(value) or "", said.about.before),
    )


def _may_be_corrected(column: Column) -> bool:
    return column.correct != "never" and column.show != "held"


def _correction(category: Category, table: Table, column: Column, token: str) -> Correction:
    label = column.label.in_(page_language())
    itself = column.correct == "self"
    return Correction(
        href=url("correct", category=category.id, table=str(table.name), row=token, field=column.name),
        label=words("Correct") if itself else words("Ask to correct"),
        full_label=words("Correct “%(label)s”", label=label)
        if itself
        else words("Ask to correct “%(label)s”", label=label),
    )
