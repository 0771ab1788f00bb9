"""Rows of a source as a page shows them: values in words, long ones cut, each with the way to correct it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from flask import request

from portal.domain.data_map import Category, Column, Table
from portal.domain.rights import Withheld
from portal.domain.statements import Statement
from portal.domain.withholding import ALL_GIVEN, AllLeftOut
from portal.services.corrections import as_text, same_text
from portal.services.information import COUNTED_TO, Reach, TablePage, token_of
from portal.services.statements import beside
from portal.web.access import now, portal
from portal.web.languages import page_language, url
from portal.web.pages import effective, words
from portal.web.statement_views import StatementView, statement_view
from portal.web.typed import shown_again
from portal.wording.held_words import (
    chosen_entries_words,
    dates_left_out_words,
    dates_words,
    entries_words,
    undated_words,
    whole_words,
)
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
    """One table's page: its caption, its columns and rows, and the pages beside it.

    `notes`: how much there is and from when to when. `dated`: days can be chosen in it. `chosen`: some were. `left_out`: what
    an answer leaves out of it, and why.
    """

    caption: str
    reach: Reach
    head: list[str]
    rows: list[list[Cell]]
    next_href: str | None
    first_href: str | None
    notes: list[str]
    dated: bool
    chosen: bool
    left_out: Sequence[LeftOutNote] = ()


def shown_table(
    category: Category,
    shown: TablePage,
    comments: Sequence[Statement] = (),
    days: Mapping[str, str] = MappingProxyType({}),
    *,
    first: bool,
    left_out: AllLeftOut = ALL_GIVEN,
) -> ShownTable:
    """One table as the page shows it, comments beside their values.

    `days`: those chosen, as an address says them. `first`: whether this is its first page.
    """
    table = shown.table
    said = beside(portal(), table, comments)
    more = {"show": "yes"} if request.args.get("show") == "yes" else {}
    one_account = {"account": shown.account} if shown.account else {}
    address = {"category": category.id, "table": str(table.name), **one_account, **more, **days}
    return ShownTable(
        caption=_caption(category, shown),
        reach=shown.reach,
        head=[column.label.in_(page_language()) for column in table.columns],
        rows=[_cells(category, shown, row, said) for row in shown.rows],
        next_href=url("category", after=shown.next_after, **address) if shown.next_after else None,
        first_href=None if first else url("category", **address),
        notes=_notes(shown, chosen=bool(days)) if shown.reach is Reach.READ else [],
        dated=shown.dates is not None,
        chosen=bool(days) and shown.dates is not None,
        left_out=[_note(one, left_out) for one in left_out.of_table(category.id, table)],
    )


def _notes(shown: TablePage, *, chosen: bool) -> list[str]:
    """How much the table holds and from when to when, and what the days chosen leave out; nothing of a single row."""
    language = page_language()
    if shown.dates is None:
        said_of_days = dates_left_out_words if shown.table.order in shown.left_out.fields else whole_words
        return [said_of_days(language)] if chosen and shown.rows else []
    if not chosen and (shown.count or 0) <= 1:
        return []
    said = chosen_entries_words if chosen else entries_words
    counted = [said(shown.count, language, more=shown.more)] if shown.count is not None else []
    notes = [*counted, *_dates_note(shown.dates.oldest, shown.dates.newest)]
    undated = shown.dates.undated
    if chosen and undated:
        notes.append(undated_words(min(undated, COUNTED_TO), language, more=undated > COUNTED_TO))
    return notes


def _dates_note(oldest: date | None, newest: date | None) -> list[str]:
    if oldest is None or newest is None:
        return []
    today = portal().today(now())
    return [dates_words(_day_of(oldest), _day_of(newest), today, page_language())]


def _day_of(moment: date) -> date:
    return portal().today(moment) if isinstance(moment, datetime) else moment


def _caption(category: Category, shown: TablePage) -> str:
    """What a table is called; where there are several accounts, with the address of the one it is of."""
    called = table_label(category, shown.table, page_language())
    if shown.under is None:
        return called
    return words("%(list)s, under the address %(address)s", list=called, address=shown.under)


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
    return column.correct != "never" and column.show == "plain"


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
