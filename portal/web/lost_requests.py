"""What a page says of a request that only the ledger knows: when it came, by when it is due, and please tell us again."""

from __future__ import annotations

from typing import Any

from portal.domain.ledger import RequestNoted
from portal.domain.rights import Kind
from portal.web.access import portal
from portal.web.languages import page_language, url
from portal.web.pages import page
from portal.wording.dates import date_long
from portal.wording.labels import kind_label


def lost_page(lost: RequestNoted) -> Any:
    """The page: whoever holds the reference made the request, and nothing else is known of it."""
    return page(
        "lost_request.html",
        kind=kind_label(Kind(lost.kind), page_language()),
        received=date_long(portal().today(lost.received_at), page_language()),
        due=date_long(lost.due, page_language()),
        reference=lost.reference,
        tell_again=url("new_request", kind=lost.kind, again=lost.reference),
    )
