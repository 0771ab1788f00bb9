"""Periods of retention and waiting in words: « 13 mois », "6 years"."""

from __future__ import annotations

from portal.domain.languages import Language
from portal.domain.periods import Period
from portal.wording.catalogue import Catalogue, for_language


def period_words(period: Period, language: Language) -> str:
    """The period in whole years when it has no odd months, else in months; days beside them."""
    words = for_language(language)
    if not period.months:
        return _days(period.days, words)
    if not period.days:
        return _months(period.months, words)
    return words.gettext(
        "%(months)s and %(days)s", months=_months(period.months, words), days=_days(period.days, words)
    )


def _months(months: int, words: Catalogue) -> str:
    years, odd = divmod(months, 12)
    if odd:
        return words.ngettext("%(num)s month", "%(num)s months", months)
    return words.ngettext("%(num)s year", "%(num)s years", years)


def _days(days: int, words: Catalogue) -> str:
    return words.ngettext("%(num)s day", "%(num)s days", days)
