"""Views of the queue that a member of staff keeps under a name: their own, with nothing of a person's in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from portal.domain.people import StaffMember
from portal.storage.desk_views import KeptView
from portal.storage.store import Store

LONGEST_NAME = 60
MOST_VIEWS = 20


class NameTaken(Exception):
    """The member keeps another view under that name."""


class TooManyViews(Exception):
    """The member keeps as many views as a list can show."""


def of_member(store: Store, member: StaffMember) -> Sequence[KeptView]:
    """The member's views, by name."""
    return store.desk_views.of(member.id)


def keep(store: Store, member: StaffMember, name: str, selection: Mapping[str, str]) -> None:
    """Keep what a list is narrowed to under a name.

    Raises:
        NameTaken, TooManyViews.
    """
    if len(store.desk_views.of(member.id)) >= MOST_VIEWS:
        raise TooManyViews
    if not store.desk_views.keep(member.id, name, selection):
        raise NameTaken


def remove(store: Store, member: StaffMember, view_id: int) -> None:
    """Remove a view of the member's; a second press finds it gone, and that is what was wanted."""
    store.desk_views.remove(member.id, view_id)
