"""Time limits of the law in words, « 30 jours », "10 business days", and what answering may cost."""

from __future__ import annotations

from portal.domain.languages import Language
from portal.domain.regimes import FeePolicy, Span
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


def fee_words(policy: FeePolicy, language: Language) -> str:
    """What a law lets an answer cost."""
    words = for_language(language)
    match policy:
        case "free":
            return words.gettext("Nothing.")
        case "free_save_copies":
            return words.gettext(
                "Nothing. If you want a transcription, a reproduction or a transmission that costs us something, we may "
                "ask for a reasonable charge. We tell you the approximate amount first, and you decide."
            )
        case "minimal_if_accepted":
            return words.gettext(
                "Nothing as a rule. If an answer costs us something, we may ask for a small charge. We tell you the "
                "amount first, and you decide."
            )
        case "free_unless_excessive":
            return words.gettext("Nothing, unless a request is manifestly unfounded or excessive.")
    return words.gettext(
        "Nothing to see your information. A regulation sets what a copy may cost, and we tell you first."
    )
