"""The order tables are erased in: what leads to others first, the people's table last."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.data_map import Category, DataMap, People, PersonLink, Step, Table, TableName
from portal.domain.erasure import in_erasure_order
from portal.domain.languages import Text

PEOPLE = TableName(source="service", name="accounts")


def a_table(name: str, *leads_to: str, erase: str = "delete") -> Table:
    steps = tuple(Step(column=f"{parent}_id", table=TableName("service", parent), target="id") for parent in leads_to)
    return Table(
        name=TableName(source="service", name=name),
        person=PersonLink(columns=("owner_id",), steps=steps),
        key=("id",),
        order=None,
        columns=(),
        erase=erase,  # type: ignore[arg-type]  # one of the rules
    )


def a_map(*tables: Table) -> DataMap:
    return DataMap(
        people=(People(table=PEOPLE, key=("id",), match_email=("email",)),),
        categories=tuple(
            Category(id=f"c{number}", label=Text("c", "c"), tables=(table,)) for number, table in enumerate(tables)
        ),
    )


def order_of(data_map: DataMap) -> list[str]:
    return [table.name.name for _, table in in_erasure_order(data_map)]


def test_a_row_goes_before_the_row_that_leads_to_its_person():
    data_map = a_map(a_table("accounts"), a_table("orders"), a_table("lines", "orders"))
    assert order_of(data_map) == ["lines", "orders", "accounts"]


def test_a_table_that_is_kept_is_left_alone():
    assert order_of(a_map(a_table("accounts"), a_table("ledger", erase="keep"))) == ["accounts"]


def test_a_path_through_a_table_that_is_not_mapped_changes_nothing():
    assert order_of(a_map(a_table("accounts"), a_table("lines", "orders"))) == ["lines", "accounts"]


def test_a_table_of_two_categories_is_emptied_for_both_and_goes_last():
    data_map = a_map(a_table("accounts"), a_table("accounts", erase="columns"), a_table("orders"))
    rules = [(table.name.name, table.erase) for _, table in in_erasure_order(data_map)]
    assert sorted(rules[:2]) == [("accounts", "columns"), ("orders", "delete")]
    assert rules[2] == ("accounts", "delete")


def test_replies_to_replies_go_before_replies_and_these_before_what_they_answer():
    data_map = a_map(
        a_table("notes"), a_table("notes", "notes"), a_table("accounts"), a_table("notes", "notes", "notes")
    )
    assert [len(table.person.steps) for _, table in in_erasure_order(data_map)] == [2, 1, 0, 0]


@given(st.permutations(["accounts", "orders", "lines", "notes", "devices"]))
def test_the_order_of_the_file_does_not_matter(names: list[str]):
    links = {"lines": ("orders",), "notes": ("lines", "orders")}
    found = order_of(a_map(*(a_table(name, *links.get(name, ())) for name in names)))
    assert sorted(found) == sorted(names)
    assert found.index("notes") < found.index("lines") < found.index("orders")
    assert found[-1] == "accounts"
