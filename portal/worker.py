"""Runs promised work until told to stop, and says every few seconds that it is there."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from portal.engine.base import Engine, Handlers
from portal.engine.calendar import Entry

logger = logging.getLogger("portal.worker")

HEARTBEAT_SECONDS = 5
"""A worker that has been silent for three of these counts as absent."""


def run(
    engine: Engine,
    handlers: Handlers,
    calendar: Sequence[Entry],
    stop: threading.Event,
    *,
    heartbeat: Callable[[], None],
) -> None:
    """Work until `stop` is set, or the process is asked to end: the step at hand is finished first.

    `heartbeat` is called at once and every five seconds; if it fails, work goes on.

    Raises:
        AnotherWorkerRuns: where only one worker may run, and one does.
    """
    ended = threading.Event()
    pulse = threading.Thread(target=_beat, args=(heartbeat, ended), name="heartbeat", daemon=True)
    with _signals_set(stop):
        pulse.start()
        try:
            engine.work(handlers, stop=stop, calendar=calendar)
        finally:
            ended.set()
            pulse.join(HEARTBEAT_SECONDS)


def _beat(heartbeat: Callable[[], None], ended: threading.Event) -> None:
    while True:
        try:
            heartbeat()
        except Exception as error:
            logger.warning("The worker could not say that it is there (%s)", type(error).__name__)
        if ended.wait(HEARTBEAT_SECONDS):
            return


@contextmanager
def _signals_set(stop: threading.Event) -> Iterator[None]:
    """Make SIGTERM and SIGINT set `stop`; in another thread than the main one, signals are somebody else's."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, ask_to_stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
