"""Requests that only the ledger knows, since a backup older than they are was restored: told again, they keep their day."""

from __future__ import annotations

from portal.domain.ledger import RequestNoted
from portal.domain.references import canonical_reference
from portal.storage.store import Store


def lost_request(store: Store, reference: str | None, *, hold: bool = False) -> RequestNoted | None:
    """What is known of a request by its reference, however typed; None where nothing is, or the request itself is there.

    `hold`: it is about to be told again, by one person and once.
    """
    canonical = canonical_reference(reference or "")
    return store.lost_requests.by_reference(canonical, hold=hold) if canonical else None


def told_again(store: Store, lost: RequestNoted | None) -> None:
    """It is a request like others from now on."""
    if lost:
        store.lost_requests.told_again(lost.reference)
