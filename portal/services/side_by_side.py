"""Asks several outside parts at once within one time limit: a page waits for the slowest of them, never for their sum."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Generic, TypeVar

from portal.sources.base import SourceUnavailable

PATIENCE = 6.0
"""Seconds a page waits for its sources together: each gives up by itself a little sooner."""

Answer = TypeVar("Answer")


def answers(questions: Mapping[str, Callable[[], Answer]], *, seconds: float | None = None) -> Mapping[str, Answer]:
    """What each answered in time, by its name; a part that is away, or too slow, is left out.

    `seconds`: how long to wait for all of them; None is PATIENCE, or for a single source its own limit. One that is too slow
    goes on alone until that limit. What else a question raises is raised here.
    """
    if len(questions) == 1 and seconds is None:
        return _asked_here(questions)
    asking = {name: _Asking(question) for name, question in questions.items()}
    until = monotonic() + (PATIENCE if seconds is None else seconds)
    for one in asking.values():
        one.join(max(0.0, until - monotonic()))
    return {name: one.answer for name, one in asking.items() if one.has_answered()}


def _asked_here(questions: Mapping[str, Callable[[], Answer]]) -> Mapping[str, Answer]:
    """A single source sets its time limit itself, and no thread is needed."""
    try:
        return {name: question() for name, question in questions.items()}
    except SourceUnavailable:
        return {}


class _Asking(threading.Thread, Generic[Answer]):
    """One question on its way."""

    answer: Answer

    def __init__(self, question: Callable[[], Answer]) -> None:
        super().__init__(name="side-by-side", daemon=True)
        self._question = question
        self._error: Exception | None = None
        self._answered = False
        self.start()

    def run(self) -> None:
        """Ask, and keep what comes."""
        try:
            self.answer = self._question()
            self._answered = True
        except SourceUnavailable:
            return
        except Exception as error:
            self._error = error

    def has_answered(self) -> bool:
        """Whether there is an answer by now. Raises what the question raised."""
        if self._error is not None:
            raise self._error
        return self._answered
