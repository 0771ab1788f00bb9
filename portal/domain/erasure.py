"""Erasing, as recorded: one erasure a request, a step for each table and person key, a batch for each range of keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from graphlib import TopologicalSorter

from portal.domain.data_map import Category, DataMap, Scalar, Table

BATCH_ROWS = 2_000
"""Rows erased at a time. A writer of the service's SQLite file that finds it taken tries again after one and three milliseconds:
a batch is over by then, and the portal's own record of it, before the next, is the writer's turn (performance.md §4)."""


class ErasureState(StrEnum):
    """Where an erasure, or one of its steps, stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Erasure:
    """What a granted deletion set in motion."""

    id: int
    request_id: int
    state: ErasureState
    not_before: datetime
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class ErasureStep:
    """One table's part for one person of one source, and what it came to."""

    id: int
    erasure_id: int
    position: int
    category: str
    table_name: str
    person_key: tuple[Scalar, ...]
    rule: str
    state: ErasureState
    erased: int
    kept: int
    kept_until: datetime | None
    remaining: int | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class RecordedBatch:
    """A range of keys written down before its rows were touched (design §2.10)."""

    id: int
    step_id: int
    first: tuple[Scalar, ...]
    last: tuple[Scalar, ...]
    found: int
    done_at: datetime | None


def in_erasure_order(data_map: DataMap) -> tuple[tuple[Category, Table], ...]:
    """The tables an erasure touches: rows that lead to others before those they lead to, the people's table last.

    A row is found through its path to a person, so what the path goes through must still be there. A table two categories
    share is emptied for both before its rows go.
    """
    parts = [(category, table) for category, table in data_map.tables() if table.erase != "keep"]
    sorter: TopologicalSorter[int] = TopologicalSorter(dict.fromkeys(range(len(parts)), ()))
    for number, (_, table) in enumerate(parts):
        for other, (_, later) in enumerate(parts):
            if _goes_before(table, later, data_map):
                sorter.add(other, number)
    return tuple(parts[number] for number in sorter.static_order())


def _turn(table: Table) -> tuple[bool, int]:
    """Of one table mapped twice: what only empties rows goes first, then what is found the longest way, as replies to replies."""
    return table.erase == "delete", -len(table.person.steps)


def _goes_before(table: Table, other: Table, data_map: DataMap) -> bool:
    """Whether rows of `table` must go while those of `other` are still there."""
    if table.name == other.name:
        return _turn(table) < _turn(other)
    people = data_map.people_of(table.name.source)
    leads_to = {step.table for step in table.person.steps} | ({people.table} if people else set())
    return other.name in leads_to and not (people and people.table == table.name)
