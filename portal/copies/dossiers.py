"""The file given to a regulator: a page to read and print, the same as data, and the SHA-256 of every file of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import cache

from jinja2 import Environment

from portal.copies.archive import Entry, zipped
from portal.copies.sheets import Sheet, csv_of
from portal.domain.languages import Language
from portal.wording.dates import instant
from portal.wording.templates import environment_of

HASHES = "hashes.txt"

_PIECES = 200


@dataclass(frozen=True, slots=True)
class Quote:
    """Words as they were written, in their own language."""

    title: str
    language: Language
    text: str


@dataclass(frozen=True, slots=True)
class DossierPart:
    """One part of a file: what is said in a few facts, in a table, and in quotes. `note`: how it is to be read."""

    title: str
    note: str = ""
    facts: Sequence[tuple[str, str]] = ()
    sheet: Sheet | None = None
    quotes: Sequence[Quote] = ()


@dataclass(frozen=True, slots=True)
class Dossier:
    """A whole file in its reader's language. `files`: what goes beside the page and its tables, read while it is written."""

    name: str
    language: Language
    title: str
    lead: str
    taken_at: datetime
    zone: tzinfo
    parts: Sequence[DossierPart]
    files: Iterable[Entry] = field(default=())


def write_dossier(dossier: Dossier) -> Iterator[bytes]:
    """The file as a ZIP, in pieces; `hashes.txt` holds a line for each file, as `sha256sum -c` reads it."""
    return zipped(_entries(dossier), written_at=dossier.taken_at, seal=_hashes)


def _entries(dossier: Dossier) -> Iterator[Entry]:
    yield Entry("index.html", _index(dossier))
    for part in dossier.parts:
        if part.sheet:
            yield Entry(f"{part.sheet.name}.csv", csv_of(part.sheet))
    yield from dossier.files


def _index(dossier: Dossier) -> Iterator[bytes]:
    stream = _environment(dossier.language).get_template("dossier.html").stream(dossier=dossier)
    stream.enable_buffering(_PIECES)
    for piece in stream:
        yield piece.encode("utf-8", "replace")


def _hashes(files: Sequence[Mapping[str, object]]) -> tuple[str, bytes]:
    """Two spaces between a hash and its name: the file is read as it is, byte for byte."""
    return HASHES, "".join(f"{file['sha256']}  {file['name']}\n" for file in files).encode()


@cache
def _environment(language: Language) -> Environment:
    environment = environment_of("copies", language)
    environment.globals |= {"instant": lambda moment, zone: instant(moment, language, zone)}
    return environment
