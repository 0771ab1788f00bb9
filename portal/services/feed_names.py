"""The names feeds go under, which stay when a site moves: a program that follows one finds nothing twice (RFC 4151)."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from portal.domain.policies import Document
from portal.domain.policy_feeds import FeedName
from portal.services.installation import Installation
from portal.storage.store import Store


def feed_name(portal: Installation, store: Store, document: Document, *, now: datetime) -> FeedName:
    """The name a document's feeds go under: the one kept, else the one they would begin with today."""
    first = min((one.published_at for one in store.policies.all(document)), default=now)
    return store.feed_names.of(document) or FeedName(_host(portal), portal.today(first))


def keep_feed_name(portal: Installation, store: Store, document: Document, *, now: datetime) -> None:
    """Keep for ever the name a document's feeds go under, once there is something to follow."""
    if store.feed_names.of(document) is None and store.policies.has_any(document):
        name = feed_name(portal, store, document, now=now)
        store.feed_names.keep(document, name.authority, name.since)


def _host(portal: Installation) -> str:
    return (urlsplit(portal.settings.site.url).hostname or "localhost").lower()
