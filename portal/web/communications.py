"""To whom information about the person was communicated, as far as they may know (P-39.1, ss. 8 and 18)."""

from __future__ import annotations

from typing import Any

from portal.services import disclosures
from portal.web import access
from portal.web.access import me, now, portal, store
from portal.web.languages import page_language
from portal.web.pages import effective, page
from portal.wording.register_words import ground_label


@access.person
def communications() -> Any:
    """Every communication, newest first."""
    language, data_map = page_language(), effective().data_map
    labels = {one.id: one.label.in_(language) for one in data_map.categories}
    found = disclosures.told_to(portal(), store(), me(), today=portal().today(now()))
    return page(
        "communications.html",
        lines=[
            (one, [labels.get(name, name) for name in one.categories], ground_label(one.ground, language))
            for one in found
        ],
    )
