"""How an installation is: what was found of each of its parts at one instant, and which of them want somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LETTER_LATE = timedelta(hours=1)
POST_LATE = timedelta(days=2)
"""An acknowledgement leaves within two working days (law.md §6.4)."""

WORKER_LATE = timedelta(seconds=30)
RETENTION_LATE = timedelta(hours=48)
"""It runs each night; one night may be missed."""


class Mail(StrEnum):
    """The way letters leave."""

    NONE = "none"
    ON_THIS_MACHINE = "on_this_machine"
    ANSWERS = "answers"
    REFUSES = "refuses"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Health:
    """What was found. Numbers are counted to a bound; None where nothing was found."""

    at: datetime
    mail: Mail
    waiting: int
    oldest_waiting: datetime | None
    refused: int
    to_post: int
    oldest_to_post: datetime | None
    sources: tuple[tuple[str, bool], ...]
    worker_seen: datetime | None
    schema: str | None
    head: str
    overdue: int
    retention_ran: datetime | None
    in_use_since: datetime | None

    @property
    def letters_late(self) -> bool:
        """Whether a letter has waited too long."""
        return self.oldest_waiting is not None and self.at - self.oldest_waiting > LETTER_LATE

    @property
    def post_late(self) -> bool:
        """Whether a letter on paper has waited too long to be posted."""
        return self.oldest_to_post is not None and self.at - self.oldest_to_post > POST_LATE

    @property
    def worker_away(self) -> bool:
        """Whether the worker has been silent for too long."""
        return self.worker_seen is None or self.at - self.worker_seen > WORKER_LATE

    @property
    def retention_late(self) -> bool:
        """Whether what is over was not deleted lately; a new installation has two nights to begin."""
        last = self.retention_ran or self.in_use_since
        return last is not None and self.at - last > RETENTION_LATE
