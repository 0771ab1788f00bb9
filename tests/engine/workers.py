"""Worker processes that tests start, watch, and never leave behind."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.engine.benches import Bench

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 40


@contextmanager
def worker_process(bench: Bench) -> Iterator[subprocess.Popen[bytes]]:
    """A worker in a process of its own, killed at the end if it still lives."""
    command = [sys.executable, "-m", "tests.engine.a_worker", *bench.arguments]
    with subprocess.Popen(command, cwd=ROOT) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_until(true: Callable[[], bool], what: str) -> None:
    """Wait for something a worker does; fail saying what did not come."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.05)
