"""Delegations: the officer's decisions given to somebody else in writing (P-39.1, s. 3.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Delegation:
    """One delegation. `document`: where the signed writing is found. `until`: its last day; None while it has none."""

    id: int
    staff_id: int
    since: date
    until: date | None
    document: str
    recorded_at: datetime
    recorded_by: int
    ended_at: datetime | None
    ended_by: int | None

    def in_force(self, today: date) -> bool:
        """Whether it holds on a day."""
        return self.ended_at is None and self.since <= today and (self.until is None or today <= self.until)
