"""A real worker process for tests: `python -m tests.engine.a_worker ENGINE URL LOCK_FILE`."""

from __future__ import annotations

import os
import sys
import threading
import time
from datetime import datetime, timedelta

from portal.domain.jobs import JobKind
from portal.engine.base import AnotherWorkerRuns
from portal.engine.calendar import Every
from portal.worker import run
from tests.engine.benches import build

LONG_SECONDS = 60
STEP_SECONDS = 1.5


def main() -> int:
    """Deliver by leaving a mark; hang in a first erasure step until killed; take a while to correct."""
    bench = build(*sys.argv[1:])

    def deliver(subject: int, _now: datetime) -> None:
        bench.mark("delivered", subject)

    def erase(subject: int, _now: datetime) -> None:
        bench.mark("begun", subject)
        if bench.marks("begun").count(subject) == 1:
            time.sleep(LONG_SECONDS)
        bench.mark("erased", subject)

    def correct(subject: int, _now: datetime) -> None:
        if bench.marks("correcting") != bench.marks("corrected"):
            bench.mark("overlap", subject)
        bench.mark("correcting", subject)
        time.sleep(STEP_SECONDS)
        bench.mark("corrected", subject)

    def sweep(_subject: int, _now: datetime) -> None:
        bench.mark("swept", 0)

    handlers = {
        JobKind.DELIVER_LETTER: deliver,
        JobKind.ERASURE_STEP: erase,
        JobKind.APPLY_CORRECTION: correct,
        JobKind.SWEEP: sweep,
    }
    calendar = [Every(JobKind.SWEEP, timedelta(minutes=1), at_start=True)]
    try:
        run(bench.engine, handlers, calendar, threading.Event(), heartbeat=lambda: bench.mark("beat", os.getpid()))
    except AnotherWorkerRuns:
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
