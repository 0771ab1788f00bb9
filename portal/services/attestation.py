"""What a deletion destroyed and what it had to keep, as its person is told (attestation of deletion, P-39.1, s. 35)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.domain.erasure import ErasureStep
from portal.domain.rights import RightsRequest
from portal.storage.store import Store


@dataclass(frozen=True, slots=True)
class Attestation:
    """One erasure that is over: when, and what each of its steps came to."""

    finished_at: datetime
    steps: Sequence[ErasureStep]


def attestation_of(store: Store, request: RightsRequest) -> Attestation | None:
    """What the deletion a request asked for came to, or None while there is none or it is not over."""
    erasure = store.erasures.of_request(request.id)
    if erasure is None or erasure.finished_at is None:
        return None
    return Attestation(erasure.finished_at, store.erasures.steps(erasure.id))
