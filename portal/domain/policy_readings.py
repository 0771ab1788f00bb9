"""What a person was told of, opened and acknowledged, and which version a comparison made for them begins with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from portal.domain.policies import place_in_time


class Since(StrEnum):
    """Why a comparison begins with a version."""

    ACKNOWLEDGED = "acknowledged"
    OPENED = "opened"
    TOLD = "told"


@dataclass(frozen=True, slots=True)
class Reading:
    """One version and the three plain facts about one person; each is absent until it happens."""

    id: str
    effective: date
    told_at: datetime | None = None
    opened_at: datetime | None = None
    acknowledged_at: datetime | None = None

    @property
    def says_something(self) -> bool:
        """Whether there is any fact to show."""
        return any((self.told_at, self.opened_at, self.acknowledged_at))


def in_order(readings: Iterable[Reading]) -> list[Reading]:
    """The oldest version first; of one day, the smaller number."""
    return sorted(readings, key=lambda one: place_in_time(one.effective, one.id))


def present(readings: Iterable[Reading], today: date) -> Reading | None:
    """The version in force on a day, or None."""
    come = _come(readings, today)
    return come[-1] if come else None


def begun_with(readings: Iterable[Reading], today: date) -> tuple[Reading, Since] | None:
    """The version the person last acknowledged, else the one they first opened or were told of; None when there is none.

    Only versions that have come into force count: what is still to come is compared with what is in force.
    """
    come = _come(readings, today)
    agreed = [one for one in come if one.acknowledged_at]
    if agreed:
        return agreed[-1], Since.ACKNOWLEDGED
    first = min(
        (
            (at, one, since)
            for one in come
            for at, since in ((one.opened_at, Since.OPENED), (one.told_at, Since.TOLD))
            if at is not None
        ),
        key=lambda found: found[0],
        default=None,
    )
    return (first[1], first[2]) if first else None


def _come(readings: Iterable[Reading], today: date) -> list[Reading]:
    return [one for one in in_order(readings) if one.effective <= today]
