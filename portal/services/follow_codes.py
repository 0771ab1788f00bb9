"""The follow code of a request: made of its reference by the portal's own key, so that none is stored."""

from __future__ import annotations

from portal.domain.codes import same
from portal.domain.follow_codes import canonical_follow_code, follow_code
from portal.services.installation import Installation

_KEY = "follow"


def code_of(portal: Installation, reference: str) -> str:
    """The code that letters about a request carry."""
    return follow_code(portal.keys.for_(_KEY), reference)


def opens(portal: Installation, reference: str, typed: str) -> bool:
    """Whether what was typed is the code of a reference, by the present key or an older one; in constant time."""
    code = canonical_follow_code(typed) or ""
    found = [same(follow_code(key, reference), code) for key in portal.keys.all_for(_KEY)]
    return any(found)
