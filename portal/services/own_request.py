"""Nobody handles their own request (design §1)."""

from __future__ import annotations

from portal.domain.people import StaffMember
from portal.domain.rights import RightsRequest
from portal.storage.store import Store


class OwnRequest(Exception):
    """A member of staff would handle their own request; a colleague must."""


def refuse_own(store: Store, member: StaffMember, request: RightsRequest) -> None:
    """Let anybody else's request pass; a test is about nobody, and whoever made it tries the desk with it.

    Raises:
        OwnRequest: the member is its person.
    """
    if request.is_test:
        return
    person = store.people.by_id(request.person_id)
    if person and person.address and is_theirs(store, person.address, member):
        raise OwnRequest


def is_theirs(store: Store, address: str, member: StaffMember) -> bool:
    """Whether an address is a member's own, or was proved to be that of whoever has the member's."""
    return address == member.address or store.other_addresses.joined(address, member.address)
