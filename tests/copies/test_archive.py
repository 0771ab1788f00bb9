"""The streamed ZIP: whole it opens everywhere, cut it opens nowhere, and it never grows in memory."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import shutil
import subprocess
import threading
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import pytest
from zlib_ng import zlib_ng

from portal.copies.archive import LEVEL, Entry, zipped

NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)


class Cut(Exception):
    """A source went away."""


def noise(blocks: int) -> Iterator[bytes]:
    for number in range(blocks):
        yield hashlib.shake_128(str(number).encode()).digest(64_000)


def failing() -> Iterator[bytes]:
    yield from noise(5)
    raise Cut


def test_the_manifest_tells_size_and_fingerprint_of_every_file() -> None:
    archive = ZipFile(io.BytesIO(b"".join(zipped([Entry("a.txt", [b"one", b"two"]), Entry("b", [])], written_at=NOW))))
    assert archive.testzip() is None
    files = json.loads(archive.read("manifest.json"))["files"]
    assert files == [
        {"name": name, "bytes": len(archive.read(name)), "sha256": hashlib.sha256(archive.read(name)).hexdigest()}
        for name in ("a.txt", "b")
    ]


def test_it_is_hardly_larger_than_gzip_makes_it() -> None:
    lines = b"".join(
        b"%d,GET,/v1/matches/%d,192.0.2.%d\r\n" % (n, n * 2654435761 % 999983, n % 250) for n in range(50_000)
    )
    archive = ZipFile(io.BytesIO(b"".join(zipped([Entry("a.csv", [lines])], written_at=NOW))))
    assert archive.getinfo("a.csv").compress_size < len(gzip.compress(lines, 6)) * 1.1


def test_every_file_is_compressed_by_the_quick_library() -> None:
    lines = b"".join(str(number * 7919 % 1000).encode() for number in range(50_000))
    quick = zlib_ng.compressobj(LEVEL, zlib_ng.DEFLATED, -zlib_ng.MAX_WBITS)
    archive = ZipFile(io.BytesIO(b"".join(zipped([Entry("a.csv", [lines])], written_at=NOW))))
    assert archive.getinfo("a.csv").compress_size == len(quick.compress(lines) + quick.flush())


def test_other_programs_open_it(tmp_path: Path) -> None:
    if shutil.which("unzip") is None:
        pytest.skip("unzip is absent.")
    (tmp_path / "copy.zip").write_bytes(b"".join(zipped([Entry("a.txt", noise(50))], written_at=NOW)))
    tested = subprocess.run(["unzip", "-tq", tmp_path / "copy.zip"], capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stdout


def test_what_a_failing_source_leaves_opens_nowhere() -> None:
    sent = bytearray()

    def take() -> None:
        for piece in zipped([Entry("a", noise(200)), Entry("b", failing())], written_at=NOW):
            sent.extend(piece)

    with pytest.raises(Cut):
        take()
    assert sent
    with pytest.raises(BadZipFile):
        ZipFile(io.BytesIO(bytes(sent)))


def test_every_beginning_of_an_archive_opens_nowhere() -> None:
    whole = b"".join(zipped([Entry("a", noise(3)), Entry("b", noise(3))], written_at=NOW))
    for end in range(0, len(whole), max(1, len(whole) // 97)):
        with pytest.raises(BadZipFile):
            ZipFile(io.BytesIO(whole[:end]))


def test_nothing_goes_on_behind_a_reader_who_left() -> None:
    read = []

    def counted() -> Iterator[bytes]:
        for block in noise(10_000):
            read.append(1)
            yield block

    pieces = zipped([Entry("a", counted())], written_at=NOW)
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]  # a generator
    seen = len(read)
    assert seen < 10_000
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("copy")]
    assert len(read) == seen


def test_memory_stays_the_same_however_long_it_is() -> None:
    def peak(blocks: int) -> int:
        tracemalloc.start()
        for _ in zipped([Entry("a", noise(blocks))], written_at=NOW):
            pass
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    short, long = peak(50), peak(500)
    assert long < short + 1_000_000
