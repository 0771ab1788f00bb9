"""Leaves a service alone for a while when it failed several times in a row, so that readers do not wait for it each time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from portal.sources.http.failures import Failed, TooLarge
from portal.wording.catalogue import N_

FAILURES, WAIT_SECONDS = 5, 10.0


class Breaker:
    """Counts the failures of one service within this process.

    After FAILURES in a row nothing is asked for WAIT_SECONDS; then one call goes first, and the others follow if it went well.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin closed: everything goes through."""
        self._clock = clock
        self._lock = Lock()
        self._failures = 0
        self._closed_again_at = 0.0
        self._somebody_tries = False

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Let one call through and note how it went; an answer that is too large is an answer all the same.

        Raises:
            Failed: it is left alone for now.
        """
        self._enter()
        went_well = False
        try:
            yield
            went_well = True
        except TooLarge:
            went_well = True
            raise
        finally:
            self._note(went_well=went_well)

    def _enter(self) -> None:
        with self._lock:
            if self._failures < FAILURES:
                return
            if self._somebody_tries or self._clock() < self._closed_again_at:
                raise Failed(N_("The source %(source)s failed several times in a row, and is left alone for a moment."))
            self._somebody_tries = True

    def _note(self, *, went_well: bool) -> None:
        with self._lock:
            self._somebody_tries = False
            self._failures = 0 if went_well else self._failures + 1
            if self._failures >= FAILURES:
                self._closed_again_at = self._clock() + WAIT_SECONDS
