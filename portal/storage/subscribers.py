"""Visitors who asked, with a proved address, to be told of changes to the policy."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, delete, select, update

from portal.domain.languages import Language, language_or_default
from portal.storage.notice_tables import subscribers
from portal.storage.rows import Repository


@dataclass(frozen=True, slots=True)
class Subscriber:
    """One subscription. The token that ends it is made of its nonce by a key of the installation."""

    id: int
    address: str
    language: Language
    confirmed_at: datetime
    nonce: str
    token_hash: str


class Subscribers(Repository):
    """Rows of `subscribers`."""

    def confirm(self, address: str, *, language: Language, nonce: str, token_hash: str, now: datetime) -> None:
        """Remember a subscription, or that it was confirmed again; its link stays the one letters already carry."""
        values = {"language": language, "confirmed_at": now}
        if not self.insert_if_absent(subscribers, address=address, nonce=nonce, token_hash=token_hash, **values):
            self.connection.execute(update(subscribers).where(subscribers.c.address == address).values(**values))

    def by_address(self, address: str) -> Subscriber | None:
        """The subscription of a canonical address, or None."""
        return self._one(subscribers.c.address == address)

    def of(self, addresses: Collection[str]) -> Sequence[Subscriber]:
        """The subscriptions of some canonical addresses, by id."""
        found = select(subscribers).where(subscribers.c.address.in_(addresses)).order_by(subscribers.c.id)
        return [_subscriber(row) for row in self.connection.execute(found).mappings()]

    def by_token(self, token_hash: str) -> Subscriber | None:
        """The subscription that a link ends, or None."""
        return self._one(subscribers.c.token_hash == token_hash)

    def some(self, *, after: int, limit: int) -> Sequence[Subscriber]:
        """Some of them, by id."""
        found = select(subscribers).where(subscribers.c.id > after).order_by(subscribers.c.id).limit(limit)
        return [_subscriber(row) for row in self.connection.execute(found).mappings()]

    def nonces(self, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
        """The nonce and token hash of some, by id."""
        wanted = select(subscribers.c.id, subscribers.c.nonce, subscribers.c.token_hash)
        found = self.connection.execute(wanted.where(subscribers.c.id.in_(ids)))
        return {row.id: (row.nonce, row.token_hash) for row in found}

    def remove(self, subscriber_id: int) -> None:
        """Forget a subscription."""
        self.connection.execute(delete(subscribers).where(subscribers.c.id == subscriber_id))

    def old(self, confirmed_before: datetime, *, limit: int) -> Sequence[int]:
        """Ids of some confirmed no later than an instant."""
        found = select(subscribers.c.id).where(subscribers.c.confirmed_at <= confirmed_before)
        return list(self.connection.execute(found.order_by(subscribers.c.id).limit(limit)).scalars())

    def _one(self, condition: object) -> Subscriber | None:
        row = self.connection.execute(select(subscribers).where(condition)).mappings().first()  # type: ignore[arg-type]  # a condition
        return _subscriber(row) if row else None


def _subscriber(row: RowMapping) -> Subscriber:
    return Subscriber(**{**row, "language": language_or_default(row["language"])})
