"""The work engine's port: what services may ask of whichever engine an installation uses (performance.md §1)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol

from portal.domain.jobs import Again, Job, JobKind
from portal.engine.calendar import Entry

Handler = Callable[[int, datetime], Again | None]
"""Does one bounded step for a subject at an instant, records it, and may be run twice without harm.

It gives None when nothing is left to do and `Again` when more is. Raising means: try again after a growing wait.
"""

Handlers = Mapping[JobKind, Handler]


class AnotherWorkerRuns(Exception):
    """This engine allows one worker, and one already runs."""


class Engine(Protocol):
    """Wakes handlers for promised work, repeats what failed, and keeps the calendar."""

    def promise(self, transaction: object, jobs: Sequence[Job], due: datetime | None = None) -> None:
        """Write jobs inside the open transaction that promises them: kept with it, lost with it.

        `transaction` is the SQLAlchemy connection, handed through without being looked at. `due` None is at once; a
        job that waits already is kept once, for the sooner time, and one that is running runs once more. A failed job
        keeps its growing wait unless a `due` is given.
        """

    def work(self, handlers: Handlers, *, stop: threading.Event, calendar: Sequence[Entry] = ()) -> None:
        """Do promised work until `stop` is set, finishing the step at hand.

        Raises:
            AnotherWorkerRuns: where only one worker may run, and one does.
        """

    def wake(self) -> None:
        """Say that something may be due now, to a worker of the same process."""

    def run_until_idle(self, handlers: Handlers, now: datetime) -> int:
        """Do, here and now, all that is due at `now`; for tests and the demo, where no worker runs beside.

        Gives the number of steps done or tried.
        """

    def stalled(self) -> tuple[Job, ...]:
        """Jobs that failed so often in a row that somebody should look (they are still tried)."""


def utc_now() -> datetime:
    """The machine's clock; tests hand in their own."""
    return datetime.now(UTC)
