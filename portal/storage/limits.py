"""How often something was tried, counted in the transaction of the act itself so that all processes see it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select, update

from portal.storage.rows import Repository
from portal.storage.tables import counts


class Counts(Repository):
    """Fixed windows: a bucket's number starts anew with each window."""

    def add(self, bucket: str, window: timedelta, now: datetime) -> int:
        """Count one more in the bucket's present window and say how many that makes."""
        start = _start(window, now)
        if not self.insert_if_absent(counts, bucket=bucket, window_start=start, number=1):
            self.connection.execute(
                update(counts)
                .where(counts.c.bucket == bucket, counts.c.window_start == start)
                .values(number=counts.c.number + 1)
            )
        return self.number(bucket, window, now)

    def number(self, bucket: str, window: timedelta, now: datetime) -> int:
        """How many the bucket's present window holds."""
        found = select(counts.c.number).where(counts.c.bucket == bucket, counts.c.window_start == _start(window, now))
        return int(self.connection.execute(found).scalar() or 0)

    def purge(self, before: datetime) -> None:
        """Delete windows that began before an instant."""
        self.connection.execute(delete(counts).where(counts.c.window_start < before))


def seconds_left(window: timedelta, now: datetime) -> int:
    """How long until the present window ends: what `Retry-After` says."""
    return max(1, int((_start(window, now) + window - now).total_seconds()) + 1)


def _start(window: timedelta, now: datetime) -> datetime:
    seconds = int(window.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)
