"""What the page of a request says of others that may ask, or were found to ask, the same thing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from portal.domain.rights import RightsRequest
from portal.services.same_request import others_of
from portal.web.access import store
from portal.web.languages import url


@dataclass(frozen=True, slots=True)
class AlikeView:
    """An open request that may be the same."""

    reference: str
    href: str
    received_on: date


@dataclass(frozen=True, slots=True)
class MarkView:
    """A mark: the other request, and when. `here`: this one was marked, so the mark may be taken back from it."""

    reference: str
    href: str
    at: datetime
    here: bool


@dataclass(frozen=True, slots=True)
class SameView:
    """Suggestions and marks of one request; `marked`: it has its own mark, and takes no second one."""

    reference: str
    alike: list[AlikeView]
    marks: list[MarkView]
    marked: bool


def same_here(found: RightsRequest) -> SameView:
    """What to say of others on the page of a request; of one that is ended, its marks alone."""
    others = others_of(store(), found)
    return SameView(
        reference=found.reference,
        alike=[AlikeView(one.reference, _page_of(one.reference), one.received_on) for one in others.alike],
        marks=[
            MarkView(one.request.reference, _page_of(one.request.reference), one.marked_at, one.here)
            for one in others.marked
            if one.marked_at is not None
        ],
        marked=any(one.here for one in others.marked),
    )


def _page_of(reference: str) -> str:
    return url("staff_request", reference=reference)
