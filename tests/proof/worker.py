"""Workers killed with SIGKILL at random instants while they erase: what was granted is done, once (design §2.10).

Several erasures are always under way, so that a kill always meets work; at the end every one is looked into.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any

import sqlalchemy as sa

from portal.domain.erasure import ErasureState
from portal.domain.outbox import LetterState
from portal.storage.tables import erasure_batches, erasures, letters
from tests.proof import account, ground
from tests.proof.figures import Part
from tests.proof.ground import Stage
from tests.proof.programs import Program, program, wait_until

KILLS, ROWS = 50, 50_000
_chance = Random()  # noqa: S311  # any instant will do
_BATCHES = sa.select(sa.func.count()).select_from(erasure_batches)
_HALF_DONE = _BATCHES.where(erasure_batches.c.done_at.is_(None))
PATIENCE = 240.0
"""Seconds for what is left after the last kill: a job that fell several times in a row waits two minutes."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds from a start to the first batch, and from there to the end of one erasure."""

    start: float
    work: float


def on_sqlite(kills: int = KILLS, rows: int = ROWS) -> Part:
    """One worker, everything on SQLite."""
    with ground.on_sqlite(rows) as stage:
        return _proof("worker (SQLite)", stage, kills, workers=1, under_way=3)


def on_postgresql(kills: int = KILLS, rows: int = ROWS) -> Part:
    """Two workers at once on PostgreSQL, woken by Procrastinate: one falls, the other goes on."""
    with ground.on_postgresql(rows) as stage:
        return _proof("worker (PostgreSQL, Procrastinate, two workers)", stage, kills, workers=2, under_way=5)


def _proof(name: str, stage: Stage, kills: int, *, workers: int, under_way: int) -> Part:
    began = time.monotonic()
    neighbours = stage.neighbours()
    with _running(stage, workers) as staff:
        pace = _pace(stage, staff)
        caught = [_kill_one(stage, staff, pace, under_way) for _ in range(kills)]
        wait_until(lambda: _quiet(stage), "an erasure or a letter stands still", seconds=PATIENCE)
        time.sleep(pace.start * 2)  # the one started last must be there to be asked to end
        codes = [one.stop() for one in staff]
    claims = account.of_erasures(stage, kills, neighbours, stopped=codes)
    notes = (
        f"{stage.invented} erasures of {stage.rows:,} rows; {pace.work:.1f} s for one, {pace.start:.1f} s to start",
        f"{sum(caught)} of {kills} kills fell while a batch was recorded and not yet done",
    )
    return Part(name, kills, time.monotonic() - began, claims, notes)


@contextmanager
def _running(stage: Stage, workers: int) -> Iterator[list[Program]]:
    with ExitStack() as stack:
        yield [stack.enter_context(program(stage.folder, "worker")) for _ in range(workers)]


def _pace(stage: Stage, staff: list[Program]) -> Pace:
    """When work begins after a start and how long one erasure takes, when nobody falls."""
    stage.grant(stage.invent())
    for one in staff:
        one.start()
    start = wait_until(lambda: _number(stage, _BATCHES) > 0, "the first erasure does not begin", seconds=60)
    work = wait_until(lambda: not _open(stage), "the first erasure does not end", seconds=60)
    return Pace(start, work)


def _kill_one(stage: Stage, staff: list[Program], pace: Pace, under_way: int) -> bool:
    """Let one worker fall at any instant from the end of its start to the end of two erasures; start it again.

    Gives whether it fell between the record of a batch and the record that it is done.
    """
    ready = time.monotonic() + pace.start * 0.7
    people = [stage.invent() for _ in range(under_way - _open(stage))]
    time.sleep(max(0.0, ready - time.monotonic()))
    for address in people:
        stage.grant(address)
    time.sleep(_chance.uniform(0.0, pace.work * 2))
    fallen = _chance.choice(staff)
    fallen.kill()
    caught = _number(stage, _HALF_DONE) > 0
    fallen.start()
    return caught


def _open(stage: Stage) -> int:
    return _number(stage, sa.select(sa.func.count()).where(erasures.c.state != ErasureState.DONE.value))


def _quiet(stage: Stage) -> bool:
    """Whether nothing is left to do and a worker is there to say so."""
    waiting = _number(stage, sa.select(sa.func.count()).where(letters.c.state == LetterState.WAITING.value))
    return not _open(stage) and not waiting


def _number(stage: Stage, query: sa.Select[Any]) -> int:
    with stage.installation.database.reading() as store:
        return int(store.connection.execute(query).scalar_one())
