"""`portal sources suggest` as an operator meets it: a draft that loads, questions aloud, and nothing given away."""

from __future__ import annotations

import sqlite3
import tomllib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import make_url

from portal.cli import main
from portal.config import read_settings
from portal.config.addresses import without_password
from portal.domain.erasure import in_erasure_order
from portal.services.check import problems
from portal.sources import open_source
from portal.wording.typography import french_spacing_faults
from tests.commands.shop import CUSTOMERS, DATABASES, LINES, ROSE, TICKETS, a_shop
from tests.config.written import ENVIRON, FOLDER, SMALLEST
from tests.installation import NOON

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "PORTAL_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[str]:
    with a_shop("sqlite", tmp_path) as url:
        yield url


def suggested(capsys: Capture, *arguments: str, code: int = 0) -> tuple[str, str]:
    """What is printed, and what is told on stderr."""
    capsys.readouterr()
    assert main(["sources", "suggest", *arguments]) == code
    told = capsys.readouterr()
    return told.out, told.err


@pytest.mark.parametrize("kind", DATABASES)
def test_the_draft_has_no_problem_as_it_stands_and_holds_no_value_of_anybody(
    kind: str, tmp_path: Path, capsys: Capture
) -> None:
    with a_shop(kind, tmp_path) as url:
        text, _ = suggested(capsys, url)
        settings = read_settings(f"{SMALLEST}{text}", FOLDER, ENVIRON)
        source = open_source("sql", "service", url)
        assert problems(settings, {"service": source}) == []
        source.close()
    held = [value for row in (*CUSTOMERS, *LINES, *TICKETS) for value in row.values() if isinstance(value, str)]
    assert [value for value in held if value not in {"fr", "en"} and f'"{value}"' in text] == []
    assert "rose" not in text.lower()
    tables = {table["table"]: table for category in tomllib.loads(text)["categories"] for table in category["tables"]}
    assert tables["service.invoice_lines"]["person"] == "invoice_id -> service.invoices(id).customer_id"
    assert tables["service.tickets"]["person"] == "customer_id"
    assert tables["service.customers"]["columns"]["password_hash"]["show"] == "held"
    assert tables["service.customers"]["columns"]["language"]["values"]["fr"] == {"fr": "Français", "en": "French"}
    assert tables["service.invoices"]["erase"] == "keep"
    assert tables["service.customer_products"]["erase"] == "delete"


@pytest.mark.parametrize("kind", DATABASES)
def test_what_the_draft_says_of_erasing_can_be_done_and_leaves_nothing_of_the_person(
    kind: str, tmp_path: Path, capsys: Capture
) -> None:
    with a_shop(kind, tmp_path) as url:
        text, _ = suggested(capsys, url)
        settings = read_settings(f"{SMALLEST}{text}", FOLDER, ENVIRON)
        source = open_source("sql", "service", url, hash_key=b"k" * 32)
        people = settings.data_map.people[0]
        [rose] = source.people_matching(people, ROSE)
        for _, table in in_erasure_order(settings.data_map):
            batch = source.next_batch(table, rose, after=None, limit=100, now=NOON)
            assert batch is not None, table.name
            assert source.erase(table, rose, batch, now=NOON) == batch.count
        assert source.people_matching(people, ROSE) == []
        left = {
            str(table.name): source.page(table, rose, after=None, limit=50).rows
            for _, table in settings.data_map.tables()
        }
        source.close()
    assert [len(left[f"service.{name}"]) for name in ("customers", "tickets", "customer_products", "invoices")] == [
        1,
        2,
        0,
        3,
    ]
    kept = repr((left["service.customers"], left["service.tickets"]))
    for value in (ROSE, "Rose", "Lavigne", "418", "rang du Lac", "G0S", "Colis", "perdu"):
        assert value not in kept


def test_each_question_stands_at_its_place_and_in_a_list(shop: str, capsys: Capture) -> None:
    text, told = suggested(capsys, shop)
    asked = [line.strip().removeprefix("# ? ") for line in text.splitlines() if line.strip().startswith("# ? ")]
    listed = [line.removeprefix("- ").split(": ", 1)[1] for line in told.splitlines()[1:]]
    assert asked == listed
    assert "- service.customers.fidelity_cd: Which words would people recognize?" in told.splitlines()
    assert "# - service.employees: nothing in it leads to a person" in text
    assert "# - service.products: nothing in it leads to a person" in text


def test_in_french_the_draft_says_the_same_and_asks_in_french(
    shop: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    english, _ = suggested(capsys, shop)
    monkeypatch.setenv("LANG", "fr_CA.UTF-8")
    french, told = suggested(capsys, shop)
    assert tomllib.loads(french) == tomllib.loads(english)
    assert "# ? Combien de temps est-ce conservé, à compter de issued_on?" in french
    questions = [line.split(": ", 1)[1] for line in told.splitlines()[1:]]
    assert [fault for question in questions for fault in french_spacing_faults(question)] == []


def test_a_password_is_replaced_by_a_variable_to_be_set(tmp_path: Path, capsys: Capture) -> None:
    with a_shop("postgresql", tmp_path) as url:
        address = make_url(url)
        given = address.set(password=address.password or "w0rd").render_as_string(hide_password=False)
        text, told = suggested(capsys, given, "--id", "my-shop")
    assert f":{make_url(given).password}@" not in text
    assert ":${MY_SHOP_PASSWORD}@" in tomllib.loads(text)["sources"][0]["url"]
    assert "- my-shop: Give the program the variable MY_SHOP_PASSWORD: its value is not written here." in told


def test_a_password_among_the_options_of_an_address_hides_the_whole_address() -> None:
    assert without_password("postgresql://me@db/shop?password=w0rd", "X") == "${X}"
    assert without_password("postgresql://me@db/shop?sslmode=require", "X") == "postgresql://me@db/shop?sslmode=require"


def test_an_address_that_names_a_variable_is_written_as_it_was_typed(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, shop: str
) -> None:
    monkeypatch.setenv("SHOP_URL", shop)
    text, _ = suggested(capsys, "${SHOP_URL}", "--id", "shop")
    assert 'url = "${SHOP_URL}"' in text
    assert shop not in text


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["nonsense://me:w0rd@db/shop"], 2, "This is not the address of a database"),
        (["postgresql://me:w0rd@127.0.0.1:1/shop"], 1, "This database does not answer"),
        (["${NOT_SET}"], 1, "The environment has no variable NOT_SET."),
        (["sqlite:///shop.db", "--id", "Shop 1"], 2, "The name of a source (--id) is made of"),
        (["sqlite:///shop.db", "--id", "portal"], 2, "The name of a source (--id) is made of"),
        (["sqlite:///nowhere.db"], 1, "This database does not answer"),
        (["sqlite:///shop.db", "--schema", "nowhere"], 1, "This database does not answer"),
        (["sqlite:///empty.db"], 1, "This database shows the portal no table."),
        (["sqlite:///shop.db", "--output", "shop.db"], 1, "shop.db is already there: nothing was touched."),
        (["sqlite:///shop.db", "--id", "taken"], 1, "The settings have a source named taken already."),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence_without_any_password(
    shop: str, tmp_path: Path, capsys: Capture, arguments: list[str], code: int, said: str
) -> None:
    sqlite3.connect(tmp_path / "empty.db").close()
    (tmp_path / "portal.toml").write_text('[[sources]]\nid = "taken"\n')
    before = (tmp_path / "shop.db").read_bytes()
    out, told = suggested(capsys, *arguments, code=code)
    assert out == ""
    assert told.startswith(said)
    assert len(told.splitlines()) == 1
    assert "w0rd" not in told
    assert (tmp_path / "shop.db").read_bytes() == before
    assert not (tmp_path / "nowhere.db").exists()


def test_a_second_database_is_drafted_beside_the_first_without_a_name_twice(
    shop: str, tmp_path: Path, capsys: Capture
) -> None:
    first, _ = suggested(capsys, shop)
    (tmp_path / "portal.toml").write_text(SMALLEST + first, encoding="utf-8")
    suggested(capsys, shop, "--id", "other", "--output", "other.toml")
    second = (tmp_path / "other.toml").read_text(encoding="utf-8")
    loaded = read_settings(SMALLEST + first + second, FOLDER, ENVIRON)
    assert [source.id for source in loaded.sources] == ["service", "other"]
    assert len({category.id for category in loaded.data_map.categories}) == 8
    assert [purpose.id for purpose in loaded.data_map.purposes] == ["provide", "legal"]


def test_tables_whose_rows_lead_nowhere_without_addresses_make_a_draft_that_loads_and_asks(
    tmp_path: Path, capsys: Capture
) -> None:
    with closing(sqlite3.connect(tmp_path / "bare.db")) as bare:
        bare.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)")
    text, told = suggested(capsys, "sqlite:///bare.db")
    assert read_settings(SMALLEST + text, FOLDER, ENVIRON).data_map.categories == ()
    assert "nobody can be recognized yet" in told
    assert f'url = "sqlite:///{tmp_path}/bare.db"' in text, "a relative file is relative to where the command ran"


def test_json_and_rows_of_two_people_are_asked_about(tmp_path: Path, capsys: Capture) -> None:
    with closing(sqlite3.connect(tmp_path / "talk.db")) as database:
        database.executescript(
            """CREATE TABLE members (id INTEGER PRIMARY KEY, email TEXT, profile JSON, notes TEXT);
            CREATE TABLE messages (id INTEGER PRIMARY KEY, body TEXT, sender INTEGER NOT NULL REFERENCES members,
                receiver INTEGER REFERENCES members);
            INSERT INTO members VALUES (1, 'rose@example.org', '{}', '{"a": "Zqxzqx"}'), (2, 'hugo@example.org', '{}', '{"b": 1}');"""
        )
    text, told = suggested(capsys, f"sqlite:///{tmp_path / 'talk.db'}")
    for column in ("profile", "notes"):
        assert f"service.members.{column}: It holds fields of its own (JSON)." in told
        assert f'inside = "{column}.phone"' in text
    assert "Zqxzqx" not in text + told
    assert "These columns lead to people too: receiver. Whose are the rows?" in told
    assert "# shared = true" in text
    shared = text.replace("# shared = true", "shared = true").replace('erase = "delete"', 'erase = "keep"')
    messages = read_settings(f"{SMALLEST}{shared}", FOLDER, ENVIRON).data_map.tables()
    assert [table.shared for _, table in messages if table.name.name == "messages"] == [True]
