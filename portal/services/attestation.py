"""What a deletion destroyed and what it had to keep, as its person is told (attestation of deletion, P-39.1, s. 35)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from portal.domain.erasure import ErasureStep
from portal.domain.rights import RightsRequest
from portal.storage.store import Store


@dataclass(frozen=True, slots=True)
class Destroyed:
    """What became of one table, of all the person's accounts together: rows erased, rows kept and until when."""

    category: str
    table_name: str
    erased: int
    kept: int
    kept_until: datetime | None


@dataclass(frozen=True, slots=True)
class Attestation:
    """One erasure that is over: when, and what became of each table."""

    finished_at: datetime
    tables: Sequence[Destroyed]


def attestation_of(store: Store, request: RightsRequest) -> Attestation | None:
    """What the deletion a request asked for came to, or None while there is none or it is not over."""
    erasure = store.erasures.of_request(request.id)
    if erasure is None or erasure.finished_at is None:
        return None
    return Attestation(erasure.finished_at, _by_table(store.erasures.steps(erasure.id)))


def _by_table(steps: Sequence[ErasureStep]) -> Sequence[Destroyed]:
    """The steps of one table follow each other, one for each account."""
    tables = groupby(steps, key=lambda step: (step.category, step.table_name))
    return [_together(category, name, list(each)) for (category, name), each in tables]


def _together(category: str, name: str, steps: Sequence[ErasureStep]) -> Destroyed:
    untils = [step.kept_until for step in steps if step.kept_until]
    return Destroyed(
        category,
        name,
        erased=sum(step.erased for step in steps),
        kept=sum(step.kept for step in steps),
        kept_until=max(untils, default=None),
    )
