"""Who else has a request open: said on its page, so that two members of staff do not answer it at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from portal.domain.people import StaffMember
from portal.domain.rights import RightsRequest
from portal.services import desk
from portal.web.access import now, store, viewer


def also_open(found: RightsRequest) -> Sequence[str]:
    """The addresses of colleagues who opened a request in the last few minutes."""
    member = cast("StaffMember", viewer().member)
    return [one.address for one in desk.opened_lately(store(), member, found, now=now())]
