"""Guesses what may be done with each column: who may correct it, whether it is shown, what erasing leaves of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from portal.domain.data_map import ColumnErasure, Correction, Show
from portal.domain.languages import Text
from portal.domain.map_drafts.naming import Meaning, code_label, is_writable, meaning_of, plain
from portal.domain.map_drafts.vocabulary import Role, Theme
from portal.domain.surveys import Holds, Look, SurveyedColumn, SurveyedTable

SHORTEST_PSEUDONYM = 16
"""A pseudonym needs as many characters; a shorter column is filled at random."""

MOST_CHOICES = 12

_BY_PEOPLE_THEMSELVES = frozenset({Role.NAME, Role.PHONE, Role.PLACE, Role.LANGUAGE})
_AFTER_REVIEW = frozenset({Role.EMAIL, Role.BIRTH, Role.SENSITIVE, Role.IDENTIFIER})
_THEIR_OWN = frozenset({Theme.ACCOUNT, Theme.ADDRESSES, Theme.PREFERENCES})
_RECORDED = frozenset({Theme.USAGE, Theme.TECHNICAL, Theme.COMMUNICATIONS, Theme.SUPPORT})
_LEFT_AS_THEY_ARE = frozenset({Role.CHOICE, Role.CONSENT, Role.NUMBER, Role.LANGUAGE})


@dataclass(frozen=True, slots=True)
class DraftColumn:
    """One column of a draft; what is not sure is asked beside it. `document`: it holds JSON."""

    name: str
    role: Role
    label: Text
    sure: bool = True
    correct: Correction = "never"
    show: Show = "plain"
    values: tuple[tuple[str, Text], ...] = ()
    values_sure: bool = True
    erase: ColumnErasure | None = None
    comment: str = ""
    document: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known of a column's table: what it is about, and which of its columns say which row it is or whose.

    `fixed` are those columns, and those other tables point at; `emptied` says whether its rows stay when erased.
    """

    table: SurveyedTable
    theme: Theme | None
    fixed: frozenset[str]
    emptied: bool
    address: str | None = None


def draft_columns(setting: Setting, shown: tuple[str, ...]) -> tuple[DraftColumn, ...]:
    """The columns named, drafted. A key goes with each row, so that one which looks like a secret is not among them.

    Where there is nothing else to show it is, as it will be read anyway.
    """
    drafted = [_draft(setting.table.column(name), setting) for name in shown]
    beside_the_key = [one for one in drafted if one.show != "held" or one.name not in setting.table.key]
    return tuple(beside_the_key or (replace(one, show="plain") for one in drafted))


def _draft(column: SurveyedColumn, setting: Setting) -> DraftColumn:
    meaning = meaning_of(column, setting.table.name)
    held = meaning.role is Role.SECRET or column.holds is Holds.BYTES
    values = () if held else tuple(_values(column, meaning.role))
    return DraftColumn(
        name=column.name,
        role=meaning.role,
        label=meaning.label,
        sure=meaning.sure,
        correct="never" if held else _correction(column, meaning, setting),
        show="held" if held else "plain",
        values=tuple((code, label or Text(fr=code, en=code)) for code, label in values),
        values_sure=not values or (bool(column.choices) and all(label for _, label in values)),
        erase=erasure_of(column, meaning.role, setting) if setting.emptied else None,
        comment=column.comment,
        document=not held and _is_document(column),
    )


def _is_document(column: SurveyedColumn) -> bool:
    return column.holds is Holds.JSON or column.look is Look.JSON


def _values(column: SurveyedColumn, role: Role) -> Iterator[tuple[str, Text | None]]:
    """The choices of the column's own type; else the codes seen, in a column that holds one choice of a few."""
    codes = column.choices or (column.codes if role in {Role.CHOICE, Role.LANGUAGE} else ())
    if len(codes) <= MOST_CHOICES and all(code.strip() and code.isprintable() and "${" not in code for code in codes):
        yield from ((code, code_label(code)) for code in codes)


def _correction(column: SurveyedColumn, meaning: Meaning, setting: Setting) -> Correction:
    """People correct what is theirs to say; staff look at what others rely on; what was recorded stays as it was."""
    if column.name in setting.fixed or column.generated or column.holds in {Holds.OTHER, Holds.BYTES}:
        return "never"
    if _is_document(column):
        return "never"
    if setting.theme in _RECORDED:
        return "never"
    if meaning.role in _AFTER_REVIEW or column.name == setting.address:
        return "review"
    if meaning.role not in _BY_PEOPLE_THEMSELVES:
        return "never"
    return "self" if setting.theme in _THEIR_OWN and not _is_in_a_unique(column, setting.table) else "review"


def erasure_of(column: SurveyedColumn, role: Role, setting: Setting) -> ColumnErasure | None:
    """What erasing leaves in a column whose row stays: nothing where the column allows it, else the least it allows."""
    if column.name in setting.fixed or column.generated:
        return None
    if column.nullable:
        return ColumnErasure("null")
    if role in _LEFT_AS_THEY_ARE or column.choices:
        return None
    if column.holds is Holds.TEXT:
        return _text_erasure(column, role, setting.table)
    if column.holds in {Holds.INSTANT, Holds.DATE}:
        return ColumnErasure("truncate")
    return ColumnErasure("random") if column.holds is Holds.BYTES else None


def _text_erasure(column: SurveyedColumn, role: Role, table: SurveyedTable) -> ColumnErasure:
    if role is Role.SECRET:
        return ColumnErasure("constant", value="!")
    if _is_in_a_unique(column, table):
        long_enough = column.length is None or column.length >= SHORTEST_PSEUDONYM
        return ColumnErasure("hash" if long_enough else "random")
    if column.look is Look.DATE:
        return ColumnErasure("truncate")
    return ColumnErasure("generalise") if role is Role.IP else ColumnErasure("constant", value="")


def _is_in_a_unique(column: SurveyedColumn, table: SurveyedTable) -> bool:
    return any(column.name in unique for unique in (table.key, *table.uniques))


_COUNTED_FROM = (
    "closed_at", "closed_on", "last_seen_at", "last_seen", "issued_at", "issued_on", "invoice_date", "date_facture",
    "ordered_at", "order_date", "placed_at", "date_commande", "occurred_at", "requested_at", "timestamp", "logged_at",
    "sent_at", "opened_at", "paid_at", "created_at", "created_on", "created", "date_creation", "date", "at",
)  # fmt: skip
_NEVER_COUNTED_FROM = frozenset({"updated_at", "deleted_at", "due_at", "due_on", "due_date", "expires_at", "end_date"})


def date_counted_from(table: SurveyedTable) -> str | None:
    """The column from which a retention period is probably counted, and by which rows are in order."""
    dates = {plain(column.name): column.name for column in table.columns if _is_a_date(column, table)}
    usual = (dates[name] for name in _COUNTED_FROM if name in dates)
    others = (written for name, written in dates.items() if name not in _NEVER_COUNTED_FROM)
    return next(usual, None) or next(others, None)


def _is_a_date(column: SurveyedColumn, table: SurveyedTable) -> bool:
    dated = column.holds in {Holds.INSTANT, Holds.DATE} or column.look is Look.DATE
    return dated and is_writable(column.name) and meaning_of(column, table.name).role is not Role.BIRTH
