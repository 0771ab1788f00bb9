"""Taking a copy: what it holds, who may take it, and what is said when it cannot be taken."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import pytest
from werkzeug.test import TestResponse

from portal.config import Settings
from portal.domain.audit import AuditEvent
from tests.client import BASE, Page, Visitor
from tests.installation import CAMILLE, EMILY, NOBODY, Built, an_installation


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return an_installation(tmp_path)


def signed_in(built: Built, address: str = CAMILLE) -> Visitor:
    visitor = Visitor(built, "en")
    visitor.sign_in(address)
    return visitor


def taken(visitor: Visitor, **fields: str) -> ZipFile:
    answer = visitor.send("download", fields, status=200)
    assert isinstance(answer, TestResponse)
    assert answer.mimetype == "application/zip"
    return ZipFile(io.BytesIO(answer.get_data()))


def service(built: Built) -> sqlite3.Connection:
    return sqlite3.connect(built.folder / "service.db", isolation_level=None)


def takings(built: Built, event: AuditEvent = AuditEvent.COPY_TAKEN) -> int:
    with built.installation.database.reading() as store:
        return sum(line.event is event for line in store.audit.newest(limit=500))


def table(archive: ZipFile, name: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(archive.read(f"csv/{name}.csv").decode("utf-8-sig"), newline="")))


def by_name(described: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a table of data.json, by the name of the column."""
    names = [column["name"] for column in described["columns"]]
    return [dict(zip(names, row, strict=True)) for row in described["rows"]]


def test_the_page_says_what_the_copy_holds(built: Built) -> None:
    text = signed_in(built).visit("download").text()
    for label in ("Account information", "Usage data", "Billing", "This portal"):
        assert label in text


@pytest.mark.parametrize(
    ("language", "name"), [("fr", "mes-renseignements-2026-11-23.zip"), ("en", "my-information-2026-11-23.zip")]
)
def test_the_archive_is_a_file_to_keep_and_nothing_a_browser_would_run(built: Built, language: str, name: str) -> None:
    visitor = signed_in(built)
    answer = visitor.send("download", {}, language, status=200)  # type: ignore[arg-type]  # one of the two
    assert isinstance(answer, TestResponse)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers


def test_every_row_the_service_holds_of_the_person_is_there_and_nobody_elses(built: Built) -> None:
    archive = taken(signed_in(built))
    assert archive.testzip() is None
    held = service(built).execute(
        "SELECT path FROM api_requests JOIN accounts ON accounts.id = account_id WHERE email = ? ORDER BY api_requests.id",
        [CAMILLE],
    )
    data = json.loads(archive.read("data.json"))
    usage = next(category for category in data["categories"] if category["id"] == "usage")
    assert [row["path"] for row in by_name(usage["tables"][0])] == [path for (path,) in held]
    assert EMILY not in "".join(archive.read(name).decode() for name in archive.namelist())


def test_what_the_portal_itself_holds_is_in_it(built: Built) -> None:
    visitor = signed_in(built)
    visitor.send("new_request", {"kind": "info", "message": "Where from?"})
    archive = taken(visitor)
    assert table(archive, "portal-account")[2][0] == CAMILLE
    assert [row[8] for row in table(archive, "portal-requests")[2:]] == ["Where from?"]
    assert len(table(archive, "portal-sessions")) == 3


def test_no_password_leaves_the_service(built: Built) -> None:
    (secret,) = service(built).execute("SELECT password_hash FROM accounts WHERE email = ?", [CAMILLE]).fetchone()
    archive = taken(signed_in(built))
    assert not any(secret in archive.read(name).decode() for name in archive.namelist())
    assert "Held, not shown" in archive.read("index.html").decode()


def test_somebody_no_source_knows_takes_what_the_portal_holds(built: Built) -> None:
    archive = taken(signed_in(built, NOBODY))
    assert [name for name in archive.namelist() if name.startswith("csv/")] == [
        "csv/portal-account.csv",
        "csv/portal-other_addresses.csv",
        "csv/portal-requests.csv",
        "csv/portal-messages.csv",
        "csv/portal-statements.csv",
        "csv/portal-consents.csv",
        "csv/portal-policies.csv",
        "csv/portal-sessions.csv",
        "csv/portal-subscription.csv",
        "csv/portal-communications.csv",
        "csv/portal-who_looked.csv",
    ]
    assert "you may be known under another one" in archive.read("index.html").decode()


def test_one_audit_line_is_written_for_each_taking(built: Built) -> None:
    visitor = signed_in(built)
    taken(visitor)
    taken(visitor)
    assert takings(built) == 2


def test_a_part_is_taken_by_category_and_by_day(built: Built) -> None:
    visitor = signed_in(built)
    archive = taken(visitor, categories="usage", **{"from": "2026-11-01", "to": "2026-11-20"})
    assert [name for name in archive.namelist() if name.startswith("csv/")] == ["csv/usage-api_requests.csv"]
    chosen = [row[0] for row in table(archive, "usage-api_requests")[2:]]
    everything = [row[0] for row in table(taken(visitor), "usage-api_requests")[2:]]
    first, beyond = "2026-11-01T04:00", "2026-11-21T05:00"
    assert sorted(chosen) == sorted(moment for moment in everything if first <= moment < beyond)
    assert 0 < len(chosen) < len(everything)
    (described,) = json.loads(archive.read("data.json"))["categories"][0]["tables"]
    assert described["count"] == len(described["rows"]) == len(chosen)
    assert described["days"] == {"column": "requested_at", "undated_left_out": 0}
    page = archive.read("index.html").decode()
    assert page.count("<tr>") == len(chosen) + 1


def test_entries_without_a_date_are_left_out_of_some_days_and_counted_in_the_copy(built: Built) -> None:
    service(built).execute(
        "UPDATE api_requests SET requested_at = 'unknown' WHERE id IN (SELECT api_requests.id FROM api_requests"
        " JOIN accounts ON accounts.id = account_id WHERE email = ? LIMIT 3)",
        [CAMILLE],
    )
    visitor = signed_in(built)
    archive = taken(visitor, **{"from": "2020-01-01"})
    tables = {
        one["name"]: one for found in json.loads(archive.read("data.json"))["categories"] for one in found["tables"]
    }
    assert tables["service.api_requests"]["days"] == {"column": "requested_at", "undated_left_out": 3}
    assert tables["service.accounts"]["days"] is None
    assert tables["service.accounts"]["count"] == 1
    assert tables["portal.sessions"]["days"]["undated_left_out"] == 0
    assert "3 entries have no date, so they are left out." in archive.read("index.html").decode().replace("\u00a0", " ")
    whole = table(taken(visitor), "usage-api_requests")
    assert len(whole) == len(table(archive, "usage-api_requests")) + 3


def test_a_list_mapped_twice_has_its_days_chosen_by_each_mapping(tmp_path: Path) -> None:
    built = an_installation(tmp_path, change=with_calls_twice)
    archive = taken(signed_in(built), **{"from": "2001-01-01", "to": "2001-01-01"})
    mapped = {found["id"]: found["tables"][0] for found in json.loads(archive.read("data.json"))["categories"]}
    assert mapped["usage"]["count"] == 0
    assert mapped["unordered"]["count"] > 0


def with_calls_twice(settings: Settings) -> Settings:
    """The settings with a second category that has the calls in no order, and so on no days."""
    usage = settings.data_map.category("usage")
    assert usage
    again = replace(usage, id="unordered", tables=(replace(usage.tables[0], order=None),))
    categories = (*settings.data_map.categories, again)
    return replace(settings, data_map=replace(settings.data_map, categories=categories))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"from": "30/02/2026"}, "Write the day as in 2025-02-25"),
        ({"from": "2026-02-30"}, "Write the day as in 2025-02-25"),
        ({"to": "0000-00-00"}, "Write the day as in 2025-02-25"),
        ({"from": "2026-11-02", "to": "2026-11-01"}, "The last day is before the first."),
        ({"categories": "everything"}, "One of these categories does not exist any more."),
        ({"from": "2026-02-01\x00"}, "Write the day as in 2025-02-25"),
    ],
)
def test_what_cannot_be_chosen_is_refused_in_a_sentence(built: Built, fields: dict[str, str], sentence: str) -> None:
    page = signed_in(built).send("download", fields, status=422)
    assert isinstance(page, Page)
    assert sentence in page.text()
    assert takings(built) == 0


def test_a_proof_older_than_a_quarter_of_an_hour_is_asked_again(built: Built) -> None:
    visitor = signed_in(built)
    built.clock.advance(minutes=16)
    answer = visitor.send("download", {})
    assert isinstance(answer, TestResponse)
    assert answer.location.startswith("/en/confirm")
    assert takings(built) == 0


@pytest.mark.parametrize("gone", ["accounts", "api_requests", "sign_ins"])
def test_a_source_that_does_not_answer_gives_no_copy_at_all(built: Built, gone: str) -> None:
    visitor = signed_in(built)
    service(built).execute(f"ALTER TABLE {gone} RENAME TO elsewhere")
    page = visitor.send("download", {}, status=503)
    assert isinstance(page, Page)
    assert "no copy was begun" in page.text()
    assert page.response.headers["Retry-After"]
    assert takings(built) == 0
    service(built).execute(f"ALTER TABLE elsewhere RENAME TO {gone}")
    assert taken(visitor).testzip() is None


def test_a_source_that_goes_away_in_mid_copy_leaves_what_opens_nowhere(tmp_path: Path) -> None:
    built = an_installation(tmp_path, log_rows=30_000)
    heavy = Visitor(built, "en")
    (address,) = (
        service(built)
        .execute(
            "SELECT email FROM accounts JOIN api_requests ON account_id = accounts.id GROUP BY 1 ORDER BY count(*) DESC"
        )
        .fetchone()
    )
    heavy.sign_in(address)
    pieces = begun(heavy)
    sent = bytearray(next(pieces))
    service(built).execute("ALTER TABLE sign_ins RENAME TO elsewhere")
    with pytest.raises(Exception, match="does not answer"):
        deque(map(sent.extend, pieces), maxlen=0)
    with pytest.raises(BadZipFile):
        ZipFile(io.BytesIO(bytes(sent)))
    service(built).execute("ALTER TABLE elsewhere RENAME TO sign_ins")
    assert taken(heavy).testzip() is None
    assert (takings(built), takings(built, AuditEvent.COPY_CUT)) == (2, 1)


def test_a_copy_whose_reader_hangs_up_is_recorded_as_cut(tmp_path: Path) -> None:
    built = an_installation(tmp_path, log_rows=30_000)
    visitor = signed_in(built)
    answer = visitor.client.post(
        visitor.address("download"), data={"csrf_token": visitor.token()}, base_url=BASE, buffered=False
    )
    next(answer.iter_encoded())
    answer.close()
    assert (takings(built), takings(built, AuditEvent.COPY_CUT)) == (1, 1)
    assert taken(visitor).testzip() is None
    assert takings(built, AuditEvent.COPY_CUT) == 1


def test_a_second_copy_waits_for_the_first_which_may_be_dropped(built: Built) -> None:
    visitor = signed_in(built)
    answer = visitor.client.post(
        visitor.address("download"), data={"csrf_token": visitor.token()}, base_url=BASE, buffered=False
    )
    page = visitor.send("download", {}, status=429)
    assert isinstance(page, Page)
    assert "A copy is being made already." in page.text()
    answer.close()
    assert taken(visitor).testzip() is None


def test_two_people_take_theirs_at_once(built: Built) -> None:
    first, second = signed_in(built), signed_in(built, EMILY)
    pieces = begun(first)
    assert taken(second).testzip() is None
    assert ZipFile(io.BytesIO(b"".join(pieces))).testzip() is None


def begun(visitor: Visitor) -> Iterator[bytes]:
    """A copy asked for and not read yet."""
    answer = visitor.client.post(
        visitor.address("download"), data={"csrf_token": visitor.token()}, base_url=BASE, buffered=False
    )
    assert answer.status_code == 200
    return iter(answer.iter_encoded())


def test_hostile_values_in_every_column_break_nothing(built: Built) -> None:
    values = [
        "<script>alert(1)</script>",
        "\x00",
        "=1+1",
        "x" * 100_000,
        "\u202eabc",
        b"\xff\xfe",
        "{{ 7*7 }}",
        None,
        "",
    ]
    connection = service(built)
    connection.execute("PRAGMA ignore_check_constraints = ON")
    for number, value in enumerate(values):
        connection.execute(
            "UPDATE api_requests SET path = coalesce(?, ''), user_agent = ?, ip = coalesce(?, '') WHERE id IN"
            " (SELECT api_requests.id FROM api_requests JOIN accounts ON accounts.id = account_id WHERE email = ?"
            " ORDER BY api_requests.id LIMIT 1 OFFSET ?)",
            [value, value, value, CAMILLE, number],
        )
    archive = taken(signed_in(built))
    data = json.loads(archive.read("data.json"))
    rows = by_name(next(category for category in data["categories"] if category["id"] == "usage")["tables"][0])
    assert rows[0]["path"] == values[0]
    assert rows[2]["path"] == "=1+1"
    lines = table(archive, "usage-api_requests")
    assert len(lines) == len(rows) + 2
    assert lines[4][2] == "'=1+1"
    page = archive.read("index.html").decode()
    assert "<script>" not in page
    assert "{{ 7*7 }}" in page


def test_when_every_place_is_taken_a_sentence_says_so_and_when_to_come_back(tmp_path: Path) -> None:
    built = an_installation(
        tmp_path, change=lambda settings: replace(settings, limits=replace(settings.limits, copies_at_once=1))
    )
    pieces, other = begun(signed_in(built)), signed_in(built, EMILY)
    page = other.send("download", {}, status=429)
    assert isinstance(page, Page)
    assert "Many people are taking their copy right now." in page.text()
    assert int(page.response.headers["Retry-After"]) > 0
    assert takings(built) == 1
    assert ZipFile(io.BytesIO(b"".join(pieces))).testzip() is None
    assert taken(other).testzip() is None
