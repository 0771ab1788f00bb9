"""What every place for the ledger must be able to do: give its lines, and add some after the last, all or none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

Adding = Callable[[Sequence[str]], Sequence[str]]
"""Given the lines from a place on, the ones to add after them; called while nobody else may write."""


class Ledger(Protocol):
    """Numbered lines, the first being 1; none is ever changed or taken out. One writer at a time, whatever the processes."""

    def lines(self) -> Iterator[str]:
        """Every line, from the first on. Raises LedgerAway."""

    def tail(self, number: int) -> list[str]:
        """The lines from that number on, without reading those before. Raises LedgerAway."""

    def append(self, adding: Adding, *, since: int) -> None:
        """Add lines after the last one, on the disk for good when this returns.

        `adding` is given the lines from number `since` on, the last line at least when there is one.

        Raises:
            LedgerAway: nothing was added.
        """

    def close(self) -> None:
        """Let every connection go."""
