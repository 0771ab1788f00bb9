"""What the map answers when asked for a category, a purpose, a table, a column or a source's people."""

from portal.domain.data_map import Category, Column, DataMap, People, PersonLink, Purpose, Table, TableName
from portal.domain.languages import Text

ACCOUNTS = TableName("service", "accounts")
INVOICES = TableName("service", "invoices", schema="billing")


def a_table(name: TableName, *columns: str) -> Table:
    return Table(
        name=name,
        person=PersonLink(columns=("account_id",)),
        key=("id",),
        order=None,
        columns=tuple(Column(name=column, label=Text(column, column)) for column in columns),
        erase="delete",
    )


def a_map() -> DataMap:
    return DataMap(
        purposes=(Purpose("news", Text("Nouvelles", "News"), "consent"),),
        people=(People(table=ACCOUNTS, key=("id",), match_email=("email",)),),
        categories=(
            Category("account", Text("Compte", "Account"), tables=(a_table(ACCOUNTS, "email", "name"),)),
            Category("paper", Text("Papier", "Paper"), system=Text("Classeur", "Cabinet")),
            Category("billing", Text("Factures", "Invoices"), tables=(a_table(INVOICES, "number"),)),
        ),
    )


def test_a_table_is_written_with_its_schema_only_when_it_has_one() -> None:
    assert [str(ACCOUNTS), str(INVOICES)] == ["service.accounts", "service.billing.invoices"]


def test_what_is_mapped_is_found_by_its_name() -> None:
    data_map = a_map()
    billing = data_map.category("billing")
    assert billing is data_map.categories[2]
    invoices = billing.table("service.billing.invoices")
    assert invoices is billing.tables[0]
    assert invoices.column("number") is invoices.columns[0]
    assert data_map.purpose("news") is data_map.purposes[0]
    assert data_map.people_of("service") is data_map.people[0]


def test_what_is_not_mapped_is_none() -> None:
    data_map = a_map()
    assert data_map.category("secret") is None
    assert data_map.categories[0].table("service.invoices") is None
    assert data_map.categories[0].tables[0].column("password") is None
    assert data_map.purpose("ads") is None
    assert data_map.people_of("elsewhere") is None


def test_every_table_comes_with_its_category_in_the_order_of_the_map() -> None:
    assert [(category.id, str(table.name)) for category, table in a_map().tables()] == [
        ("account", "service.accounts"),
        ("billing", "service.billing.invoices"),
    ]


def test_no_map_at_all_is_a_valid_installation() -> None:
    assert list(DataMap().tables()) == []
    assert DataMap().category("account") is None
