"""The law a request was opened under, as it stood that day, and what its silence means."""

from __future__ import annotations

from datetime import date

from portal.domain.clock import silence_is_refusal
from portal.domain.deadlines import recourse_until
from portal.domain.regimes import Regime
from portal.domain.rights import RightsRequest
from portal.storage.store import Store


def regime_of(store: Store, request: RightsRequest) -> Regime:
    """The regime a request was opened under, as it stood that day, whatever the law's file says since (law.md §3.2)."""
    return Regime.from_snapshot(store.requests.regime_frozen(request.id))


def silent_until(store: Store, request: RightsRequest) -> date | None:
    """The last day to write to the Commission if no answer ever comes; None where silence is no refusal."""
    regime = regime_of(store, request)
    return recourse_until(regime, request.due) if silence_is_refusal(request, regime) else None
