"""`portal check` finds what the map says and the sources do not hold, and prints it as the design promises."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from portal.config import Problem, Settings, load_settings
from portal.services.check import as_json, as_lines, problems
from portal.sources import open_source
from tests.config.written import ACCESSES, ENVIRON, changed

TABLES = """
CREATE TABLE accounts (id INTEGER PRIMARY KEY, email TEXT, locale TEXT, plan TEXT, password TEXT, ip TEXT, improve_ok BOOLEAN);
CREATE TABLE api_requests (id INTEGER PRIMARY KEY, account_id INTEGER, requested_at TIMESTAMP);
CREATE TABLE orders (id INTEGER PRIMARY KEY, account_id INTEGER);
CREATE TABLE "order.lines" (order_id INTEGER, line INTEGER, item TEXT, kind TEXT, issued_at DATE);
"""
LOCAL_TABLE = changed('schema = "app", ', "")


def found(folder: Path, text: str = LOCAL_TABLE, tables: str = TABLES) -> list[Problem]:
    """The problems of a file beside a service's database that has these tables."""
    with sqlite3.connect(folder / "service.db") as service:
        service.executescript(tables)
    service.close()
    return problems(*installed(folder, text, f"sqlite:///{folder}/service.db"))


def installed(folder: Path, text: str, url: str):
    (folder / "portal.toml").write_text(text)
    settings = load_settings(folder / "portal.toml", {**ENVIRON, "SERVICE_DATABASE_URL": url})
    return settings, {source.id: open_source(source.kind, source.id, source.url) for source in settings.sources}


def test_a_map_that_tells_the_truth_has_no_problem(tmp_path):
    assert found(tmp_path) == []


def test_a_misspelt_column_is_named_with_the_nearest_right_one(tmp_path):
    text = changed("    email    = {", "    emial = {", text=LOCAL_TABLE)
    assert as_lines(found(tmp_path, text)) == [
        "portal.toml: categories[0].tables[1].columns.emial: no such column in service.accounts; nearest: email",
        "1 problem.",
    ]


def test_a_table_that_is_not_there_is_one_problem_and_its_columns_none(tmp_path):
    assert as_lines(found(tmp_path, changed('"service.api_requests"', '"service.api_request"', text=LOCAL_TABLE))) == [
        "portal.toml: categories[0].tables[0].table: no such table in service; nearest: service.api_requests",
        "1 problem.",
    ]


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ("accounts.improve_ok", "accounts.improve", "purposes[1].consent.column"),
        ('email = ["email"]', 'email = ["mail"]', "people[0].match.email"),
        ('language = "locale"', 'language = "lang"', "people[0].language"),
        ('person = "account_id"', 'person = "acount_id"', "categories[0].tables[0].person"),
        ('order = "requested_at"', 'order = "at"', "categories[0].tables[0].order"),
        ('from = "requested_at"', 'from = "asked_at"', "categories[0].tables[0].retention.from"),
        ('["order_id", "line"]', '["order_id", "row"]', "categories[0].tables[2].key"),
        ('"order_id -> ', '"ordr_id -> ', "categories[0].tables[2].person"),
        ("service.orders.account_id", "service.order.account_id", "categories[0].tables[2].person"),
        ("service.orders.account_id", "service.orders(no).account_id", "categories[0].tables[2].person"),
        ("service.orders.account_id", "service.orders.account", "categories[0].tables[2].person"),
        ('hold.from = "issued_at"', 'hold.from = "issued"', "categories[0].tables[2].hold.from"),
        ('{ kind = ["invoice"] }', '{ type = ["invoice"] }', "categories[0].tables[2].hold.where.type"),
        ("    item = {", '    "no.item" = {', 'categories[0].tables[2].columns."no.item"'),
    ],
)
def test_whatever_the_map_relies_on_must_exist(tmp_path, before, after, key):
    assert [problem.key for problem in found(tmp_path, changed(before, after, text=LOCAL_TABLE))] == [key]


@pytest.mark.parametrize(
    ("before", "after", "key", "nearest"),
    [
        ('"service.support_views"', '"service.suport_views"', "accesses[0].table", "service.support_views"),
        ('"account_id"', '"acount_id"', "accesses[0].person", "account_id"),
        ('["id"]', '["ids"]', "accesses[0].key", "id"),
        ('"viewed_at"', '"veiwed_at"', "accesses[0].at", "viewed_at"),
        ('"team"', '"teams"', "accesses[0].role", "team"),
        ('"reason"', '"raison"', "accesses[0].reason", "reason"),
    ],
)
def test_a_record_of_who_looked_must_exist_as_it_is_named(tmp_path, before, after, key, nearest):
    log = changed("service.app.support_views", "service.support_views", text=ACCESSES)
    tables = (
        TABLES + "CREATE TABLE support_views (id INT, account_id INT, viewed_at TIMESTAMP, team TEXT, reason TEXT);"
    )
    (problem,) = found(tmp_path, LOCAL_TABLE + changed(before, after, text=log), tables)
    assert (problem.key, problem.arguments["nearest"]) == (key, nearest)


def test_every_problem_is_found_at_once(tmp_path):
    keys = [problem.key for problem in found(tmp_path, tables=TABLES.replace("accounts (", "members ("))]
    assert keys == ["purposes[1].consent.column", "people[0].table", "categories[0].tables[1].table"]


def test_a_source_that_cannot_be_reached_is_one_problem_without_its_password(tmp_path):
    url = "postgresql://reader:p%40ss%2Fw0rd@127.0.0.1:1/service"
    (problem,) = problems(*installed(tmp_path, LOCAL_TABLE, url))
    assert (problem.key, problem.code) == ("sources[0].url", "source_unavailable")
    assert "w0rd" not in repr(problem)


def test_a_source_that_could_not_be_opened_is_one_problem_too(tmp_path):
    settings, _ = installed(tmp_path, LOCAL_TABLE, "sqlite:///service.db")
    assert [problem.key for problem in problems(settings, {})] == ["sources[0].url"]


def test_further_checks_are_asked_after_the_map(tmp_path):
    def no_policy(settings: Settings) -> list[Problem]:
        return [Problem("policies", "privacy", "none_in_force", f"nothing is in force in {settings.timezone}")]

    settings, _ = installed(tmp_path, LOCAL_TABLE, "sqlite:///service.db")
    codes = [problem.code for problem in problems(settings, {}, [no_policy])]
    assert codes == ["source_unavailable", "none_in_force"]


def test_nothing_wrong_is_said_in_one_line():
    assert as_lines([]) == ["No problem found."]
    assert json.loads(as_json([])) == {"problems": []}


def test_problems_are_one_to_a_line_whatever_they_hold():
    one = Problem("portal.toml", "", "toml", "is not valid TOML: Invalid value", line=3)
    other = Problem("portal.toml", "a.b", "wrong", "expected\nsome\x1b words")
    assert as_lines([one, other]) == [
        "portal.toml: line 3: is not valid TOML: Invalid value",
        "portal.toml: a.b: expected\\u000asome\\u001b words",
        "2 problems.",
    ]


def test_problems_as_json_have_the_five_fields_of_the_design():
    problem = Problem("portal.toml", "catégories", "wrong", "expected some words")
    assert json.loads(as_json([problem])) == {
        "problems": [
            {
                "file": "portal.toml",
                "key": "catégories",
                "line": None,
                "code": "wrong",
                "message": "expected some words",
            }
        ]
    }


@pytest.mark.parametrize(
    ("allowed", "why"),
    [
        ("false", "The source service is at an address of this machine or of a private network: its settings must say"),
        ("true", "The source service does not answer."),
    ],
)
def test_a_service_that_cannot_be_asked_is_one_problem_that_says_why(tmp_path, allowed, why):
    service = f'kind = "http"\nsecret = "{"s" * 32}"\nallow_private = {allowed}\nurl = "https://127.0.0.1:1"'
    text = changed('kind = "sql"\nurl = "${SERVICE_DATABASE_URL}"', service, text=LOCAL_TABLE)
    (tmp_path / "portal.toml").write_text(text)
    settings = load_settings(tmp_path / "portal.toml", ENVIRON)
    [source] = settings.sources
    opened = open_source("http", source.id, source.url, secret=source.secret, allow_private=source.allow_private)
    [line, count] = as_lines(problems(settings, {source.id: opened}))
    assert line.startswith(f"portal.toml: sources[0].url: its tables were not compared: {why}")
    assert count == "1 problem."


PHONE = 'phone    = { label = { fr = "Téléphone", en = "Phone" }, inside = "profile.phone"'


@pytest.mark.parametrize(
    ("declared", "problem"),
    [
        ("profile JSON", None),
        ("profile TEXT", None),
        ("profile", None),
        (
            "profile INTEGER",
            "columns.phone.inside: this column of service.accounts cannot hold JSON; expected one with fields inside it",
        ),
        ("profle TEXT", "columns.phone.inside: no such column in service.accounts; nearest: profle"),
    ],
)
def test_fields_are_inside_a_column_that_can_hold_them(tmp_path, declared, problem):
    text = changed("    plan     = {", f"    {PHONE} }}\n    plan     = {{", text=LOCAL_TABLE)
    lines = as_lines(found(tmp_path, text, TABLES.replace("plan TEXT", f"plan TEXT, {declared}")))
    assert lines[:-1] == ([f"portal.toml: categories[0].tables[1].{problem}"] if problem else [])


def test_a_view_is_read_only_and_the_map_must_know_it(tmp_path):
    tables = TABLES.replace("accounts (", "members (") + "CREATE VIEW accounts AS SELECT * FROM members;"
    assert as_lines(found(tmp_path, tables=tables)) == [
        "portal.toml: categories[0].tables[1].erase: service.accounts is a view, through which nothing is written;"
        " expected keep, and the table beneath in the map",
        "portal.toml: categories[0].tables[1].columns.email.correct: service.accounts is a view, through which nothing is"
        " written; expected never, and the table beneath in the map",
        "2 problems.",
    ]


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("a, order_id -> service.orders(id, shop).account_id", "no such column in service.order.lines"),
        ("line, order_id -> service.orders(id, shop).account_id", "no such column in service.orders"),
        ("order_id -> service.orders.shop -> service.shops.account_id", "no such column in service.orders"),
    ],
)
def test_every_column_along_a_path_must_exist(tmp_path, path, key):
    text = changed("order_id -> service.orders.account_id", path, text=LOCAL_TABLE)
    assert key in found(tmp_path, text)[0].message
