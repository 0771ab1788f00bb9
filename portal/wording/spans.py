"""Time limits of the law in words: « 30 jours », "10 business days"."""

from __future__ import annotations

from portal.domain.languages import Language
from portal.domain.regimes import Span
from portal.wording.catalogue import for_language


def span_words(span: Span, language: Language) -> str:
    """A time limit of the law in words."""
    words, count = for_language(language), span.value
    match span.unit:
        case "day":
            return words.ngettext("%(num)s day", "%(num)s days", count)
        case "business_day":
            return words.ngettext("%(num)s business day", "%(num)s business days", count)
    return words.ngettext("%(num)s month", "%(num)s months", count)
