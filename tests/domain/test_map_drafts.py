"""What a draft guesses: whose rows are, through which tables, who the people are, what may be done with each column."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from portal.domain.data_map import ColumnErasure
from portal.domain.map_drafts.drafting import Draft, DraftTable, draft_of
from portal.domain.map_drafts.links import DraftStep, NoLink
from portal.domain.map_drafts.naming import meaning_of, plain, slug, theme_of
from portal.domain.map_drafts.vocabulary import CODES, COLUMNS, QUALIFIERS, TABLES, THEMES, Role, Theme
from portal.domain.surveys import Holds, Look, Reference, Survey, SurveyedColumn, SurveyedTable
from portal.wording.typography import french_spacing_faults

TEXT, NUMBER = Holds.TEXT, Holds.INTEGER


def a_table(name: str, columns: Mapping[str, Holds], *key: str, **known: object) -> SurveyedTable:
    """A table whose columns are never empty."""
    return SurveyedTable(
        name,
        tuple(SurveyedColumn(column, holds, nullable=False) for column, holds in columns.items()),
        key or ("id",),
        **known,  # type: ignore[arg-type]  # uniques and references
    )


def leads(column: str, table: str, target: str = "id") -> Reference:
    return Reference((column,), table, (target,))


CUSTOMERS = a_table("customers", {"id": NUMBER, "email": TEXT}, uniques=(("email",),))


def drafted(*tables: SurveyedTable) -> Draft:
    return draft_of(Survey((CUSTOMERS, *tables)))


def one(draft: Draft, name: str) -> DraftTable:
    return next(table for table in draft.tables if table.name == name)


def test_rows_lead_to_a_person_by_their_own_column_or_by_the_shortest_way_through_others() -> None:
    orders = a_table("orders", {"id": NUMBER, "buyer": NUMBER}, references=(leads("buyer", "customers"),))
    lines = a_table("order_lines", {"id": NUMBER, "order": NUMBER, "x": TEXT}, references=(leads("order", "orders"),))
    gifts = a_table("gifts", {"id": NUMBER, "line": NUMBER, "x": TEXT}, references=(leads("line", "order_lines"),))
    draft = drafted(orders, lines, gifts)
    assert (one(draft, "customers").link.columns, one(draft, "orders").link.columns) == (("id",), ("buyer",))
    assert one(draft, "gifts").link.columns == ("buyer",)
    assert one(draft, "gifts").link.steps == (
        DraftStep("line", "order_lines", "id"),
        DraftStep("order", "orders", "id"),
    )


def test_a_table_that_points_at_itself_or_round_in_a_circle_still_has_a_straight_way() -> None:
    tickets = a_table(
        "tickets",
        {"id": NUMBER, "answers": NUMBER, "whose": NUMBER, "last_note": NUMBER, "x": TEXT},
        references=(leads("answers", "tickets"), leads("last_note", "remarks"), leads("whose", "customers")),
    )
    remarks = a_table("remarks", {"id": NUMBER, "ticket": NUMBER, "x": TEXT}, references=(leads("ticket", "tickets"),))
    circle = a_table("circle", {"id": NUMBER, "up": NUMBER}, references=(leads("up", "square"),))
    square = a_table("square", {"id": NUMBER, "up": NUMBER}, references=(leads("up", "circle"),))
    draft = drafted(tickets, remarks, circle, square)
    assert one(draft, "tickets").link.columns == ("whose",)
    assert one(draft, "remarks").link.steps == (DraftStep("ticket", "tickets", "id"),)
    assert draft.left_out == {"circle": NoLink.NOTHING_LEADS, "square": NoLink.NOTHING_LEADS}
    assert one(draft, "tickets").erase == "columns"


def test_keys_of_several_columns_are_followed_in_their_order() -> None:
    people = a_table("members", {"club": NUMBER, "no": NUMBER, "email": TEXT}, "club", "no")
    visits = a_table(
        "visits",
        {"id": NUMBER, "m": NUMBER, "c": NUMBER, "x": TEXT},
        references=(Reference(("m", "c"), "members", ("no", "club")),),
    )
    rounds = a_table("rounds", {"id": NUMBER, "visit": NUMBER, "x": TEXT}, references=(leads("visit", "visits"),))
    parts = a_table("parts", {"round_no": NUMBER, "visit_no": NUMBER, "x": TEXT}, "round_no", "visit_no",
                    references=(leads("visit_no", "visits"),))  # fmt: skip
    shares = a_table("shares", {"id": NUMBER, "v": NUMBER, "r": NUMBER, "x": TEXT},
                     references=(Reference(("v", "r"), "parts", ("visit_no", "round_no")),))  # fmt: skip
    vague = a_table("vague", {"id": NUMBER, "r": NUMBER, "x": TEXT}, references=(leads("r", "parts", "round_no"),))
    draft = draft_of(Survey((people, visits, rounds, parts, shares, vague)))
    assert one(draft, "visits").link.columns == ("c", "m")
    assert (one(draft, "rounds").link.columns, one(draft, "rounds").link.steps) == (
        ("c", "m"),
        (DraftStep("visit", "visits", "id"),),
    )
    assert one(draft, "shares").link.steps == (
        DraftStep("v", "parts", "visit_no", (("r", "round_no"),)),
        DraftStep("visit_no", "visits", "id"),
    )
    assert draft.left_out == {"vague": NoLink.NOT_UNIQUE}


def test_a_person_s_column_carried_along_in_a_longer_key_is_used_as_it_is() -> None:
    orders = a_table(
        "orders",
        {"customer": NUMBER, "no": NUMBER, "x": TEXT},
        "customer",
        "no",
        references=(leads("customer", "customers"),),
    )
    lines = a_table(
        "order_lines",
        {"id": NUMBER, "c": NUMBER, "n": NUMBER, "x": TEXT},
        references=(Reference(("c", "n"), "orders", ("customer", "no")),),
    )
    assert one(drafted(orders, lines), "order_lines").link.columns == ("c",)


def test_without_foreign_keys_names_are_followed_and_said_to_be_guesses() -> None:
    orders = a_table("Orders", {"id": NUMBER, "customer_id": NUMBER, "x": TEXT})
    lines = a_table("OrderLines", {"id": NUMBER, "idOrder": NUMBER, "x": TEXT})
    other_kind = a_table("letters", {"id": NUMBER, "customer_id": TEXT})
    prefixed = a_table("sh_remarks", {"id": NUMBER, "order_id": NUMBER, "x": TEXT})
    draft = drafted(orders, lines, other_kind, prefixed)
    assert one(draft, "sh_remarks").link.steps == (DraftStep("order_id", "Orders", "id"),)
    assert one(draft, "OrderLines").link.steps == (DraftStep("idOrder", "Orders", "id"),)
    assert not one(draft, "OrderLines").link.declared
    assert one(draft, "customers").link.declared
    assert draft.left_out == {"letters": NoLink.NOTHING_LEADS}


def test_two_ways_to_a_person_are_one_way_and_a_question() -> None:
    transfers = a_table(
        "transfers",
        {"id": NUMBER, "sender": NUMBER, "receiver": NUMBER, "x": TEXT},
        references=(leads("sender", "customers"), leads("receiver", "customers")),
    )
    link = one(drafted(transfers), "transfers").link
    assert (link.columns, link.others) == (("sender",), ("receiver",))


def test_a_table_that_people_s_rows_lead_to_is_left_out_with_the_way_it_would_take() -> None:
    people = a_table("users", {"id": NUMBER, "email": TEXT, "home": NUMBER}, references=(leads("home", "addresses"),))
    addresses = a_table("addresses", {"id": NUMBER, "city": TEXT})
    draft = draft_of(Survey((people, addresses)))
    assert draft.left_out == {"addresses": NoLink.LED_TO}
    assert draft.reverse["addresses"].steps == (DraftStep("id", "users", "home"),)


def test_a_table_without_a_key_takes_its_unique_columns_or_is_left_out() -> None:
    columns = {"customer_id": NUMBER, "x": TEXT}
    with_unique = SurveyedTable("a", a_table("a", columns).columns, uniques=(("x",),))
    without = SurveyedTable("b", a_table("b", columns).columns)
    draft = drafted(with_unique, without)
    assert one(draft, "a").key == ("x",)
    assert draft.left_out == {"b": NoLink.NO_KEY}


def test_people_are_those_an_organization_serves_rather_than_those_who_work_there() -> None:
    employees = a_table("employees", {"id": NUMBER, "email": TEXT}, uniques=(("email",),))
    subscribers = a_table("newsletter_log", {"id": NUMBER, "mail": TEXT})
    draft = drafted(employees, subscribers)
    assert draft.people is not None
    assert draft.people.table.name == "customers"
    assert set(draft.other_people) == {"employees", "newsletter_log"}


def test_an_address_is_known_by_its_look_where_its_name_says_nothing() -> None:
    table = SurveyedTable(
        "people", (SurveyedColumn("id", NUMBER), SurveyedColumn("x9", TEXT, look=Look.EMAIL)), ("id",)
    )
    draft = draft_of(Survey((table,)))
    assert draft.people is not None
    assert draft.people.address == "x9"


def test_a_login_that_holds_addresses_is_an_address() -> None:
    table = SurveyedTable(
        "users", (SurveyedColumn("id", NUMBER), SurveyedColumn("login", TEXT, look=Look.EMAIL)), ("id",)
    )
    draft = draft_of(Survey((table,)))
    assert draft.people is not None
    assert draft.people.address == "login"
    assert {column.name: column.correct for column in one(draft, "users").columns}["login"] == "review"


def test_without_addresses_nobody_is_recognized_and_every_table_is_named() -> None:
    draft = draft_of(Survey((a_table("things", {"id": NUMBER}),), views=("v",), unreadable=("u",)))
    assert (draft.people, draft.categories) == (None, ())
    assert draft.left_out == {"things": NoLink.NOTHING_LEADS, "v": NoLink.VIEW, "u": NoLink.UNREADABLE}


def test_what_looks_like_accounting_and_what_hangs_on_it_is_not_erased_by_a_guess() -> None:
    invoices = a_table(
        "factures", {"id": NUMBER, "client": NUMBER, "x": TEXT}, references=(leads("client", "customers"),)
    )
    lines = a_table("details", {"id": NUMBER, "f": NUMBER, "x": TEXT}, references=(leads("f", "factures"),))
    draft = drafted(invoices, lines)
    assert [(one(draft, name).erase, one(draft, name).books) for name in ("factures", "details")] == [
        ("keep", True)
    ] * 2
    assert [category.id for category in draft.categories] == ["account", "billing"]


def test_erasing_leaves_the_least_that_a_column_allows() -> None:
    people = SurveyedTable(
        "customers",
        (
            SurveyedColumn("id", NUMBER, nullable=False),
            SurveyedColumn("email", TEXT, nullable=False, length=120),
            SurveyedColumn("code", TEXT, nullable=False, length=8),
            SurveyedColumn("first_name", TEXT, nullable=False),
            SurveyedColumn("phone", TEXT),
            SurveyedColumn("password", TEXT, nullable=False),
            SurveyedColumn("ip", TEXT, nullable=False),
            SurveyedColumn("status", TEXT, nullable=False),
            SurveyedColumn("created_at", Holds.INSTANT, nullable=False),
            SurveyedColumn("full", TEXT, generated=True),
        ),
        ("id",),
        uniques=(("email",), ("code",)),
    )
    orders = a_table("orders", {"id": NUMBER, "customer_id": NUMBER, "x": TEXT})
    columns = {column.name: column for column in one(draft_of(Survey((people, orders))), "customers").columns}
    left = {name: column.erase for name, column in columns.items()}
    assert left == {
        "id": None,
        "email": ColumnErasure("hash"),
        "code": ColumnErasure("random"),
        "first_name": ColumnErasure("constant", value=""),
        "phone": ColumnErasure("null"),
        "password": ColumnErasure("constant", value="!"),
        "ip": ColumnErasure("generalise"),
        "status": None,
        "created_at": ColumnErasure("truncate"),
        "full": None,
    }
    assert columns["password"].show == "held"
    assert [columns[name].correct for name in ("email", "first_name", "phone", "password", "status")] == [
        "review", "self", "self", "never", "never",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "table", "role", "french", "sure"),
    [
        ("DateNaissance", "clients", Role.BIRTH, "Date de naissance", True),
        ("no_téléphone", "clients", Role.PHONE, "Téléphone", True),
        ("customer_email", "customers", Role.EMAIL, "Adresse courriel", True),
        ("user_email", "wp_users", Role.EMAIL, "Adresse courriel", True),
        ("billing_city", "customers", Role.PLACE, "Ville (facturation)", True),
        ("encryptedPassword", "users", Role.SECRET, "Mot de passe", True),
        ("shiny_token", "users", Role.SECRET, "Shiny token", False),
        ("tier_cd", "users", Role.PLAIN, "Tier cd", False),
        ("${x}", "users", Role.PLAIN, "$ {x}", False),
        ("\u200b", "users", Role.PLAIN, "Sans nom", False),
    ],
)
def test_a_name_says_what_a_column_is_about_and_when_it_does_not_that_is_said(
    name: str, table: str, role: Role, french: str, sure: bool
) -> None:
    meaning = meaning_of(SurveyedColumn(name, TEXT), table)
    assert (meaning.role, meaning.label.fr, meaning.sure) == (role, french, sure)


@pytest.mark.parametrize(
    ("table", "theme"),
    [("invoice_lines", Theme.BILLING), ("ShopOrders", Theme.ORDERS), ("adresses", Theme.ADDRESSES), ("widgets", None)],
)
def test_a_name_says_what_a_table_is_about(table: str, theme: Theme | None) -> None:
    assert theme_of(table) is theme


def test_short_names_are_unlike_each_other_and_unlike_those_that_are_taken() -> None:
    taken = {"portal"}
    assert [slug(name, taken) for name in ("Portal", "2 élans", "élans", "Élans", "…")] == [
        "portal-2", "table-2-elans", "elans", "elans-2", "table",
    ]  # fmt: skip


def test_the_words_of_the_dictionary_are_written_as_in_quebec_and_found_under_plain_names() -> None:
    texts = [*(text for _, text in COLUMNS.values()), *QUALIFIERS.values(), *THEMES.values(), *CODES.values()]
    for text in texts:
        assert french_spacing_faults(text.fr) == []
        assert "'" not in text.fr + text.en
        assert text.fr[0] == text.fr[0].upper() or text in QUALIFIERS.values()
    for name in (*COLUMNS, *TABLES):
        assert plain(name.replace("1", "_1").replace("2", "_2").replace("4", "_4").replace("__", "_")).replace(
            "_", ""
        ) == name.replace("_", "")


@pytest.mark.parametrize("known", [{"holds": Holds.JSON}, {"holds": TEXT, "look": Look.JSON}])
def test_a_column_of_json_is_shown_whole_and_corrected_by_nobody(known: dict[str, Holds | Look]) -> None:
    phone = SurveyedColumn("phone", nullable=True, **known)  # type: ignore[arg-type]  # what it holds and looks like
    people = SurveyedTable("users", (SurveyedColumn("id", NUMBER), SurveyedColumn("email", TEXT), phone), ("id",))
    (column,) = [one for one in one(draft_of(Survey((people,))), "users").columns if one.name == "phone"]
    assert (column.document, column.correct, column.show) == (True, "never", "plain")
