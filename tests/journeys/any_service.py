"""Services of any shape: random tables, keys, links and types, and rows of several people in which every value is unlike any other."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import sqlalchemy as sa
from hypothesis import strategies as st
from sqlalchemy.dialects import mysql

from portal.domain.data_map import Category, Column, DataMap, People, PersonLink, Purpose, Step, Table, TableName
from portal.domain.languages import Text

SOURCE = "service"
PURPOSE = Purpose("provide", Text(fr="Fournir le service", en="Provide the service"), "contract")
NAMES = ("plain", "order", "select", "Mixed Case", 'quo"ted', "accentué", "per%cent", "table.dotted", "semi;colon")
TYPES = ("text", "integer", "decimal", "instant", "day", "bytes", "yes_no")
DECORATED = ("{}", 'a "{}"', "x, {};", "first\r\nsecond {}", "<b>{}</b>", "é{} 👩‍👧", "'{}", "%s {}", "{}\t")
START, DAY = datetime(2001, 1, 1, tzinfo=UTC), date(1901, 1, 1)
MOMENT = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
REAL: dict[str, Any] = {
    "text": sa.Text(),
    "integer": sa.BigInteger(),
    "decimal": sa.Numeric(14, 2),
    "instant": MOMENT,
    "day": sa.Date(),
    "bytes": sa.LargeBinary(),
    "yes_no": sa.Boolean(),
}
KEYS: dict[str, Any] = {"integer": sa.BigInteger(), "text": sa.String(40)}

Row = dict[str, Any]


@dataclass(frozen=True)
class MappedColumn:
    """A column that the map names, with what it holds; one that is `held` is never to be shown."""

    name: str
    kind: str
    held: bool


@dataclass(frozen=True)
class TablePlan:
    """One table: the table its rows lead to (None: to people themselves), its key and its mapped columns.

    `unique`: whether the mapped key tells its rows apart, which a map may claim wrongly. `shows_link`: whether the columns
    that say whose the rows are, are shown too.
    """

    name: str
    parent: int | None
    key_kinds: tuple[str, ...]
    unique: bool
    columns: tuple[MappedColumn, ...]
    ordered: bool
    shows_link: bool
    rows: int


@dataclass(frozen=True)
class ServicePlan:
    """A whole service: how its people are told apart, its tables, and the seed of everything in their rows."""

    people_keys: tuple[str, ...]
    tables: tuple[TablePlan, ...]
    people: int
    seed: int


@dataclass(frozen=True)
class Made:
    """A service as it was made: its map, its real tables with their rows, and whose each row is.

    `owned`: by the name of a table, each row with the number of its person; None is nobody.
    """

    data_map: DataMap
    metadata: sa.MetaData
    rows: dict[str, list[Row]]
    owned: dict[str, list[tuple[int | None, Row]]]
    addresses: Sequence[str]

    def fill(self, engine: sa.Engine) -> None:
        """Make the tables and their rows in an empty database."""
        self.metadata.create_all(engine)
        with engine.begin() as connection:
            for table in self.metadata.sorted_tables:
                if self.rows[table.name]:
                    connection.execute(sa.insert(table), self.rows[table.name])

    def empty(self, engine: sa.Engine) -> None:
        """Take the tables away."""
        self.metadata.drop_all(engine)


@st.composite
def service_plans(draw: st.DrawFn) -> ServicePlan:
    """Up to four tables, which lead to people directly or through each other."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True))
    kinds = st.sampled_from(sorted(KEYS))
    keys = st.lists(kinds, min_size=1, max_size=2).map(tuple)
    tables = [
        TablePlan(
            name=name,
            parent=draw(st.none() | st.integers(0, place - 1)) if place else None,
            key_kinds=draw(keys),
            unique=draw(st.integers(0, 3)) > 0,
            columns=_columns(draw),
            ordered=draw(st.booleans()),
            shows_link=draw(st.booleans()),
            rows=draw(st.sampled_from([0, 1, 12, 40])),
        )
        for place, name in enumerate(names)
    ]
    return ServicePlan(draw(keys), tuple(tables), draw(st.integers(1, 3)), draw(st.integers(0, 2**32)))


def _columns(draw: st.DrawFn) -> tuple[MappedColumn, ...]:
    kinds = draw(st.lists(st.sampled_from(TYPES), min_size=1, max_size=4))
    return tuple(
        MappedColumn(f"{kind} {place}", kind, held=kind == "text" and draw(st.integers(0, 3)) == 0)
        for place, kind in enumerate(kinds)
    )


def made(plan: ServicePlan) -> Made:
    """The service of a plan, always the same."""
    return _Maker(plan).whole()


class _Maker:
    """Makes one service, table after table."""

    def __init__(self, plan: ServicePlan) -> None:
        self.plan = plan
        self.chance = Random(plan.seed)  # noqa: S311 - invented rows; nothing here is a secret
        self.number = 0
        self.metadata = sa.MetaData()
        self.rows: dict[str, list[Row]] = {}
        self.owned: dict[str, list[tuple[int | None, Row]]] = {}
        self.people_names = [f"person key {place}" for place in range(len(plan.people_keys))]

    def whole(self) -> Made:
        """People first, then each table."""
        addresses = self._people()
        tables = [self._table(plan) for plan in self.plan.tables]
        people = People(TableName(SOURCE, "who is who"), tuple(self.people_names), ("address",))
        categories = tuple(
            Category(f"kind-{place}", _words(plan.name), purposes=("provide",), tables=(table,))
            for place, (plan, table) in enumerate(zip(self.plan.tables, tables, strict=True))
        )
        return Made(DataMap((PURPOSE,), (people,), categories), self.metadata, self.rows, self.owned, addresses)

    def _people(self) -> list[str]:
        columns = [
            sa.Column(name, KEYS[kind], primary_key=True, autoincrement=False)
            for name, kind in zip(self.people_names, self.plan.people_keys, strict=True)
        ]
        sa.Table("who is who", self.metadata, *columns, sa.Column("address", sa.String(200)), mysql_charset="utf8mb4")
        self.keys = [tuple(self._key(kind) for kind in self.plan.people_keys) for _ in range(self.plan.people)]
        addresses = [f"person{place}@example.org" for place in range(self.plan.people)]
        self.rows["who is who"] = [
            dict(zip(self.people_names, key, strict=True)) | {"address": address}
            for key, address in zip(self.keys, addresses, strict=True)
        ]
        return addresses

    def _table(self, plan: TablePlan) -> Table:
        key = tuple(f"key {place}" for place in range(len(plan.key_kinds)))
        parent = None if plan.parent is None else self.plan.tables[plan.parent]
        link = {"parent": KEYS["integer"]} if parent else self._link_columns()
        own = [sa.Column(name, KEYS[kind]) for name, kind in zip(key, plan.key_kinds, strict=True)]
        others = [sa.Column(column.name, REAL[column.kind]) for column in plan.columns]
        leading = [sa.Column(name, kind) for name, kind in link.items()]
        number, when = sa.Column("row number", sa.BigInteger()), sa.Column("when", MOMENT)
        sa.Table(plan.name, self.metadata, *own, *leading, number, when, *others, mysql_charset="utf8mb4")
        self._rows(plan, key, tuple(link), parent)
        shown = [Column(one.name, _words(one.name), show="held" if one.held else "plain") for one in plan.columns]
        shown += [Column(name, _words(name)) for name in link if plan.shows_link]
        return Table(
            name=TableName(SOURCE, plan.name),
            person=self._link(plan),
            key=key,
            order="when" if plan.ordered else None,
            columns=tuple(shown),
            erase="keep",
        )

    def _link_columns(self) -> dict[str, Any]:
        return {f"of {name}": KEYS[kind] for name, kind in zip(self.people_names, self.plan.people_keys, strict=True)}

    def _link(self, plan: TablePlan) -> PersonLink:
        """Through each parent by its row number, down to the columns that hold a person's key."""
        steps = []
        while plan.parent is not None:
            plan = self.plan.tables[plan.parent]
            steps.append(Step("parent", TableName(SOURCE, plan.name), "row number"))
        return PersonLink(tuple(self._link_columns()), tuple(steps))

    def _rows(self, plan: TablePlan, key: Sequence[str], link: Sequence[str], parent: TablePlan | None) -> None:
        found: list[tuple[int | None, Row]] = []
        for _ in range(plan.rows):
            owner, leading = self._owner(parent)
            row: Row = dict(zip(link, leading, strict=True))
            row["row number"] = self._next()
            row["when"] = self.chance.choice([None, START + timedelta(days=self.chance.randrange(9))])
            row |= {name: self._key_of_row(kind, plan) for name, kind in zip(key, plan.key_kinds, strict=True)}
            row |= {column.name: self._value(column.kind) for column in plan.columns}
            found.append((owner, row))
        self.owned[plan.name] = found
        self.rows[plan.name] = [_stored(row) for _, row in found]

    def _owner(self, parent: TablePlan | None) -> tuple[int | None, tuple[Any, ...]]:
        """Whose a new row is, and what leads there; sometimes nobody's, or to what is not there."""
        nobody = not self.chance.randrange(8)
        if parent is None:
            owner = self.chance.randrange(len(self.keys))
            return (None, self._lost(self.keys[owner])) if nobody else (owner, self.keys[owner])
        above = self.owned[parent.name]
        if nobody or not above:
            return None, (self.chance.choice([None, 10**12]),)
        owner_above, row = self.chance.choice(above)
        return owner_above, (row["row number"],)

    def _lost(self, key: tuple[Any, ...]) -> tuple[Any, ...]:
        """A key with one part missing: of no person."""
        place = self.chance.randrange(len(key))
        return (*key[:place], None, *key[place + 1 :])

    def _key_of_row(self, kind: str, plan: TablePlan) -> Any:
        if plan.unique:
            return self._key(kind)
        few = self.chance.randrange(3)
        return self.chance.choice([None, few if kind == "integer" else f"same {few}"])

    def _key(self, kind: str) -> Any:
        number = self._next()
        return number if kind == "integer" else self.chance.choice(("k{}", "{}'", "é {}", "{}%_")).format(number)

    def _next(self) -> int:
        self.number += 1
        return self.number

    def _value(self, kind: str) -> Any:
        if not self.chance.randrange(6):
            return None
        number = self._next()
        canary = hashlib.sha256(f"{self.plan.seed} {number}".encode()).hexdigest()[:20]
        return {
            "text": self.chance.choice(DECORATED).format(canary),
            "integer": (10**14 + int(canary[:10], 16)) * self.chance.choice((1, -1)),
            "decimal": Decimal(10**9 + number) + Decimal(number % 100) / 100,
            "instant": START + timedelta(seconds=number, microseconds=number),
            "day": DAY + timedelta(days=number),
            "bytes": bytes.fromhex(canary),
            "yes_no": bool(number % 2),
        }[kind]


def _stored(row: Row) -> Row:
    """The row as a driver takes it: the service keeps UTC without saying so."""
    return {name: value.replace(tzinfo=None) if isinstance(value, datetime) else value for name, value in row.items()}


def _words(words: str) -> Text:
    return Text(fr=words, en=words)
