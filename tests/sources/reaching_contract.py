"""What every source must reach: fields inside JSON columns, far and winding paths, rows that concern two people, views."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from portal.domain.data_map import Column, ColumnErasure, PersonLink, Step, Table, TableName
from portal.sources.base import UNREADABLE, Source, SourceRefused
from tests.sources import invented_service as service
from tests.sources.bench import Bench, erase_all, every_row, pages
from tests.sources.invented_service import CAMILLE, OLIVER, column, count_of, erased, fill, mapped

DOCUMENT = (
    '{"name": "Camille", "whole": 9007199254740993, "price": 19.90, "phone": "418 555-0100",\n'
    ' "address": {"city": "Québec", "x.y": "odd"}, "tags": ["a", "é", 1.10], "ok": true, "nothing": null}'
)
NAMES = ("name", "whole", "price", "phone", "tags", "ok", "nothing", "absent")
WAYS = ["written", "packed", "loose"]


def fields(inside: str, *more: Column) -> Table:
    """Profiles, with fields of one of its columns."""
    known = [column(name, inside=(inside, name)) for name in NAMES if name not in {one.name for one in more}]
    city = column("city", inside=(inside, "address", "city"))
    odd = column("odd", inside=(inside, "address", "x.y"))
    return mapped(service.profiles, columns=(*known, city, odd, *more))


def write(engine: sa.Engine, inside: str, document: str | None, id: int = 1, account: int = 1) -> None:
    """One profile, its document written character by character."""
    with engine.begin() as connection:
        connection.execute(
            sa.text(f"INSERT INTO profiles (id, account_id, {inside}) VALUES ({id}, {account}, :document)"),
            {"document": document},
        )


def held(engine: sa.Engine, inside: str, id: int = 1) -> Any:
    """What a document holds, numbers digit by digit."""
    as_text = (
        sa.cast(service.profiles.c[inside], sa.Text()) if engine.dialect.name == "postgresql" else sa.column(inside)
    )
    with engine.connect() as connection:
        found = connection.scalar(sa.select(as_text).select_from(service.profiles).where(service.profiles.c.id == id))
    return found if found is None else json.loads(found, parse_float=Decimal)


BEFORE = json.loads(DOCUMENT, parse_float=Decimal)
REPLIES = mapped(
    service.comments,
    person=PersonLink(("account_id",), (Step("parent_id", TableName("service", "comments"), "id"),)),
)
AGAIN = Step("parent_id", TableName("service", "comments"), "id")
FAR_REPLIES = mapped(service.comments, person=PersonLink(("account_id",), (AGAIN, AGAIN)))
SHIPMENTS = mapped(
    service.shipments,
    person=PersonLink(
        ("account_id",), (Step("shop", TableName("service", "shop_orders"), "shop", (("order_no", "number"),)),)
    ),
)
SENT = mapped(
    service.messages,
    person=PersonLink(("sender_id",)),
    columns=(column("recipient_name", show="other"), erased("sender_name", "null"), erased("body", "null")),
    erase="columns",
    shared=True,
)
RECEIVED = mapped(
    service.messages,
    person=PersonLink(("recipient_id",)),
    columns=(column("sender_name", show="other"), erased("recipient_name", "null"), column("body")),
    erase="columns",
    shared=True,
)


def message(id: int, sender: int | None, recipient: int | None) -> dict[str, Any]:
    """A row that two people are in."""
    names = {"sender_name": f"person {sender}", "recipient_name": f"person {recipient}"}
    return {"id": id, "sender_id": sender, "recipient_id": recipient, "body": "Salut", **names}


class ReachingContract(Bench):
    """Documents, paths, shared rows, views."""

    @pytest.mark.parametrize("inside", WAYS)
    def test_fields_inside_a_document_are_values(self, source: Source, engine: sa.Engine, inside: str) -> None:
        write(engine, inside, DOCUMENT)
        write(engine, inside, None, id=2)
        table = fields(inside)
        first, second = every_row(source, table, CAMILLE)
        assert first == {
            "name": "Camille",
            "whole": 9007199254740993,
            "price": Decimal("19.90"),
            "phone": "418 555-0100",
            "tags": '["a", "é", 1.10]',
            "ok": True,
            "nothing": None,
            "absent": None,
            "city": "Québec",
            "odd": "odd",
        }
        assert set(second.values()) == {None}
        assert list(pages(source, table, CAMILLE, 1)) == [{"id": 1, **first}, {"id": 2, **second}]
        assert source.row(table, OLIVER, (1,)) is None

    @pytest.mark.parametrize("inside", WAYS)
    def test_a_field_said_to_be_held_is_never_told(self, source: Source, engine: sa.Engine, inside: str) -> None:
        write(engine, inside, DOCUMENT)
        table = fields(inside, column("phone", inside=(inside, "phone"), show="held"))
        table = replace(table, columns=(*table.columns, column("gone", inside=(inside, "absent"), show="held")))
        row = source.row(table, CAMILLE, (1,))
        assert row is not None
        assert (row["phone"], row["gone"], row["city"]) == (True, None, "Québec")

    @pytest.mark.parametrize("inside", WAYS)
    @pytest.mark.parametrize(
        ("field", "before", "value", "path", "stored"),
        [
            ("phone", "418 555-0100", 'He said "no"\\', ("phone",), 'He said "no"\\'),
            ("city", "Québec", "Lévis", ("address", "city"), "Lévis"),
            ("odd", "odd", None, ("address", "x.y"), None),
            ("whole", "9007199254740993", "9007199254740995", ("whole",), 9007199254740995),
            ("price", "19.9", "20.05", ("price",), Decimal("20.05")),
            ("ok", True, "false", ("ok",), False),
            ("nothing", "", "something", ("nothing",), "something"),
            ("absent", None, "new", ("absent",), "new"),
        ],
    )
    def test_a_correction_changes_its_field_and_nothing_else(
        self,
        source: Source,
        engine: sa.Engine,
        inside: str,
        field: str,
        before: Any,
        value: Any,
        path: Any,
        stored: Any,
    ) -> None:
        write(engine, inside, DOCUMENT)
        assert source.correct(fields(inside), CAMILLE, (1,), field, before=before, value=value).done
        wanted = json.loads(DOCUMENT, parse_float=Decimal)
        here = wanted
        for name in path[:-1]:
            here = here[name]
        here[path[-1]] = stored
        assert held(engine, inside) == wanted

    @pytest.mark.parametrize("inside", WAYS)
    def test_a_document_that_is_not_there_yet_is_begun(self, source: Source, engine: sa.Engine, inside: str) -> None:
        write(engine, inside, None)
        assert source.correct(fields(inside), CAMILLE, (1,), "city", before=None, value="Lévis").done
        assert held(engine, inside) == {"address": {"city": "Lévis"}}

    @pytest.mark.parametrize("inside", WAYS)
    def test_a_field_changed_meanwhile_is_told_and_its_neighbours_do_not_count(
        self, source: Source, engine: sa.Engine, inside: str
    ) -> None:
        write(engine, inside, DOCUMENT.replace("Camille", "Camille Roy"))
        found = source.correct(fields(inside), CAMILLE, (1,), "name", before="Camille", value="x")
        assert (found.done, found.present) == (False, "Camille Roy")
        assert source.correct(fields(inside), CAMILLE, (1,), "city", before="Québec", value="Lévis").done
        assert (held(engine, inside)["name"], held(engine, inside)["address"]["city"]) == ("Camille Roy", "Lévis")

    @pytest.mark.parametrize("inside", WAYS)
    @pytest.mark.parametrize(
        ("field", "before", "value"),
        [("whole", "9007199254740993", "seven"), ("ok", True, "perhaps"), ("tags", '["a", "é", 1.10]', "[]"),
         ("phone", "418 555-0100", "nul\x00"), ("price", "19.90", "1e999999")],
    )  # fmt: skip
    def test_a_value_of_another_kind_is_refused(
        self, source: Source, engine: sa.Engine, inside: str, field: str, before: Any, value: str
    ) -> None:
        write(engine, inside, DOCUMENT)
        with pytest.raises(SourceRefused) as refusal:
            source.correct(fields(inside), CAMILLE, (1,), field, before=before, value=value)
        assert refusal.value.reason == "type"
        assert held(engine, inside) == BEFORE

    def test_a_field_beyond_what_is_no_object_is_nothing_and_stays_so(self, source: Source, engine: sa.Engine) -> None:
        write(engine, "loose", '{"address": "1, rue du Port"}')
        assert source.row(fields("loose"), CAMILLE, (1,))["city"] is None  # type: ignore[index]
        with pytest.raises(SourceRefused):
            source.correct(fields("loose"), CAMILLE, (1,), "city", before=None, value="Lévis")

    @pytest.mark.parametrize("inside", WAYS)
    def test_erasing_empties_fields_and_leaves_the_rest(self, source: Source, engine: sa.Engine, inside: str) -> None:
        write(engine, inside, DOCUMENT)
        write(engine, inside, None, id=2)
        methods = {"name": ("hash", None), "phone": ("constant", "-"), "price": ("generalise", 5), "tags": ("null", None),
                   "absent": ("constant", "-"), "nothing": ("null", None)}  # fmt: skip
        columns = [
            column(name, inside=(inside, name), erase=ColumnErasure(method, value))
            for name, (method, value) in methods.items()  # type: ignore[arg-type]
        ]
        city = column("city", inside=(inside, "address", "city"), erase=ColumnErasure("truncate", prefix=2))
        table = replace(fields(inside, *columns, city), erase="columns")
        assert erase_all(source, table, CAMILLE) == 1
        left = held(engine, inside)
        assert len(left.pop("name")) == 32
        wanted = {**BEFORE, "phone": "-", "price": Decimal(15), "tags": None, "address": {"city": "Qu", "x.y": "odd"}}
        assert left == {name: value for name, value in wanted.items() if name != "name"}
        assert held(engine, inside, 2) is None
        assert erase_all(source, table, CAMILLE) == 0

    @pytest.mark.parametrize("broken", ["{", "no json", '{"name": NaN}', "[" * 100_000, '{"name": "x"} more', ""])
    def test_what_is_no_json_is_said_of_its_fields_alone(self, source: Source, engine: sa.Engine, broken: str) -> None:
        write(engine, "loose", broken)
        write(engine, "loose", DOCUMENT, id=2)
        table = replace(fields("loose", erased("name", "null")), erase="columns")
        table = replace(
            table, columns=(*table.columns[:-1], column("name", inside=("loose", "name"), erase=ColumnErasure("null")))
        )
        first, second = every_row(source, table, CAMILLE)
        assert (first["name"], second["name"]) == (UNREADABLE, "Camille")
        with pytest.raises(SourceRefused):
            source.correct(table, CAMILLE, (1,), "name", before=None, value="x")
        with pytest.raises(SourceRefused):
            erase_all(source, table, CAMILLE)
        assert held(engine, "loose", 2) == BEFORE

    def test_replies_to_one_s_words_are_found_and_erased(self, source: Source, engine: sa.Engine) -> None:
        rows = [(1, 1, None), (2, 2, 1), (3, 2, 2), (4, 1, 2), (5, 2, None), (6, None, 5), (7, 2, 7)]
        fill(engine, comments=[{"id": id, "account_id": who, "parent_id": to, "said": "x"} for id, who, to in rows])
        assert [row["id"] for row in every_row(source, REPLIES, CAMILLE)] == [2]
        assert [row["id"] for row in pages(source, FAR_REPLIES, CAMILLE, 1)] == [3, 4]
        assert [row["id"] for row in every_row(source, FAR_REPLIES, OLIVER)] == [7]
        assert source.correct(REPLIES, CAMILLE, (2,), "said", before="x", value="y").done
        assert erase_all(source, FAR_REPLIES, CAMILLE, limit=1) == 2
        assert erase_all(source, REPLIES, CAMILLE) == 1
        assert count_of(engine, service.comments) == 4

    def test_several_columns_lead_together(self, source: Source, engine: sa.Engine) -> None:
        orders = [("a", 1, 1), ("a", 2, 2), ("b", 1, 2), ("b", 2, 1)]
        fill(
            engine,
            shop_orders=[{"shop": shop, "number": number, "account_id": who} for shop, number, who in orders],
            shipments=[
                {"id": id, "shop": shop, "order_no": number, "place": "x"}
                for id, (shop, number) in enumerate([("a", 1), ("a", 2), ("b", 1), ("b", 2), (None, 1), ("a", None)], 1)
            ],
        )
        assert [row["id"] for row in every_row(source, SHIPMENTS, CAMILLE)] == [1, 4]
        assert source.row(SHIPMENTS, CAMILLE, (2,)) is None
        assert source.count(SHIPMENTS, OLIVER, bound=5) == 2
        assert source.correct(SHIPMENTS, CAMILLE, (4,), "place", before="x", value="y").done
        assert erase_all(source, SHIPMENTS, CAMILLE, limit=1) == 2
        assert count_of(engine, service.shipments) == 4

    def test_a_row_of_two_people_is_shown_in_part_and_outlives_either(self, source: Source, engine: sa.Engine) -> None:
        fill(engine, messages=[message(1, 1, 2), message(2, 2, 1), message(3, 1, 1), message(4, 1, None)])
        sent, received = list(every_row(source, SENT, CAMILLE)), list(every_row(source, RECEIVED, CAMILLE))
        assert [(row["sender_name"], row["recipient_name"]) for row in sent] == [("person 1", True)] * 3
        assert [(row["sender_name"], row["recipient_name"]) for row in received] == [(True, "person 1")] * 2
        assert (erase_all(source, SENT, CAMILLE), erase_all(source, RECEIVED, CAMILLE)) == (3, 2)
        assert (erase_all(source, SENT, CAMILLE), erase_all(source, RECEIVED, CAMILLE)) == (0, 0)
        assert count_of(engine, service.messages) == 4
        with pytest.raises(SourceRefused):
            erase_all(source, replace(SENT, erase="delete"), CAMILLE)
        assert count_of(engine, service.messages) == 4
        (mine,) = every_row(source, RECEIVED, OLIVER)
        assert mine == {"sender_name": None, "recipient_name": "person 2", "body": None}
        (theirs,) = every_row(source, SENT, OLIVER)
        assert theirs == {"recipient_name": None, "sender_name": "person 2", "body": "Salut"}

    def test_nothing_is_written_through_a_view(self, source: Source, engine: sa.Engine) -> None:
        fill(engine, devices=[{"id": 1, "account_id": 1, "ip": "203.0.113.9", "label": "telephone"}])
        view = replace(mapped(service.devices), name=TableName("service", "seen_devices"))
        with viewed(engine, "CREATE VIEW seen_devices AS SELECT * FROM devices", "DROP VIEW seen_devices"):
            assert source.describe()[view.name].view
            assert source.row(view, CAMILLE, (1,)) is not None
            with pytest.raises(SourceRefused) as refusal:
                source.correct(view, CAMILLE, (1,), "label", before="telephone", value="tablet")
            assert refusal.value.reason == "forbidden"
            with pytest.raises(SourceRefused):
                erase_all(source, view, CAMILLE)
        assert count_of(engine, service.devices) == 1

    def test_a_table_and_columns_called_as_sql_is_are_read_and_written(self, source: Source, engine: sa.Engine) -> None:
        with engine.begin() as connection:
            quoted = engine.dialect.identifier_preparer.quote_identifier
            connection.exec_driver_sql(
                f"CREATE TABLE {quoted('select')} ({quoted('from')} INTEGER PRIMARY KEY, {quoted('group')} INTEGER,"
                f" {quoted('where')} VARCHAR(40))"
            )
            connection.exec_driver_sql(f"INSERT INTO {quoted('select')} VALUES (1, 1, 'x'), (2, 2, 'y')")
        table = Table(
            TableName("service", "select"), PersonLink(("group",)), ("from",), None, (column("where"),), "delete"
        )
        try:
            assert source.correct(table, CAMILLE, (1,), "where", before="x", value="'; DROP TABLE accounts; --").done
            assert source.row(table, CAMILLE, (1,)) == {"from": 1, "where": "'; DROP TABLE accounts; --"}
            assert erase_all(source, table, CAMILLE) == 1
            assert source.count(table, OLIVER, bound=5) == 1
        finally:
            with engine.begin() as connection:
                connection.exec_driver_sql(f"DROP TABLE {quoted('select')}")


@contextmanager
def viewed(engine: sa.Engine, begins: str, ends: str) -> Iterator[None]:
    """While the block runs, the view is there."""
    with engine.begin() as connection:
        connection.exec_driver_sql(begins)
    try:
        yield
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql(ends)
