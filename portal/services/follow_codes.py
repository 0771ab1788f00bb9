"""The follow code of a request: made of its reference by the portal's own key, so that none is stored."""

from __future__ import annotations

from portal.domain.codes import same
from portal.domain.follow_codes import canonical_follow_code, follow_code
from portal.domain.rights import RightsRequest
from portal.services.installation import Installation

_KEY = "follow"


def code_of(portal: Installation, request: RightsRequest) -> str:
    """The code that letters about a request carry."""
    return follow_code(portal.keys.for_(_KEY), request.reference, request.follow_number)


def opens(portal: Installation, reference: str, number: int, typed: str) -> bool:
    """Whether what was typed is the present code of a reference, by the present key or an older one; in constant time."""
    code = canonical_follow_code(typed) or ""
    found = [same(follow_code(key, reference, number), code) for key in portal.keys.all_for(_KEY)]
    return any(found)


def without_codes(portal: Installation, request: RightsRequest, text: str, instead: str) -> str:
    """A text about a request with every code it ever had taken out: what is given to somebody else opens nothing."""
    for key in portal.keys.all_for(_KEY):
        for number in range(request.follow_number + 1):
            text = text.replace(follow_code(key, request.reference, number), instead)
    return text
