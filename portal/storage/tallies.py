"""Tallies of requests, kept in the transaction that writes a request: no page ever counts the requests themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, tzinfo
from functools import cache
from typing import Any

from sqlalchemy import Table, func, select

from portal.domain.figures import Counted, Outcome, Tally, tally_of
from portal.domain.rights import Kind, RightsRequest
from portal.storage.register_tables import answer_tallies, request_tallies
from portal.storage.rows import Repository, insert_of

ZONE = "portal_zone"
"""The execution option in which a database knows the organization's time zone."""

Key = tuple[Any, ...]


class Tallies(Repository):
    """Rows of `request_tallies` and `answer_tallies`."""

    def moved(self, before: RightsRequest | None, after: RightsRequest) -> None:
        """Count a request where it belongs now, and no more where it belonged before (None: it is new)."""
        zone: tzinfo = self.connection.get_execution_options().get(ZONE, UTC)
        old, new = tally_of(before, zone) if before else None, tally_of(after, zone)
        if old != new:
            self._add(request_tallies, _of_request(old), _of_request(new))
            self._add(answer_tallies, _of_answer(old), _of_answer(new))

    def counted(self, first: date, last: date) -> Sequence[Counted]:
        """The counts of the months between two, both of them included."""
        found = select(request_tallies).where(
            request_tallies.c.month.between(first, last), request_tallies.c.number > 0
        )
        return [
            Counted(row.month, Kind(row.kind), Outcome(row.outcome), row.late, row.number)
            for row in self.connection.execute(found.order_by(request_tallies.c.month))
        ]

    def days(self, first: date, last: date) -> Mapping[int, int]:
        """How many answers took so many days, for requests received in those months."""
        column = answer_tallies.c
        found = select(column.days, func.sum(column.number)).where(column.month.between(first, last))
        rows = self.connection.execute(found.group_by(column.days))
        return {row[0]: int(row[1]) for row in rows if row[1] > 0}

    def earliest(self) -> date | None:
        """The first month in which a request was received, or None."""
        return self.connection.execute(
            select(func.min(request_tallies.c.month)).where(request_tallies.c.number > 0)
        ).scalar()

    def _add(self, table: Table, old: Key | None, new: Key | None) -> None:
        """One less, one more; always in the same order, so that two units of work never wait for each other."""
        change: Counter[Key] = Counter()
        for key, step in ((old, -1), (new, 1)):
            if key is not None:
                change[key] += step
        names = [column.name for column in table.primary_key]
        for key in sorted(key for key, step in change.items() if step):
            values = dict(zip(names, key, strict=True)) | {"number": change[key]}
            self.connection.execute(_summed(self.connection.dialect.name, table), values)


@cache
def _summed(dialect: str, table: Table) -> Any:
    """Adds to the row of a key, which it makes if it is the first; built once, as it takes longer to build than to run."""
    insert = insert_of(dialect, table).inline()
    return insert.on_conflict_do_update(
        index_elements=list(table.primary_key), set_={"number": table.c.number + insert.excluded.number}
    )


def _of_request(tally: Tally | None) -> Key | None:
    return (tally.month, tally.kind.value, tally.outcome.value, tally.late) if tally else None


def _of_answer(tally: Tally | None) -> Key | None:
    return (tally.month, tally.days) if tally and tally.days is not None else None
