"""Every CSV of a copy opens in LibreOffice as it was written: zeros in front, large numbers, accents, formulas, new lines.

LibreOffice is much to install for one question, so that the suite does not ask it: this part of the proof does, and fails
where there is none (Debian: libreoffice-calc-nogui).
"""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree.ElementTree import Element, parse

from portal.copies.writing import write_copy
from portal.domain.languages import LANGUAGES
from tests.copies.builders import ROWS, a_copy, a_table
from tests.copies.snapshots import files_of, of_a_person
from tests.proof.figures import Part, at_least, equal

INVENTED = 2_000
PATIENCE_SECONDS = 300

OPTIONS = "Text - txt - csv (StarCalc):44,34,76,1,,0,true,false"
"""Commas, double quotes, UTF-8, from the first line, quoted fields as text: what README.txt tells people to tick."""

Cell = tuple[str, bool]
"""What stands in a cell, and whether as text."""

_CELL = re.compile(r'(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)')
_TABLE, _OFFICE, _TEXT = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("table", "office", "text")
)
_TEXTS = (
    "007",
    "0000000000000000042",
    "1e5",
    "1/2",
    "2026-11-03",
    "TRUE",
    "=cmd|'/C calc'!A0",
    "+1 418 555-0100",
    "-12,5",
    "@SUM(A1)",
    "'=1",
    "Zoé Côté-L’Écuyer",
    "ليلى حداد",
    "Léa Nguyễn 🌿",
    "un; deux, trois",
    'dit "oui"',
    "ligne un\nligne deux",
    "a\r\nb",
    "  deux espaces  ",
    "a\tb",
    "",
    "9223372036854775807",
    "x" * 5_000,
)


def in_libreoffice(rows: int) -> Part:
    """A person's copy in each language, and a table of invented rows, cell by cell."""
    began = time.monotonic()
    if shutil.which("soffice") is None:
        return Part("copy", 0, 0.0, [equal("LibreOffice is on this machine (libreoffice-calc-nogui)", "no", "yes")])
    sheets = dict(_sheets(rows))
    with TemporaryDirectory(prefix="portal-proof-") as folder:
        opened = _opened(Path(folder), sheets)
    different = [name for name, content in sheets.items() if _written(content) != opened[name]]
    cells = sum(len(line) for content in sheets.values() for line in _written(content))
    claims = [
        at_least("CSV files opened", len(opened), 20),
        at_least("cells compared", cells, rows * len(ROWS[0])),
        equal("files with a cell that is not as it was written", ", ".join(different) or 0, 0),
    ]
    return Part("copy", rows, time.monotonic() - began, claims)


def _sheets(rows: int) -> Iterator[tuple[str, bytes]]:
    """The CSV files by a name of their own."""
    for language in LANGUAGES:
        with TemporaryDirectory(prefix="portal-proof-") as folder:
            copies = of_a_person(Path(folder), language)
        yield from ((f"{language}-{Path(name).name}", content) for name, content in copies.items() if _is_csv(name))
    chance = Random(7)  # noqa: S311  # a seed, so that a failure can be seen again
    invented = files_of(write_copy(a_copy(a_table([_row(chance, number) for number in range(rows)]))))
    yield from ((f"invented-{Path(name).name}", content) for name, content in invented.items() if _is_csv(name))


def _is_csv(name: str) -> bool:
    return name.endswith(".csv")


def _row(chance: Random, number: int) -> dict[str, Any]:
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=chance.randrange(10**8))
    row: dict[str, Any] = {
        "id": number,
        "name": chance.choice(_TEXTS),
        "plan": chance.choice(["P1", None, *_TEXTS]),
        "password": chance.choice([True, None]),
        "score": chance.choice([Decimal("12.50"), Decimal("-3"), Decimal(chance.randrange(10**18)).scaleb(-9)]),
        "big": chance.choice([1, -1]) * chance.randrange(2 ** chance.choice([8, 31, 53, 63, 70])),
        "ok": chance.choice([True, False]),
        "born": chance.choice([None, date(1950, 1, 1) + timedelta(days=chance.randrange(20_000))]),
        "seen": chance.choice([None, moment]),
        "picture": chance.choice([None, b"\x89PNG\x00"]),
        "odd": chance.choice([*_TEXTS, 0.1, 1 / 3, 2.5e-7, True, None]),
    }
    return row


def _opened(folder: Path, sheets: Mapping[str, bytes]) -> dict[str, list[list[Cell]]]:
    """What LibreOffice finds in each sheet, saved by it as a flat document of its own kind."""
    for name, content in sheets.items():
        (folder / name).write_bytes(content)
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", f"--infilter={OPTIONS}"]
    command += ["--convert-to", "fods", "--outdir", str(folder / "opened"), *(str(folder / name) for name in sheets)]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE_SECONDS)
    return {name: _found(folder / "opened" / f"{Path(name).stem}.fods") for name in sheets}


def _written(content: bytes) -> list[list[Cell]]:
    """The cells of a CSV as they stand there; new lines are LF, as every office program keeps them."""
    lines: list[list[Cell]] = [[]]
    for quoted, plain, end in _CELL.findall(content.decode("utf-8-sig")):
        text = quoted.replace('""', '"').replace("\r\n", "\n")
        lines[-1].append(_cell(text, "string") if quoted or not plain else _cell(plain, "float"))
        if end != ",":
            lines.append([])
    return [_without_empty_ends(line) for line in lines if line]


def _found(document: Path) -> list[list[Cell]]:
    rows = parse(document).iter(f"{_TABLE}table-row")  # noqa: S314  # LibreOffice wrote it a moment ago
    lines = []
    for row in rows:
        line: list[Cell] = []
        for cell in row.iter(f"{_TABLE}table-cell"):
            value = cell.get(f"{_OFFICE}value-type") or "string"
            text = "\n".join(_text(paragraph) for paragraph in cell.iter(f"{_TEXT}p"))
            found = _cell(cell.get(f"{_OFFICE}value") or text, value)
            line += [found] * min(int(cell.get(f"{_TABLE}number-columns-repeated", "1")), len(ROWS[0]) * 4)
        lines += [_without_empty_ends(line)] * min(int(row.get(f"{_TABLE}number-rows-repeated", "1")), INVENTED)
    return lines[: max((place for place, line in enumerate(lines, start=1) if line), default=0)]


def _text(paragraph: Element) -> str:
    """A paragraph with its runs of spaces, tabs and line breaks, which the format writes as elements."""
    text = paragraph.text or ""
    for child in paragraph:
        kind = child.tag.removeprefix(_TEXT)
        inside = {"s": " " * int(child.get(f"{_TEXT}c", "1")), "tab": "\t", "line-break": "\n"}.get(kind)
        text += (_text(child) if inside is None else inside) + (child.tail or "")
    return text


def _cell(text: str, kind: str) -> Cell:
    """A cell as it is compared: numbers by the fifteen digits that spreadsheets keep; what is no number is text."""
    if kind == "float":
        try:
            return f"{float(text):.14e}", False
        except ValueError:
            return text, True
    return text, True


def _without_empty_ends(line: list[Cell]) -> list[Cell]:
    while line and not line[-1][0]:
        line = line[:-1]
    return line
