"""Files attached to one request: what kinds there are, told by their content, how large, and for how long (design §2.5)."""

from __future__ import annotations

import re
import struct
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from portal.domain.rights import Decision, RightsRequest
from portal.domain.spreadsheets import holds_formula_cells

LARGEST_FILE = 10_000_000
LARGEST_TOGETHER = 50_000_000
MOST_FILES = 20
"""Of one request: all the lines of its checklist together, and as many again of its messages."""

KEPT_FOR = timedelta(days=30)
"""After the answer, that day not counted; the last day is whole (design §2.5)."""

LONGEST_STEM = 80


class FileKind(StrEnum):
    """What a file is, by its content; the value is the end its name gets."""

    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"
    PNG = "png"
    JPEG = "jpg"
    WEBP = "webp"


MEDIA_TYPES = {
    FileKind.CSV: "text/csv",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.PDF: "application/pdf",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
    FileKind.WEBP: "image/webp",
}


class WhyNotFile(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_LARGE_TOGETHER = "too_large_together"
    TOO_LARGE_IN_ALL = "too_large_in_all"
    TOO_MANY = "too_many"
    KIND = "kind"
    OTHERWISE = "otherwise"
    BOMB = "bomb"
    MACROS = "macros"


TOO_LARGE = frozenset({WhyNotFile.TOO_LARGE, WhyNotFile.TOO_LARGE_TOGETHER, WhyNotFile.TOO_LARGE_IN_ALL})
"""What is refused for its size, alone or with the rest."""


class FileRefused(Exception):
    """A file is not taken; `name` is what it was called, made safe. `kind`: what it is, where its name says otherwise."""

    def __init__(self, why: WhyNotFile, name: str, kind: FileKind | None = None) -> None:
        """Keep why, and which."""
        super().__init__(why.value)
        self.why = why
        self.name = name
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file of a request, without its content: of a line of its checklist, or of a message.

    `number`: its place within the request, from 1. `formulas`: whether a spreadsheet would run some of its cells; None for
    a file that came before they were looked for.
    """

    id: int
    request_id: int
    line_id: int | None
    message_id: int | None
    number: int
    name: str
    kind: FileKind
    size: int
    sha256: str
    added_at: datetime
    formulas: bool | None = None


def last_day_of_files(request: RightsRequest, answered_on: date) -> date:
    """The last day the files given with an answer are there: thirty days, or as long as the recourse may be taken (s. 36)."""
    until = answered_on + KEPT_FOR
    return max(until, request.recourse_until) if request.recourse_until else until


def are_given(request: RightsRequest) -> bool:
    """Whether the answer gives the files to the person; a refusal gives none."""
    return request.decision in {Decision.GRANTED, Decision.PARTIALLY_GRANTED}


def kind_of(content: bytes) -> FileKind | None:
    """What a file is by its content, whatever its name says; None for anything not taken. Nothing is unpacked."""
    if content.startswith(b"%PDF-"):
        return FileKind.PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR":
        return FileKind.PNG
    if content.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return FileKind.WEBP
    if content.startswith(b"PK"):
        return FileKind.XLSX if _is_workbook(names_in_archive(content)) else None
    return FileKind.CSV if _is_csv(content) else None


def has_macros(content: bytes) -> bool:
    """Whether a workbook carries a program."""
    return content.startswith(b"PK") and any(
        name.lower().endswith(b"vbaproject.bin") for name in names_in_archive(content)
    )


def has_formulas(content: bytes) -> bool:
    """Whether a CSV has cells that a spreadsheet would run. It is kept as it came all the same: it may prove something."""
    return holds_formula_cells(_text_of(content) or "")


def is_bomb(content: bytes) -> bool:
    """Whether a workbook says it would unpack to far more than any workbook of its size; read without unpacking anything."""
    return content.startswith(b"PK") and sum(size for _, size in _directory(content)) > MOST_UNPACKED


def says_otherwise(name: str, kind: FileKind) -> bool:
    """Whether the end of a file's name tells of another kind than its content; a name without an end tells nothing."""
    end = re.search(r"\.([A-Za-z][A-Za-z0-9]{1,4})\s*$", name)
    return end is not None and end[1].lower() not in _ENDS[kind]


_ENDS = {
    FileKind.CSV: {"csv", "tsv", "txt"},
    FileKind.XLSX: {"xlsx"},
    FileKind.PDF: {"pdf"},
    FileKind.PNG: {"png"},
    FileKind.JPEG: {"jpg", "jpeg", "jpe", "jfif"},
    FileKind.WEBP: {"webp"},
}

MOST_UNPACKED = 200_000_000
"""What the parts of one workbook may amount to: twenty times the largest file taken."""

_END_OF_DIRECTORY = struct.Struct("<4s4H2LH")
_DIRECTORY_ENTRY = struct.Struct("<4s6H3L5H2L")
_MOST_PARTS = 20_000


def names_in_archive(content: bytes) -> list[bytes]:
    """The names a ZIP's directory lists, read without unpacking anything; none when the directory is damaged or huge."""
    return [name for name, _ in _directory(content)]


def _directory(content: bytes) -> list[tuple[bytes, int]]:
    """What a ZIP's directory lists: each name, and the size it says its part unpacks to."""
    end = content.rfind(b"PK\x05\x06", max(0, len(content) - 66_000))
    if end < 0 or len(content) < end + _END_OF_DIRECTORY.size or not content.startswith(b"PK\x03\x04"):
        return []
    _, _, _, _, number, _, place, _ = _END_OF_DIRECTORY.unpack_from(content, end)
    if number > _MOST_PARTS:
        return []
    parts = []
    for _ in range(number):
        if place + _DIRECTORY_ENTRY.size > end or content[place : place + 4] != b"PK\x01\x02":
            return []
        *_, size, name, extra, comment, _disk, _internal, _external, _local = _DIRECTORY_ENTRY.unpack_from(
            content, place
        )
        begins = place + _DIRECTORY_ENTRY.size
        parts.append((content[begins : begins + name], size))
        place = begins + name + extra + comment
    return parts


def _is_workbook(names: list[bytes]) -> bool:
    return b"[Content_Types].xml" in names and any(name.startswith(b"xl/") for name in names)


_MARKUP = ("<", "{\\rtf", "%!", "#!", "MZ")


def _is_csv(content: bytes) -> bool:
    """Text, in UTF-8 or as older spreadsheets write it, of which the first line has cells; not a page in disguise."""
    text = _text_of(content)
    if (
        text is None
        or text.lstrip().startswith(_MARKUP)
        or re.search(r"<\s*(html|script|svg|body|!doctype)", text, re.I)
    ):
        return False
    first = text.lstrip().split("\n", 1)[0]
    return any(mark in first for mark in ",;\t")


def _text_of(content: bytes) -> str | None:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text) else text
    return None


_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])", re.I)


def safe_name(name: str, kind: FileKind) -> str:
    """A name that is safe on every system and ends as its content says (security.md B-13): one line, no path, not long."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    plain = "".join(
        character for character in last if unicodedata.category(character)[0] not in "CZ" or character == " "
    )
    stem = re.sub(r"[<>:\"|?*%]", "-", plain)
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", stem).strip(" .-")[:LONGEST_STEM].strip(" .-")
    if not stem or _RESERVED.fullmatch(stem.split(".")[0]):
        stem = f"file-{stem}" if stem else "file"
    return f"{stem}.{kind.value}"
