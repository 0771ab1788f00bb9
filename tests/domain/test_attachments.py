"""Files attached to a request: known by what they hold, not by their name; named safely; kept to a known day."""

from __future__ import annotations

import struct
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from portal.domain.attachments import (
    MOST_UNPACKED,
    FileKind,
    are_given,
    has_macros,
    is_bomb,
    kind_of,
    last_day_of_files,
    names_in_archive,
    safe_name,
    says_otherwise,
)
from portal.domain.rights import Decision, Kind, Level, RightsRequest, State
from tests.files import a_csv, a_jpeg, a_pdf, a_png, a_webp, a_workbook, an_archive

HTML = b"<!doctype html><html><body><script>alert(1)</script></body></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'

A_REQUEST = RightsRequest(
    id=1,
    reference="R-2345-6789-ABCD",
    person_id=1,
    kind=Kind.ACCESS,
    state=State.CLOSED,
    language="fr",
    message="",
    level=Level.L2,
    regime="qc_p391",
    received_at=datetime(2026, 11, 1, tzinfo=UTC),
    received_on=date(2026, 11, 1),
    due=date(2026, 12, 1),
    version=1,
    decision=Decision.GRANTED,
)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (a_csv(), FileKind.CSV),
        ("Nom;Ville\r\nZoé;Québec\r\n".encode("cp1252"), FileKind.CSV),
        (b"a,b\n1,2\n", FileKind.CSV),
        (a_pdf(), FileKind.PDF),
        (a_png(), FileKind.PNG),
        (a_jpeg(), FileKind.JPEG),
        (a_webp(), FileKind.WEBP),
        (a_workbook(), FileKind.XLSX),
    ],
)
def test_each_kind_is_known_by_what_it_holds(content: bytes, kind: FileKind) -> None:
    assert kind_of(content) is kind


@pytest.mark.parametrize(
    "content",
    [
        b"",
        HTML,
        b"\n\t " + HTML,
        b"\xef\xbb\xbf" + HTML,
        b"a,b\n" + HTML,
        SVG,
        b"MZ\x90\x00\x03" + b"\x00" * 60,
        b"MZ,this,looks,like,cells",
        b"#!/bin/sh\nrm -rf /,x\n",
        b"{\\rtf1 a,b}",
        b"%!PS-Adobe,\n",
        b"one word",
        b"a,b\x00c\n",
        b"\x7fELF" + b"\x00" * 60,
        b"GIF89a,;" + b"\x00" * 20,
        b"\x89PNG\r\n\x1a\n" + HTML,
        b"RIFF\x00\x00\x00\x00AVI LIST",
        an_archive("word/document.xml", "[Content_Types].xml"),
        an_archive("xl/workbook.xml"),
        an_archive("payload.js"),
        b"PK\x03\x04" + b"\x00" * 100,
        b"PK\x05\x06" + b"\x00" * 18,
        HTML + a_workbook(),
    ],
)
def test_anything_else_is_none_of_them_whatever_it_is_called(content: bytes) -> None:
    assert kind_of(content) is None


def test_a_workbook_with_macros_is_seen() -> None:
    assert has_macros(a_workbook("xl/vbaProject.bin"))
    assert has_macros(a_workbook("xl/VBAPROJECT.BIN"))
    assert not has_macros(a_workbook())
    assert not has_macros(a_pdf())


def test_a_bomb_is_named_without_being_unpacked() -> None:
    bomb = a_workbook("xl/worksheets/sheet1.xml", content=b"\x00" * 30_000_000)
    assert len(bomb) < 200_000
    assert b"xl/worksheets/sheet1.xml" in names_in_archive(bomb)


@pytest.mark.parametrize(("says", "bomb"), [(1_000_000, False), (MOST_UNPACKED, True), (0xFFFFFFFF, True)])
def test_a_bomb_is_known_by_what_its_directory_says(says: int, bomb: bool) -> None:
    whole = a_workbook("xl/worksheets/sheet1.xml", content=b"\x00" * 1_000_000)
    assert is_bomb(whole.replace((1_000_000).to_bytes(4, "little"), says.to_bytes(4, "little"))) == bomb
    assert not is_bomb(b"%PDF-1.4")


@pytest.mark.parametrize(
    ("name", "kind", "otherwise"),
    [
        ("preuve.pdf", FileKind.PDF, False),
        ("PREUVE.PDF ", FileKind.PDF, False),
        ("photo.jpeg", FileKind.JPEG, False),
        ("liste.txt", FileKind.CSV, False),
        ("sans fin", FileKind.PNG, False),
        ("bail du 2024.06.01", FileKind.PDF, False),
        ("photo.pdf", FileKind.PNG, True),
        ("facture.exe", FileKind.PDF, True),
        ("page.pdf.html", FileKind.PDF, True),
        ("feuille.xls", FileKind.XLSX, True),
    ],
)
def test_a_name_that_tells_of_another_kind_is_seen(name: str, kind: FileKind, otherwise: bool) -> None:
    assert says_otherwise(name, kind) == otherwise


def test_a_directory_that_lies_names_nothing() -> None:
    whole = a_workbook()
    end = whole.rindex(b"PK\x05\x06")
    for offset, form, value in ((10, "<H", 65_535), (10, "<H", 9), (16, "<L", 0xFFFFFFFF), (16, "<L", 0)):
        lying = bytearray(whole)
        struct.pack_into(form, lying, end + offset, value)
        assert names_in_archive(bytes(lying)) == []


@given(some.binary(max_size=300))
def test_no_content_makes_the_reading_fail(content: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"%PDF-", a_workbook()[:-30]):
        kind_of(start + content)
        has_macros(start + content)


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("Relevé 2023.csv", "Relevé 2023.pdf"),
        ("facture.pdf.exe", "facture.pdf.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\x\\mémo.docx", "mémo.pdf"),
        ("con.txt", "file-con.pdf"),
        ("NUL", "file-NUL.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("..", "file.pdf"),
        ("", "file.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie- x=1.pdf"),
        ('é"; filename=x.exe', "é-; filename=x.pdf"),
        ("\u202efdp.exe", "fdp.pdf"),
        ("<img src=x>.png", "img src=x.pdf"),
        ("a" * 5_000 + ".pdf", "a" * 80 + ".pdf"),
    ],
)
def test_a_name_is_made_safe_and_ends_as_the_content_says(given_name: str, kept: str) -> None:
    assert safe_name(given_name, FileKind.PDF) == kept


@given(some.text(max_size=300))
def test_every_name_is_one_short_line_without_a_path(name: str) -> None:
    made = safe_name(name, FileKind.CSV)
    assert made.endswith(".csv")
    assert 5 <= len(made) <= 90
    assert not set(made) & set('/\\:*?"<>|\r\n\0')
    assert made[0] not in " ."


def test_files_stay_thirty_days_or_as_long_as_the_recourse() -> None:
    answered = date(2026, 11, 23)
    assert last_day_of_files(A_REQUEST, answered) == date(2026, 12, 23)
    contested = replace(A_REQUEST, recourse_until=date(2027, 1, 5))
    assert last_day_of_files(contested, answered) == date(2027, 1, 5)


@pytest.mark.parametrize("decision", [None, *Decision])
def test_only_what_is_granted_is_given(decision: Decision | None) -> None:
    granted = decision in {Decision.GRANTED, Decision.PARTIALLY_GRANTED}
    assert are_given(replace(A_REQUEST, decision=decision)) is granted
