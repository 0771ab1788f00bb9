"""How much a list holds about a person, from when to when, and what a choice of days leaves out, in words."""

from __future__ import annotations

from datetime import date

from portal.domain.languages import Language
from portal.wording.catalogue import for_language
from portal.wording.dates import date_long
from portal.wording.numbers import number


def entries_words(count: int, language: Language, *, more: bool = False) -> str:
    """How many entries there are; `more`: than were counted."""
    words, written = for_language(language), number(count, language)
    if more:
        return words.gettext("More than %(count)s entries", count=written)
    return words.ngettext("%(count)s entry", "%(count)s entries", count, count=written)


def chosen_entries_words(count: int, language: Language, *, more: bool = False) -> str:
    """How many entries the days somebody chose hold."""
    words, written = for_language(language), number(count, language)
    if more:
        return words.gettext("More than %(count)s entries on the days you chose", count=written)
    return words.ngettext(
        "%(count)s entry on the days you chose", "%(count)s entries on the days you chose", count, count=written
    )


def dates_words(oldest: date, newest: date, today: date, language: Language) -> str:
    """From which day to which the dated entries of a list are."""
    words, first, last = for_language(language), date_long(oldest, language), date_long(newest, language)
    if oldest == newest:
        return words.gettext("Date: %(day)s", day=first)
    if newest == today:
        return words.gettext("Dates: from %(oldest)s to today", oldest=first)
    return words.gettext("Dates: from %(oldest)s to %(newest)s", oldest=first, newest=last)


def undated_words(count: int, language: Language, *, more: bool = False) -> str:
    """How many entries no choice of days can take, so that none is left out in silence."""
    words, written = for_language(language), number(count, language)
    if more:
        return words.gettext(
            "More than %(count)s entries have no date, so no choice of days shows them.", count=written
        )
    return words.ngettext(
        "%(count)s entry has no date, so no choice of days shows it.",
        "%(count)s entries have no date, so no choice of days shows them.",
        count,
        count=written,
    )


def left_out_undated_words(count: int, language: Language, *, more: bool = False) -> str:
    """The same of a copy."""
    words, written = for_language(language), number(count, language)
    if more:
        return words.gettext("More than %(count)s entries have no date, so they are left out.", count=written)
    return words.ngettext(
        "%(count)s entry has no date, so it is left out.",
        "%(count)s entries have no date, so they are left out.",
        count,
        count=written,
    )


def days_chosen_words(first: date | None, last: date | None, language: Language) -> list[str]:
    """Which days were chosen, and what becomes of lists without dates; nothing when none were."""
    words = for_language(language)
    if first is None and last is None:
        return []
    return [_chosen(first, last, language), words.gettext("A list whose entries have no date is there whole.")]


def _chosen(first: date | None, last: date | None, language: Language) -> str:
    words = for_language(language)
    begins, ends = (date_long(day, language) if day else "" for day in (first, last))
    if first is None:
        return words.gettext("Only entries dated %(last)s or before.", last=ends)
    if last is None:
        return words.gettext("Only entries dated %(first)s or after.", first=begins)
    return words.gettext("Only entries dated from %(first)s to %(last)s, both days included.", first=begins, last=ends)


def whole_words(language: Language) -> str:
    """Of a list in which no days can be chosen."""
    return for_language(language).gettext("The entries of this list have no date: it is here whole.")


def dates_left_out_words(language: Language) -> str:
    """Of a list whose dates an answer leaves out: the entries that a choice of days gave would tell them."""
    return for_language(language).gettext(
        "Our answer leaves out the dates of this list, so the days you chose change nothing in it."
    )
