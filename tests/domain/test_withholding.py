"""What may be left out of an answer, and what is left of a table once it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.data_map import Category, Column, DataMap, PersonLink, Table, TableName
from portal.domain.grounds import Ground
from portal.domain.languages import Text
from portal.domain.rights import Kind, Withheld
from portal.domain.withholding import (
    MOST_ROWS,
    NOTHING,
    AllLeftOut,
    CannotBeLeftOut,
    Unfit,
    refuse_unfit,
    whole_categories,
    with_its_key,
    without_fields,
)


def a_text(word: str) -> Text:
    return Text(fr=word, en=word)


def a_table(name: str, *columns: str) -> Table:
    mapped = tuple(Column(column, a_text(column)) for column in columns)
    return Table(TableName("service", name), PersonLink(("owner",)), ("id",), None, mapped, "delete")


NOTES, CALLS = a_table("notes", "text", "author"), a_table("calls", "id", "at")
TALK = Category("talk", a_text("Talk"), tables=(NOTES, CALLS))
PAPER = Category("paper", a_text("Paper"), system=a_text("Binder"))
MAP = DataMap(categories=(TALK, PAPER))


def a_ground(code: str, **more: bool) -> Ground:
    return Ground(code, "qc_p391", a_text(code), a_text("why"), a_text("s. 40"), (Kind.ACCESS,), **more)


GROUNDS = (a_ground("inquiry"), a_ground("others", severs=True))


def out(category: str = "talk", ground: str = "inquiry", **part: object) -> Withheld:
    return Withheld(category, ground, "why", "s. 39", **part)  # type: ignore[arg-type]  # a test names real fields


def why_unfit(*withheld: Withheld, to_see: bool = True) -> Unfit | None:
    try:
        refuse_unfit(MAP, withheld, GROUNDS, to_see=to_see)
    except CannotBeLeftOut as error:
        return error.why
    return None


NOTES_OUT = out(table="service.notes")
FIELD = out(table="service.notes", field="author")
ROWS = out(table="service.notes", rows=((1,), (2,)))


@pytest.mark.parametrize(
    ("withheld", "why"),
    [
        ((FIELD, ROWS), None),
        ((NOTES_OUT,), None),
        ((out(),), None),
        ((out(ground=""),), None),
        ((out("shoes"),), Unfit.NO_CATEGORY),
        ((out(table="service.shoes"),), Unfit.NO_TABLE),
        ((out("paper", table="service.notes"),), Unfit.NO_TABLE),
        ((out(table="service.notes", field="size"),), Unfit.NO_FIELD),
        ((replace(FIELD, ground="none"),), Unfit.NO_GROUND),
        ((replace(FIELD, ground=""),), Unfit.NO_GROUND),
        ((out(), FIELD), Unfit.CATEGORY_IS_OUT),
        ((NOTES_OUT, ROWS), Unfit.TABLE_IS_OUT),
        ((replace(ROWS, rows=tuple((number,) for number in range(MOST_ROWS + 1))),), Unfit.TOO_MANY_ROWS),
        ((replace(NOTES_OUT, ground="others"),), Unfit.TOO_WIDE),
        ((out(ground="others"),), Unfit.TOO_WIDE),
        ((out("paper", ground="others"),), None),
        ((replace(FIELD, ground="others"), replace(ROWS, ground="others")), None),
        ((out(), out("paper")), Unfit.NOTHING_LEFT),
        ((NOTES_OUT, out(table="service.calls"), out("paper")), Unfit.NOTHING_LEFT),
        ((NOTES_OUT, out("paper")), None),
    ],
)
def test_what_may_be_left_out_of_an_answer(withheld: tuple[Withheld, ...], why: Unfit | None) -> None:
    assert why_unfit(*withheld) is why


def test_what_is_erased_or_said_is_of_whole_categories() -> None:
    assert why_unfit(FIELD, to_see=False) is Unfit.NOT_OF_THIS_KIND
    assert why_unfit(out(), out("paper", ground="others"), to_see=False) is None


def test_only_whole_categories_are_whole() -> None:
    assert whole_categories([FIELD, NOTES_OUT, out("paper")]) == {"paper"}


def test_a_table_without_any_of_its_fields_is_left_out_whole() -> None:
    both = AllLeftOut((FIELD, replace(FIELD, field="text")), "R-1")
    whole = both.table("talk", NOTES).whole
    assert whole
    assert whole.reference == "R-1"
    assert AllLeftOut((FIELD,)).table("talk", NOTES).whole is None


def test_a_field_and_a_row_are_out_under_every_category_that_shows_their_table_and_a_list_under_its_own() -> None:
    both = AllLeftOut((FIELD, ROWS))
    assert both.table("other", NOTES) == both.table("talk", NOTES)
    assert both.within(replace(TALK, id="other")) == (FIELD, ROWS)
    assert both.table("talk", CALLS) == NOTHING
    assert AllLeftOut((NOTES_OUT,)).table("other", NOTES) == NOTHING


@given(st.lists(st.one_of(st.integers(), st.text(max_size=5)), min_size=1, max_size=3), st.booleans())
def test_a_row_left_out_stays_out_when_its_key_comes_back_as_text(key: list[int | str], as_text: bool) -> None:
    part = AllLeftOut((replace(ROWS, rows=(tuple(key),)),)).table("talk", NOTES)
    assert part.row([str(one) for one in key] if as_text else key)
    assert part.row([*key, "more"]) is None


def test_what_is_left_out_is_not_among_the_columns_and_the_key_comes_last_once() -> None:
    left = without_fields(NOTES, AllLeftOut((FIELD,)).table("talk", NOTES))
    assert [column.name for column in left.columns] == ["text"]
    assert [column.name for column in with_its_key(left).columns] == ["text", "id"]
    assert with_its_key(CALLS) == CALLS
