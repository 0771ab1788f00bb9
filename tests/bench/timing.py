"""Takes times: the sides of a comparison in turn, so that a noisy moment falls on both, and the median of each."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from statistics import median

ROUNDS = 5
"""The fewest rounds a median is taken of."""

Act = Callable[[], object]
Timed = Callable[[], float]


def seconds_of(act: Act, *, times: int = 1) -> Timed:
    """The act, giving the seconds it takes; done several times when one is too quick to be timed alone."""

    def run() -> float:
        began = time.perf_counter()
        for _ in range(times):
            act()
        return (time.perf_counter() - began) / times

    return run


def interleaved(sides: Mapping[str, Timed], *, rounds: int = ROUNDS, warm: int = 0) -> dict[str, float]:
    """The median seconds of each side, taken in turn; `warm` rounds go before and are not counted."""
    taken: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(warm + rounds):
        for name, side in sides.items():
            seconds = side()
            if number >= warm:
                taken[name].append(seconds)
    return {name: median(seconds) for name, seconds in taken.items()}


def percentile(values: Sequence[float], part: float) -> float:
    """The value below which `part` of the values lie (0.99: all but the slowest in a hundred)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]
