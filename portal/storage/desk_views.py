"""The views members of staff keep of the queue: a name and what to narrow it to, each member's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select

from portal.storage.desk_tables import desk_views
from portal.storage.rows import Repository


@dataclass(frozen=True, slots=True)
class KeptView:
    """One view of a member's; `selection` holds keys and values of the list's address, nothing of a person's."""

    id: int
    name: str
    selection: Mapping[str, str]


class DeskViews(Repository):
    """Rows of `desk_views` as KeptView."""

    def of(self, staff_id: int) -> Sequence[KeptView]:
        """A member's views, by name."""
        found = select(desk_views).where(desk_views.c.staff_id == staff_id).order_by(desk_views.c.name, desk_views.c.id)
        return [
            KeptView(row["id"], row["name"], dict(row["selection"]))
            for row in self.connection.execute(found).mappings()
        ]

    def keep(self, staff_id: int, name: str, selection: Mapping[str, str]) -> bool:
        """Keep a view under a name; False when the member has one of that name."""
        return self.insert_if_absent(desk_views, staff_id=staff_id, name=name, selection=dict(selection))

    def remove(self, staff_id: int, view_id: int) -> bool:
        """Remove a member's view; False when it is none of theirs."""
        chosen = (desk_views.c.staff_id == staff_id) & (desk_views.c.id == view_id)
        return self.connection.execute(delete(desk_views).where(chosen)).rowcount == 1
