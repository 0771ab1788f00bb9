"""Ready sentences of decisions, in the language of the person who will read them."""

from __future__ import annotations

from collections.abc import Sequence

from portal.domain.languages import Language, Text
from portal.wording.catalogue import for_language


def nothing_found(places: Sequence[Text], language: Language) -> str:
    """Where was searched, and that nothing was found (P-39.1, s. 32; law.md §6.4)."""
    words = for_language(language)
    if not places:
        return words.gettext("We searched our files and found no information about you.")
    return words.gettext("We searched here: %(places)s. We found no information about you.") % {
        "places": ", ".join(place.in_(language) for place in places)
    }
