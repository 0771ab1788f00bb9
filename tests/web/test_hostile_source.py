"""What nobody expects in a service's database, in every column at once: shown as text, or said to be unreadable, and never run.

Looked at in every page that reads the service, in the letters and in the copy (security.md B-9, B-12, B-13, B-16, B-45).
"""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from zipfile import ZipFile

import pytest
from werkzeug.test import TestResponse

from portal.config import Settings
from portal.demo.service.tables import service_tables
from portal.domain.data_map import Category, Column, PersonLink, Table, TableName
from portal.domain.languages import Language, Text
from tests.client import Page, Visitor
from tests.installation import CAMILLE, Built, an_installation
from tests.journeys import story

PLACES = {"accounts": "id"}
KEPT = {"id", "account_id", "email", "number"}
"""Keys, the address people are known by, and what must stay unique."""

HOSTILE: dict[str, object] = {
    "script": "<script>alert(1)</script>",
    "image": "\"><img src=x onerror=alert(1)>'",
    "link": "javascript:alert(1)",
    "data": "data:text/html,<script>alert(1)</script>",
    "formula": '=HYPERLINK("http://x.example","x")',
    "full-width formula": "\uff1d1+1",
    "tab formula": "\t=1+1",
    "template": "{{7*7}}${7*7}{% raise %}%(x)s%s",
    "bidi": "\u202egnp.exe\u2066\u2067\ufeff",
    "NUL": "a\x00b",
    "controls": "\x1b[2J\x07\x85\ufffe\U0010ffff",
    "header": "x\r\nBcc: victim@example.org\r\n\r\nbody",
    "path": "../../etc/passwd",
    "invalid UTF-8": b"\xff\xfeA\xc0\x80",
    "nothing": None,
    "empty": "",
    "long": "é" * 50_000,
    "year zero": "0000-00-00 00:00:00",
    "year ten thousand": "99999-12-31 25:61:00",
    "largest number": 2**63 - 1,
    "not a number": float("inf"),
    "combining": "o" + "\u0301" * 3_000,
}
RUNS = ("script", "iframe", "object", "embed", "form", "img", "svg", "link", "meta", "base", "style")


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path, log_rows=6)


def poison(built: Built, value: object) -> None:
    """Write a value into every column of every row of the person that may hold it without losing who they are."""
    with sqlite3.connect(built.folder / "service.db") as service:
        service.execute("PRAGMA ignore_check_constraints = ON")
        account = story.account_of(built, CAMILLE)
        for table in service_tables.sorted_tables:
            owner = PLACES.get(table.name, "account_id")
            for column in table.columns:
                fits = value is not None or column.nullable
                if column.name not in KEPT and fits:
                    # A text of bad bytes, as a service that checks nothing leaves it.
                    new = "CAST(? AS TEXT)" if isinstance(value, bytes) else "?"
                    service.execute(
                        f"UPDATE {table.name} SET {column.name} = {new} WHERE {owner} = ?", [value, account]
                    )


@pytest.mark.parametrize("name", list(HOSTILE))
def test_every_page_shows_it_as_text(built: Built, name: str) -> None:
    poison(built, HOSTILE[name])
    languages: tuple[Language, ...] = ("en", "fr") if name in {"bidi", "year zero"} else ("en",)
    for language in languages:
        visitor = signed_in(built, language)
        pages = [visitor.visit(endpoint) for endpoint in ("my_information", "consents", "delete", "download")]
        pages += [visitor.visit("category", category=one.id) for one in built.installation.data_map.categories]
        pages += [visitor.visit("consent", purpose=purpose) for purpose in ("news", "improve")]
        pages += [_opened(visitor, href) for page in pages for href in page.links().values() if "/correct?" in href]
        for page in pages:
            harmless(page)


def harmless(page: Page) -> None:
    assert not page.all("img")
    assert all(link.get("href", "").startswith(("/", "#", "mailto:", "tel:", "https://")) for link in page.all("a"))
    assert len(page.html) < 600_000
    assert "\x00" not in page.html


@pytest.mark.parametrize("name", list(HOSTILE))
def test_the_copy_holds_it_and_runs_nothing(built: Built, name: str) -> None:
    poison(built, HOSTILE[name])
    answer = signed_in(built).send("download", {}, status=200)
    assert isinstance(answer, TestResponse)
    archive = ZipFile(io.BytesIO(answer.get_data()))
    assert archive.testzip() is None
    names = archive.namelist()
    assert all(part.isascii() and ".." not in part and not part.startswith("/") for part in names)
    data = json.loads(archive.read("data.json"))
    if name in {"script", "formula", "bidi", "template", "header"}:
        assert json.dumps(HOSTILE[name])[1:-1] in json.dumps(data)
    for part in names:
        if part.endswith(".csv"):
            for row in csv.reader(io.StringIO(archive.read(part).decode("utf-8-sig"), newline="")):
                assert not any(_is_formula(cell) for cell in row)
        if part.endswith(".html"):
            Harmless().feed(archive.read(part).decode())


class Harmless(HTMLParser):
    """Fails at whatever a browser would run or fetch."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one element."""
        assert tag not in set(RUNS) - {"style", "meta"}, tag
        for name, value in attrs:
            assert not name.startswith("on"), name
            assert name not in {"src", "srcset", "action"}, name
            assert name != "href" or (value or "").startswith(("#", "mailto:", "tel:", "http")), value


@pytest.mark.parametrize("name", ["script", "header", "template", "bidi", "NUL", "invalid UTF-8", "year zero"])
def test_letters_and_the_staffs_pages_stay_themselves(built: Built, name: str) -> None:
    poison(built, HOSTILE[name])
    visitor = signed_in(built)
    story.withdraw(visitor, "news")
    reference = story.ask_for_deletion(visitor)
    officer = Visitor(built, "en")
    officer.sign_in("officer@example.org")
    harmless(officer.visit("staff_request", reference=reference))
    story.decide(officer, reference, decision="granted")
    built.work()
    harmless(visitor.visit("request_page", reference=reference))
    letters = built.mailbox()
    assert any(letter["reference"] == reference for letter in letters)
    for letter in letters:
        assert letter["to"] in {CAMILLE, "officer@example.org", "jp@atomescroch.us"}
        assert "alert(1)" not in str(letter)
        assert "victim@example.org" not in str(letter)


def test_a_correction_of_a_hostile_value_ends_it(built: Built) -> None:
    poison(built, HOSTILE["script"])
    visitor = signed_in(built)
    story.correct(visitor, "name", "Camille")
    with sqlite3.connect(built.folder / "service.db") as service:
        assert service.execute("SELECT name FROM accounts WHERE email = ?", [CAMILLE]).fetchone() == ("Camille",)


def test_a_table_of_three_hundred_columns_with_doubled_keys_is_shown_and_copied(tmp_path: Path) -> None:
    built = an_installation(tmp_path, change=_with_a_wide_table)
    columns = ", ".join(f"c{number} TEXT" for number in range(300))
    with sqlite3.connect(built.folder / "service.db") as service:
        service.execute(f"CREATE TABLE wide (id INTEGER, account_id INTEGER, {columns})")
        account = story.account_of(built, CAMILLE)
        for key in (1, 2, 2, 3):
            service.execute(
                f"INSERT INTO wide VALUES (?, ?, {', '.join('?' * 300)})", [key, account, *["<b>wide</b>"] * 300]
            )
    visitor = signed_in(built)
    page = visitor.visit("category", category="wide")
    assert "C299" in page.html
    assert "<b>wide" not in page.html
    answer = visitor.send("download", {}, status=200)
    assert isinstance(answer, TestResponse)
    data = json.loads(ZipFile(io.BytesIO(answer.get_data())).read("data.json"))
    table = next(category for category in data["categories"] if category["id"] == "wide")["tables"][0]
    assert len(table["rows"]) == 4


def _with_a_wide_table(settings: Settings) -> Settings:
    columns = tuple(Column(f"c{number}", Text(fr=f"C{number}", en=f"C{number}")) for number in range(300))
    table = Table(TableName("service", "wide"), PersonLink(("account_id",)), ("id",), None, columns, "delete")
    label = Text(fr="Large", en="Wide")
    wide = Category("wide", label, ("provide",), tables=(table,), retention=Text(fr="Un an.", en="One year."))
    data_map = settings.data_map
    return replace(settings, data_map=replace(data_map, categories=(*data_map.categories, wide)))


def signed_in(built: Built, language: Language = "en") -> Visitor:
    visitor = Visitor(built, language)
    visitor.sign_in(CAMILLE)
    return visitor


def _opened(visitor: Visitor, href: str) -> Page:
    """A correction's page, or the page of a request in words where a form could not carry the value."""
    answer = visitor.client.get(href, base_url="http://127.0.0.1:8000")
    assert answer.status_code in {200, 303}
    return visitor.open(answer.location if answer.status_code == 303 else href)


def _is_formula(cell: str) -> bool:
    return (
        cell[:1] in tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20\x00") and not cell.lstrip("+-").replace(".", "").isdigit()
    )
