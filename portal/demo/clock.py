"""The demo's own clock: the machine's, some days ahead, so that a visitor sees what comes later without waiting for it."""

from __future__ import annotations

import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from portal.engine.base import utc_now

FILE = "days-ahead"
STEPS = (1, 31)
"""The days a press may add: the next morning, and the one after Québec’s thirty days are over."""

FURTHEST = 3_660
"""Ten years ahead, everything the demo could show has been shown."""


class TooFar(Exception):
    """The clock would run further ahead than there is anything to see."""


class DemoClock:
    """The instant it is in the demo; every process of it reads the same file."""

    def __init__(self, folder: Path) -> None:
        """Keep the days ahead in the demo’s folder: `--reset` makes it anew, and the clock right."""
        self._file = folder / FILE

    def __call__(self) -> datetime:
        """The machine’s instant, moved ahead."""
        return utc_now() + timedelta(days=self.days_ahead())

    def days_ahead(self) -> int:
        """How many days the clock is ahead; none where nobody moved it."""
        try:
            return min(int(self._file.read_text(encoding="ascii")), FURTHEST)
        except (FileNotFoundError, ValueError):
            return 0

    def move(self, days: int) -> None:
        """Move it some days further ahead, for every process at once.

        Raises:
            TooFar: there is nothing to see there.
        """
        ahead = self.days_ahead() + days
        if ahead > FURTHEST:
            raise TooFar
        unfinished = self._file.with_name(f"{FILE}.{secrets.token_hex(4)}")
        unfinished.write_text(str(ahead), encoding="ascii")
        os.replace(unfinished, self._file)
