"""Whatever shape a service has, a copy holds every mapped value of its person once, and nothing of anybody else."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings

from portal.config import SourceSettings
from portal.services.copies import Scope, take_copy
from portal.services.installation import Installation
from portal.sources import open_source
from tests.installation import Built, an_installation
from tests.journeys.any_service import Made, ServicePlan, TablePlan, made, service_plans
from tests.services import fresh_mariadb, fresh_postgresql

CANARY = re.compile("[0-9a-f]{20}")
Rows = Counter[tuple[str, ...]]

bounded = partial(settings, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    """One installation for all examples: each is a map and a source of its own."""
    built = an_installation(tmp_path_factory.mktemp("portal"))
    yield built
    built.installation.database.close()


@contextmanager
def installed(built: Built, service: Made, url: str) -> Iterator[Installation]:
    """The installation with that service as its only source."""
    source = open_source("sql", "service", url)
    told = replace(
        built.installation.settings, sources=(SourceSettings("service", "sql", url),), data_map=service.data_map
    )
    yield replace(built.installation, settings=told, sources={"service": source})
    source.close()


def copy_of(portal: Installation, address: str) -> ZipFile:
    with portal.database.writing() as store:
        person = store.people.ensure(address, language="fr", now=portal.clock())
    taken = take_copy(portal, person, Scope(), language="fr", now=portal.clock())
    return ZipFile(io.BytesIO(b"".join(taken)))


def right(portal: Installation, plan: ServicePlan, service: Made) -> None:
    """The copy of each person in turn is compared with the rows that were made for them."""
    for owner, address in enumerate(service.addresses):
        archive = copy_of(portal, address)
        data = json.loads(archive.read("data.json"))
        for place, table in enumerate(plan.tables):
            wanted = expected(plan, table, service, owner)
            described = data["categories"][place]["tables"][0]
            assert in_csv(archive, described["file"], table) == wanted, table
            assert in_json(described, table) == wanted, table
        nothing_of_others(archive, plan, service, owner)


def expected(plan: ServicePlan, table: TablePlan, service: Made, owner: int) -> Rows:
    """A person's rows as plain words, each as often as it is there."""
    columns = [column.name for column in service.data_map.categories[plan.tables.index(table)].tables[0].columns]
    held = {column.name for column in table.columns if column.held}
    return Counter(
        tuple(("held" if row[name] is not None else "") if name in held else plain(row[name]) for name in columns)
        for whose, row in service.owned[table.name]
        if whose == owner
    )


def plain(value: Any) -> str:
    """A value in the one form in which what was made and what was copied are compared."""
    match value:
        case None:
            return ""
        case bool():
            return str(int(value))  # MariaDB keeps no others
        case Decimal():
            return str(value.normalize())
        case datetime():
            return value.astimezone(UTC).isoformat()
        case bytes():
            return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, date) else str(value)


def in_csv(archive: ZipFile, file: str, table: TablePlan) -> Rows:
    names, _labels, *rows = csv.reader(io.StringIO(archive.read(file).decode("utf-8-sig"), newline=""))
    kinds = {column.name: "held" if column.held else column.kind for column in table.columns}
    return Counter(
        tuple(from_csv(cell, kinds.get(name, "link")) for name, cell in zip(names, row, strict=True)) for row in rows
    )


def from_csv(cell: str, kind: str) -> str:
    if kind == "held":
        return "held" if cell else ""
    read: dict[str, Callable[[str], str]] = {
        "decimal": lambda text: plain(Decimal(text)),
        "instant": lambda text: plain(datetime.fromisoformat(text)),
        "bytes": lambda text: text.removeprefix("base64:"),
        "yes_no": lambda text: {"true": "1", "false": "0"}.get(text, text),
        "text": harmed,
        "link": harmed,
    }
    return read.get(kind, str)(cell) if cell else ""


def harmed(text: str) -> str:
    """Text without the apostrophe by which it was made harmless for spreadsheets."""
    return text[1:] if re.match(r"'+[=+\-@\t\r]", text) else text


def in_json(described: dict[str, Any], table: TablePlan) -> Rows:
    names = [column["name"] for column in described["columns"]]
    kinds = {column.name: "held" if column.held else column.kind for column in table.columns}
    assert described["count"] == len(described["rows"])
    return Counter(
        tuple(from_json(cell, kinds.get(name, "link")) for name, cell in zip(names, row, strict=True))
        for row in described["rows"]
    )


def from_json(cell: Any, kind: str) -> str:
    if cell is None:
        return ""
    read: dict[str, Callable[[Any], str]] = {
        "held": lambda _: "held",
        "decimal": lambda text: plain(Decimal(str(text))),
        "instant": lambda text: plain(datetime.fromisoformat(text)),
        "bytes": lambda written: str(written["base64"]),
    }
    return read.get(kind, plain)(cell)


def nothing_of_others(archive: ZipFile, plan: ServicePlan, service: Made, owner: int) -> None:
    """No file holds a canary that is not the person's; the page to read holds each of theirs once, and what is held never."""
    mine, never = Counter[str](), set[str]()
    for table in plan.tables:
        for whose, row in service.owned[table.name]:
            for column in table.columns:
                canaries = CANARY.findall(row[column.name]) if isinstance(row[column.name], str) else []
                if whose == owner and not column.held:
                    mine.update(canaries)
                else:
                    never.update(canaries)
    words = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist() if "manifest" not in name}
    for name, text in words.items():
        assert never.isdisjoint(CANARY.findall(text)), name
        assert not [address for address in service.addresses if address in text and address != service.addresses[owner]]
    assert Counter(one for one in CANARY.findall(words["index.html"]) if one in mine) == mine


def test_the_copy_of_each_person_on_sqlite(built: Built, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'service.db'}"
    tried(built, url, examples=30)


@pytest.mark.parametrize("fresh", [fresh_postgresql, fresh_mariadb])
def test_the_copy_of_each_person_on_a_server(built: Built, fresh: Any) -> None:
    with fresh() as url:
        tried(built, url.render_as_string(hide_password=False), examples=8)


def tried(built: Built, url: str, *, examples: int) -> None:
    """So many services, one after the other in the same database."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)

    @given(service_plans())
    @bounded(max_examples=examples)
    def each(plan: ServicePlan) -> None:
        service = made(plan)
        service.fill(engine)
        try:
            with installed(built, service, url) as portal:
                right(portal, plan, service)
        finally:
            service.empty(engine)

    each()


def test_what_is_looked_for_would_be_found() -> None:
    """The plans that are drawn have what could go wrong: links of several steps, keys of two parts, rows of nobody."""
    plans: list[ServicePlan] = []

    @given(service_plans())
    @bounded(max_examples=30)
    def drawn(plan: ServicePlan) -> None:
        plans.append(plan)

    drawn()
    tables = [(plan, table) for plan in plans for table in plan.tables]
    assert max(depth(plan, table) for plan, table in tables) >= 2
    assert any(len(plan.people_keys) == 2 for plan in plans)
    assert any(not table.unique and table.rows > 20 for _, table in tables)
    assert any(column.held for _, table in tables for column in table.columns)
    assert any(whose is None for plan in plans for rows in made(plan).owned.values() for whose, _ in rows)


def depth(plan: ServicePlan, table: TablePlan) -> int:
    return 0 if table.parent is None else 1 + depth(plan, plan.tables[table.parent])
