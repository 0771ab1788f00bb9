"""A file that one living process at a time can hold; the system lets it go when the process dies, however it dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.engine.base import AnotherWorkerRuns


@contextmanager
def only_worker(path: Path) -> Iterator[None]:
    """Hold the lock file while the block runs.

    Raises:
        AnotherWorkerRuns: another process holds it.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AnotherWorkerRuns(str(path)) from error
        yield
    finally:
        os.close(handle)
