"""What an answer leaves out, by its labels: which list, which field, how many entries, and never what stands there."""

from __future__ import annotations

from portal.domain.data_map import Category, DataMap, Table
from portal.domain.languages import Language
from portal.domain.rights import LeftOut, Withheld
from portal.wording.catalogue import for_language
from portal.wording.numbers import number


def table_label(category: Category, table: Table, language: Language) -> str:
    """A table as pages name it: its category, and which list of several."""
    label = category.label.in_(language)
    if len(category.tables) == 1:
        return label
    return for_language(language).gettext(
        "%(category)s, list %(place)s of %(total)s",
        category=label,
        place=[str(one.name) for one in category.tables].index(str(table.name)) + 1,
        total=len(category.tables),
    )


def part_label(data_map: DataMap, one: Withheld, language: Language) -> str:
    """A part that is left out; what the map no longer has is named as it was kept."""
    category = data_map.category(one.category)
    if category is None or one.is_whole:
        return category.label.in_(language) if category else one.category
    words, table = for_language(language), category.table(one.table)
    where = table_label(category, table, language) if table else category.label.in_(language)
    if one.field:
        column = table.column(one.field) if table else None
        label = column.label.in_(language) if column else one.field
        return words.gettext("%(list)s, the field “%(field)s”", list=where, field=label)
    if one.rows:
        count = number(len(one.rows), language)
        return words.ngettext(
            "%(list)s, %(count)s entry", "%(list)s, %(count)s entries", len(one.rows), list=where, count=count
        )
    return where


def part_said(data_map: DataMap, one: Withheld, language: Language) -> str:
    """A part left out with its reason and its provision, as it stands in an answer (P-39.1, s. 34)."""
    label, words = part_label(data_map, one, language), for_language(language)
    if one.is_whole:
        return words.gettext("%(label)s: %(reason)s", label=label, reason=one.reason)
    return words.gettext("%(part)s. %(reason)s (%(provision)s)", part=label, reason=one.reason, provision=one.provision)


def left_out_by(label: str, why: LeftOut, language: Language) -> str:
    """That a part is left out, by which provision, by the answer to which request."""
    return for_language(language).gettext(
        "%(part)s: our answer to your request %(reference)s leaves this out (%(provision)s).",
        part=label,
        reference=why.reference,
        provision=why.provision,
    )
