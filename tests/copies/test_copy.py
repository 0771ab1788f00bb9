"""What the files of a copy say, and what they do with values that mean harm."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from zipfile import ZipFile

import fastjsonschema
import html5lib
import pytest

from portal.copies.contents import MOST_IN_JSON, MOST_UNDATED, NEWEST_SHOWN, CopyContents, Row, Scope
from portal.copies.writing import write_copy
from tests.copies.builders import ROWS, TAKEN_AT, a_copy, a_table


def opened(contents: CopyContents) -> ZipFile:
    return ZipFile(io.BytesIO(b"".join(write_copy(contents))))


def csv_rows(archive: ZipFile, name: str = "csv/account-accounts.csv") -> list[list[str]]:
    return list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig"), newline="")))


def described(archive: ZipFile) -> dict[str, Any]:
    tables: list[dict[str, Any]] = json.loads(archive.read("data.json"))["categories"][0]["tables"]
    return tables[0]


def json_rows(archive: ZipFile) -> list[dict[str, object]]:
    table = described(archive)
    names = [column["name"] for column in table["columns"]]
    return [dict(zip(names, row, strict=True)) for row in table["rows"]]


def test_the_files_are_these_and_the_manifest_comes_last() -> None:
    assert opened(a_copy()).namelist() == [
        "index.html",
        "README.txt",
        "csv/account-accounts.csv",
        "data.json",
        "data.schema.json",
        "manifest.json",
    ]


def test_data_json_has_the_published_form_and_another_has_not() -> None:
    archive = opened(a_copy())
    check = fastjsonschema.compile(json.loads(archive.read("data.schema.json")))
    data = json.loads(archive.read("data.json"))
    check(data)
    data["categories"][0]["tables"][0]["rows"][0][0] = {"text": "a cell of no known form"}
    with pytest.raises(fastjsonschema.JsonSchemaValueException):
        check(data)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_is_valid_html_in_the_persons_language(language: str) -> None:
    contents = replace(a_copy(), language=language)
    tree = html5lib.HTMLParser(strict=True).parse(opened(contents).read("index.html").decode())
    assert tree.get("lang") == f"{language}-CA"


def test_the_page_shows_no_markup_of_a_value_and_no_raw_code() -> None:
    page = opened(a_copy()).read("index.html").decode()
    assert "<b>" not in page
    assert "&lt;b&gt;née" in page
    assert "{{ 7*7 }}" in page
    assert "<bdi>Trial</bdi>" in page
    assert "P1" not in page
    assert "\x00" not in page


def test_a_password_is_said_to_be_held_and_nothing_else() -> None:
    archive = opened(a_copy())
    assert json_rows(archive)[0]["password"] is True
    assert [row[3] for row in csv_rows(archive)[2:]] == ["Held, not shown", ""]


def test_json_keeps_the_real_value_where_csv_defuses_it() -> None:
    archive = opened(a_copy())
    assert csv_rows(archive)[3][1].startswith("'=HYPERLINK")
    assert json_rows(archive)[1]["name"] == ROWS[1]["name"]


def test_a_long_table_is_whole_in_the_data_files_and_cut_on_the_page_which_says_so() -> None:
    rows = [dict(ROWS[0], id=number) for number in range(NEWEST_SHOWN + 1_500)]
    archive = opened(a_copy(a_table(rows)))
    assert [int(row[0]) for row in csv_rows(archive)[2:]] == list(range(len(rows)))
    assert [row["id"] for row in json_rows(archive)] == list(range(len(rows)))
    page = archive.read("index.html").decode()
    assert page.count("<tr>") == NEWEST_SHOWN + 1
    assert "These are the newest 1,000 rows. All of them are in the file csv/account-accounts.csv." in page


def test_a_longer_table_is_whole_in_its_csv_and_data_json_says_what_is_there() -> None:
    rows = [dict(ROWS[number % 2], id=number) for number in range(MOST_IN_JSON + 1)]
    archive = opened(a_copy(a_table(rows)))
    table = described(archive)
    assert [int(row[0]) for row in csv_rows(archive, table["file"])[2:]] == list(range(len(rows)))
    assert (table["count"], table["rows"]) == (len(rows), None)
    assert [column["name"] for column in table["columns"]] == csv_rows(archive, table["file"])[0]


def test_the_longest_table_that_data_json_holds_is_whole_there() -> None:
    archive = opened(a_copy(a_table([dict(ROWS[0], id=number) for number in range(MOST_IN_JSON)])))
    assert described(archive)["count"] == MOST_IN_JSON
    assert [row["id"] for row in json_rows(archive)] == list(range(MOST_IN_JSON))


def test_a_value_of_ten_megabytes_is_whole_in_the_data_files_and_shortened_on_the_page() -> None:
    large = "x" * 10_000_000
    archive = opened(a_copy(a_table([dict(ROWS[0], name=large)])))
    assert json_rows(archive)[0]["name"] == large
    assert large in archive.read("csv/account-accounts.csv").decode()
    assert len(archive.read("index.html")) < 100_000
    assert "[shortened here; whole in the data files]" in archive.read("index.html").decode()


def test_an_empty_table_gives_its_heading_and_says_that_nothing_was_found() -> None:
    archive = opened(a_copy(a_table([])))
    assert len(csv_rows(archive)) == 2
    assert json_rows(archive) == []
    assert "We found no row here under your address." in archive.read("index.html").decode()


def test_what_nobody_knew_is_never_said_to_be_not_held() -> None:
    page = opened(replace(a_copy(), unknown=("service",))).read("index.html").decode()
    assert (
        "We found nothing under this address in the organization’s systems; you may be known under another one." in page
    )


A_DAY = Scope(("account",), TAKEN_AT.date(), TAKEN_AT.date())


def of_a_day(undated: int | None, rows: Sequence[Row] = ROWS) -> CopyContents:
    contents = a_copy(replace(a_table(rows), undated=undated))
    return replace(contents, scope=A_DAY, categories=contents.categories[:1])


def test_a_part_says_that_it_is_one_and_which() -> None:
    archive = opened(of_a_day(0))
    page, readme = archive.read("index.html").decode(), archive.read("README.txt").decode()
    days = "Only entries dated from November 23, 2026 to November 23, 2026, both days included."
    for said in ("Only these categories: Account. The others are left out.", days):
        assert said in page
        assert said in readme
    assert "Seulement les éléments datés du 23 novembre 2026 au 23 novembre 2026" in readme
    assert "This copy has the part of it that you chose." in page
    assert "All that we found" not in page
    chosen = {"categories": ["account"], "from": "2026-11-23", "to": "2026-11-23", "portable": False}
    assert json.loads(archive.read("manifest.json"))["scope"] == chosen
    assert json.loads(archive.read("data.json"))["scope"].items() >= chosen.items()


def test_a_whole_copy_speaks_of_no_choice() -> None:
    archive = opened(a_copy())
    assert "the part that was chosen" not in archive.read("README.txt").decode()
    assert "What you chose" not in archive.read("index.html").decode()
    assert json.loads(archive.read("manifest.json"))["scope"]["categories"] == []


@pytest.mark.parametrize(
    ("undated", "sentence", "days"),
    [
        (None, "The entries of this list have no date: it is here whole.", None),
        (1, "1 entry has no date, so it is left out.", {"column": "seen", "undated_left_out": 1}),
        (250, "250 entries have no date, so they are left out.", {"column": "seen", "undated_left_out": 250}),
        (
            MOST_UNDATED,
            "More than 10,000 entries have no date, so they are left out.",
            {"column": "seen", "undated_left_out": MOST_UNDATED},
        ),
    ],
)
def test_entries_without_a_date_are_said_to_be_left_out_or_there_whole(
    undated: int | None, sentence: str, days: dict[str, object] | None
) -> None:
    archive = opened(of_a_day(undated))
    fastjsonschema.compile(json.loads(archive.read("data.schema.json")))(json.loads(archive.read("data.json")))
    assert sentence in archive.read("index.html").decode().replace("\u00a0", " ")
    assert described(archive)["days"] == days


def test_days_without_a_row_say_so() -> None:
    page = opened(of_a_day(0, [])).read("index.html").decode()
    assert "We found no row here on the days you chose." in page
    assert "under your address" not in page


def test_the_readme_is_in_both_languages() -> None:
    readme = opened(a_copy()).read("README.txt").decode()
    assert readme.index("Example made this archive") < readme.index("Exemple")
