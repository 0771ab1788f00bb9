"""What an answer leaves out of a person's pages and copy: categories, tables, fields, rows, each with its reason.

Information about somebody else is severed, and the rest is given (P-39.1, ss. 34 and 40).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from portal.domain.data_map import Category, Column, DataMap, Table
from portal.domain.grounds import Ground
from portal.domain.languages import Text
from portal.domain.rights import LeftOut, Withheld

MOST_ROWS = 200
"""Rows of one table that an answer names one by one; of more, it leaves out the table or fields of it."""


class Unfit(StrEnum):
    """Why a part cannot be left out as it was chosen."""

    NO_CATEGORY = "no_category"
    NO_TABLE = "no_table"
    NO_FIELD = "no_field"
    NO_ROW = "no_row"
    NO_GROUND = "no_ground"
    NOTHING_CHOSEN = "nothing_chosen"
    CATEGORY_IS_OUT = "category_is_out"
    TABLE_IS_OUT = "table_is_out"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_WIDE = "too_wide"
    NOT_OF_THIS_KIND = "not_of_this_kind"
    NOT_IN_PART = "not_in_part"
    NOTHING_LEFT = "nothing_left"
    AWAY = "away"


class CannotBeLeftOut(Exception):
    """A part cannot be left out as it was chosen; `part` is the one, where it is about one."""

    def __init__(self, why: Unfit, part: Withheld | None = None) -> None:
        """Keep what is wrong, and with which part."""
        super().__init__(why.value)
        self.why = why
        self.part = part


@dataclass(frozen=True, slots=True)
class TableLeftOut:
    """What is left out of one table: all of it, some of its fields, some of its rows; nothing where all three are empty."""

    whole: LeftOut | None = None
    fields: Mapping[str, LeftOut] = field(default_factory=dict)
    rows: Mapping[tuple[str, ...], LeftOut] = field(default_factory=dict)

    def row(self, key: Sequence[object]) -> LeftOut | None:
        """Why the row of a key is left out; None where it is given."""
        return self.rows.get(_as_texts(key))


NOTHING = TableLeftOut()
"""Nothing is left out of a table."""


@dataclass(frozen=True, slots=True)
class AllLeftOut:
    """Everything the newest answer leaves out, and the reference of its request; nothing where `parts` is empty."""

    parts: tuple[Withheld, ...] = ()
    reference: str = ""

    def category(self, category: str) -> LeftOut | None:
        """Why a whole category is left out; None where it is not."""
        return next((self.why(one) for one in self.parts if one.is_whole and one.category == category), None)

    def table(self, category: str, table: Table) -> TableLeftOut:
        """What is left out of one table. Without any of its fields, it is left out whole."""
        parts = self.of_table(category, table)
        whole = next((self.why(one) for one in parts if not one.field and not one.rows), None)
        fields = {one.field: self.why(one) for one in parts if one.field}
        if whole is None and fields.keys() >= {column.name for column in table.columns}:
            whole = next(iter(fields.values()), None)
        return TableLeftOut(whole, fields, {_as_texts(key): self.why(one) for one in parts for key in one.rows})

    def of_table(self, category: str, table: Table) -> tuple[Withheld, ...]:
        """The parts of one table that are left out; a field or a row is so under every category that shows its table."""
        name = str(table.name)
        return tuple(
            one for one in self.parts if one.table == name and (one.category == category or one.field or one.rows)
        )

    def within(self, category: Category) -> tuple[Withheld, ...]:
        """The parts of a category that are left out where the category itself is not, table by table."""
        return tuple(one for table in category.tables for one in self.of_table(category.id, table))

    def why(self, one: Withheld) -> LeftOut:
        """Why a part is left out, as its person reads it."""
        return LeftOut(one.reason, one.provision, self.reference)


ALL_GIVEN = AllLeftOut()
"""No answer leaves anything out."""


def whole_categories(withheld: Iterable[Withheld]) -> frozenset[str]:
    """The categories that are left out entirely."""
    return frozenset(one.category for one in withheld if one.is_whole)


def without_fields(table: Table, left_out: TableLeftOut) -> Table:
    """The table without the fields left out: what is not shown is not read either."""
    if not left_out.fields:
        return table
    return replace(table, columns=tuple(column for column in table.columns if column.name not in left_out.fields))


def with_its_key(table: Table) -> Table:
    """The table with the columns of its key among its columns, last where the map does not show them."""
    missing = (name for name in table.key if table.column(name) is None)
    return replace(table, columns=(*table.columns, *(Column(name, Text(fr="", en="")) for name in missing)))


def refuse_unfit(data_map: DataMap, withheld: Sequence[Withheld], grounds: Sequence[Ground], *, to_see: bool) -> None:
    """Let pass what can be left out of an answer. `to_see`: the request is to see one's information.

    Raises:
        CannotBeLeftOut: the map lacks a part, a wider one is out already, a ground is none, or nothing would be given.
    """
    known = {ground.code: ground for ground in grounds}
    out = whole_categories(withheld)
    for one in withheld:
        why = _unknown(data_map, one, known) or _already_out(one, out, withheld)
        if why is None:
            why = _too_wide(data_map, one, known) if to_see else _too_small(one)
        if why:
            raise CannotBeLeftOut(why, one)
    if to_see and withheld and all(_is_out(category, withheld) for category in data_map.categories):
        raise CannotBeLeftOut(Unfit.NOTHING_LEFT)


def _unknown(data_map: DataMap, one: Withheld, grounds: Mapping[str, Ground]) -> Unfit | None:
    category = data_map.category(one.category)
    table = category.table(one.table) if category and one.table else None
    if category is None:
        return Unfit.NO_CATEGORY
    if one.table and table is None:
        return Unfit.NO_TABLE
    if one.field and table and table.column(one.field) is None:
        return Unfit.NO_FIELD
    # A category may rest on words of staff's own.
    says_why = one.ground in grounds or (one.is_whole and not one.ground)
    return None if says_why else Unfit.NO_GROUND


def _too_wide(data_map: DataMap, one: Withheld, grounds: Mapping[str, Ground]) -> Unfit | None:
    """More rows than an answer names, or more than what concerns somebody else; what no table holds cannot be severed here."""
    if len(one.rows) > MOST_ROWS:
        return Unfit.TOO_MANY_ROWS
    ground, category = grounds.get(one.ground), data_map.category(one.category)
    may_be_severed = bool(ground and ground.severs and category and category.tables)
    return Unfit.TOO_WIDE if may_be_severed and not (one.field or one.rows) else None


def _too_small(one: Withheld) -> Unfit | None:
    """What is erased, or said, is erased or said of whole categories."""
    return None if one.is_whole else Unfit.NOT_OF_THIS_KIND


def _already_out(one: Withheld, out: frozenset[str], withheld: Sequence[Withheld]) -> Unfit | None:
    if one.is_whole:
        return None
    if one.category in out:
        return Unfit.CATEGORY_IS_OUT
    smaller = bool(one.field or one.rows)
    return Unfit.TABLE_IS_OUT if smaller and _whole_table(one.category, one.table, withheld) else None


def _is_out(category: Category, withheld: Sequence[Withheld]) -> bool:
    everything = AllLeftOut(tuple(withheld))
    if everything.category(category.id):
        return True
    return bool(category.tables) and all(everything.table(category.id, table).whole for table in category.tables)


def _whole_table(category: str, table: str, withheld: Sequence[Withheld]) -> bool:
    return any((one.category, one.table) == (category, table) and not (one.field or one.rows) for one in withheld)


def _as_texts(key: Sequence[object]) -> tuple[str, ...]:
    """A key as it is compared: a service that turns its numbers into text does not give what was left out."""
    return tuple(map(str, key))
