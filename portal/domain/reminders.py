"""The days on which staff are reminded of a request, as the officer sets them (design §2.8)."""

from __future__ import annotations

from dataclasses import dataclass

FURTHEST = 60
"""Days before the last one: no law here leaves many more to answer in."""

MOST_DAYS = 8
LONGEST_UNOPENED = 15


@dataclass(frozen=True, slots=True)
class Reminders:
    """When whoever handles a request is reminded of its last day.

    `days`: so many days before the last one, the furthest first. `half_time`: once half of the time has passed too.
    `backup`: those of the days on which the backup is told as well. `unopened`: after so many working days that nobody on
    staff opened a request, its backup is told. What is late is reminded every day, whatever is set.
    """

    days: tuple[int, ...] = (10, 5, 2, 0)
    half_time: bool = True
    backup: tuple[int, ...] = (5, 0)
    unopened: int = 3
