"""A ZIP written while it is sent: constant memory, no file anywhere, and never a valid archive unless it is whole."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from io import RawIOBase
from threading import Lock
from types import MappingProxyType
from typing import IO, TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import orjson
from zlib_ng import zlib_ng

if TYPE_CHECKING:
    from typing_extensions import Buffer

LEVEL = 5
"""Of zlib-ng: most often within two in a hundred of what gzip -6 leaves, in all that was tried within ten, in half its time."""

MANIFEST = "manifest.json"
SENT_AT_ONCE = 64 * 1024

AHEAD = 3
"""Blocks that are made while another is compressed, so that neither side waits for the other."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the archive: its name, and its content in blocks."""

    name: str
    content: Iterable[bytes]


Seal = Callable[[list[dict[str, object]]], tuple[str, bytes]]
"""Makes the last file of an archive of every other's name, bytes and sha256: its own name and content."""


def zipped(entries: Iterable[Entry], *, written_at: datetime, seal: Seal | None = None) -> Iterator[bytes]:
    """The archive in pieces, ending with a manifest of every file's size and SHA-256, or with what `seal` makes of them.

    Where an entry's content raises, or nobody reads on, the archive stays without its directory: no program takes half a
    copy for a whole one (security.md F-3, F-12). Blocks are compressed in a thread while the next ones are made.
    """
    pieces = _Pieces()
    archive = ZipFile(pieces, "w", ZIP_DEFLATED)
    files: list[dict[str, object]] = []
    with ThreadPoolExecutor(1, thread_name_prefix="copy") as aside:
        try:
            for entry in entries:
                with archive.open(_info(entry.name, written_at), "w", force_zip64=True) as file:
                    sealed = _Sealed(_quickened(file))
                    with closing(_written(entry.content, sealed, aside)) as steps:
                        for _ in steps:
                            yield from pieces.taken(SENT_AT_ONCE)
                files.append({"name": entry.name, "bytes": sealed.size, "sha256": sealed.hash.hexdigest()})
            name, content = seal(files) if seal else (MANIFEST, manifest(files, written_at))
            archive.writestr(_info(name, written_at), content, ZIP_DEFLATED)
        except BaseException:
            pieces.forget()
            raise
        finally:
            archive.close()
    yield from pieces.taken(0)


def _written(content: Iterable[bytes], seal: _Sealed, aside: ThreadPoolExecutor) -> Generator[None, None, None]:
    """Write block after block, one step each; compressing lets other threads run, so it is done aside."""
    writing: deque[Future[None]] = deque()
    try:
        for block in content:
            writing.append(aside.submit(seal.write, block))
            if len(writing) > AHEAD:
                writing.popleft().result()
                yield
        while writing:
            writing.popleft().result()
            yield
    finally:
        for waiting in writing:
            waiting.cancel()
        wait(writing)


class _Sealed:
    """A file of the archive whose content is counted and hashed as it is written."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.size = 0
        self.hash = hashlib.sha256()

    def write(self, block: bytes) -> None:
        self._file.write(block)
        self.size += len(block)
        self.hash.update(block)


class _Pieces(RawIOBase):
    """Where the archive is written: what is not sent yet. It cannot go back, so neither does the archive."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: list[bytes] = []
        self._size = 0
        self._forgotten = False
        self._lock = Lock()

    def writable(self) -> bool:
        return True

    def write(self, piece: Buffer) -> int:
        taken = bytes(piece)
        with self._lock:
            if not self._forgotten:
                self._waiting.append(taken)
                self._size += len(taken)
        return len(taken)

    def taken(self, at_least: int) -> Iterator[bytes]:
        """What waits, in one piece, once it is worth sending."""
        with self._lock:
            if self._size < at_least:
                return
            whole, self._waiting, self._size = self._waiting, [], 0
        if whole:
            yield b"".join(whole)

    def forget(self) -> None:
        """Let what comes be lost: it would make half an archive look whole."""
        with self._lock:
            self._forgotten = True
            self._waiting, self._size = [], 0


def _quickened(file: IO[bytes]) -> IO[bytes]:
    """Have the file compressed by zlib-ng; `zipfile` offers no way to name another library than zlib."""
    file._compressor = zlib_ng.compressobj(LEVEL, zlib_ng.DEFLATED, -zlib_ng.MAX_WBITS)  # type: ignore[attr-defined]
    return file


def _info(name: str, written_at: datetime) -> ZipInfo:
    info = ZipInfo(name, written_at.timetuple()[:6])
    info.compress_type = ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


def manifest(
    files: list[dict[str, object]], written_at: datetime, more: Mapping[str, object] = MappingProxyType({})
) -> bytes:
    """The list of an archive's files, as JSON; `more`: what else is said of the archive."""
    said = {"written_at": written_at, "files": files, **more}
    return orjson.dumps(said, option=orjson.OPT_UTC_Z | orjson.OPT_INDENT_2)
