"""One worker's shift: which handlers it has, what its calendar says, and what becomes of a job once it was tried."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from portal.domain.jobs import Job, TakenJob, is_stalled, sooner, wait_after
from portal.engine.base import Handlers
from portal.engine.calendar import NO_SUBJECT, Entry

logger = logging.getLogger("portal.engine")


@dataclass(frozen=True)
class Outcome:
    """What becomes of a job: done when `due` is None, else tried again then, with so many failures in a row."""

    due: datetime | None
    failures: int = 0


class Shift:
    """Carries jobs out with the handlers given, by the calendar given."""

    def __init__(self, handlers: Handlers, calendar: Sequence[Entry] = ()) -> None:
        """Take handlers by kind, and the entries that come back by the clock."""
        self._handlers = handlers
        self._entries = {entry.kind: entry for entry in calendar}

    def begin(self, promise: Callable[[Job, datetime], None], now: datetime) -> None:
        """Make sure that each calendar entry waits for its next time; an overdue one stays overdue, and runs."""
        for entry in self._entries.values():
            promise(Job(entry.kind, NO_SUBJECT), now if entry.at_start else entry.next_after(now))

    def carry_out(self, taken: TakenJob, now: datetime) -> Outcome:
        """Run the handler; whatever it raises is counted, not passed on."""
        try:
            answer = self._handlers[taken.job.kind](taken.job.subject, now)
        except Exception as error:
            return self._failed(taken, now, error)
        return Outcome(self._by_the_clock(taken.job, answer.at if answer else None, now))

    def _failed(self, taken: TakenJob, now: datetime, error: Exception) -> Outcome:
        failures = taken.failures + 1
        due = self._by_the_clock(taken.job, now + wait_after(failures), now)
        log = logger.error if is_stalled(failures) else logger.warning
        log("%s %d failed (%s), %d in a row", taken.job.kind, taken.job.subject, _without_values(error), failures)
        return Outcome(due, failures)

    def _by_the_clock(self, job: Job, due: datetime | None, now: datetime) -> datetime | None:
        """Calendar work always has a next time, and never waits past it."""
        entry = self._entries.get(job.kind) if job.subject == NO_SUBJECT else None
        if entry is None:
            return due
        next_time = entry.next_after(now)
        return next_time if due is None else sooner(due, next_time)


def _without_values(error: Exception) -> str:
    """The kind of error and where it came from: its message may hold personal data (design §2.5)."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}, {Path(frame.filename).name}:{frame.lineno}"
