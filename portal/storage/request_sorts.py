"""The sorts of requests: which one a request is of, and how many there are of each, counted with the request itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, insert, select, update

from portal.domain.queues import NOBODY
from portal.storage.desk_tables import request_counts, request_sorts
from portal.storage.request_tables import rights_requests
from portal.storage.rows import Repository

FOLDED_AT_ONCE = 5_000
KNOWN_SORTS = "portal_known_sorts"
"""The execution option in which a database remembers the sorts it has met: a sort is never changed, nor deleted."""

_KEY = ("state", "kind", "regime", "language", "assignee_id")
_OF_KEY = select(request_sorts.c.id).where(*(request_sorts.c[name] == bindparam(name) for name in _KEY))


class RequestSorts(Repository):
    """Rows of `request_sorts` with what came and went since."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the connection's open transaction."""
        super().__init__(connection)
        self._known: dict[tuple[Any, ...], int] = connection.get_execution_options().get(KNOWN_SORTS, {})
        self._made: set[int] = set()

    def sort_of(self, values: Mapping[str, Any]) -> int:
        """The sort a request's row is of, which is made if it is the first of it."""
        key = {name: values[name] for name in _KEY} | {"assignee_id": values["assignee_id"] or NOBODY}
        known = self._known.get(tuple(key.values()))
        return self._read(key) if known is None else known

    def _read(self, key: dict[str, Any]) -> int:
        """The id of a sort. One made by this very unit of work is not remembered: it may still be undone."""
        found = self.connection.execute(_OF_KEY, key).scalar()
        if found is None:
            self.insert_if_absent(request_sorts, **key, number=0)
            found = self.connection.execute(_OF_KEY, key).scalar_one()
            self._made.add(found)
        elif found not in self._made:
            self._known[tuple(key.values())] = found
        return int(found)

    def came(self, sort: int) -> None:
        """Count one more."""
        self.insert(request_counts, sort_id=sort, change=1)

    def moved(self, before: int | None, after: int) -> None:
        """Count a request that is of another sort now."""
        if before == after:
            return
        if before is not None:
            self.insert(request_counts, sort_id=before, change=-1)
        self.came(after)

    def going(self, chosen: ColumnElement[bool]) -> None:
        """Count the requests that are deleted next."""
        column = rights_requests.c
        found = (
            select(column.sort_id, -func.count()).where(chosen, column.sort_id.is_not(None)).group_by(column.sort_id)
        )
        self.connection.execute(insert(request_counts).from_select(["sort_id", "change"], found))

    def fold(self) -> int:
        """Write into the numbers what came and went, a bounded part at a time; gives how many changes were folded.

        Whoever writes meanwhile only adds changes, and never waits.
        """
        column = request_counts.c
        found = select(column.id, column.sort_id, column.change).order_by(column.id).limit(FOLDED_AT_ONCE)
        rows = self.connection.execute(found.with_for_update(skip_locked=True)).all()
        totals: dict[int, int] = {}
        for row in rows:
            totals[row.sort_id] = totals.get(row.sort_id, 0) + row.change
        for sort, change in sorted(totals.items()):
            number = request_sorts.c.number
            self.connection.execute(
                update(request_sorts).where(request_sorts.c.id == sort).values(number=number + change)
            )
        if rows:
            self.connection.execute(delete(request_counts).where(column.id.in_([row.id for row in rows])))
        return len(rows)
