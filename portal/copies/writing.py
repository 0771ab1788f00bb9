"""Writes one person's copy while it is taken: readable page, JSON, a CSV for each table, all in one ZIP, stored nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from portal.copies.archive import MANIFEST, Entry, manifest, zipped
from portal.copies.contents import CopyContents, FileContents
from portal.copies.page import index_page, readme
from portal.copies.tables import DataFiles, chosen_part, left_out_of
from portal.resources import static_folder


def write_copy(contents: CopyContents) -> Iterator[bytes]:
    """The copy in pieces (P-39.1, s. 27; law.md §8).

    Whatever a source raises in mid-copy comes out, and the archive stays without its directory: it opens nowhere.
    """
    return zipped(_entries(contents), written_at=contents.taken_at, seal=partial(_manifest, contents))


def _entries(contents: CopyContents) -> Iterator[Entry]:
    yield Entry("index.html", index_page(contents))
    yield Entry("README.txt", readme(contents))
    data = DataFiles(contents)
    for table in contents.tables():
        yield Entry(table.file, data.csv_file(table))
    yield Entry("data.json", data.json_file())
    yield Entry("data.schema.json", _schema())
    for category in contents.categories:
        for given in category.files:
            yield Entry(given.file, _once(given))


def _manifest(contents: CopyContents, files: list[dict[str, object]]) -> tuple[str, bytes]:
    """Every file's size and fingerprint, the part that was chosen, and what an answer left out: what is missing is so on purpose."""
    left = {"scope": chosen_part(contents.scope), "left_out": list(left_out_of(contents))}
    return MANIFEST, manifest(files, contents.taken_at, left)


def _schema() -> Iterator[bytes]:
    """What data.json may hold, for programs; the portal publishes the same at /static/schemas/copy-1.json."""
    yield (static_folder() / "schemas" / "copy-1.json").read_bytes()


def _once(given: FileContents) -> Iterator[bytes]:
    yield given.content()
