"""The ledger as a file: one line an entry, written at the end under a lock, and forced to the disk before anything goes on."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from portal.domain.ledger import LedgerAway, number_of
from portal.ledger.base import Adding

BLOCK = 16_384
"""Bytes read at a time, from the end back to the line looked for."""

LINE_END = b"\n"

LONGEST_LINE = 1 << 20
"""Bytes of a line, far more than an entry has: what is longer is read no further, and the chain breaks there."""


class FileLedger:
    """A file that only ever grows. A line without its end is one that a kill cut short: nobody was told that it was kept."""

    def __init__(self, path: Path) -> None:
        """Keep where the file is; the first entry makes it."""
        self.path = path

    def lines(self) -> Iterator[str]:
        """Every whole line, in turn."""
        with self._reading() as handle:
            while line := handle.readline(LONGEST_LINE):
                if line.endswith(LINE_END) or len(line) == LONGEST_LINE:
                    yield _text(line)

    def tail(self, number: int) -> list[str]:
        """The whole lines from that number on, read from the end."""
        with self._reading() as handle:
            return _from_number(handle, number)

    def append(self, adding: Adding, *, since: int) -> None:
        """Add lines under the file's own lock; what could not be written whole is taken back."""
        try:
            with self._writing() as handle:
                whole = _end_of_last_whole_line(handle)
                present = _from_number(handle, since) or _last_line(handle)
                _write(handle, whole, b"".join(line.encode("ascii") + LINE_END for line in adding(present)))
        except OSError as error:
            raise LedgerAway(os.strerror(error.errno or 0)) from error

    def close(self) -> None:
        """Nothing is kept open."""

    @contextmanager
    def _reading(self) -> Iterator[BinaryIO]:
        try:
            with os.fdopen(_opened(self.path, os.O_RDONLY), "rb") as handle:
                yield handle
        except FileNotFoundError:
            yield BytesIO()  # a ledger without entries yet
        except OSError as error:
            raise LedgerAway(os.strerror(error.errno or 0)) from error

    @contextmanager
    def _writing(self) -> Iterator[BinaryIO]:
        new = not self.path.exists()
        with os.fdopen(_opened(self.path, os.O_RDWR | os.O_CREAT), "r+b") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            if new:
                _force_the_name(self.path.parent)
            yield handle


def _opened(path: Path, flags: int) -> int:
    """Open a file, and nothing else: a pipe would be waited for, and of a device nothing is kept."""
    number = os.open(path, flags | os.O_NONBLOCK, 0o600)
    mode = os.fstat(number).st_mode
    if not stat.S_ISREG(mode):
        os.close(number)
        why = errno.EISDIR if stat.S_ISDIR(mode) else errno.EINVAL
        raise OSError(why, os.strerror(why), str(path))
    return number


def _write(handle: BinaryIO, whole: int, written: bytes) -> None:
    """Put bytes after the last whole line and force them to the disk, or leave the file as it was."""
    if not written:
        return
    handle.truncate(whole)
    handle.seek(whole)
    try:
        handle.write(written)
        handle.flush()
        os.fsync(handle.fileno())
    except OSError:
        _take_back(handle, whole)
        raise


def _take_back(handle: BinaryIO, whole: int) -> None:
    """Cut off what was written in part, past the buffer, which may still hold what there was no room for."""
    os.ftruncate(handle.fileno(), whole)
    os.fsync(handle.fileno())


def _force_the_name(folder: Path) -> None:
    """A new file outlives a power cut only when its folder was forced to the disk too."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _from_number(handle: BinaryIO, number: int) -> list[str]:
    """The whole lines from that number on."""
    found: list[str] = []
    for line in _backwards(handle):
        if number_of(line) < number:
            break
        found.append(line)
    return found[::-1]


def _last_line(handle: BinaryIO) -> list[str]:
    return list(islice(_backwards(handle), 1))


def _backwards(handle: BinaryIO) -> Iterator[str]:
    """Every whole line, the last first."""
    start = _end_of_last_whole_line(handle)
    rest = b""
    while start > 0:
        size = min(BLOCK, start)
        start -= size
        handle.seek(start)
        first, *lines = (handle.read(size) + rest).split(LINE_END)
        yield from (_text(line) for line in reversed(lines) if line)
        rest = first + (LINE_END if lines else b"")
        if len(rest) > LONGEST_LINE:
            break
    if rest:
        yield _text(rest)


def _end_of_last_whole_line(handle: BinaryIO) -> int:
    end = handle.seek(0, os.SEEK_END)
    while end > 0:
        size = min(BLOCK, end)
        handle.seek(end - size)
        place = handle.read(size).rfind(LINE_END)
        if place >= 0:
            return end - size + place + 1
        end -= size
    return 0


def _text(line: bytes) -> str:
    """A line as text. Bytes that no entry has are kept as they are: the chain finds them."""
    return line.rstrip(LINE_END).decode("utf-8", "surrogateescape")
