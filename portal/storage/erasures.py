"""Erasures as they advance: written before rows are touched, and again once they are gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, bindparam, select, update

from portal.domain.data_map import Scalar
from portal.domain.erasure import Erasure, ErasureState, ErasureStep, RecordedBatch
from portal.storage.rows import Repository
from portal.storage.tables import erasure_batches, erasure_steps, erasures


@dataclass(frozen=True, slots=True)
class StepPlan:
    """A step before it is recorded."""

    category: str
    table_name: str
    person_key: tuple[Scalar, ...]
    rule: str


class Erasures(Repository):
    """Rows of `erasures`, `erasure_steps` and `erasure_batches`."""

    def add(self, request_id: int, *, not_before: datetime) -> int:
        """Record an erasure that waits; gives its id."""
        return self.insert(erasures, request_id=request_id, state=ErasureState.WAITING.value, not_before=not_before)

    def by_id(self, erasure_id: int) -> Erasure | None:
        """The erasure of that id, or None."""
        row = self.connection.execute(select(erasures).where(erasures.c.id == erasure_id)).mappings().first()
        return _erasure(row) if row else None

    def of_request(self, request_id: int) -> Erasure | None:
        """The erasure a request set in motion, or None."""
        row = self.connection.execute(select(erasures).where(erasures.c.request_id == request_id)).mappings().first()
        return _erasure(row) if row else None

    def standing_still(self, now: datetime, *, limit: int = 500) -> Sequence[int]:
        """Ids of erasures that run, or whose wait is over."""
        moving = [ErasureState.WAITING.value, ErasureState.RUNNING.value]
        found = (
            select(erasures.c.id)
            .where(erasures.c.state.in_(moving), erasures.c.not_before <= now)
            .order_by(erasures.c.id)
            .limit(limit)
        )
        return list(self.connection.execute(found).scalars())

    def start(self, erasure_id: int, plans: Sequence[StepPlan], now: datetime) -> None:
        """Begin: from here on nobody can take the request back. The steps are written once, in their order."""
        for position, plan in enumerate(plans):
            self.insert(
                erasure_steps,
                erasure_id=erasure_id,
                position=position,
                category=plan.category,
                table_name=plan.table_name,
                person_key=list(plan.person_key),
                rule=plan.rule,
                state=ErasureState.WAITING.value,
                erased=0,
                kept=0,
            )
        self._set(erasures, erasure_id, state=ErasureState.RUNNING.value, started_at=now)

    def stop(self, erasure_id: int) -> bool:
        """Stop one that has not begun; False when it has."""
        statement = (
            update(erasures)
            .where(erasures.c.id == erasure_id, erasures.c.state == ErasureState.WAITING.value)
            .values(state=ErasureState.STOPPED.value)
        )
        return self.connection.execute(statement).rowcount == 1

    def finish(self, erasure_id: int, now: datetime) -> None:
        """Record that every step is done."""
        self._set(erasures, erasure_id, state=ErasureState.DONE.value, finished_at=now)

    def steps(self, erasure_id: int) -> Sequence[ErasureStep]:
        """The steps in their order."""
        found = select(erasure_steps).where(erasure_steps.c.erasure_id == erasure_id).order_by(erasure_steps.c.position)
        return [_step(row) for row in self.connection.execute(found).mappings()]

    def last_batch(self, step_id: int) -> RecordedBatch | None:
        """The step's last recorded batch, or None."""
        found = (
            select(erasure_batches)
            .where(erasure_batches.c.step_id == step_id)
            .order_by(erasure_batches.c.id.desc())
            .limit(1)
        )
        row = self.connection.execute(found).mappings().first()
        return _batch(row) if row else None

    def batches(self, step_id: int) -> Sequence[RecordedBatch]:
        """Every batch of a step, in order."""
        found = select(erasure_batches).where(erasure_batches.c.step_id == step_id).order_by(erasure_batches.c.id)
        return [_batch(row) for row in self.connection.execute(found).mappings()]

    def begin_step(self, step_id: int) -> None:
        """Record that a step's first batch is at hand."""
        self._set(erasure_steps, step_id, state=ErasureState.RUNNING.value)

    def record_batch(
        self, step_id: int, *, first: tuple[Scalar, ...], last: tuple[Scalar, ...], found: int, now: datetime
    ) -> RecordedBatch:
        """Write down a range of keys and the count found, before its rows are touched."""
        batch_id = self.insert(
            erasure_batches,
            step_id=step_id,
            first_key=list(first),
            last_key=list(last),
            found=found,
            recorded_at=now,
        )
        return RecordedBatch(batch_id, step_id, first, last, found, done_at=None)

    def batch_done(self, batch: RecordedBatch, now: datetime) -> None:
        """Record that none of the batch's rows remains, and count them once."""
        if self.connection.execute(_BATCH_DONE, {"batch": batch.id, "now": now}).rowcount == 1:
            self.connection.execute(_ERASED, {"step": batch.step_id, "found": batch.found})

    def step_done(self, step_id: int, *, kept: int, kept_until: datetime | None, remaining: int, now: datetime) -> None:
        """Record what a step kept and until when, and that none of the rest remains."""
        self._set(
            erasure_steps,
            step_id,
            state=ErasureState.DONE.value,
            kept=kept,
            kept_until=kept_until,
            remaining=remaining,
            finished_at=now,
        )

    def _set(self, table: Any, row_id: int, **values: Any) -> None:
        self.connection.execute(update(table).where(table.c.id == row_id).values(**values))


# Built once: they run between every two batches, while the service's own writers want their turn.
_BATCH_DONE = (
    update(erasure_batches)
    .where(erasure_batches.c.id == bindparam("batch"), erasure_batches.c.done_at.is_(None))
    .values(done_at=bindparam("now"))
)
_ERASED = (
    update(erasure_steps)
    .where(erasure_steps.c.id == bindparam("step"))
    .values(erased=erasure_steps.c.erased + bindparam("found"))
)


def _erasure(row: RowMapping) -> Erasure:
    return Erasure(**{**row, "state": ErasureState(row["state"])})


def _step(row: RowMapping) -> ErasureStep:
    return ErasureStep(**{**row, "state": ErasureState(row["state"]), "person_key": tuple(row["person_key"])})


def _batch(row: RowMapping) -> RecordedBatch:
    return RecordedBatch(
        id=row["id"],
        step_id=row["step_id"],
        first=tuple(row["first_key"]),
        last=tuple(row["last_key"]),
        found=row["found"],
        done_at=row["done_at"],
    )
