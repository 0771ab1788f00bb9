"""Whether anybody else has a SQLite database open: each who has holds its folder, and an upgrade wants to be alone there.

The folder itself is held, not a file: there is nothing to make, to own or to leave behind, and the system lets go when a
process dies, however it dies. SQLite's own locks are of another kind and are not touched.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PATIENCE = 10.0
"""Seconds an upgrade waits for processes that are ending, and they for an upgrade."""


class InUse(Exception):
    """Another process has the database open."""


class Presence:
    """This process's hold on a database's folder, shared with all who have it open."""

    def __init__(self, folder: Path) -> None:
        """Hold nothing yet."""
        self._folder = folder
        self._handle: int | None = None
        self._one_at_a_time = threading.Lock()

    def come(self) -> None:
        """Be there, from now until `leave`; once is enough. Of a folder that cannot be opened SQLite itself says more.

        Raises:
            InUse: somebody is alone with it, and stays so.
        """
        with self._one_at_a_time, suppress(FileNotFoundError, NotADirectoryError, PermissionError):
            if self._handle is None:
                self._handle = _open_held(self._folder)

    def leave(self) -> None:
        """Be there no longer."""
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else has the database open while the block runs, and nobody comes.

        Raises:
            InUse: somebody has, and does not leave.
        """
        self.come()
        if self._handle is None or not _held(self._handle, fcntl.LOCK_EX):
            raise InUse
        try:
            yield
        finally:
            self.leave()


def _open_held(folder: Path) -> int:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    if _held(handle, fcntl.LOCK_SH):
        return handle
    os.close(handle)
    raise InUse


def _held(handle: int, how: int) -> bool:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(handle, how | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                return False
            time.sleep(0.1)
        else:
            return True
